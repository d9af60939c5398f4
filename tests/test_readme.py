"""Examples of the README and of docs/ are run: shell with its output, Python as it stands; links are tried."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from stancewire.topics import load_codebook
from tests.examples import ROOT, Block, blocks_of, commands_of, indented_commands, missing_from, run_command

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
BLOCKS = {page: blocks_of(page) for page in PAGES}
NOT_LINKED = {"runs", "site", "data", "gold", "out", "build", "dist"}  # what commands make
RUN_OF_DEMO = re.compile(r"\$\(BIN\)/(stancewire run .* --out runs/demo)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the checkout after `make demo`: runs/demo is there.

    The run that the README begins with reads half of the demo's articles; the demo goes on from it, so that no article
    is read twice.
    """
    folder = tmp_path_factory.mktemp("workplace")
    for path in ROOT.iterdir():
        if path.name not in NOT_LINKED and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)
    first = next(block for block in BLOCKS[README] if block.language == "console")
    run_command(next(commands_of(first))[0], folder, place=first.place)
    shutil.copytree(folder / "runs" / "readme", folder / "runs" / "demo")
    demo = RUN_OF_DEMO.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert demo, "the Makefile's demo is another command than the one looked for here"
    run_command(demo[1], folder, place="Makefile")
    return folder


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_examples_of_a_page_run_and_print_what_it_shows(page: Path, workplace: Path) -> None:
    for block in BLOCKS[page]:
        assert missing_from(block, workplace) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_what_a_page_says_to_type_is_run_or_says_why_not(page: Path) -> None:
    runnable = {"console", "python"}
    silent = [
        block.place
        for block in BLOCKS[page]
        if block.has_commands and block.language not in runnable and not block.title and block.reason is None
    ]
    assert not silent, "write ```console with `$ `, or <!-- not run: REASON --> above"
    assert not indented_commands(page), "nothing runs an indented block: fence it"


@pytest.mark.parametrize(
    "block",
    [block for page in PAGES for block in BLOCKS[page] if block.language == "toml"],
    ids=lambda block: block.place,
)
def test_toml_of_a_page_is_toml_and_its_codebooks_load(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(block.body, encoding="utf-8")
    if "codebook" in tomllib.loads(block.body):
        assert load_codebook(path).topics[0].claim


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [target for target in LINK.findall(text) if not (page.parent / target).exists()] == []


def test_examples_are_found_in_the_readme() -> None:
    assert {block.language for block in BLOCKS[README]} >= {"console", "python", "toml"}
    assert sum(1 for block in BLOCKS[README] if block.language == "console" for _ in commands_of(block)) > 8
