"""What stands between the browser and the app: who may ask, from which page, under which name, and how much.

Against pages of other sites that ask in a visitor's name (CSRF), or point a name of theirs here (DNS rebinding).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stancewire.desk.answers import refusal
from stancewire.errors import InputError

MOST_BYTES = 1_000_000
"""Of a request's body: a correction carries some quotes, not a book."""
HEADER = "X-Stancewire"
"""A page of another site can't send it without asking first, and nobody says yes."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Under which names the app is asked, which token it wants (None: none), and what its pages may load."""

    hosts: Collection[str]
    token: str | None
    policy: str

    @property
    def cookie(self) -> str:
        """Return the name of the cookie, another for each token: cookies don't tell ports apart."""
        return f"stancewire-{self.secret[:8]}"

    @property
    def secret(self) -> str:
        """Return what the cookie holds, from which the token can't be told."""
        return hashlib.sha256(_bytes(f"stancewire {self.token}")).hexdigest()

    def is_token(self, given: str) -> bool:
        """Say whether a token is right, in the same time whatever it is."""
        return self.token is not None and hmac.compare_digest(_bytes(given), _bytes(self.token))


class _Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    token: str


def read_token(body: bytes) -> str:
    """Return the token that a login gives; raises InputError naming what is wrong with the body."""
    try:
        return msgspec.json.decode(body, type=_Login).token
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f'body: {error}; must be {{"token": "..."}}', reason="bad body") from error


class Guard:
    """Lets through what the rules allow, and tells the browser what it may do with the answer."""

    def __init__(self, app: ASGIApp, *, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        marked = self._marked(send)
        if refused := self._refused(HTTPConnection(scope)):
            status, said = refused
            await refusal(said, status)(scope, receive, marked)
            return
        await self._app(scope, _Limited(receive), marked)

    def _refused(self, asked: HTTPConnection) -> tuple[HTTPStatus, str] | None:
        headers, method = asked.headers, asked.scope["method"]
        host = headers.get("host", "")
        if not self._is_ours(host):
            return (
                HTTPStatus.MISDIRECTED_REQUEST,
                f"Host: {host!r} isn't a name of this server; see --allow-host",
            )
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and asked.url.path != "/":
            return HTTPStatus.FORBIDDEN, "asked from a page of another site"
        if method not in ("GET", "HEAD") and (refused := _foreign(headers, asked)):
            return refused
        is_open = not asked.url.path.startswith("/api/") or asked.url.path == "/api/login"
        if self._rules.token and not is_open and not self._is_known(asked):
            return HTTPStatus.UNAUTHORIZED, "token missing or wrong; open the address that the server printed"
        return None

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._rules.hosts:
            return True
        return self._rules.token is not None and _is_address(name)  # an address can't be pointed elsewhere

    def _is_known(self, asked: HTTPConnection) -> bool:
        scheme, _, given = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._rules.is_token(given.strip()):
            return True
        return hmac.compare_digest(
            asked.cookies.get(self._rules.cookie, "").encode(), self._rules.secret.encode()
        )

    def _marked(self, send: Send) -> Send:
        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**_HEADERS, "Content-Security-Policy": self._rules.policy})
            await send(message)

        return mark


class TooLargeError(Exception):
    """A request's body is larger than MOST_BYTES."""


class _Limited:
    """Receives a request's body as long as it isn't too large."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > MOST_BYTES:
            raise TooLargeError
        return message


def _foreign(headers: Headers, asked: HTTPConnection) -> tuple[HTTPStatus, str] | None:
    """Return why a request that changes something can't be from a page of ours."""
    origin = headers.get("origin")
    if origin is not None and origin != f"{asked.url.scheme}://{headers.get('host')}":
        return HTTPStatus.FORBIDDEN, f"Origin: {origin!r} is another site"
    if HEADER not in headers:
        return HTTPStatus.FORBIDDEN, f"no header {HEADER}; what changes something needs it, with any value"
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type: must be application/json"
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"body: {length} bytes; at most {MOST_BYTES:,}"
    return None


def _bytes(text: str) -> bytes:
    """Return a text's bytes, of half a surrogate pair, too: whoever asks may send one."""
    return text.encode("utf-8", "surrogatepass")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
