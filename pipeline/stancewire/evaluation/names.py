"""When two wordings name the same holder (English function words; names in any script)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _listed("a an the")
TITLES = _listed(
    "mr mrs ms miss dr prof professor sir dame lord lady president chancellor premier minister senator sen "
    "congressman congresswoman representative rep governor gov mayor ambassador envoy secretary king queen "
    "prince princess emir sheikh ayatollah mullah mawlawi maulvi haji imam pope archbishop bishop rabbi "
    "marshal general gen colonel col captain lieutenant admiral commander judge"
)
TITLE_LEADS = _listed("prime foreign defence defense interior finance deputy vice")  # "foreign minister"
# Dropped before a title only: "former members" are not "members".
FORMER = _listed("former ex acting outgoing")
# What follows a noun phrase's head: the head of "High Council for the Rescue of Afghanistan" is "council".
AFTER_HEAD = _listed(
    "of for in on at to from by with within against among who that which whose under over near about"
)
FUNCTION_WORDS = ARTICLES | AFTER_HEAD | _listed("and or some this these those them their its")
# Without "us" and "who", which are U.S. and WHO once case and dots are gone.
POINTERS = _listed(
    "i we he she it they me him her them some others other many most all both several few one another"
)
POINTING = _listed("this that these those his her its their our my such")
SUPPORTERS = _listed("supporters supporter proponents proponent advocates advocate backers defenders")
OPPONENTS = _listed("opponents opponent critics critic foes detractors enemies adversaries")


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words without case, diacritics, dots, possessives, leading articles and titles."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if unicodedata.category(c) != "Mn")
    plain = re.sub(r"['’]s?(?!\w)", "", plain.casefold().replace(".", ""))
    words = tuple(re.findall(r"\w+(?:[-‐‑'’]\w+)*", plain))
    while len(words) > 1 and (drop := _leading(words)):
        words = words[drop:]
    return words


def name_key(name: str) -> str:
    """Return what two equal names share; hyphens count as spaces."""
    return re.sub(r"[-‐‑]", " ", " ".join(name_words(name)))


def head_word(name: str) -> str | None:
    """Return the word that says what is named: the last one before "of", "for", "who" and their like."""
    words = name_words(name)
    end = next((index for index, word in enumerate(words) if index and word in AFTER_HEAD), len(words))
    return words[end - 1] if words else None


def only_points(name: str) -> bool:
    """Say whether the words name nobody by themselves: "they", "others", "this group", "its leaders"."""
    words = name_words(name)
    return not words or words[0] in POINTING or (len(words) == 1 and words[0] in POINTERS)


def is_part(one: str, other: str) -> bool:
    """Say whether one name stands in the other as whole words and both have the same head."""
    short, long = sorted((name_words(one), name_words(other)), key=len)
    stands_in = any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
    return bool(short) and stands_in and head_word(one) == head_word(other)


def token_f1(one: str, other: str) -> float:
    """Return how many content words two names share; 0 where one is for what the other is against."""
    left, right = _content(one), _content(other)
    if (left & SUPPORTERS and right & OPPONENTS) or (left & OPPONENTS and right & SUPPORTERS):
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _content(name: str) -> frozenset[str]:
    return frozenset(name_words(name)) - FUNCTION_WORDS


def _leading(words: tuple[str, ...]) -> int:
    """Count the leading words to drop; a title before "of" is the name itself ("President of Peru")."""
    if words[0] in ARTICLES or (words[0] in FORMER and _leading(words[1:])):
        return 1
    length = 2 if words[0] in TITLE_LEADS and set(words[1:2]) & TITLES else 1
    is_title = words[length - 1] in TITLES and len(words) > length
    return length if is_title and words[length] not in AFTER_HEAD else 0
