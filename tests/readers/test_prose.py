from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest

from stancewire.readers.prose import body_start, find_opening, split_dateline

REST = "The minister said that talks would go on."


@pytest.mark.parametrize(
    "dateline",
    [
        "KABUL - ",
        "TEHRAN – ",
        "TEHRAN- ",
        "TEHRAN—",
        "KABUL -- ",
        "KABUL: ",
        "(Reuters) - ",
        "KABUL (Reuters) - ",
        "Kabul (Reuters) – ",
        "KABUL, March 3 (Agency) — ",
        "Kabul, 3 March (Agency) — ",
        "KABUL, Afghanistan (AP) -- ",
        "LA CROSSE, Wis. (AP) — ",
        "NUR-SULTAN, Kazakhstan — ",
        "WASHINGTON, D.C. — ",
        "KATHMANDU, April 25 (Reuters) - ",
        "WASHINGTON  (New York Times) — ",
    ],
)
def test_prose_begins_after_a_dateline(dateline: str) -> None:
    assert split_dateline(dateline + REST) == (dateline.strip(), len(dateline))
    assert body_start(dateline + REST) == len(dateline)


@pytest.mark.parametrize(
    "text",
    [
        "NATO - Russia talks failed, and NATO said so.",
        "Iran - which never signed - stayed away.",
        "Kabul – The city that never sleeps.",
        "US-based groups protested.",
        "COVID-19 - The virus that changed it all.",
        "SMITH: I disagree. JONES: So do I.",
        "The Majlis (Iranian parliament) - The lower house - voted.",
        "“KABUL - The city,” he said.",
        "KABUL - the city - is cold.",
        "کابل - وزیر گفت که گفت‌وگوها ادامه دارد.",
        "",
        "-",
    ],
)
def test_a_first_sentence_is_no_dateline(text: str) -> None:
    assert split_dateline(text) == (None, 0)


@pytest.mark.parametrize(
    "outlet",
    [
        "Hasht-e-Subh",
        "Pajhwok Afghan News",
        "Khaama Press",
        "TOLOnews",
        "8am Media",
        "New York Times",
        "Amu TV",
    ],
)
def test_an_outlet_glued_to_the_prose_is_recognised(outlet: str) -> None:
    opening = find_opening(f"{outlet} {REST}")
    assert (opening.outlet, opening.body_start) == (outlet, len(outlet) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "Iran The foreign minister said that Iran would go on.",
        "Iran In recent years the country has changed.",
        "Vitamin A is good for you.",
        "Alexander The Great was there.",
        "Barack Obama The former president spoke. Obama was brief.",
        "Al-Qaeda The group claimed it. Al-Qaeda said more later.",
        "Times have changed, and The Hague knows it.",
        "The Guardian has learned that talks go on.",
    ],
)
def test_a_subject_is_no_outlet(text: str) -> None:
    opening = find_opening(text)
    assert (opening.outlet, opening.body_start) == (None, 0)


def test_a_known_outlet_is_passed_over_whatever_it_is_called() -> None:
    assert body_start(f"Dawn {REST}", outlet="Dawn") == len("Dawn ")
    assert body_start("Dawn | Ministers meet in Kabul.", outlet="Dawn") == len("Dawn | ")
    assert body_start("Dawn broke over Kabul.", outlet="Dawn") == 0


def test_a_given_outlet_is_not_replaced() -> None:
    assert find_opening(f"Khaama Press {REST}", outlet="Dawn").outlet is None


def test_a_given_title_at_the_start_is_passed_over() -> None:
    assert body_start(f"Talks: “go on”\n{REST}", title="Talks: 'go on'") == len("Talks: “go on”\n")
    assert body_start(f"Talks stop\n{REST}", title="Talks go on") == 0


def test_title_outlet_and_dateline_are_passed_over_together() -> None:
    text = f"Talks go on\n\nKhaama Press KABUL - {REST}"
    assert text[body_start(text, title="Talks go on", outlet="Khaama Press") :] != ""
    opening = find_opening(f"Talks go on\n\nKABUL (AP) - {REST}", may_start_with_title=True)
    assert (opening.title, opening.body_start) == ("Talks go on", len("Talks go on\n\nKABUL (AP) - "))


@pytest.mark.parametrize(
    "start",
    [
        "The talks went on all day.\n\n",
        "Talks go on\n",
        "Word " * 60 + "\n\n",
        "He said:\n\n",
        "* * *\n\n",
    ],
)
def test_what_is_no_title_is_prose(start: str) -> None:
    assert find_opening(start + REST, may_start_with_title=True).title is None


def test_a_title_without_prose_is_prose() -> None:
    assert find_opening("Talks go on\n\n", may_start_with_title=True).title is None


def test_only_datelines_are_passed_over_in_a_real_archive(shared: Path) -> None:
    """Of 400 Tehran Times articles, a third or so open with a dateline, and nothing else is taken for one."""
    path = shared / "data" / "articles" / "tehran_times_afghanistan.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in itertools.islice(file, 400)]
    openings = [(text, find_opening(text)) for text in texts]
    assert not [opening.outlet for _, opening in openings if opening.outlet]
    passed_over = [text[: opening.body_start] for text, opening in openings if opening.body_start]
    assert len(passed_over) > 80
    assert all(words.rstrip()[-1] in "-–—" and len(words) < 50 for words in passed_over)
