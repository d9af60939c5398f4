"""A finished run of sixty articles, a sample of its records or articles, and coders who know the truth."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.review.runs import ENGLISH, article, finish, record

from stancewire.sampling.population import By, Unit
from stancewire.sampling.sample import SampleSettings, draw_sample
from stancewire.sampling.write import write_sample
from stancewire.types import Article, Stance, StanceRecord

ARTICLES = 60
QUOTES = {"federalism": "federalism 🌍 would save the country", "negotiation": "Omid Karimi rejects talks."}
HOLDERS = {"federalism": "Laila Noori", "negotiation": "Omid Karimi"}

Truth = Callable[[str, str], Stance]


def machine_says(number: int, topic: str) -> Stance:
    """The machine finds favor in three of four cases, and against in the others."""
    return Stance.AGAINST if (number + len(topic)) % 4 == 0 else Stance.FAVOR


def truth(article_id: str, topic: str) -> Stance:
    """Every third stance of the machine is wrong: half of them are against, half are none."""
    number = int(article_id[1:])
    said = machine_says(number, topic)
    if number % 3:
        return said
    return Stance.NONE if number % 2 else Stance.AGAINST


def text_of(number: int) -> str:
    """Return words that no other article has, so that none is a copy of another."""
    return f"{ENGLISH} {' '.join(f'word{number}of{place}' for place in range(60))}"


def records_of(one: Article) -> tuple[StanceRecord, ...]:
    number = int(one.id[1:])
    return tuple(
        record(one, HOLDERS[topic], quote, topic=topic, stance=machine_says(number, topic))
        for topic, quote in QUOTES.items()
    )


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two records an article, half of the articles of 2023 and half of 2024, in two outlets; ten more have none."""
    folder = tmp_path_factory.mktemp("shares") / "run"
    found: list[tuple[Article, tuple[StanceRecord, ...]]] = []
    for number in range(1, ARTICLES + 11):
        one = article(
            f"a{number}",
            text_of(number),
            outlet=("The Courier", "Hasht")[number % 2],
            day=f"{2023 + number % 2}-0{1 + number % 9}-15",
        )
        found.append((one, records_of(one) if number <= ARTICLES else ()))
    return finish(folder, found, counts={"records": 2 * ARTICLES})


@pytest.fixture(scope="session")
def drawn(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample of 90 of the 120 records, coded by somebody who knows the truth."""
    out = tmp_path_factory.mktemp("drawn") / "sample"
    settings = SampleSettings(size=90, unit=Unit.RECORD, by=(By.STANCE,), seed=5)
    write_sample(draw_sample(run, settings), out)
    answer(out / "coding.csv", out.parent / "coded.csv")
    return out


@pytest.fixture(scope="session")
def coded(drawn: Path) -> Path:
    return drawn.parent / "coded.csv"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gold rows of whole articles: all with records, and five of those without, of which one has a missed stance."""
    path = tmp_path_factory.mktemp("whole") / "gold.jsonl"
    lines = [line for number in range(1, ARTICLES + 6) for line in gold_lines(f"a{number}")]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def gold_lines(name: str) -> list[dict[str, object]]:
    """Return the gold rows of one article."""
    number = int(name[1:])
    if number > ARTICLES:
        is_missed = number == ARTICLES + 1
        return [gold_line(name, "federalism", "against")] if is_missed else [gold_line(name)]
    rows = [gold_line(name, topic, truth(name, topic).value) for topic in QUOTES]
    return [row for row in rows if row["stance"] != "none"] or [gold_line(name)]


def gold_line(name: str, topic: str | None = None, stance: str | None = None) -> dict[str, object]:
    if topic is None:
        return {"article_id": name, "holder": None, "stance": "none"}
    holder = {"holder": HOLDERS[topic], "kind": "person", "aliases": []}
    return {"article_id": name, **holder, "topic": topic, "stance": stance}


def answer(table: Path, out: Path, *, only: Callable[[dict[str, str]], bool] = lambda row: True) -> Path:
    """Fill in a coder's table of records; rows that `only` doesn't want are left out."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if only(row)]
    for row in rows:
        row["stance"] = truth(row["article_id"], row["topic"]).value
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return out
