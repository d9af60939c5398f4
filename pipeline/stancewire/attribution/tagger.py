"""Finds who says what with a trained tagger: an ONNX file that labels tokens, and the nearest cue for each content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stancewire.attribution.linking import link
from stancewire.attribution.tagging import LABELS, Offsets, Scores, likeliest, spans_of
from stancewire.attribution.turns import attribute_turns, read_turns
from stancewire.errors import ModelError
from stancewire.model_folders import find_model
from stancewire.onnx_session import open_session
from stancewire.tokens import load_tokenizer
from stancewire.types import Attribution

CARD = "stancewire.json"
SHIPPED = "attribution"  # the folder in models/
TASK = "attribution"
OVERLAP = 64  # tokens that two windows share: each is read where it stands farther from an edge
MULTIPLE = 8  # windows are filled to a multiple of so many tokens


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a text: its tokens, where they are in the text, and which text it is of."""

    text: int
    ids: tuple[int, ...]
    offsets: Offsets
    first: int  # number of its first token in the text


class TaggerAttributor:
    """Attributes with the model in `folder`, the shipped one if None; `threads` 0 means all cores."""

    def __init__(self, folder: Path | None = None, *, batch_size: int = 16, threads: int = 0) -> None:
        folder = folder or find_model(SHIPPED)
        if folder is None:
            raise ModelError(
                "no attribution tagger ships yet; train one: stancewire train models/recipes/attribution.toml"
            )
        card = _read_card(folder)
        self._session = open_session(folder / "model.onnx", threads=threads)
        self._inputs = [argument.name for argument in self._session.get_inputs()]
        self._tokenizer = load_tokenizer(folder, window=card["window"], overlap=OVERLAP, cut="longest_first")
        self._batch_size, self._pad = batch_size, card["pad_id"]

    def attribute(self, texts: Sequence[str]) -> list[tuple[Attribution, ...]]:
        """Return the attributions of each text, in text order; those of an interview are its turns."""
        windows = [window for number, text in enumerate(texts) for window in self._windows(number, text)]
        scores = self._scores(windows)
        by_text: list[list[tuple[_Window, Scores]]] = [[] for _ in texts]
        for window, found in zip(windows, scores, strict=True):
            by_text[window.text].append((window, found))
        return [_attributed(text, found) for text, found in zip(texts, by_text, strict=True)]

    def _windows(self, number: int, text: str) -> Iterator[_Window]:
        encoding = self._tokenizer.encode(text)
        first = 0
        for part in (encoding, *encoding.overflowing):
            yield _Window(number, tuple(part.ids), part.offsets, first)
            first += len(part.ids) - sum(part.special_tokens_mask) - OVERLAP

    def _scores(self, windows: Sequence[_Window]) -> list[Scores]:
        """Return the scores of each window, (tokens, labels), judged in batches of like length."""
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
        scores: dict[int, Scores] = {}
        for start in range(0, len(order), self._batch_size):
            batch = order[start : start + self._batch_size]
            width = -(-len(windows[batch[-1]].ids) // MULTIPLE) * MULTIPLE
            ids = np.full((len(batch), width), self._pad, dtype=np.int64)
            mask = np.zeros((len(batch), width), dtype=np.int64)
            for row, i in enumerate(batch):
                ids[row, : len(windows[i].ids)] = windows[i].ids
                mask[row, : len(windows[i].ids)] = 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            found = self._session.run(None, {name: given[name] for name in self._inputs})[0]
            scores |= {i: np.asarray(found[row, : len(windows[i].ids)]) for row, i in enumerate(batch)}
        return [scores[i] for i in range(len(windows))]


def _attributed(text: str, windows: Sequence[tuple[_Window, Scores]]) -> tuple[Attribution, ...]:
    turns = read_turns(text)
    if turns:
        return tuple(attribute_turns(turns))
    offsets, scores = _joined(windows)
    spans = spans_of(likeliest(scores), offsets)
    return link(text, sources=spans["source"], cues=spans["cue"], contents=spans["content"])


def _joined(windows: Sequence[tuple[_Window, Scores]]) -> tuple[list[tuple[int, int]], Scores]:
    """Return the offsets and log-probabilities of a text's tokens, each from the window where it stands deepest."""
    depth: dict[int, int] = {}
    place: dict[int, tuple[int, int]] = {}
    chosen: dict[int, Scores] = {}
    for window, scores in windows:
        tokens = [
            i for i, (start, end) in enumerate(window.offsets) if end > start
        ]  # without [CLS] and [SEP]
        for count, i in enumerate(tokens):
            number, deep = window.first + count, min(count, len(tokens) - 1 - count)
            if deep > depth.get(number, -1):
                depth[number], place[number], chosen[number] = deep, window.offsets[i], scores[i]
    numbers = sorted(chosen)
    rows = np.array([chosen[number] for number in numbers], dtype=np.float32).reshape(-1, len(LABELS))
    rows -= rows.max(axis=1, keepdims=True, initial=-np.inf) if len(rows) else 0
    logs = rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return [place[number] for number in numbers], logs


def _read_card(folder: Path) -> dict[str, Any]:
    path = folder / CARD
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if card["task"] != TASK or tuple(card["labels"]) != LABELS:
            raise ModelError(
                f"{path}: task {card['task']!r}; a tagger with the labels {', '.join(LABELS)} is needed"
            )
        return {"window": int(card["window"]), "pad_id": int(card["pad_id"])}
    except OSError as error:
        raise ModelError(f"{folder}: no {CARD}; a model folder has one") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not the card of an attribution tagger: {error!r}") from error
