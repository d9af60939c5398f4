"""The report in a browser: filter, open, share, print, by mouse and by keyboard, whatever the records say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.desk.makers import HOSTILE, TEXT, article_of, record_of, write_page

from stancewire.review.reviewed import Reviewed, Status
from stancewire.run_folder import RunFolder
from stancewire.types import Origins, Stance

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def holders(page: Page) -> list[str]:
    return page.locator("#rows .c-holder b").all_text_contents()


def marks(page: Page) -> list[str]:
    """Return the marked evidence in the open article, best first."""
    found = page.locator("#panel .text mark").all()
    ranked = sorted((int(str(mark.get_attribute("data-rank"))), str(mark.text_content())) for mark in found)
    return [words for _, words in ranked]


def three(tmp_path: Path) -> Path:
    """Return a page of three records whose holders, topics and stances differ."""
    article = article_of()
    records = [
        record_of(article, record_id="one", holder="Zoe", confidence=0.2, published="2024-05-01"),
        record_of(article, record_id="two", holder="Abe", confidence=0.9, stance=Stance.AGAINST),
        record_of(article, record_id="three", holder="Mia", topic="schools", confidence=0.5),
    ]
    return write_page(tmp_path / "report.html", records, [article])


def test_demo_is_filtered_opened_and_marked_as_its_records_say(
    visit: Visit, demo_page: Path, demo: RunFolder
) -> None:
    records = [record for record in demo.records() if record.stance is Stance.AGAINST]
    page = visit(demo_page)
    page.locator("summary", has_text=re.compile("^Stance")).click()
    page.get_by_role("checkbox", name="against").check()
    assert f"{len(records)} records" in str(page.locator("#count").text_content())
    assert holders(page) == [record.holder for record in records]
    for index, record in list(enumerate(records))[:5]:
        page.locator("#rows a.quote").nth(index).click()
        page.wait_for_selector(f'#rows tr[aria-current][data-record="{record.record_id}"]')
        marked = marks(page)
        best = max(record.evidence, key=lambda each: each.p)
        assert best.quote in marked[0]
        assert sum(map(len, marked)) == len(
            {at for each in record.evidence for at in range(each.start, each.end)}
        )


def test_every_record_of_the_demo_marks_its_own_words(visit: Visit, demo_page: Path, demo: RunFolder) -> None:
    page = visit(demo_page)
    for record in demo.records():
        view = {"article": record.article_id, "record": record.record_id}
        page.evaluate("view => go({ open: view })", view)
        text = page.evaluate(
            "() => [...document.querySelectorAll('#panel mark')].map((each) => each.textContent).join('\\n')"
        )
        assert all(each.quote in text for each in record.evidence)


def test_shared_link_shows_the_same_view(visit: Visit, tmp_path: Path) -> None:
    path = three(tmp_path)
    page = visit(path)
    page.fill("#search", "council")
    page.select_option("#unit", "story")
    page.locator("th.c-confidence button").click()
    page.get_by_role("button", name="Zoe, Federalism: 1 favor").click()
    page.locator("#rows a.quote").first.click()
    page.wait_for_selector("#panel h4")
    seen = (
        holders(page),
        page.locator("#chips li").all_text_contents(),
        page.locator("#panel h3").text_content(),
    )
    assert seen[0] == ["Zoe"]
    fragment = page.url.partition("#")[2]
    again = visit(path, fragment)
    again.wait_for_selector("#panel h4")
    assert seen == (
        holders(again),
        again.locator("#chips li").all_text_contents(),
        again.locator("#panel h3").text_content(),
    )
    assert (again.input_value("#search"), again.input_value("#unit")) == ("council", "story")
    assert again.locator("th.c-confidence").get_attribute("aria-sort") == "descending"
    assert again.url.partition("#")[2] == fragment


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ("", ["Zoe", "Abe", "Mia"]),
        ("text=MIA", ["Mia"]),
        ("text=federal+state", ["Zoe", "Abe", "Mia"]),
        ("text=+FEDERAL++state%0A", ["Zoe", "Abe", "Mia"]),
        ("holder=Abe", ["Abe"]),
        ("holder=Ab", []),
        ("stances=against&stances=neutral", ["Abe"]),
        ("topics=schools&stances=favor", ["Mia"]),
        ("from=2025-01-01", ["Abe", "Mia"]),
        ("to=2025-01-01", ["Zoe"]),
        ("minConfidence=0.5", ["Abe", "Mia"]),
        ("flags=hedged", []),
        ("kinds=person&voices=quoted&outlets=The+Courier", ["Zoe", "Abe", "Mia"]),
        ("sort=-confidence", ["Abe", "Mia", "Zoe"]),
        ("sort=holder", ["Abe", "Mia", "Zoe"]),
        ("sort=nonsense&offset=7000", ["Zoe", "Abe", "Mia"]),
    ],
)
def test_view_in_the_address_is_what_the_table_shows(
    visit: Visit, tmp_path: Path, view: str, found: list[str]
) -> None:
    # An article's own date is the first record's; "from" and "to" look at it.
    early, late = article_of("a0"), article_of("a1")
    records = [
        record_of(early, record_id="one", holder="Zoe", confidence=0.2, published="2024-05-01"),
        record_of(late, record_id="two", holder="Abe", confidence=0.9, stance=Stance.AGAINST),
        record_of(late, record_id="three", holder="Mia", topic="schools", confidence=0.5),
    ]
    page = visit(write_page(tmp_path / "report.html", records, [early, late]), view)
    assert holders(page) == found


def test_quote_behind_emoji_is_marked_to_the_letter(visit: Visit, tmp_path: Path) -> None:
    text = (
        "🎉🎉 News 👩‍👩‍👧 of the 🇦🇫 day.\n\n🙂 Zahra Amini: “Federalism 🙌🏽 may come.” And then 🚀 silence."
    )
    article = article_of(text=text)
    record = record_of(article, "🙂 Zahra Amini", "Federalism 🙌🏽 may come.", cues=[("hedged", "may")])
    page = visit(write_page(tmp_path / "report.html", [record], [article]), "article=a1&record=a1-record")
    assert marks(page) == ["🙂 Zahra Amini", "Federalism 🙌🏽 may come."]
    assert page.locator("#panel .text .holder").all_text_contents() == ["Zahra Amini"]
    assert page.locator("#panel .text .hedged").all_text_contents() == ["may"]
    assert page.locator("#panel .text").text_content() == text


def test_selection_in_the_text_gives_the_offsets_that_records_use(visit: Visit, tmp_path: Path) -> None:
    text = "🎉 News. 🙂 Zahra Amini agrees. Nobody else."
    article = article_of(text=text)
    record = record_of(article, "Zahra Amini agrees.")
    page = visit(write_page(tmp_path / "report.html", [record], [article]), "article=a1&record=a1-record")
    offsets = page.evaluate(
        """() => {
            const text = document.querySelector("#panel .text");
            const range = document.createRange();
            range.selectNodeContents(text.querySelector("mark"));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return selectedOffsets(text);
        }"""
    )
    assert text[slice(*offsets)] == "Zahra Amini agrees."


def test_kinds_of_words_are_told_apart_without_colour(visit: Visit, tmp_path: Path) -> None:
    text = "The minister said that the council, which used to refuse, may back federalism if paid."
    article = article_of(text=text)
    cues = [("speech", "said"), ("hedged", "may"), ("conditional", "if paid"), ("changed", "used to")]
    record = record_of(
        article, text, cues=cues, speaker="The minister", holder="Council", holder_mention="the council"
    )
    page = visit(write_page(tmp_path / "report.html", [record], [article]), "article=a1&record=a1-record")
    kinds = ["holder", "speaker", "speech", "hedged", "conditional", "changed"]
    looks = page.evaluate(
        """kinds => kinds.map((kind) => {
            const style = getComputedStyle(document.querySelector(`#panel .text .${kind}`));
            return [style.textDecorationStyle, style.textDecorationLine, style.fontStyle, style.fontWeight].join(" ");
        })""",
        kinds,
    )
    assert len(set(looks)) == len(kinds)
    words = [page.locator(f"#panel .text .{kind}").text_content() for kind in kinds]
    assert words == ["the council", "The minister", "said", "may", "if paid", "used to"]
    legend = " ".join(page.locator("#panel .legend li").all_text_contents())
    assert all(kind in legend for kind in ("evidence", "holder", "hedged", "conditional", "changed"))


def test_right_to_left_article_reads_from_the_right(visit: Visit, tmp_path: Path) -> None:
    text = "شورا روز دوشنبه نشست داشت. زهرا امینی گفت: «ما فدرالیسم می‌خواهیم». دیگران خاموش ماندند."
    article = article_of(text=text, title="نشست شورا", outlet="هشت صبح", language="fa")
    record = record_of(
        article, "«ما فدرالیسم می‌خواهیم»", holder="زهرا امینی", holder_mention="زهرا امینی", speaker=None
    )
    page = visit(write_page(tmp_path / "report.html", [record], [article]), "article=a1&record=a1-record")
    assert marks(page) == ["«ما فدرالیسم می‌خواهیم»"]
    directions = page.evaluate(
        "() => ['.story .text', '.story h4', 'a.quote', '#rows .c-holder b', '#matrix .name']"
        ".map((each) => getComputedStyle(document.querySelector(each)).direction)"
    )
    assert directions == ["rtl"] * 5
    assert page.locator("#panel .story").get_attribute("lang") == "fa"


def test_counts_follow_the_unit_everywhere(visit: Visit, tmp_path: Path) -> None:
    article = replace(article_of(), origins=Origins(outlet="meta og:site_name"))
    records = [
        record_of(article, record_id="1", cluster_id="one"),
        record_of(article, record_id="2", cluster_id="one"),
        record_of(article, record_id="3", cluster_id="one", stance=Stance.AGAINST),
        record_of(article, record_id="4", cluster_id="other"),
    ]
    page = visit(write_page(tmp_path / "report.html", records, [article]))
    page.locator("#time-table > summary").click()
    for unit, cell, said in (
        ("record", "3 favor, 1 against", "Every record counts"),
        ("story", "2 favor, 1 against", "Copies of a story"),
        ("outlet", "1 favor, 1 against", "once an outlet"),
    ):
        page.select_option("#unit", unit)
        page.get_by_role("button", name=f"Zahra Amini, Federalism: {cell}").wait_for()
        assert said in str(page.locator("#unit-note").text_content())
        row = " ".join(page.locator("#time-rows td").all_text_contents())
        assert cell in row
    page.locator("#rows a.quote").first.click()
    assert page.locator("#panel bdi[title]").first.get_attribute("title") == "from: meta og:site_name"


def test_keyboard_alone_filters_walks_opens_and_closes(visit: Visit, tmp_path: Path) -> None:
    page = visit(three(tmp_path))
    page.locator("#rows a.quote").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel h4")
    assert "Abe" in str(page.locator("#panel h3").text_content())
    page.get_by_role("button", name="Next").press("Enter")
    page.wait_for_selector('#panel h3:has-text("Mia")')
    assert page.get_by_role("button", name="Next").is_disabled()
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel", state="hidden")
    assert page.evaluate("() => document.activeElement.dataset.record") == "three"


def test_cell_of_the_matrix_chooses_its_records_and_lets_go_again(visit: Visit, tmp_path: Path) -> None:
    page = visit(three(tmp_path))
    cell = page.get_by_role("button", name="Abe, Federalism: 1 against")
    cell.click()
    page.wait_for_selector('#matrix [aria-pressed="true"]')
    assert holders(page) == ["Abe"]
    assert len(page.locator("#matrix tbody tr").all()) == 3
    page.get_by_role("button", name=re.compile("^Cell: Abe on Federalism")).click()
    page.wait_for_selector("#chips li", state="detached")
    assert holders(page) == ["Zoe", "Abe", "Mia"]


def test_reviewed_records_say_who_and_what_the_machine_had(visit: Visit, tmp_path: Path) -> None:
    article = article_of()
    machine = record_of(article)
    person = replace(machine, stance=Stance.AGAINST)
    reviewed = [
        Reviewed(
            record=person, machine=machine, status=Status.CORRECTED, by="Mina", at="2026-01-02T03:04:05Z"
        ),
        Reviewed(record=replace(machine, record_id="other"), machine=machine),
    ]
    from stancewire.desk.report import write_report

    path = tmp_path / "report.html"
    write_report(path, records=reviewed, articles=[article], manifest={}, name="test")
    page = visit(path, "statuses=corrected&article=a1&record=a1-record")
    assert len(holders(page)) == 1
    reason = " ".join(page.locator("#panel .reason").all_text_contents())
    assert "corrected by Mina, 2026-01-02; the machine said: Zahra Amini in favor of" in reason


def test_an_accepted_correction_says_who_corrected_and_who_accepted(visit: Visit, tmp_path: Path) -> None:
    article = article_of()
    machine = record_of(article)
    reviewed = Reviewed(
        record=replace(machine, stance=Stance.AGAINST),
        machine=machine,
        status=Status.CORRECTED,
        by="Mina",
        at="2026-01-02T03:04:05Z",
        accepted_by="Omar",
        accepted_at="2026-02-03T03:04:05Z",
    )
    from stancewire.desk.report import write_report

    path = tmp_path / "report.html"
    write_report(path, records=[reviewed], articles=[article], manifest={}, name="test")
    page = visit(path, "article=a1&record=a1-record")
    reason = " ".join(page.locator("#panel .reason").all_text_contents())
    assert "corrected by Mina, 2026-01-02; accepted by Omar, 2026-02-03; the machine said" in reason


def test_the_lead_says_how_much_the_filters_leave(visit: Visit, tmp_path: Path) -> None:
    path = three(tmp_path)
    assert visit(path).locator("#lead").text_content() == "3 records from 1 article: 3 holders on 2 topics"
    page = visit(path, "topics=federalism")
    lead = page.locator("#lead")
    assert lead.text_content() == "2 records of 3 from 1 article: 2 holders on 1 topic"
    page.get_by_role("button", name="Abe, Federalism: 1 against").click()
    page.wait_for_selector('#matrix [aria-pressed="true"]')
    assert lead.text_content() == "1 record of 3 from 1 article: 1 holder on 1 topic"
    page.locator("#clear").click()
    page.wait_for_selector("#chips li", state="detached")
    assert lead.text_content() == "3 records from 1 article: 3 holders on 2 topics"


def test_hostile_names_stay_words(visit: Visit, tmp_path: Path) -> None:
    long = "Very long name " * 700
    article = article_of(
        title=HOSTILE, outlet=HOSTILE, author=HOSTILE, url="javascript:alert(1)", text=TEXT + HOSTILE
    )
    records = [
        record_of(article, record_id="<b>1</b>", holder=HOSTILE, holder_mention=HOSTILE, speaker=HOSTILE),
        record_of(article, record_id="2", holder=long, topic=HOSTILE),
    ]
    path = write_page(tmp_path / "report.html", records, [article], name=HOSTILE, manifest={HOSTILE: HOSTILE})
    page = visit(path, "article=a1&record=%3Cb%3E1%3C%2Fb%3E")
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.dismiss()))
    page.wait_for_selector("#panel h4")
    assert page.locator("#panel h4").text_content() == HOSTILE
    assert page.locator("#rows .c-holder b").first.text_content() == HOSTILE
    assert not page.locator('a[href^="javascript"]').all()
    page.get_by_role("button", name=re.compile("^Very long name")).first.click()
    page.wait_for_selector('#matrix [aria-pressed="true"]')
    assert len(holders(page)) == 1
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert not dialogs


def test_run_without_records_says_so(visit: Visit, tmp_path: Path) -> None:
    page = visit(write_page(tmp_path / "report.html", [], []))
    assert "0 records" in str(page.locator("#lead").text_content())
    assert page.locator("#count").text_content() == "No record matches"
    assert page.locator("#overview").is_hidden()


def test_page_asks_nothing_of_the_network(page: Page, visit: Visit, demo_page: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    visit(demo_page)
    page.locator("#rows a.quote").first.click()
    page.wait_for_selector("#panel h4")
    assert set(asked) == {demo_page.as_uri()}


def test_paper_has_all_that_is_filtered_and_says_of_how_much(visit: Visit, tmp_path: Path) -> None:
    article = article_of()
    records = [record_of(article, record_id=str(index)) for index in range(1200)]
    page = visit(write_page(tmp_path / "report.html", records, [article]), "offset=100")
    assert len(holders(page)) == 100
    page.evaluate("() => { dispatchEvent(new Event('beforeprint')); }")
    page.wait_for_function("() => document.querySelectorAll('#rows tr').length === 1000")
    assert page.locator("#count").text_content() == "The first 1,000 of 1,200 records are printed"
    page.evaluate("() => { dispatchEvent(new Event('afterprint')); }")
    page.wait_for_function("() => document.querySelectorAll('#rows tr').length === 100")
    page.get_by_role("button", name="Next page").click()
    page.wait_for_function("() => document.querySelector('#count').textContent.includes('201 to 300')")


def test_pdf_of_the_browser_has_more_than_the_page_of_the_table(visit: Visit, tmp_path: Path) -> None:
    article = article_of()
    records = [record_of(article, record_id=str(index), holder=f"Holder {index}") for index in range(300)]
    leaves = []
    for number in (100, 300):
        page = visit(write_page(tmp_path / f"{number}.html", records[:number], [article]))
        leaves.append(len(re.findall(rb"/Type /Page\b", page.pdf())))
    assert leaves[1] >= 2 * leaves[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_axe_finds_nothing_serious(visit: Visit, demo_page: Path, scheme: Any, size: tuple[int, int]) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs stancewire[dev]: axe-core"
    )
    page = visit(demo_page)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator("#networks > summary").click()
    page.locator("#network-table > summary").click()
    page.locator("#time-table > summary").click()
    page.wait_for_selector("#nets svg")
    found = serious(axe.Axe().run(page))
    page.locator("#rows a.quote").first.click()
    page.wait_for_selector("#panel h4")
    assert not found + serious(axe.Axe().run(page))


def serious(results: Any) -> list[str]:
    """Return the rules that axe-core found broken, with the first element of each."""
    return [
        f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
        for each in results.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def test_networks_are_drawn_for_the_period_chosen(visit: Visit, tmp_path: Path) -> None:
    articles = [article_of(f"a{index}") for index in range(8)]
    records = [
        record_of(
            article,
            holder=f"Holder {index % 4}",
            stance=Stance.FAVOR if index % 2 else Stance.AGAINST,
            published=f"{2023 + index // 4}-01-01",
        )
        for index, article in enumerate(articles)
    ]
    page = visit(write_page(tmp_path / "report.html", records, articles))
    page.locator("#networks > summary").click()
    page.wait_for_selector("#nets svg")
    assert page.locator("#network-period option").all_text_contents() == ["the whole time", "2023", "2024"]
    assert page.locator("#network-finding").text_content() == "4 actors, 2 coalitions, polarisation 0.50."
    page.select_option("#network-period", "2024")
    page.wait_for_function("() => location.hash.includes('period=2024')")
    page.locator("#network-table > summary").click()
    assert page.locator("#network-rows tbody tr").count() == 4
