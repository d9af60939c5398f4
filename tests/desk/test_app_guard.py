"""Who the app answers: not other sites' pages, not other names, not without the token, not without end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="needs stancewire[desk]")

from starlette.testclient import TestClient
from tests.review.runs import finish, two_articles

from stancewire.desk.app import make_app
from stancewire.desk.guard import MOST_BYTES, Rules
from stancewire.desk.served import ServedRun

TOKEN = "a-token-that-nobody-guesses"
PAGE = "http://localhost:8477"
ACCEPT = {"do": "accept", "record": "a1-Laila Noori-federalism", "by": "Eve"}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[ServedRun]:
    served = ServedRun(finish(tmp_path / "run", two_articles()))
    yield served
    served.close()


@pytest.fixture
def desk(run: ServedRun) -> Iterator[TestClient]:
    with TestClient(make_app(run, hosts=("localhost", "::1", "desk.example.org")), base_url=PAGE) as client:
        yield client


@pytest.fixture
def behind_token(run: ServedRun) -> Iterator[TestClient]:
    with TestClient(make_app(run, hosts=("localhost",), token=TOKEN), base_url=PAGE) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "192.168.0.7:8477",
        "",
        "[",
        "localhost@evil.example",
        "127.0.0.1.nip.io",
    ],
)
def test_another_name_in_the_host_header_is_refused(desk: TestClient, host: str) -> None:
    for path in ("/", "/api/meta", "/static/dom.js"):
        assert desk.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "[::1]:8477", "desk.example.org"])
def test_our_own_names_are_answered(desk: TestClient, host: str) -> None:
    assert desk.get("/api/progress", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Stancewire": "1", "Origin": "https://evil.example"}, 403),
        ({"X-Stancewire": "1", "Origin": "null"}, 403),
        ({"X-Stancewire": "1", "Origin": "http://localhost:9999"}, 403),
        ({"X-Stancewire": "1", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-Stancewire": "1", "Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
        ({"X-Stancewire": "1", "Content-Type": "text/plain"}, 415),
        ({"X-Stancewire": "1", "Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_a_request_from_another_sites_page_changes_nothing(
    desk: TestClient, headers: dict[str, str], status: int
) -> None:
    answer = desk.post("/api/decisions", json=ACCEPT, headers=headers)
    assert answer.status_code == status
    assert desk.get("/api/progress").json()["last"] == 0


def test_a_request_from_our_own_page_is_taken(desk: TestClient) -> None:
    headers = {"X-Stancewire": "1", "Origin": PAGE, "Sec-Fetch-Site": "same-origin"}
    assert desk.post("/api/decisions", json=ACCEPT, headers=headers).status_code == 201


def test_another_sites_page_may_link_to_the_app_and_read_nothing(desk: TestClient) -> None:
    assert desk.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    answer = desk.get("/api/rows", headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert desk.options("/api/rows", headers={"Origin": "https://evil.example"}).status_code in (403, 405)


def test_every_answer_tells_the_browser_what_it_may_do(desk: TestClient) -> None:
    for path in ("/", "/api/meta", "/static/dom.js", "/nowhere", "/api/article"):
        headers = desk.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert not [name for name in headers if name.startswith("access-control-")]


def test_the_page_has_no_script_and_no_style_in_itself(desk: TestClient) -> None:
    page = desk.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script src="static/')
    assert "%%" not in page


@pytest.mark.parametrize("token", [None, "wrong", TOKEN[:-1], TOKEN + "x", "ä"])
def test_without_the_right_token_there_are_no_data(behind_token: TestClient, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    for path in (
        "meta",
        "summary",
        "rows",
        "article?id=a1",
        "progress",
        "history",
        "actors",
        "actor?name=x&kind=person",
    ):
        answer = behind_token.get(f"/api/{path}", headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, "token missing or wrong" in answer.json()["error"]) == (401, True)
    answer = behind_token.post("/api/decisions", json=ACCEPT, headers={"X-Stancewire": "1"})
    assert answer.status_code == 401
    assert behind_token.get("/").status_code == 200  # the page asks for the token, and has no data in it


def test_a_wrong_token_gets_no_cookie_and_the_right_one_gets_a_strict_one(behind_token: TestClient) -> None:
    wrong = behind_token.post("/api/login", json={"token": "wrong"}, headers={"X-Stancewire": "1"})
    assert (wrong.status_code, wrong.headers.get("set-cookie")) == (401, None)
    right = behind_token.post("/api/login", json={"token": TOKEN}, headers={"X-Stancewire": "1"})
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert behind_token.get("/api/progress").status_code == 200


def test_half_a_surrogate_pair_is_a_wrong_token_or_a_right_one() -> None:
    rules = Rules(hosts=(), token=TOKEN, policy="")
    assert not rules.is_token("\ud800")
    odd = Rules(hosts=(), token="\udcff", policy="")  # from a command line that isn't UTF-8
    assert odd.is_token("\udcff")
    assert odd.cookie != rules.cookie


def test_another_servers_cookie_is_not_ours(behind_token: TestClient) -> None:
    behind_token.cookies.set("stancewire-00000000", "0" * 64)
    assert behind_token.get("/api/progress").status_code == 401


def test_a_program_may_send_the_token_itself(behind_token: TestClient) -> None:
    assert behind_token.get("/api/progress", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"token": 3}',
        b"{",
        b"",
        b'{"token": "\xff"}',
        b'{"token": "\\ud800"}',
        b"[" * 400_000,
        b'{"token":' + b"[" * 400_000,
        b'{"other":' * 40_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_login_that_says_something_else_is_a_named_400(behind_token: TestClient, body: bytes) -> None:
    headers = {"X-Stancewire": "1", "Content-Type": "application/json"}
    answer = behind_token.post("/api/login", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"][:5]) == (400, "body:")


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd",
        "..%2f..%2fapp.py",
        "%2e%2e/pyproject.toml",
        "app.py",
        "vendor/../app.py",
        "/etc/passwd",
        "memory.js%00",
    ],
)
def test_no_file_but_the_pages_own_can_be_asked_for(desk: TestClient, path: str) -> None:
    assert desk.get(f"/static/{path}").status_code == 404


def test_a_body_without_end_is_refused(desk: TestClient) -> None:
    headers = {"X-Stancewire": "1", "Content-Type": "application/json"}
    told = desk.post("/api/decisions", content=b"x" * (MOST_BYTES + 1), headers=headers)
    assert (told.status_code, "at most" in told.json()["error"]) == (413, True)
    untold = desk.post("/api/decisions", content=(b"x" * 100_000 for _ in range(20)), headers=headers)
    assert (untold.status_code, "more than" in untold.json()["error"]) == (413, True)
