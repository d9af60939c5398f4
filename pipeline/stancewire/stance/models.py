"""Finds a classifier by the name a user gives: a shipped model, a folder, "torch:NAME", an NLI model, "lexicon"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from stancewire.errors import ModelError
from stancewire.model_folders import find_model
from stancewire.registry import load
from stancewire.stance.card import CARD
from stancewire.stance.cascade import CascadeClassifier, cascade
from stancewire.stance.pairs import PairFormat, StanceQuery
from stancewire.types import Weights


class QueryClassifier(Protocol):
    """A classifier that also says how a query is worded for it."""

    @property
    def name(self) -> str:
        """Return the id with content hash that records carry."""
        ...

    @property
    def pair_format(self) -> PairFormat:
        """Return the wording of its pairs."""
        ...

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        """Return one answer a pair, same length, same order."""
        ...


def open_classifier(name: str, *, batch_size: int = 32, threads: int = 0) -> QueryClassifier:
    """Return the classifier called `name`; raises ModelError saying where it was looked for.

    "small": a model that ships; a path: a model folder (ONNX if it has model.onnx, else torch) or a folder with
    an NLI model; "torch:small": a model in torch; "owner/model": an NLI model of the Hugging Face
    hub; "lexicon": the word-counting fake; "small+base": the second is asked where the first sees no clear "none".
    """
    first, plus, second = name.partition("+")
    if plus and not Path(name).exists():
        both = [open_classifier(one, batch_size=batch_size, threads=threads) for one in (first, second)]
        return cascade(*both)
    backend, _, rest = name.partition(":")
    if backend not in ("onnx", "torch", "nli", "lexicon") or (rest == "" and backend != "lexicon"):
        backend, rest = "", name
    if backend == "lexicon":
        return _made("lexicon", batch_size=batch_size, threads=threads)
    if backend == "nli":
        return _made("nli", rest, batch_size=batch_size, threads=threads)
    folder = find_model(rest)
    if folder is None or not (backend or (folder / CARD).is_file()):
        if folder is None and "/" not in rest:
            raise ModelError(
                f"unknown model {name!r}: no shipped model, folder or hub name ('owner/model') is called so"
            )
        return _made("nli", str(folder or rest), batch_size=batch_size, threads=threads)
    backend = backend or ("onnx" if (folder / "model.onnx").is_file() else "torch")
    return _made(backend, folder, batch_size=batch_size, threads=threads)


def judge(
    queries: Iterable[StanceQuery], classifier: QueryClassifier, *, chunk: int = 4096
) -> Iterator[Weights]:
    """Yield the answer to each query, in order, weighing `chunk` of them at a time."""
    waiting = iter(queries)
    while batch := list(islice(waiting, chunk)):
        pairs = [classifier.pair_format.pair(query) for query in batch]
        if isinstance(classifier, CascadeClassifier):
            carried = {number for number, query in enumerate(batch) if query.is_carried}
            yield from classifier.weigh(pairs, carried=carried)
        else:
            yield from classifier.weigh(pairs)


def _made(backend: str, *place: object, batch_size: int, threads: int) -> QueryClassifier:
    made: QueryClassifier = load("classifiers", backend)(*place, batch_size=batch_size, threads=threads)
    return made
