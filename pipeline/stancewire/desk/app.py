"""The local web app: the desk's page over HTTP, its questions as JSON, and decisions as they come.

Starlette with Uvicorn was chosen over FastAPI (Starlette with a validation that msgspec does for us already), Flask (no
streaming of a body that is too large, and a server of its own to choose) and Datasette (tables and SQL, not our views).
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from importlib import resources
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from stancewire.desk.answers import Answer, refusal
from stancewire.desk.asked import read_query, read_sort
from stancewire.desk.guard import MOST_BYTES, Guard, Rules, TooLargeError, read_token
from stancewire.desk.proposals import UnknownError, read_proposal
from stancewire.desk.report import VIEWS
from stancewire.desk.served import RefusedError, ServedRun
from stancewire.errors import InputError, StancewireError
from stancewire.review.decisions import actor_subject, record_subject
from stancewire.review.reviewed import Version
from stancewire.review.store import Conflict
from stancewire.types import HolderKind

T = TypeVar("T")
SCRIPTS = (*VIEWS, "remote.js", "review_form.js", "review.js", "start_serve.js")
STYLES = ("desk.css", "review.css")
MOST_ROWS = 1000
# Plot puts one style element, always the same, into its pictures; a browser names the hash of what it refuses.
_PLOT_STYLE = "'sha256-jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww='"
POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_PLOT_STYLE}; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STATUS = {
    UnknownError: HTTPStatus.NOT_FOUND,
    RefusedError: HTTPStatus.CONFLICT,
    InputError: HTTPStatus.BAD_REQUEST,
    StancewireError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def make_app(
    run: ServedRun, *, hosts: tuple[str, ...], token: str | None = None, person: str = ""
) -> Starlette:
    """Return the app over a run, for these names of the server; with a token nobody gets data without it."""
    rules = Rules(hosts=hosts, token=token, policy=POLICY)
    desk = _Desk(run, rules, person)
    routes = [
        Route("/", desk.page),
        Route("/static/{name:path}", desk.static),
        Route("/api/login", desk.login, methods=["POST"]),
        Route("/api/meta", desk.meta),
        Route("/api/summary", desk.summary),
        Route("/api/networks", desk.networks),
        Route("/api/rows", desk.rows),
        Route("/api/article", desk.article),
        Route("/api/progress", desk.progress),
        Route("/api/history", desk.history),
        Route("/api/actors", desk.actors),
        Route("/api/actor", desk.actor),
        Route("/api/decisions", desk.decide, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = dict.fromkeys((StancewireError, HTTPException, TooLargeError), _refuse)
    return Starlette(routes=routes, middleware=[Middleware(Guard, rules=rules)], exception_handlers=handlers)


class _Desk:
    """The routes: each reads what is asked, asks the run in a thread, and answers."""

    def __init__(self, run: ServedRun, rules: Rules, person: str) -> None:
        self._run = run
        self._rules = rules
        self._person = person

    async def page(self, _: Request) -> Response:
        return HTMLResponse(_page())

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in (*SCRIPTS, *STYLES):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kind = "text/css" if name in STYLES else "text/javascript"
        return Response(_read(name), media_type=kind)

    async def login(self, request: Request) -> Response:
        """Give the cookie for a token."""
        if not self._rules.is_token(read_token(await request.body())):
            return refusal("token: wrong", HTTPStatus.UNAUTHORIZED)
        answer = Answer({"ok": True})
        is_safe = request.url.scheme == "https"
        answer.set_cookie(
            self._rules.cookie, self._rules.secret, httponly=True, samesite="strict", secure=is_safe, path="/"
        )
        return answer

    async def meta(self, _: Request) -> Response:
        found = await run_in_threadpool(self._run.meta)
        return Answer({**found, "person": self._person})

    async def summary(self, request: Request) -> Response:
        query, holders = read_query(request.query_params.get("query")), _number(request, "holders", 25)
        return Answer(await _asked(lambda: self._run.summary(query, holders=holders)))

    async def networks(self, request: Request) -> Response:
        query = read_query(request.query_params.get("query"))
        return Answer(await _asked(lambda: self._run.networks(query)))

    async def rows(self, request: Request) -> Response:
        query, limit = read_query(request.query_params.get("query")), _number(request, "limit", 100)
        offset, sort = _number(request, "offset", 0), read_sort(request.query_params.get("sort"))
        descending = request.query_params.get("descending") == "true"
        return Answer(
            await _asked(
                lambda: self._run.rows(
                    query, sort=sort, descending=descending, offset=offset, limit=min(limit, MOST_ROWS)
                )
            )
        )

    async def article(self, request: Request) -> Response:
        version = _member(request, "version", Version, Version.MERGED)
        return Answer(await _asked(lambda: self._run.article(_text(request, "id"), version)))

    async def progress(self, _: Request) -> Response:
        return Answer(await _asked(self._run.progress))

    async def history(self, request: Request) -> Response:
        limit, record = min(_number(request, "limit", 50), MOST_ROWS), request.query_params.get("record")
        subject = record_subject(record) if record else None
        if name := request.query_params.get("actor"):
            subject = actor_subject(name, _member(request, "kind", HolderKind, None))
        return Answer(await _asked(lambda: self._run.history(subject, limit=limit)))

    async def actors(self, request: Request) -> Response:
        text = request.query_params.get("text", "")
        return Answer(await _asked(lambda: self._run.index.actors(text, limit=20)))

    async def actor(self, request: Request) -> Response:
        kind = _member(request, "kind", HolderKind, None)
        return Answer(await _asked(lambda: self._run.actor(_text(request, "name"), kind)))

    async def decide(self, request: Request) -> Response:
        proposal = read_proposal(await request.body())
        taken = await _asked(lambda: self._run.decide(proposal))
        if not isinstance(taken, Conflict):
            return Answer(taken, status_code=HTTPStatus.CREATED)
        told = await _asked(lambda: self._run.told(taken))
        who = taken.since[-1].by
        said = f"{who} was faster: nothing was changed, look at both and decide again"
        return Answer({"error": said, "conflict": told}, status_code=HTTPStatus.CONFLICT)


async def _asked(question: Callable[[], T]) -> T:
    return await run_in_threadpool(question)


async def _refuse(_: Request, error: Exception) -> Response:
    """Answer one of our errors, or what Starlette refuses, in the form of all answers."""
    if isinstance(error, HTTPException):
        return refusal(error.detail, error.status_code)
    if isinstance(error, TooLargeError):
        return refusal(f"body: more than {MOST_BYTES:,} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    return refusal(str(error), status)


def _text(request: Request, name: str) -> str:
    if (value := request.query_params.get(name)) is None:
        raise InputError(f"{name}: missing", reason="bad query")
    return value


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise InputError(f"{name}: {value!r}; must be a whole number from 0", reason="bad query")
    return int(value)


def _member(request: Request, name: str, kind: Any, default: Any) -> Any:
    value = request.query_params.get(name, default)
    try:
        return kind(value)
    except ValueError as error:
        raise InputError(f"{name}: {value!r}; known: {', '.join(kind)}", reason="bad query") from error


def _page() -> str:
    """Return the desk's page with its styles and scripts as files of the app."""
    icon = '<link rel="icon" href="data:,">'  # or browsers ask for one
    styles = icon + "".join(f'<link rel="stylesheet" href="static/{name}">' for name in STYLES)
    scripts = "".join(f'<script src="static/{name}"></script>\n' for name in SCRIPTS)
    template = _read("page.html").replace("<style>\n%%style%%</style>", styles)
    parts = {
        "policy": POLICY.replace("; frame-ancestors 'none'", ""),
        "data": "",
        "script": scripts,
    }
    pieces = template.split("%%")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def _read(name: str) -> str:
    return resources.files("stancewire.desk").joinpath("page", name).read_text(encoding="utf-8")
