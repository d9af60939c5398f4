"""The documentation site: no warning, nothing loaded from elsewhere, no dead link; and CITATION.cff."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

import stancewire
from tests.examples import ROOT

pytest.importorskip("mkdocs", reason="needs stancewire[docs] to build the site")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LOADED = re.compile(r"url\(\s*['\"]?(https?:)?//|@import\s+['\"]?(url\()?(https?:)?//")
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data", "embed": "src"}
# Runs in a process of its own: another test's browser may be open in this one.
LOOK = """
import json, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as driver:
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = driver.chromium.launch(executable_path=sys.argv[1], args=options)
    page = browser.new_page()
    page.set_default_timeout(60_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(sys.argv[2])
    page.click("input[name=query]")
    page.wait_for_function("document.querySelector('iframe')?.contentWindow.lunr !== undefined")
    page.keyboard.type("krippendorff")
    page.wait_for_selector(".md-search-result__item")
    found = page.locator(".md-search-result__item").first.inner_text()
    print(json.dumps({"asked": asked, "errors": errors, "found": found}))
"""


class _Page(HTMLParser):
    """What a page loads, where it leads, and which places it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.add(values["id"])
        if tag in LOADING and LOADING[tag] in values:
            self.loads.append(values[LOADING[tag]])
        elif tag == "link" and values.get("rel") not in ("next", "prev", "canonical"):
            self.loads.append(values.get("href", ""))
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built site; a warning of the build fails."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "pipeline")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, _Page]:
    """Return all pages of the site."""
    return {path: _Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_of_docs_is_in_the_navigation(site: Path, pages: dict[Path, _Page]) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    home = pages[site / "index.html"]
    assert len(written) > 15
    assert written - {Path(link) for link in home.links} == set()


def test_pages_load_nothing_from_elsewhere(site: Path, pages: dict[Path, _Page]) -> None:
    assert sum(len(page.loads) for page in pages.values()) > len(pages)
    foreign = {(path.name, load) for path, page in pages.items() for load in page.loads if "//" in load}
    assert foreign == set()
    styles = {path.name for path in site.rglob("*.css") if LOADED.search(path.read_text(encoding="utf-8"))}
    assert styles == set()


def test_links_of_the_site_lead_to_pages_and_places_in_them(site: Path, pages: dict[Path, _Page]) -> None:
    tried, dead = 0, []
    for path, page in pages.items():
        if path.name == "404.html":  # its links are those of a site at the root of a server
            continue
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, place = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            tried += 1
            if not target.exists() or (place and target in pages and place not in pages[target].ids):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert tried > 1000
    assert dead == []


def test_the_reference_has_every_command_and_public_name(site: Path, pages: dict[Path, _Page]) -> None:
    from typer.main import get_command

    from stancewire.cli.main import command_line

    commands = get_command(command_line()).commands  # type: ignore[attr-defined]
    told = {
        id_.removeprefix("stancewire-").split("-")[0]
        for id_ in pages[site / "commands.html"].ids
        if "-" in id_
    }
    assert set(commands) <= told
    api = set().union(*(page.ids for path, page in pages.items() if path.parent.name == "api"))
    for name in set(stancewire.__all__) - {"__version__"}:
        assert any(id_.endswith(f".{name}") for id_ in api), f"{name} is in no page of docs/api/"


def test_search_works_from_a_disk_and_asks_nothing_of_the_network(site: Path) -> None:
    pytest.importorskip("playwright", reason="needs stancewire[dev] to drive a browser")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium) to look at the site")
    done = subprocess.run(
        [sys.executable, "-c", LOOK, CHROMIUM, (site / "citing.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["errors"] == []
    assert "krippendorff" in seen["found"].lower()
    assert len(seen["asked"]) > 5
    assert [url for url in seen["asked"] if not url.startswith(("file:", "data:", "blob:"))] == []


def test_citation_names_this_version_and_has_what_the_format_wants() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == stancewire.__version__
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert all(author.get("name") for author in citation["authors"])
    assert citation["license"] == "Apache-2.0"
    assert f"version {stancewire.__version__}." in (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")
