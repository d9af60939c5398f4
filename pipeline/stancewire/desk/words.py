"""Finds which texts hold some words, by an index of all words and their places.

Looking through the texts of a million records took DuckDB 170 ms a search, and whoever asked meanwhile waited. SQLite's
trigram index (FTS5) finds the same, but takes minutes and a gigabyte to make.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
Found = npt.NDArray[np.bool_]
_MANY = 8  # where more than one in so many places fits, all are looked through at once
_CHUNK = 1 << 20


class Words:
    """Texts that can be searched for any part of them, whatever the capitals; one blank is as good as many.

    The index of the first texts is made in a thread of its own, which the first search waits for. Texts that are added
    later are looked through.
    """

    def __init__(self, texts: Any) -> None:
        """Take an Arrow array of texts, without nulls."""
        self._number = len(texts)
        self._added: list[str] = []
        self._known: tuple[str, Found] = ("", np.zeros(0, dtype=np.bool_))
        maker = ThreadPoolExecutor(1, thread_name_prefix="words")
        self._index = maker.submit(_Index, texts)
        maker.shutdown(wait=False)

    def close(self) -> None:
        """Wait until nothing is made any more."""
        self._index.exception()

    def add(self, texts: Iterable[str]) -> list[int]:
        """Take in more texts and return their numbers."""
        first = self._number + len(self._added)
        self._added.extend(" ".join(words) for words in _split(list(texts)))
        return list(range(first, self._number + len(self._added)))

    def holding(self, text: str) -> Found:
        """Say of each text whether it holds this one; all hold a blank one."""
        (parts,) = _split([text])
        whole, number = " ".join(parts), self._number + len(self._added)
        known, found = self._known
        if whole == known and len(found) == number:  # who counts also wants to see, and to turn the page
            return found
        found = np.ones(number, dtype=np.bool_)
        if parts:
            found[: self._number] = self._index.result().holding(parts)
            found[self._number :] = [whole in each for each in self._added[: number - self._number]]
        self._known = (whole, found)
        return found


class _Index:
    """Words and their places: a text is a row of words, a word is what stands between blanks. 12 bytes a word.

    What is searched for is a row of words, too, of which the first may begin and the last may end within a word of the
    text. The rarest is looked up, and the words around its places are compared.
    """

    def __init__(self, texts: Any) -> None:
        import pyarrow as pa

        lists = _lists(texts)
        self._number, starts = len(texts), lists.offsets.to_numpy()
        coded = lists.flatten().dictionary_encode()
        del lists
        self._vocabulary = coded.dictionary
        self._codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        self._text_of = np.repeat(np.arange(self._number, dtype=np.int32), np.diff(starts))
        # Sorting pairs of word and place as one number is quicker than sorting places by their words.
        pairs = self._codes.astype(np.int64) << 32
        pairs |= np.arange(len(pairs))
        pairs.sort()
        self._places = (pairs & 0xFFFFFFFF).astype(np.int32)
        self._counts = np.bincount(self._codes, minlength=len(self._vocabulary))
        self._ends = np.cumsum(self._counts)
        pa.default_memory_pool().release_unused()

    def holding(self, parts: Sequence[str]) -> Found:
        """Say of each text whether it has these parts, one after another."""
        fits = [self._fitting(part, at, len(parts)) for at, part in enumerate(parts)]
        rarest_first = sorted(range(len(parts)), key=lambda at: int(self._counts[fits[at]].sum()))
        rarest, last = rarest_first[0], len(parts) - 1
        if int(self._counts[fits[rarest]].sum()) > len(self._codes) // _MANY:
            return self._among_all(fits)
        first = self._places_of(fits[rarest]).astype(np.intp) - rarest
        first = first[(first >= 0) & (first + last < len(self._codes))]
        for at in rarest_first[1:]:
            first = first[fits[at].take(self._codes.take(first + at))]  # quicker than brackets
        texts = self._text_of.take(first)
        if last:
            texts = texts[texts == self._text_of.take(first + last)]
        found = np.zeros(self._number, dtype=np.bool_)
        found[texts] = True
        return found

    def _fitting(self, part: str, at: int, number: int) -> Found:
        """Say of each word whether it can stand for one part of several."""
        import pyarrow.compute as pc

        if number == 1:
            fits = pc.match_substring(self._vocabulary, part)
        elif at == 0:
            fits = pc.ends_with(self._vocabulary, part)
        elif at == number - 1:
            fits = pc.starts_with(self._vocabulary, part)
        else:
            fits = pc.equal(self._vocabulary, part)
        return np.asarray(fits.to_numpy(zero_copy_only=False), dtype=np.bool_)

    def _places_of(self, fits: Found) -> Numbers:
        codes = np.flatnonzero(fits)
        ends = self._ends[codes]
        spans = zip((ends - self._counts[codes]).tolist(), ends.tolist(), strict=True)
        return np.concatenate([self._places[:0], *(self._places[start:end] for start, end in spans)])

    def _among_all(self, fits: Sequence[Found]) -> Found:
        """Look through all places, a piece at a time that stays in the processor's cache."""
        found = np.zeros(self._number, dtype=np.bool_)
        last = len(fits) - 1
        for start in range(0, len(self._codes) - last, _CHUNK):
            end = min(start + _CHUNK, len(self._codes) - last)
            hits = fits[0].take(self._codes[start:end])
            for at, each in enumerate(fits[1:], start=1):
                hits &= each.take(self._codes[start + at : end + at])
            if last:
                hits &= self._text_of[start:end] == self._text_of[start + last : end + last]
            found[self._text_of[start:end][hits]] = True
        return found


def _split(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of texts, in lower case."""
    import pyarrow as pa

    lists = _lists(pa.array(texts, type=pa.string())).to_pylist()
    return [[word for word in words if word] for words in lists]


def _lists(texts: Any) -> Any:
    """Return the words of texts as an Arrow array of lists; of a blank text one that no part fits."""
    import pyarrow.compute as pc

    return pc.utf8_split_whitespace(pc.utf8_trim_whitespace(pc.utf8_lower(texts)))
