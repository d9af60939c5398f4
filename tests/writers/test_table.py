"""The table at the end of a run."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from stancewire.types import Article, Stance, StanceRecord, Voice
from stancewire.writers.table import print_records

Maker = Callable[..., StanceRecord]


def printed(*records: StanceRecord, width: int = 80, encoding: str = "utf-8", limit: int = 50) -> str:
    data = io.BytesIO()
    file = io.TextIOWrapper(data, encoding=encoding)
    print_records(records, console=Console(file=file, width=width), limit=limit)
    file.flush()
    return data.getvalue().decode(encoding)


def test_piped_table_has_symbols_and_no_colour(make_record: Maker) -> None:
    text = printed(make_record(), make_record(stance=Stance.AGAINST, hedged=True))
    assert "\x1b" not in text
    assert "▲ favor" in text
    assert "▼ against" in text
    assert "hedged" in text
    assert "0.91" in text
    assert "Council meets" in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_without_unicode_still_reads(make_record: Maker, encoding: str) -> None:
    record = make_record("federal state", holder="زهرا امینی", title="Zoë 🙂")
    text = printed(record, encoding=encoding)
    assert "+ favor" in text
    assert "federal state" in text
    assert "???? ?????" in text


def test_records_are_grouped_by_topic(make_record: Maker) -> None:
    text = printed(*(make_record(topic=topic) for topic in ("schools", "federalism", "schools")))
    assert text.count("schools") == text.count("federalism") == 1


def test_who_speaks_for_the_holder_is_shown(make_record: Maker) -> None:
    assert "by Omar" in printed(make_record(speaker="Omar"))
    assert "by Zahra" not in printed(make_record(speaker="Zahra Amini"))


def test_what_is_not_shown_is_counted(make_record: Maker) -> None:
    assert "and 23 more in records.csv" in printed(*[make_record()] * 25, limit=2)
    assert "more" not in printed(*[make_record()] * 2, limit=2)


def test_nothing_found_is_said() -> None:
    assert printed() == "No stance records.\n"


def test_lines_fit_the_width_and_evidence_ends_at_a_word(make_record: Maker) -> None:
    words = "federalism and decentralisation of the whole administration " * 5
    record = make_record(
        of=Article(id="l", text=words, source="l"), attribution=Voice.REPORTED, conditional=True
    )
    long = make_record(words.strip(), of=Article(id="l", text=words, source="l", title="x" * 90))
    text = printed(record, long)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    cut = [line.split()[-1] for line in text.splitlines() if line.rstrip().endswith("…")]
    assert cut[0].removesuffix("…") in words.split()


def test_text_cannot_steer_the_terminal_or_be_markup(make_record: Maker) -> None:
    text = printed(make_record(holder="\x1b[31mred\u202e\r\n[bold]b[/bold]", title="\x9b2J title"))
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(text)
    assert "[bold]b" in text


def test_right_to_left_words_are_isolated(make_record: Maker) -> None:
    assert "\u2068زهرا امینی\u2069" in printed(make_record(holder="زهرا امینی"))
