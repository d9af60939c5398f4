"""The report page: what is in it, that nothing breaks out of it, and that a browser marks the right words."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stancewire.types import Article, Codebook, Cue, CueKind, Origins, Stance, StanceRecord, Topic
from stancewire.writers.report import MATRIX_HOLDERS, write_report

Maker = Callable[..., StanceRecord]

HOSTILE = "</script><script>alert(1)</script> \"double\" 'single' <!-- <script> \u2028 &amp; %%data%%"


def embedded(path: Path) -> dict[str, Any]:
    found = re.search(
        r'<script id="data" type="application/json">(.*?)</script>', path.read_text("utf-8"), re.S
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_page_holds_records_and_only_their_articles(
    tmp_path: Path, make_record: Maker, article: Article
) -> None:
    path = tmp_path / "report.html"
    other = replace(article, id="other", text="Nobody said a thing.")
    write_report(path, records=[make_record()], articles=[other, article], manifest={"counts": {"done": 2}})
    data = embedded(path)
    assert list(data["articles"]) == ["a1"]
    assert data["articles"]["a1"]["text"] == article.text
    assert data["records"][0]["evidence"] == [[27, 53, article.text[27:53]]]
    assert data["details"] == [["counts.done", "2"]]
    assert "Nobody said" not in path.read_text("utf-8")


def test_page_asks_nothing_of_the_network(tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "report.html"
    write_report(path, records=[make_record(url=None)], articles=[], manifest={})
    page = path.read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)="(?!#)|@import|url\(|fetch\(|innerHTML""", page)


def test_hostile_title_stays_data(tmp_path: Path, make_record: Maker, article: Article) -> None:
    path = tmp_path / "report.html"
    hostile = replace(article, title=HOSTILE, text=article.text + HOSTILE)
    write_report(path, records=[make_record(holder=HOSTILE)], articles=[hostile], manifest={HOSTILE: HOSTILE})
    page = path.read_text("utf-8")
    assert len(re.findall("</script", page, re.I)) == 2
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "\u2028" not in page
    data = embedded(path)
    assert data["articles"]["a1"]["title"] == data["records"][0]["holder"] == HOSTILE


def test_summary_counts_every_record_of_a_holder(
    tmp_path: Path, make_record: Maker, article: Article
) -> None:
    path = tmp_path / "report.html"
    stances = [Stance.FAVOR, Stance.FAVOR, Stance.AGAINST]
    records = [make_record(stance=stance) for stance in stances] + [make_record(topic="new", holder="X")]
    topic = Topic(id="federalism", name="Federalism", claim="It should be federal.")
    codebook = Codebook(id="c", version="1", topics=(topic, replace(topic, id="unused")), digest="0")
    write_report(path, records=records, articles=[article], manifest={}, codebook=codebook, row_limit=1)
    data = embedded(path)
    assert data["matrix"]["rows"][0]["cells"]["record"]["federalism"] == [2, 1, 0]
    assert [each["name"] for each in data["topics"]] == ["Federalism", "new"]
    assert data["facts"]["records"] == 4
    assert data["facts"]["holders"] == 2


def test_summary_counts_copies_once_a_story_or_once_an_outlet(
    tmp_path: Path, make_record: Maker, article: Article
) -> None:
    path = tmp_path / "report.html"
    write_report(path, records=copies(make_record), articles=[article], manifest={})
    (row,) = embedded(path)["matrix"]["rows"]
    assert {unit: cells["federalism"] for unit, cells in row["cells"].items()} == {
        "record": [3, 1, 0],
        "story": [2, 1, 0],
        "outlet": [1, 1, 0],
    }


def test_holders_who_are_first_by_any_count_are_in_the_summary(tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "report.html"
    many = [make_record(cluster_id="c", holder=f"Copied {number}") for number in range(MATRIX_HOLDERS)] * 3
    two = [make_record(cluster_id=name, holder="In two stories") for name in "ab"]
    write_report(path, records=[*many, *two], articles=[], manifest={})
    matrix = embedded(path)["matrix"]
    assert "In two stories" in [row["holder"] for row in matrix["rows"]]
    assert (len(matrix["rows"]), matrix["shown"], matrix["more"]) == (MATRIX_HOLDERS + 1, MATRIX_HOLDERS, 1)


def copies(make_record: Maker) -> list[StanceRecord]:
    """Return three stances for, two of them copies of a story, which a third copy says to be against."""
    return [
        make_record(record_id="1", cluster_id="one"),
        make_record(record_id="2", cluster_id="one"),
        make_record(record_id="3", cluster_id="one", stance=Stance.AGAINST),
        make_record(record_id="4", cluster_id="other"),
    ]


def test_what_the_limits_leave_out_is_said(tmp_path: Path, make_record: Maker, article: Article) -> None:
    path = tmp_path / "report.html"
    articles = [replace(article, id=f"a{index}") for index in range(3)]
    records = [make_record(of=each) for each in articles]
    size = len(article.text.encode())
    write_report(path, records=records, articles=articles, manifest={}, row_limit=2, text_limit=size)
    data = embedded(path)
    assert [each["text"] is None for each in data["articles"].values()] == [False, True]
    assert "first 2 records; 1 more" in data["notes"][0]
    assert "texts of 1 articles are left out" in data["notes"][1]


def test_article_that_is_not_given_is_known_from_its_record(tmp_path: Path, make_record: Maker) -> None:
    path = tmp_path / "report.html"
    write_report(path, records=[make_record()], articles=[], manifest={})
    assert embedded(path)["articles"]["a1"]["title"] == "Council meets"


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium to run the page")


def browse(path: Path, fragment: str = "") -> str:
    """Return the page as a browser has it after running its script."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = [str(CHROMIUM), *options, profile, "--dump-dom", f"{path.as_uri()}#{fragment}"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode("utf-8")


def played(path: Path, script: str) -> dict[str, Any]:
    """Return what a script that plays the reader has seen; the page forbids it, so the rule is taken out."""
    page = re.sub(r"<meta http-equiv.*?>", "", path.read_text("utf-8"))
    path.write_text(page.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    seen = re.search(r"<pre>(.*?)</pre>", browse(path), re.S)
    assert seen
    found: dict[str, Any] = json.loads(html.unescape(seen[1]))
    return found


def marks(page: str) -> list[str]:
    found = re.findall(r"<mark.*?>(.*?)</mark>", page, re.S)
    return [html.unescape(re.sub("<.*?>", "", each)) for each in found]


@needs_browser
def test_browser_marks_the_very_quote_behind_emoji(tmp_path: Path, make_record: Maker) -> None:
    text = "🎉🎉 News 👩‍👩‍👧 of the 🇦🇫 day.\n\n🙂 Zahra Amini: “Federalism 🙌🏽 now.” And then 🚀 silence."
    article = Article(id="e", text=text, source="e", title=HOSTILE)
    record = make_record("🙂 Zahra Amini", "Federalism 🙌🏽 now.", of=article)
    write_report(tmp_path / "report.html", records=[record], articles=[article], manifest={})
    page = browse(tmp_path / "report.html", record.record_id)
    assert marks(page) == ["🙂 Zahra Amini", "Federalism 🙌🏽 now."]
    assert '<span class="holder" title="the holder">Zahra Amini</span>' in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page


@needs_browser
def test_browser_shows_who_says_so_and_what_makes_it_hedged(tmp_path: Path, make_record: Maker) -> None:
    text = "The minister 🙂 said that the council may back a federal state."
    article = Article(id="n", text=text, source="n")
    cues = tuple(
        Cue(kind=kind, start=text.index(quote), end=text.index(quote) + len(quote), quote=quote)
        for kind, quote in ((CueKind.SPEECH, "said"), (CueKind.HEDGED, "may"))
    )
    record = make_record("may back a federal state", of=article, speaker="The minister", hedged=True)
    record = replace(record, holder="Council", holder_mention="the council", conditional=False, cues=cues)
    write_report(tmp_path / "report.html", records=[record], articles=[article], manifest={})
    page = browse(tmp_path / "report.html", record.record_id)
    assert '<span class="cue speech" title="who says so">said</span>' in page
    assert '<span class="cue hedged" title="hedged">may</span>' in page
    reasons = re.findall(r'<p class="reason">(.*?)</p>', page)
    assert [re.sub("<.*?>", "", each) for each in reasons] == ["said by The minister said", "hedged may"]
    assert "by The minister" in page


@needs_browser
def test_browser_counts_as_asked_and_says_where_metadata_come_from(
    tmp_path: Path, make_record: Maker, article: Article
) -> None:
    path = tmp_path / "report.html"
    known = replace(article, origins=Origins(outlet="meta og:site_name"))
    write_report(path, records=copies(make_record), articles=[known], manifest={})
    seen = played(path, COUNTER)
    assert seen == {
        "record": ["▲ 3▼ 1", "Every record counts, those of copies of a story, too."],
        "story": ["▲ 2▼ 1", "Copies of a story with the same holder, topic and stance count once."],
        "outlet": [
            "▲ 1▼ 1",
            "The same holder, topic and stance count once an outlet; articles that name no outlet count as one.",
        ],
        "byline": [["The Courier", "from: meta og:site_name"]],
    }


@needs_browser
def test_filters_keys_and_sorting_work_in_a_browser(
    tmp_path: Path, make_record: Maker, article: Article
) -> None:
    path = tmp_path / "report.html"
    records = [
        make_record(record_id="one", holder="Zoe", confidence=0.2),
        make_record(record_id="two", holder="Abe", confidence=0.9, stance=Stance.AGAINST),
        make_record(record_id="three", holder="Mia", topic="schools", confidence=0.5),
    ]
    write_report(path, records=records, articles=[article], manifest={})
    assert played(path, READER) == {
        "at first": ["Zoe", "Abe", "Mia"],
        "by confidence": ["Abe", "Mia", "Zoe"],
        "against": ["Abe"],
        "searched": ["Mia"],
        "cell": ["Zoe"],
        "cleared": ["Abe", "Mia", "Zoe"],
        "opened": [True, "Council meets"],
        "closed": [False, "Abe"],
    }


READER = """
const names = () => [...document.querySelectorAll("#rows .c-holder b")].map((each) => each.textContent);
const press = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const enter = (id, value) => {
  byId(id).value = value;
  byId(id).dispatchEvent(new Event("input", { bubbles: true }));
};
const seen = { "at first": names() };
document.querySelector("th.c-confidence button").click();
seen["by confidence"] = names();
enter("stance", "against");
seen["against"] = names();
enter("stance", ""); enter("search", "mia COUNCIL");
seen["searched"] = names();
document.querySelector("#matrix button").click();
seen["cell"] = names();
byId("clear").click();
seen["cleared"] = names();
press(byId("rows").firstElementChild, "Enter");
seen["opened"] = [!byId("reader").hidden, byId("reader").querySelector("h3").textContent];
press(document.activeElement, "Escape");
seen["closed"] = [!byId("reader").hidden, document.activeElement.querySelector("b").textContent];
document.body.append(make("pre", {}, JSON.stringify(seen)));
"""

COUNTER = """
const seen = {};
for (const unit of ["record", "story", "outlet"]) {
  byId("unit").value = unit;
  byId("unit").dispatchEvent(new Event("change", { bubbles: true }));
  seen[unit] = [document.querySelector("#matrix td").textContent, byId("unit-note").textContent];
}
byId("rows").firstElementChild.click();
seen["byline"] = [...document.querySelectorAll("#reader bdi[title]")].map((each) => [each.textContent, each.title]);
document.body.append(make("pre", {}, JSON.stringify(seen)));
"""
