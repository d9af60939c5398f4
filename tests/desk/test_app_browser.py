"""The review in a real browser over a real server: what a person sees, clicks and types."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs stancewire[desk]")
pytest.importorskip("playwright", reason="needs playwright")

import uvicorn
from playwright.sync_api import Browser, Page, expect
from tests.review.runs import ENGLISH, PERSIAN, finish, two_articles

from stancewire.desk.app import make_app
from stancewire.desk.served import ServedRun
from stancewire.review.reviewed import Version
from stancewire.run_folder import RunFolder

NOORI, KARIMI, PERSIAN_NOORI = (each.record_id for _, records in two_articles() for each in records)
WAIT = 120_000  # milliseconds; a busy machine is slow

# Selects words of the article as a mouse does, wherever the page's marks cut them into pieces.
SELECT = """words => {
    const element = document.querySelector("#panel .story .text");
    const at = element.textContent.indexOf(words);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let passed = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (at >= passed && at < passed + node.length) range.setStart(node, at - passed);
        const end = at + words.length - passed;
        if (end > 0 && end <= node.length) range.setEnd(node, end);
        passed += node.length;
    }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


class Server:
    """`stancewire serve` as a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "stancewire.cli.main", "serve", str(folder), *options]
        # Whoever runs tests in the background may have told them not to listen to Ctrl+C; a person's terminal does not.
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return finish(tmp_path / "run", two_articles())


class LocalServer:
    """The same app in a thread of this process, which starts at once."""

    def __init__(self, folder: Path) -> None:
        self._run = ServedRun(folder)
        listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        app = make_app(self._run, hosts=("127.0.0.1",))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._run.close()


@pytest.fixture
def server(folder: Path) -> Iterator[LocalServer]:
    started = LocalServer(folder)
    yield started
    started.stop()


@pytest.fixture(autouse=True, scope="module")
def _patience() -> None:
    expect.set_options(timeout=WAIT)


def opened(
    browser: Browser,
    address: str,
    *,
    name: str | None = "Marta",
    record: str | None = NOORI,
    article: str = "a1",
) -> Page:
    """Return a page on a record, as a person of this name; whatever goes wrong in it fails the test."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(WAIT)
    page.on("pageerror", _fail)
    page.on(
        "console", lambda said: _fail(said.text) if said.type == "error" and "409" not in said.text else None
    )
    if name:
        page.add_init_script(f"localStorage.setItem('stancewire-name', '{name}')")
    address, _, token = address.partition("#")
    place = f"article={article}&record={record}" if record else ""
    page.goto(f"{address}#{'&'.join(filter(None, [token, place]))}")
    page.wait_for_selector("html[data-ready]")
    if record:
        page.wait_for_selector(".review button")
    return page


_failed: list[Any] = []


def _fail(error: Any) -> None:
    _failed.append(error)


@pytest.fixture(autouse=True)
def _nothing_fails_in_the_page() -> Iterator[None]:
    _failed.clear()
    yield
    assert not _failed


def correct_stance(page: Page, stance: str) -> None:
    page.click("[data-do=correct]")
    page.select_option(".review-form select[name=stance]", stance)
    page.click("text=Save the correction")


def test_a_record_is_corrected_and_the_correction_taken_back(
    browser: Browser, server: LocalServer, folder: Path
) -> None:
    page = opened(browser, server.address, name=None)
    page.click("[data-do=correct]")
    page.select_option(".review-form select[name=stance]", "against")
    page.check(".review-form input[name=hedged]")
    page.click("text=Save the correction")
    page.fill("dialog input", "Marta")  # asked once
    page.keyboard.press("Enter")
    expect(page.locator(".compared")).to_contain_text("▲ favor")
    expect(page.locator(".compared tbody tr").first).to_contain_text("▼ against")
    expect(page.locator("#progress")).to_contain_text("1 of 3 records reviewed")
    expect(page.locator(f'tr[data-record="{NOORI}"] .tag').first).to_have_text("corrected")
    page.keyboard.press("u")
    expect(page.locator(".compared")).to_have_count(0)
    expect(page.locator("#progress")).to_contain_text("0 of 3 records reviewed")
    page.click("[data-do=history]")
    expect(page.locator(".history li").first).to_contain_text("Marta")
    page.close()
    assert list(RunFolder(folder).records(Version.HUMAN)) == []


def test_the_review_of_an_untouched_record_has_no_word_that_stands_for_nothing(
    browser: Browser, server: LocalServer
) -> None:
    page = opened(browser, server.address)
    expect(page.locator("#panel .review")).not_to_contain_text(re.compile("null|undefined|NaN"))
    page.close()


def test_keys_walk_accept_and_reject_and_can_be_switched_off(browser: Browser, server: LocalServer) -> None:
    page = opened(browser, server.address, record=None)
    page.keyboard.press("j")
    page.wait_for_selector(".review button")
    page.keyboard.press("a")
    expect(page.locator("[data-do=accept].chosen")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".claim")).to_contain_text("Omid Karimi")
    page.keyboard.press("r")
    expect(page.locator("[data-do=reject].chosen")).to_be_visible()
    expect(page.locator("#rows tr")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator(".claim")).to_contain_text("لیلا نوری")
    page.keyboard.press("k")
    expect(page.locator(".claim")).to_contain_text("Laila Noori")
    page.uncheck(".keys-line input")
    page.locator("#panel").focus()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    expect(page.locator("#rows tr")).to_have_count(2)
    page.close()


def test_words_selected_in_a_right_to_left_article_become_evidence(
    browser: Browser, server: LocalServer, folder: Path
) -> None:
    page = opened(browser, server.address, record=PERSIAN_NOORI, article="a2")
    words = "گفت که فدرالیسم کشور"
    page.click("[data-do=correct]")
    page.evaluate(SELECT, words)
    page.click("text=Take the selected words")
    page.click(".pieces button >> nth=0")  # the machine's goes
    page.click("text=Save the correction")
    expect(page.locator("#panel .story mark")).to_have_text(words)
    assert page.locator("#panel .story .text").evaluate("each => getComputedStyle(each).direction") == "rtl"
    page.close()
    (corrected,) = RunFolder(folder).records(Version.HUMAN)
    (evidence,) = corrected.evidence
    assert PERSIAN[evidence.start : evidence.end] == evidence.quote == words


def test_a_missed_record_is_added_from_a_selection_behind_an_astral_character(
    browser: Browser, server: LocalServer, folder: Path
) -> None:
    page = opened(browser, server.address)
    page.evaluate(SELECT, " 🌍 would save the country. Omid")
    page.keyboard.press("n")
    page.fill(".review-form input[name=holder]", "The Council")
    page.select_option(".review-form select[name=kind]", "organisation")
    page.select_option(".review-form select[name=topic]", "negotiation")
    page.click("text=Add the record")
    expect(page.locator("#rows tr")).to_have_count(4)
    page.close()
    (added,) = RunFolder(folder).records(Version.HUMAN)
    (evidence,) = added.evidence
    assert ENGLISH[evidence.start : evidence.end] == evidence.quote == "🌍 would save the country. Omid"


def test_words_that_are_typed_become_evidence_without_a_mouse(browser: Browser, server: LocalServer) -> None:
    page = opened(browser, server.address)
    page.keyboard.press("e")
    page.fill(".review-form input[name=words]", "not in the article")
    page.keyboard.press("Enter")
    expect(page.locator(".review-form [role=status]")).to_contain_text("doesn't have these words")
    page.fill(".review-form input[name=words]", "rejects talks")
    page.keyboard.press("Enter")
    expect(page.locator(".pieces li")).to_have_count(2)
    page.close()


def test_of_two_at_once_the_slower_sees_both_values_and_loses_nothing(
    browser: Browser, server: LocalServer
) -> None:
    marta, omar = opened(browser, server.address), opened(browser, server.address, name="Omar")
    correct_stance(marta, "against")
    expect(marta.locator(".compared")).to_be_visible()
    correct_stance(omar, "neutral")
    conflict = omar.locator(".conflict")
    expect(conflict).to_contain_text("Marta was faster")
    expect(conflict).to_contain_text("▼ against")
    expect(conflict).to_contain_text("● neutral")
    conflict.locator("text=Save mine on top").click()
    expect(omar.locator(".compared")).to_contain_text("● neutral")
    omar.click("[data-do=history]")
    expect(omar.locator(".history >> nth=0").locator("li")).to_have_count(2)
    marta.reload()
    expect(marta.locator(".compared")).to_contain_text("● neutral")
    marta.close()
    omar.close()


def test_a_killed_server_has_lost_nothing_when_it_is_started_again(browser: Browser, folder: Path) -> None:
    server = Server(folder, "--port", "0")
    page = opened(browser, server.address)
    correct_stance(page, "against")
    expect(page.locator(".compared")).to_be_visible()
    server.kill()
    page.close()
    again = Server(folder, "--port", "0")
    page = opened(browser, again.address)
    expect(page.locator(".compared tbody tr").first).to_contain_text("▼ against")
    expect(page.locator("#progress")).to_contain_text("1 of 3")
    page.close()
    again.kill()


def test_actors_are_merged_and_come_apart_again(browser: Browser, server: LocalServer) -> None:
    page = opened(browser, server.address)
    page.click("[data-do=actor]")
    page.fill(".review-form input[name=into]", "لیلا نوری")
    page.click("text=Apply to all its records")
    expect(page.locator(".claim")).to_contain_text("لیلا نوری")
    expect(page.locator("#matrix tbody tr").first).to_contain_text("2")
    page.click("[data-do=history]")
    page.click(".history button:has-text('Undo') >> nth=0")
    expect(page.locator(".claim")).to_contain_text("Laila Noori")
    page.close()


def test_the_printed_address_lets_in_and_its_token_leaves_the_address_bar(
    browser: Browser, folder: Path
) -> None:
    server = Server(folder, "--port", "0", "--token", "a-token-that-nobody-guesses", "--as", "Marta")
    assert server.address.endswith("#token=a-token-that-nobody-guesses")
    page = opened(browser, server.address, name=None)
    assert "token" not in page.url
    page.keyboard.press("a")
    expect(page.locator("[data-do=accept].chosen")).to_be_visible()
    page.reload()
    expect(page.locator("[data-do=accept].chosen")).to_be_visible()
    page.close()
    server.kill()


def test_hostile_names_are_shown_as_they_are(browser: Browser, server: LocalServer) -> None:
    page = opened(browser, server.address)
    hostile = "<img src=x onerror=\"document.title='broken'\">"
    page.keyboard.press("e")
    page.fill(".review-form input[name=holder]", hostile)
    page.click("text=Save the correction")
    expect(page.locator(".claim")).to_contain_text(hostile)
    page.click("[data-do=history]")
    expect(page.locator(".history li").first).to_contain_text(hostile)
    assert page.title() != "broken"
    assert page.locator("#panel img, #rows img").count() == 0
    page.close()


def test_the_version_is_chosen_and_stands_in_the_address(browser: Browser, server: LocalServer) -> None:
    page = opened(browser, server.address)
    page.keyboard.press("a")
    expect(page.locator("[data-do=accept].chosen")).to_be_visible()
    page.select_option("#version", "human")
    expect(page.locator("#rows tr")).to_have_count(1)
    assert re.search("version=human", page.url)
    page.close()


def test_a_server_that_is_gone_is_said(browser: Browser, folder: Path) -> None:
    server = Server(folder, "--port", "0")
    page = opened(browser, server.address)
    server.kill()
    page.keyboard.press("a")
    expect(page.locator("#toast")).to_contain_text("the server doesn't answer")
    page.close()
    _failed.clear()  # the browser itself says that it reached nobody


def test_the_server_ends_on_ctrl_c_without_a_word(folder: Path) -> None:
    server = Server(folder, "--port", "0")
    try:
        os.kill(server.process.pid, signal.SIGINT)
        assert server.process.wait(60) in (0, -signal.SIGINT, 130)
    finally:
        server.kill()
    assert server.process.stdout
    server.process.stdout.close()


def test_what_is_written_in_a_form_is_kept_while_another_record_is_looked_at(
    browser: Browser, server: LocalServer, folder: Path
) -> None:
    page = opened(browser, server.address)
    page.click("[data-do=correct]")
    page.select_option(".review-form select[name=stance]", "against")
    page.click(".steps .after")
    expect(page.locator(".claim")).to_contain_text("Omid Karimi")
    expect(page.locator(".review-form")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("is kept")
    page.click(".steps .before")
    expect(page.locator(".review-form select[name=stance]")).to_have_value("against")
    page.click("text=Save the correction")
    expect(page.locator(".compared tbody tr").first).to_contain_text("▼ against")
    page.click(".steps .after")
    page.click(".steps .before")
    expect(page.locator(".claim")).to_contain_text("Laila Noori")
    expect(page.locator(".review-form")).to_have_count(0)
    page.close()
    (corrected,) = RunFolder(folder).records(Version.HUMAN)
    assert corrected.stance == "against"


def test_a_form_that_nobody_wrote_in_or_that_was_cancelled_is_not_kept(
    browser: Browser, server: LocalServer
) -> None:
    page = opened(browser, server.address)
    page.click("[data-do=correct]")
    page.click(".steps .after")
    expect(page.locator(".claim")).to_contain_text("Omid Karimi")
    page.click("[data-do=correct]")
    page.fill(".review-form input[name=holder]", "Somebody")
    page.click(".review-form >> text=Cancel")
    page.click(".steps .before")
    expect(page.locator(".claim")).to_contain_text("Laila Noori")
    expect(page.locator(".review-form")).to_have_count(0)
    page.click(".steps .after")
    expect(page.locator(".claim")).to_contain_text("Omid Karimi")
    expect(page.locator(".review-form")).to_have_count(0)
    page.close()


def test_an_accepted_correction_says_who_corrected_and_who_accepted(
    browser: Browser, server: LocalServer
) -> None:
    page = opened(browser, server.address)
    correct_stance(page, "against")
    expect(page.locator(".compared")).to_be_visible()
    page.close()
    page = opened(browser, server.address, name="Omar")
    page.keyboard.press("a")
    expect(page.locator("[data-do=accept].chosen")).to_be_visible()
    expect(page.locator(".panel-head .reason .tag").first).to_have_text("corrected")
    expect(page.locator(".panel-head")).to_contain_text(re.compile("by Marta.*accepted by Omar"))
    page.close()


def test_networks_are_counted_when_somebody_looks_and_follow_the_filters(
    browser: Browser, server: LocalServer
) -> None:
    page = opened(browser, server.address, record=None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "api/networks" in request.url else None)
    page.click("#networks > summary")
    expect(page.locator("#network-finding")).to_contain_text("3 actors")
    expect(page.locator("#nets svg")).to_have_count(2)
    assert len(asked) == 1
    page.fill("#search", "noori said")
    page.keyboard.press("Enter")
    expect(page.locator("#lead")).to_contain_text("0 records of 3")
    page.fill("#search", "laila  NOORI")
    expect(page.locator("#lead")).to_contain_text("1 record of 3 from 1 article: 1 holder on 1 topic")
    expect(page.locator("#network-finding")).to_contain_text("fewer than two actors")
    page.close()


FORMS = ("[data-do=correct]", "[data-do=actor]", "[data-do=history]", "[data-do=add]")


@pytest.mark.parametrize("width", [1440, 400])
def test_axe_finds_nothing_serious_in_any_form_of_the_review(
    browser: Browser, server: LocalServer, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    page = opened(browser, server.address)
    page.set_viewport_size({"width": width, "height": 900})
    correct_stance(page, "against")
    expect(page.locator(".compared")).to_be_visible()
    found = []
    for form in FORMS:
        page.click(form)
        page.wait_for_selector(".review-form")
        found += serious(axe.Axe().run(page), form)
        page.keyboard.press("Escape")
    page.evaluate("localStorage.removeItem('stancewire-name')")
    page.keyboard.press("r")
    page.wait_for_selector("dialog[open]")
    found += serious(axe.Axe().run(page), "the person's name")
    page.close()
    assert not found


def serious(results: Any, where: str) -> list[str]:
    """Return the rules that axe-core found broken, with the first element of each."""
    return [
        f"{where}: {each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
        for each in results.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
