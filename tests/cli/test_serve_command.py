"""`stancewire serve` before it serves: what it refuses, and which address it prints."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="needs stancewire[desk]")

import uvicorn
from tests.cli.conftest import Ran
from tests.review.runs import finish, two_articles

Command = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return finish(tmp_path / "run", two_articles())


@pytest.fixture
def not_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object, **__: object) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(uvicorn.Server, "run", leave)


@pytest.mark.usefixtures("not_serving")
def test_this_machine_alone_is_served_without_a_token(command: Command, folder: Path) -> None:
    assert command("serve", folder, "--port", "0").out.startswith("http://127.0.0.1:")
    assert "#token" not in command("serve", folder, "--port", "0").out


@pytest.mark.usefixtures("not_serving")
def test_another_address_gets_a_token_made_up_and_printed(command: Command, folder: Path) -> None:
    first, second = (
        command("serve", folder, "--host", "0.0.0.0", "--port", "0").out.splitlines()[0] for _ in range(2)
    )
    tokens = [line.partition("#token=")[2] for line in (first, second)]
    assert all(len(token) >= 32 for token in tokens)
    assert tokens[0] != tokens[1]


@pytest.mark.usefixtures("not_serving")
def test_the_token_can_come_from_the_environment(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCEWIRE_TOKEN", "a-token-from-outside")
    assert "#token=a-token-from-outside" in command("serve", folder, "--port", "0").out


def test_a_short_token_is_refused(command: Command, folder: Path) -> None:
    ran = command("serve", folder, "--token", "123")
    assert (ran.code, "--token: 3 characters; must be 16 or more" in ran.err) == (2, True)


def test_a_taken_port_is_named(command: Command, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = command("serve", folder, "--port", port)
    said = (f"127.0.0.1:{port}: Address already in use", "choose another --port or --host")
    assert (ran.code, all(each in ran.err for each in said)) == (
        2,
        True,
    )


def test_a_folder_without_a_finished_run_is_named(command: Command, tmp_path: Path) -> None:
    ran = command("serve", tmp_path)
    assert (ran.code, "no finished run here" in ran.err) == (2, True)


@pytest.mark.parametrize("library", ["uvicorn", "starlette"])
def test_without_the_extra_it_is_named(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    for name in [each for each in sys.modules if each.startswith("stancewire.desk.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if each.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    ran = command("serve", folder)
    assert (ran.code, "pip install 'stancewire[desk]'" in ran.err) == (2, True)
