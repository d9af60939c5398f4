from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stancewire.entities.actors import ActorRegistry
from stancewire.entities.blocks import split_blocks
from stancewire.entities.spacy_recognizer import SpacyRecognizer
from stancewire.errors import ModelError
from stancewire.types import Article, Reading

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"
Read = Callable[[str], Reading]


def article(text: str, *, body_start: int = 0) -> Article:
    return Article(id="a", text=text, source="test", body_start=body_start)


def test_offsets_hold_between_emoji_combining_marks_and_right_to_left_text(read: Read) -> None:
    text = (
        "🙂🏳️‍🌈 Ahmad Massoud said no.\nاحمد مسعود گفت: Ahmad Massoud! Cafe\u0301 owner Ahmad Massoud’s view."
    )
    mentions = [mention for mention in read(text).mentions if mention.text == "Ahmad Massoud"]
    assert [mention.span.start for mention in mentions] == [
        index for index in range(len(text)) if text.startswith("Ahmad Massoud", index)
    ]


def test_a_text_without_names_gives_sentences_and_no_mentions(read: Read) -> None:
    reading = read("It rained. Then it stopped.")
    assert (len(reading.sentences), reading.mentions) == (2, ())


@pytest.mark.parametrize("text", ["", " \n\n ", "…", "🙂"])
def test_a_text_without_words_gives_no_mentions(read: Read, text: str) -> None:
    assert read(text).mentions == ()


def test_sentences_never_cross_a_line_break_and_count_paragraphs(read: Read) -> None:
    text = "The plan\nThe Taliban left. They came back.\n\n\r\nNothing more"
    reading = read(text)
    assert [(s.span.of(text), s.index, s.paragraph) for s in reading.sentences] == [
        ("The plan", 0, 0),
        ("The Taliban left.", 1, 1),
        ("They came back.", 2, 1),
        ("Nothing more", 3, 2),
    ]


def test_reading_starts_at_the_body(recognizer: SpacyRecognizer) -> None:
    text = "Ahmad Massoud rejects plan\nKABUL: The Taliban left."
    [reading] = recognizer.read([article(text, body_start=text.index("The"))])
    assert [mention.text for mention in reading.mentions] == ["The Taliban"]
    assert reading.sentences[0].span.start == text.index("The")


def test_a_long_line_is_read_in_parts_and_nothing_is_lost(recognizer: SpacyRecognizer) -> None:
    text = "The Taliban rejected the plan again. " * 3000
    [reading] = recognizer.read([article(text)])
    assert len(reading.sentences) == 3000
    assert sum(mention.text == "The Taliban" for mention in reading.mentions) == 3000
    assert all(text[m.span.start : m.span.end] == m.text for m in reading.mentions)


def test_a_line_without_any_space_is_cut_all_the_same() -> None:
    blocks = split_blocks(article("x" * 25), longest=10)
    assert [(block.start, len(block.text)) for block in blocks] == [(0, 10), (10, 10), (20, 5)]


def test_articles_come_back_in_order_and_alone_or_together_the_same(recognizer: SpacyRecognizer) -> None:
    articles = [
        Article(id=str(n), text=f"The Taliban met {n} envoys. They left." * (n % 3), source="test")
        for n in range(40)
    ]
    together = list(recognizer.read(articles))
    alone = [reading for each in articles for reading in recognizer.read([each])]
    assert together == alone
    assert [reading.article.id for reading in together] == [each.id for each in articles]


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(ModelError, match="pip install"):
        SpacyRecognizer(model="en_core_web_nowhere")


def test_without_a_registry_unknown_actors_are_kept() -> None:
    [reading] = SpacyRecognizer().read([article("Ahmad Massoud rejected the plan.")])
    assert [(m.actor.name, m.actor.id) for m in reading.mentions] == [("Ahmad Massoud", None)]


@pytest.mark.skipif(not SEED.exists(), reason="the seed article isn't beside this checkout")
def test_every_holder_of_the_seed_article_is_a_mention_in_its_evidence() -> None:
    text = (SEED / "hasht-e-subh.txt").read_text(encoding="utf-8")
    registry = ActorRegistry.load([ROOT / "configs" / "actors" / "afghanistan.toml"])
    [reading] = SpacyRecognizer(registry=registry).read(
        [article(text, body_start=text.index("The anti-Taliban"))]
    )
    gold = [json.loads(line) for line in (SEED / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    missing = [row["holder"] for row in gold if row["kind"] != "author" and not _is_mentioned(row, reading)]
    assert missing == []


def _is_mentioned(row: dict[str, object], reading: Reading) -> bool:
    evidence = row["evidence"]
    aliases = row["aliases"]
    assert isinstance(evidence, list)
    assert isinstance(aliases, list)
    wanted = {_bare(str(name)) for name in (row["holder"], *aliases)}
    return any(
        piece["start"] <= mention.span.start < piece["end"]
        and {_bare(mention.actor.name), _bare(mention.text)} & wanted
        for piece in evidence
        for mention in reading.mentions
    )


def _bare(name: str) -> str:
    return name.lower().removeprefix("the ").removeprefix("a ")
