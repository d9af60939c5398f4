"""A browser, and a page in it that counts what it asks of the network and fails on an error in a script."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancewire.desk.report import report
from stancewire.extract import open_pipeline
from stancewire.run import run
from stancewire.run_folder import RunFolder
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.workers import InProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs stancewire[dev] to drive a browser")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium) to look at the page")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of an office screen's size; an error in its scripts fails the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(60_000)  # a busy machine is slow to start a page
    yield page
    page.close()
    assert not errors


@pytest.fixture
def visit(page: Page) -> Callable[..., Page]:
    """Return a function that opens a file, at a view, and waits until it is drawn."""

    def opened(path: Path, view: str = "") -> Page:
        page.goto("about:blank")
        page.goto(f"{path.as_uri()}#{view}")
        page.wait_for_selector("html[data-ready]")
        return page

    return opened


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, root: Path) -> RunFolder:
    """Return a run over the sample articles, with the classifier that needs no model."""
    out = tmp_path_factory.mktemp("demo") / "sample"
    settings = Settings(model="lexicon", report=False)
    codebook = load_codebook(root / "configs" / "topics" / "afghanistan.toml")
    run(
        [str(root / "corpora" / "sample" / "dev.articles.jsonl")],
        InProcess(open_pipeline(codebook, settings)),
        out,
        settings=settings,
    )
    return RunFolder(out)


@pytest.fixture(scope="session")
def demo_page(demo: RunFolder) -> Path:
    """Return the report of that run."""
    return report(demo)
