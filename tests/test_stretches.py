"""Of a very long article only the opening and what stands around its topics is read; offsets stay what they are."""

from __future__ import annotations

import pytest

from stancewire.extract import LEFT_OUT, extract, open_pipeline
from stancewire.settings import Settings
from stancewire.stretches import LONG, shorten
from stancewire.types import Article, Codebook, Topic

TOPIC = Topic(id="federalism", name="Federalism", claim="It should be federal.", terms=("federal*",))
FILLER = "".join(
    f"The weather in valley {n} was mild, and its market full of people who bought bread. "
    for n in range(400)
)
OTHER = FILLER.replace("valley", "village")
STANCE = "Laila Noori rejects federalism. "
BOOK = Codebook(id="b", version="1", topics=(TOPIC,), digest="0" * 64)


def article(text: str) -> Article:
    return Article(id="a", text=text, source="s", genre="report")


def test_article_of_usual_length_is_read_whole() -> None:
    usual = article(FILLER[:LONG])
    assert shorten(usual, [TOPIC]) == (usual, 0)


def test_long_article_keeps_its_opening_and_what_stands_around_its_topics() -> None:
    text = FILLER + STANCE + OTHER
    short, left_out = shorten(article(text), [TOPIC])
    assert len(short.text) == len(text)
    assert all(a in (b, " ", "\n") for a, b in zip(short.text, text, strict=True))
    assert short.text.startswith(FILLER[:4000])
    place = text.index(STANCE)
    assert short.text[place - 1000 : place + 3000] == text[place - 1000 : place + 3000]
    assert not short.text[8000 : place - 4000].strip()
    assert not short.text[place + 6000 :].strip()
    assert 0.7 * len(text) < left_out < 0.9 * len(text)


def test_stretches_begin_and_end_where_sentences_do() -> None:
    text = FILLER + STANCE + OTHER
    short, _ = shorten(article(text), [TOPIC])
    stretches = [part.strip() for part in short.text.split("\n\n") if part.strip()]
    assert len(stretches) == 2
    assert all(part.startswith("The weather in v") and part.endswith("bread.") for part in stretches)


def test_text_that_was_pasted_in_again_is_read_once() -> None:
    once = FILLER[:6000] + STANCE * 2
    short, _ = shorten(article(once * 10), [TOPIC])
    assert short.text.startswith(once[:4000])
    assert short.text.count("rejects federalism") == 2
    assert not short.text[len(once) :].strip()


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "federal" * 10_000, "federal " * 10_000, "\n" * 50_000 + "federal"]
)
def test_odd_long_texts_keep_their_length(text: str) -> None:
    assert len(shorten(article(text), [TOPIC])[0].text) == len(text)


def test_records_of_a_long_article_are_those_around_its_topics_and_the_ledger_counts_the_rest() -> None:
    pipeline = open_pipeline(BOOK, Settings(model="lexicon", attributor="rules"))
    text = FILLER + STANCE + OTHER
    (result,) = extract([article(text)], pipeline)
    (record,) = result.records
    assert (record.holder, record.stance) == ("Laila Noori", "against")
    assert text[record.evidence[0].start : record.evidence[0].end] == STANCE.strip()
    assert result.entry.counts[LEFT_OUT] > 0.7 * len(text)
