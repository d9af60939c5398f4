"""`stancewire serve`: a finished run as a local web app, to read and to review."""

from __future__ import annotations

import secrets
import socket
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from stancewire.errors import ConfigError, StancewireError

LOCAL = ("localhost", "127.0.0.1", "::1")


def serve_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run (its --out).")],
    host: Annotated[
        str, typer.Option(help="The address to listen on; any but this machine's own needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8477,
    token: Annotated[
        str | None,
        typer.Option(
            help="What readers must know; made up and printed where --host needs one.",
            envvar="STANCEWIRE_TOKEN",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name that browsers reach this server by.")
    ] = None,
    person: Annotated[
        str, typer.Option("--as", help="Who reviews, where a browser doesn't know it yet.")
    ] = "",
) -> None:
    """Show a run in the browser, and take corrections: they are kept in DIR/review.sqlite, beside the machine's.

    Examples:

      stancewire serve runs/demo

      stancewire serve runs/demo --host 0.0.0.0 --allow-host desk.example.org
    """
    try:
        import uvicorn

        from stancewire.desk.app import make_app
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"serve needs {error.name}, which isn't installed: pip install 'stancewire[desk]'"
        ) from error
    from stancewire.desk.served import ServedRun

    is_local = host in LOCAL
    token = token or (None if is_local else secrets.token_urlsafe(24))
    if token is not None and len(token) < 16:
        raise ConfigError(f"--token: {len(token)} characters; must be 16 or more, or leave it out to get one")
    with closing(ServedRun(folder)) as run, _listening(host, port) as listening:
        names = LOCAL if is_local else (*LOCAL, host, socket.gethostname(), socket.getfqdn())
        hosts = tuple(name.lower() for name in (*names, *(allow_host or ())))
        app = make_app(run, hosts=hosts, token=token, person=person)
        typer.echo(_address(host, listening.getsockname()[1], token))
        typer.echo(run.read_only or "Every decision is kept at once; stop with Ctrl+C.")
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises StancewireError naming the address where it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
        # Else an answer's head and body wait for each other's receipt, 40 ms: asyncio sees to it only for sockets that
        # say that they speak TCP.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        said = error.strerror or error
        raise StancewireError(f"{host}:{port}: {said}; choose another --port or --host") from error


def _address(host: str, port: int, token: str | None) -> str:
    """Return what to open in a browser."""
    name = socket.gethostname() if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (f"#token={token}" if token else "")
