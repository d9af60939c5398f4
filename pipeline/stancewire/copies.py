"""Finds near-identical copies of a story in a whole archive, from a small sketch of each text.

A sketch is a MinHash (Broder 1997; rensa makes it) of the text's runs of WORDS words, one of those in its lead, and one
of its figures. Two sketches tell how many runs two texts share, of all, of the shorter text and of the leads. A copy
that is cut is still inside the longer text; stories on one event share their background too, but not the lead; this
month's statistics share all but the figures with last month's. Only texts that agree on one of many bands of their
sketches are compared, each with at most NEIGHBOURS + 1 others a band: time and memory grow with the number of texts,
not with its square, whatever thousands of them have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from html import unescape
from unicodedata import combining

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from stancewire.errors import InputError
from stancewire.normal_forms import normal_form

VERSION = 1  # a sketch's first byte; raise it with all that a sketch is made of, rensa's digests among it
SEED = 1
# Chosen on the half that tests/bench/copies.py calls "choose", among WORDS of 3 and 4, LEAD_WORDS of 80, 120 and 160
# and shares in steps of .05, and after reading what is joined in both halves as they are: mostly weekly figures in the
# same words, and reused paragraphs. Stricter shares (PARTLY .70, SAME_LEAD .30, ALIKE .35, LEADERS .50) join 28
# clusters there, not 48, and find 75 % of the pairs with copies that are cut and edited, not 92 %.
WORDS = 4
LEAD_WORDS = 80
ALIKE = 0.30  # of all runs are in both: a brief isn't a copy of the long story that it is the start of
PARTLY = 0.60  # of the shorter text's runs are in the longer one, where
SAME_LEAD = 0.20  # of the leads' runs are in both; else
WHOLLY = 0.95  # of the shorter text's runs
LEADERS = 0.40  # of the shorter text's runs, for the longest texts of two clusters that a pair would join
# 256 slots put an estimate of .3 at +-.03; 85 bands of three find 90 % of the pairs that share .3, and 99 % from .4.
SLOTS = 256
LEAD_SLOTS = 64
FIGURE_SLOTS = 32
FIGURES = 3  # in the text that has fewer, or they say nothing
SAME_FIGURES = (
    0.70  # of those are in the other text too; .50 joins six more pairs of statistics, and finds .007 more
)
BAND = 3
NEIGHBOURS = 4
ALL_SLOTS = SLOTS + LEAD_SLOTS + FIGURE_SLOTS
HEAD = 5  # bytes: version, number of runs in three, number of figures
SKETCH_BYTES = HEAD + 2 * ALL_SLOTS
CHUNK = 1 << 15  # pairs compared at once, in some 60 MB

Slots = NDArray[np.uint16]  # of shape (texts, slots)
Numbers = NDArray[np.int64]  # of texts, counted from the longest one
Share = NDArray[np.float64]

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")  # Thai, Han, kana and their like: a letter is a word
_NO_CHARACTER = re.compile(r"&#\d{4000,};?", re.ASCII)  # Python can't read a number of so many digits
_FIGURE = re.compile(r"\d[\d.,٫٬]*\d")
_YEAR = re.compile(r"(?:19|20|1[34])\d\d")  # stands in too many texts to tell any apart
_LETTERS = str.maketrans("يىك", "ییک")  # typed for the Persian and Pashto ones by Arabic keyboards


def sketch(text: str) -> bytes:
    """Return the SKETCH_BYTES bytes to keep of a text, the same on every machine."""
    words = _words(text)
    runs = _runs(words)
    figures = _figures(text)
    head = (
        bytes([VERSION]) + min(len(runs), 0xFFFFFF).to_bytes(3, "little") + bytes([min(len(figures), 0xFF)])
    )
    lead = _runs(words[:LEAD_WORDS])
    return head + _minhash(runs, SLOTS) + _minhash(lead, LEAD_SLOTS) + _minhash(figures, FIGURE_SLOTS)


def clusters(sketches: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return article id -> cluster id of the articles that have copies, from (article id, sketch) in any order.

    Each article id occurs once. An article without a copy, or without a word, isn't in the answer. The id is made of
    the smallest article id of the cluster: other articles don't change it, only a copy with a smaller one does. In a
    cluster each text resembles the longest one, or one that does; raises InputError for what sketch() didn't make.
    """
    same: dict[bytes, list[str]] = {}
    for article_id, made in sketches:
        same.setdefault(_checked(made, article_id), []).append(article_id)
    same.pop(sketch(""), None)
    texts = sorted(same, key=lambda made: (-_size(made), min(same[made])))  # longest first: they lead
    members: dict[int, list[str]] = {}
    for made, leader in zip(texts, _leaders(texts), strict=True):
        members.setdefault(leader, []).extend(same[made])
    return {each: cluster_name(ids) for ids in members.values() if len(ids) > 1 for each in ids}


def _words(text: str) -> list[str]:
    """Return the words without what outlets write differently: case, accents and vowel signs, entities, quotes."""
    plain = normal_form("NFKD", unescape(_NO_CHARACTER.sub(" ", text))).casefold().translate(_LETTERS)
    return _WORD.findall("".join(letter for letter in plain if not combining(letter)))


def _figures(text: str) -> set[str]:
    """Return the numbers of two digits and more that are no years, however they are grouped."""
    found = (re.sub(r"\D", "", match) for match in _FIGURE.findall(normal_form("NFKC", text)))
    return {digits for digits in found if not _YEAR.fullmatch(digits)}


def _runs(words: Sequence[str]) -> set[str]:
    """Return the runs of WORDS words; a shorter text is one run, an empty one none."""
    last = max(1, len(words) - WORDS + 1) if words else 0
    return {" ".join(words[start : start + WORDS]) for start in range(last)}


def _minhash(runs: set[str], slots: int) -> bytes:
    minhash = RMinHash(num_perm=slots, seed=SEED)
    minhash.update(list(runs))
    return np.array(minhash.digest(), np.uint32).astype("<u2").tobytes()


def _checked(made: bytes, article_id: str) -> bytes:
    if len(made) == SKETCH_BYTES and made[0] == VERSION:
        return made
    raise InputError(
        f"{article_id}: not a sketch of version {VERSION} ({SKETCH_BYTES} bytes): {made[:8]!r}...; make it anew",
        reason="bad-sketch",
    )


def _size(made: bytes) -> int:
    return int.from_bytes(made[1:4], "little")


def cluster_name(ids: Iterable[str]) -> str:
    """Return the id of a cluster by its articles' ids; an article without copies is a cluster of its own."""
    return "c-" + blake2b(min(ids).encode(), digest_size=8).hexdigest()


def _leaders(texts: Sequence[bytes]) -> list[int]:
    """Return for each text, the longest first, the number of the longest one of its cluster.

    The most alike come first, and two clusters are joined only where their longest texts are alike too, so that
    copies of copies don't chain up, and a brief found in two long stories doesn't make them one.
    """
    slots = np.frombuffer(b"".join(made[HEAD:] for made in texts), "<u2").reshape(len(texts), ALL_SLOTS)
    sizes = np.array([_size(made) for made in texts], np.int64)
    figures = np.array([made[HEAD - 1] for made in texts], np.int64)
    leader = list(range(len(texts)))
    for first, second in _copies(slots, sizes, figures):
        one, other = sorted((_leader(leader, first), _leader(leader, second)))
        if one != other and _shares(slots, sizes, np.array([one]), np.array([other]))[1][0] >= LEADERS:
            leader[other] = one
    return [_leader(leader, number) for number in range(len(texts))]


def _leader(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = number = leader[leader[number]]
    return number


def _copies(slots: Slots, sizes: Numbers, figures: Numbers) -> Iterator[tuple[int, int]]:
    """Yield the pairs of texts that are copies, the most alike first."""
    kept: list[tuple[float, int, int]] = []
    pairs = _candidates(slots[:, :SLOTS])
    for start in range(0, len(pairs), CHUNK):
        first, second = np.divmod(pairs[start : start + CHUNK], len(slots))
        alike, contained, lead = _shares(slots, sizes, first, second)
        good = (contained >= WHOLLY) | (contained >= PARTLY) & (lead >= SAME_LEAD)
        good &= (alike >= ALIKE) & _agree(slots, figures, first, second)
        kept += zip((-contained[good]).tolist(), first[good].tolist(), second[good].tolist(), strict=True)
    yield from ((first, second) for _, first, second in sorted(kept))


def _candidates(slots: Slots) -> Numbers:
    """Return the pairs worth comparing as first * texts + second, each once.

    In a band that agrees, each text meets the next NEIGHBOURS, shorter ones, and the longest of all.
    """
    texts = len(slots)
    found: Numbers = np.empty(0, np.int64)
    for start in range(0, SLOTS - BAND + 1, BAND):
        band = slots[:, start : start + BAND].astype(np.int64)
        key = band @ (1 << 16 * np.arange(BAND))
        order = np.argsort(key, kind="stable")
        key = key[order]
        longest = order[np.searchsorted(key, key)]
        pairs = [longest[longest != order] * texts + order[longest != order]]
        for lag in range(1, NEIGHBOURS + 1):
            agrees = key[lag:] == key[:-lag]
            pairs.append(order[:-lag][agrees] * texts + order[lag:][agrees])
        found = np.sort(np.concatenate([found, *pairs]))
        found = found[np.diff(found, prepend=-1) > 0]  # np.union1d hashes, and took 80 % of all time
    return found


def _shares(slots: Slots, sizes: Numbers, first: Numbers, second: Numbers) -> tuple[Share, Share, Share]:
    """Return the estimated shares of runs in both texts: of all, of the shorter text's, and of the leads'."""
    same = slots[first] == slots[second]
    alike = same[:, :SLOTS].mean(axis=1)
    lead = same[:, SLOTS : SLOTS + LEAD_SLOTS].mean(axis=1)
    return alike, _contained(alike, sizes[first], sizes[second]), lead


def _contained(alike: Share, first: Numbers, second: Numbers) -> Share:
    """Return which share of the smaller set is in the larger one, from their Jaccard similarity and their sizes."""
    return alike / (1 + alike) * (first + second) / np.maximum(np.minimum(first, second), 1)


def _agree(slots: Slots, figures: Numbers, first: Numbers, second: Numbers) -> NDArray[np.bool_]:
    """Say for each pair of texts whether they give the same figures, where both give some."""
    alike = (slots[first, -FIGURE_SLOTS:] == slots[second, -FIGURE_SLOTS:]).mean(axis=1)
    few = np.minimum(figures[first], figures[second]) < FIGURES
    agree: NDArray[np.bool_] = few | (_contained(alike, figures[first], figures[second]) >= SAME_FIGURES)
    return agree
