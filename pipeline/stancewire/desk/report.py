"""The report: a run as one HTML page to read offline and to mail, in which every record opens its article."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from stancewire.desk.payload import Limits, Payload, make_payload
from stancewire.review.reviewed import Reviewed, Version
from stancewire.run_folder import RunFolder
from stancewire.types import Article, Codebook
from stancewire.writers.partial import PartialFile

REPORT = "report.html"

VIEWS = (
    "vendor/d3.min.js",
    "vendor/plot.umd.min.js",
    "dom.js",
    "query.js",
    "filters.js",
    "matrix.js",
    "timeline.js",
    "networks.js",
    "marks.js",
    "table.js",
    "article.js",
    "desk.js",
)
"""The scripts of every page, in the order they are read; a page adds its source and what starts it."""

REPORT_SCRIPTS = (*VIEWS, "memory.js", "start_report.js")

# What could end a <script> element, open a comment in it or break a line; JSON reads the escapes back.
_ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def report(folder: RunFolder, out: Path | None = None, *, version: Version = Version.MERGED) -> Path:
    """Write the page of a finished run, reviews included, and return where: DIR/report.html unless told."""
    out = out or folder.path / REPORT
    write_report(
        out,
        records=folder.reviewed(version),
        articles=folder.articles(),
        manifest=folder.manifest,
        codebook=folder.codebook,
        name=folder.path.resolve().name,
        version=version,
    )
    return out


def write_report(
    path: Path,
    *,
    records: Iterable[Reviewed],
    articles: Iterable[Article],
    manifest: Mapping[str, Any],
    name: str,
    codebook: Codebook | None = None,
    version: Version = Version.MERGED,
    limits: Limits | None = None,
) -> None:
    """Write the page; `records` and `articles` are read once, and only articles with records are kept.

    `manifest` is shown whole under "Run details". `codebook` gives topics their names and claims.
    """
    payload = make_payload(
        records, articles, manifest=manifest, name=name, codebook=codebook, version=version, limits=limits
    )
    with PartialFile(path) as file:
        file.append(report_page(payload).encode("utf-8", "backslashreplace"))


def report_page(payload: Payload) -> str:
    """Return the page that carries its data; a browser runs its very script and nothing else, and asks nobody."""
    script = read_script(*REPORT_SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # Base64 has no character that HTML reads as more than itself.
    texts = "".join(f'<script class="texts" type="text/plain">{block}</script>\n' for block in payload.texts)
    data = (
        f'<script id="meta" type="application/json">{as_script(payload.meta)}</script>\n'
        f'<script id="table-data" type="text/plain">{payload.table}</script>\n'
        f'<script id="article-data" type="text/plain">{payload.articles}</script>\n{texts}'
    )
    return page(policy=policy, data=data, script=f"<script>{script}</script>")


def page(*, policy: str, data: str, script: str) -> str:
    """Return the desk's page with these parts, which must be HTML, in the places that page.html has for them."""
    parts = {"policy": policy, "style": _read("desk.css"), "data": data, "script": script}
    # One pass over the template's own placeholders: data that looks like a placeholder stays data.
    pieces = _read("page.html").split("%%")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def read_script(*names: str) -> str:
    """Return these scripts of the desk as one."""
    return "\n".join(_read(name) for name in names)


def as_script(value: object) -> str:
    """Return a value as JSON that can stand in a <script> element: no content breaks out of it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def _read(name: str) -> str:
    return resources.files("stancewire.desk").joinpath("page", name).read_text(encoding="utf-8")
