"""Batches, windows and order: what a classifier's answers must not depend on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from stancewire.buckets import BUCKET, Batch
from stancewire.stance import batching
from stancewire.stance.calibration import Scores
from stancewire.tokens import OVERLAP

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[H]", "[/H]"]
WORDS = [f"w{number}" for number in range(2000)]
IDS = {word: number for number, word in enumerate([*SPECIAL, *WORDS])}
WINDOW = 128
NONE = 3


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Return a tokenizer with one token a word, laid out in pairs as BERT's is."""
    made = Tokenizer(models.WordLevel(IDS, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", IDS["[CLS]"]), ("[SEP]", IDS["[SEP]"])],
    )
    made.enable_truncation(WINDOW, stride=OVERLAP, strategy="only_first")
    return made


def score_pairs(pairs: Sequence[tuple[str, str]], **options: Any) -> Scores:
    return batching.score_pairs(pairs, **options).scores


def text(first: int, length: int) -> str:
    return " ".join(WORDS[first : first + length])


def by_everything(batch: Batch) -> Scores:
    """Score by all that a network could see, the padded length included."""
    places = np.arange(1, batch.input_ids.shape[1] + 1)
    seen = [
        (batch.input_ids * places).sum(axis=1),
        (batch.attention_mask * places).sum(axis=1),
        (batch.token_type_ids * places).sum(axis=1),
        np.full(len(batch.pieces), batch.input_ids.shape[1]),
    ]
    return np.stack(seen, axis=1).astype(np.float32)


def by_first_word(batch: Batch) -> Scores:
    return np.repeat(batch.input_ids[:, 1:2], 4, axis=1).astype(np.float32)


def by_marked_words(**scored: float) -> Callable[[Batch], Scores]:
    """Return a scorer under which a window's score of "none" falls by what the words in it are worth."""

    def score(batch: Batch) -> Scores:
        found = np.zeros((len(batch.pieces), 4), dtype=np.float32)
        found[:, NONE] = 10_000
        for word, worth in scored.items():
            found[:, NONE] -= worth * (batch.input_ids == IDS[word]).any(axis=1)
        return found

    return score


def pairs_of_all_lengths() -> list[tuple[str, str]]:
    lengths = np.random.default_rng(5).permutation(220)
    return [(text(int(length), int(length)), text(3, 2 + int(length) % 7)) for length in lengths]


def seen_ids(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> list[Batch]:
    batches: list[Batch] = []

    def remember(batch: Batch) -> Scores:
        batches.append(batch)
        return np.zeros((len(batch.pieces), 4), dtype=np.float32)

    score_pairs(pairs, tokenizer=tokenizer, batch_size=8, score=remember)
    return batches


def test_answers_come_in_the_order_of_the_pairs(tokenizer: Tokenizer) -> None:
    order = np.random.default_rng(6).permutation(100)
    pairs = [(text(int(number), 1 + int(number) % 40), "w1") for number in order]
    scores = score_pairs(pairs, tokenizer=tokenizer, batch_size=7, score=by_first_word)
    assert [row[0] for row in scores] == [IDS[f"w{number}"] for number in order]


@pytest.mark.parametrize("batch_size", [1, 3, 64, 1000])
def test_answer_is_the_same_for_every_batch_size(tokenizer: Tokenizer, batch_size: int) -> None:
    pairs = pairs_of_all_lengths()
    expected = score_pairs(pairs, tokenizer=tokenizer, batch_size=16, score=by_everything)
    found = score_pairs(pairs, tokenizer=tokenizer, batch_size=batch_size, score=by_everything)
    np.testing.assert_array_equal(found, expected)


def test_answer_is_the_same_whatever_stands_beside_the_pair(tokenizer: Tokenizer) -> None:
    pairs = pairs_of_all_lengths()
    together = score_pairs(pairs, tokenizer=tokenizer, batch_size=64, score=by_everything)
    for index in range(0, len(pairs), 20):
        alone = score_pairs([pairs[index]], tokenizer=tokenizer, batch_size=64, score=by_everything)
        np.testing.assert_array_equal(alone[0], together[index])


def test_batches_are_no_larger_than_asked_and_little_of_them_is_padding(tokenizer: Tokenizer) -> None:
    for batch in seen_ids(pairs_of_all_lengths(), tokenizer):
        assert len(batch.pieces) <= 8
        assert batch.input_ids.shape == batch.attention_mask.shape == batch.token_type_ids.shape
        assert batch.input_ids.shape[1] % BUCKET == 0
        padding = batch.input_ids.shape[1] - batch.attention_mask.sum(axis=1)
        assert (padding < BUCKET).all()
        assert (batch.input_ids[batch.attention_mask == 0] == IDS["[PAD]"]).all()


@pytest.mark.parametrize("length", [WINDOW, 300, 1500])
def test_every_word_of_a_long_text_reaches_the_scorer(tokenizer: Tokenizer, length: int) -> None:
    batches = seen_ids([(text(0, length), "w1999 w1998")], tokenizer)
    seen = {int(number) for batch in batches for number in batch.input_ids.ravel()}
    assert {IDS[word] for word in WORDS[:length]} <= seen
    assert max(batch.attention_mask.sum(axis=1).max() for batch in batches) <= WINDOW


def test_every_window_of_a_long_text_has_the_whole_statement(tokenizer: Tokenizer) -> None:
    statement = "w1999 w1998 w1997"
    for batch in seen_ids([(text(0, 900), statement)], tokenizer):
        for row, types in zip(batch.input_ids, batch.token_type_ids, strict=True):
            assert list(row[types == 1][:3]) == [IDS[word] for word in statement.split()]


def test_neighbouring_windows_overlap_by_more_than_a_sentence(tokenizer: Tokenizer) -> None:
    rows = [row for batch in seen_ids([(text(0, 900), "w1999")], tokenizer) for row in batch.input_ids]
    windows = sorted({int(number) for number in row if number >= IDS["w0"]} - {IDS["w1999"]} for row in rows)
    windows.sort(key=min)
    for one, two in itertools.pairwise(windows):
        assert len(one & two) >= OVERLAP


def test_clearest_window_answers_for_a_long_text(tokenizer: Tokenizer) -> None:
    score = by_marked_words(w10=1, w700=50, w400=5)
    scores = score_pairs([(text(0, 900), "w1999")], tokenizer=tokenizer, batch_size=4, score=score)
    assert scores[0, NONE] == 10_000 - 50


def test_window_that_answered_is_named_and_only_where_a_text_was_split(tokenizer: Tokenizer) -> None:
    words, score = text(0, 900), by_marked_words(w700=50)
    pairs = [("w5 w6", "w1999"), (words, "w1999")]
    short, long = batching.score_pairs(pairs, tokenizer=tokenizer, batch_size=4, score=score).windows
    assert short is None
    assert long is not None
    part = long.of(words).split()
    assert "w700" in part
    assert len(part) < WINDOW
    assert f" {' '.join(part)} " in words  # whole words, in one piece


def test_windows_with_the_marked_holder_win_over_clearer_ones(tokenizer: Tokenizer) -> None:
    words = text(0, 900).replace("w400 ", "[H] w400 [/H] ")
    score = by_marked_words(w10=1, w700=50, w400=5)
    scores = score_pairs([(words, "w1999")], tokenizer=tokenizer, batch_size=4, score=score, keep="[H]")
    assert scores[0, NONE] == 10_000 - 5


def test_all_windows_count_where_none_has_the_mark(tokenizer: Tokenizer) -> None:
    score = by_marked_words(w700=50)
    scores = score_pairs(
        [(text(0, 900), "w1999")], tokenizer=tokenizer, batch_size=4, score=score, keep="[H]"
    )
    assert scores[0, NONE] == 10_000 - 50


def test_windows_of_one_text_answer_for_no_other(tokenizer: Tokenizer) -> None:
    pairs = [("w5 w6", "w1"), (text(100, 1000), "w1"), ("w7", "w1")]
    score = by_marked_words(w900=50)
    found = score_pairs(pairs, tokenizer=tokenizer, batch_size=64, score=score)
    assert list(found[:, NONE]) == [10_000, 9_950, 10_000]


def test_no_pairs_give_no_rows(tokenizer: Tokenizer) -> None:
    found = score_pairs([], tokenizer=tokenizer, batch_size=4, score=by_everything)
    assert found.shape == (0, 4)


def test_empty_texts_are_scored(tokenizer: Tokenizer) -> None:
    found = score_pairs([("", ""), ("w1", "")], tokenizer=tokenizer, batch_size=4, score=by_everything)
    assert found.shape == (2, 4)


def test_padding_is_what_the_model_pads_with(tokenizer: Tokenizer) -> None:
    seen: list[Batch] = []

    def remember(batch: Batch) -> Scores:
        seen.append(batch)
        return by_everything(batch)

    score_pairs([("w1", "w2")], tokenizer=tokenizer, batch_size=4, score=remember, pad_id=77)
    assert set(seen[0].input_ids[seen[0].attention_mask == 0]) == {77}


def test_statement_too_long_for_the_model_is_cut_and_counted(
    tokenizer: Tokenizer, caplog: pytest.LogCaptureFixture
) -> None:
    lengths = [(300, 61), (0, 300), (3, 140), (3, 122), (300, 60)]
    pairs = [(text(0, first), text(0, second)) for first, second in lengths]
    found = score_pairs(pairs, tokenizer=tokenizer, batch_size=4, score=by_everything)
    assert found.shape == (5, 4)
    assert "3 of 5 statements cut to 60 tokens, as many as fit the model" in caplog.text


@pytest.mark.parametrize("length", [58, 59, 60, 61])
def test_every_word_of_the_text_is_read_beside_a_long_statement(tokenizer: Tokenizer, length: int) -> None:
    batches = seen_ids([(text(0, 500), text(1000, length))], tokenizer)
    seen = {int(number) for batch in batches for number in batch.input_ids.ravel()}
    assert {IDS[word] for word in WORDS[:500]} <= seen
    assert {IDS[word] for word in WORDS[1000 : 1000 + min(length, 60)]} <= seen
