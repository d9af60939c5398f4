"""Tells which language an article is in: by its text where that is sure, else as its metadata states it.

py3langid reads some stretches of the text; Babel knows the names and codes by which metadata call a language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from tempfile import gettempdir
from typing import TYPE_CHECKING

from stancewire.errors import ModelError
from stancewire.types import Article

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Of 10,501 English articles, whole or cut to their first 300 or 120 characters, none is taken to be in another language
# (3, 6 and 106 are unsure); of 21,002 stretches from anywhere, 1, which is German in an English article. On headlines,
# a `_SURE` of .4, .6 and .8 takes 13, 3 and 1 of 10,501 for another language; of 101 short texts in 34 others it leaves
# 2, 5 and 9 unsure and takes none for English. `python tests/bench/languages.py --data data` measures the one set here.
_STRETCH = 120  # characters: at 240, more stretches of an article that quotes another language hold both
_STRETCHES = 24
_SURE = 0.6
_MOSTLY = 0.6  # of the letters; a text half in one language and half in its translation is in neither
_LEAST = 20  # letters in that language; fewer are a name or a label

# Of the codes that py3langid knows, those of two letters are asked for, without the languages that no newspaper is
# written in, and some longer ones, which count as the language that they are a kind of. Malay counts as Indonesian and
# Bosnian as Croatian: py3langid can't tell them apart on a sentence, and would be sure of neither.
_SAME = {"arz": "ar", "ary": "ar", "sdh": "ku", "uzs": "uz", "wuu": "zh", "yue": "zh"}
_ALIKE = {"ms": "id", "bs": "hr", "nn": "no"}
_NO_PRESS = {"eo", "la", "vo"}
_NO_LANGUAGE = "zxx"  # numbers, addresses, markup
_SAYS_NOTHING = {"und", "mul", "mis", _NO_LANGUAGE}

_LATIN = re.compile(r"[A-Za-z\u00AA-\u024F\u1E00-\u1EFF]+")
_NOT_LATIN = re.compile(r"[^\x00-\u024F\u1E00-\u1EFF\u2000-\u206F]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of an article's language: `stated` as its metadata write it, `detected` an ISO 639-1 code."""

    stated: str | None
    detected: str | None

    @property
    def recorded(self) -> str | None:
        """The language that the article's records carry: the stated one, or else the detected one."""
        return self.stated or self.detected


def language_of(article: Article) -> Language:
    """Return the language that an article's metadata state, and the one that its text is in."""
    return Language(stated=article.language, detected=detect(article.text))


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a text is mostly in; None where it can't be told.

    It looks at 24 stretches from all over the text, so that a foreign menu or licence at one end doesn't decide and
    a huge text costs no more than a page. None means too short, mixed, hardly any letters, or nothing sure.
    """
    letters: Counter[str | None] = Counter()
    for part in _parts(text):
        letters[_surely(part)] += _count_letters(part)
    language, most = max(letters.items(), key=lambda item: item[1], default=(None, 0))
    return language if most >= max(_LEAST, _MOSTLY * letters.total()) else None


def unknown_language(language: Language, known: Collection[str]) -> str | None:
    """Return what to tell the user where an article is in none of the `known` languages; None where it may go on.

    `known` are ISO 639-1 codes. The text decides where it is sure, else the metadata do; where both say nothing, the
    article goes on. The message doesn't name the article: put its source before it.
    """
    stated = _code(language.stated)
    likeliest = language.detected or stated
    if likeliest is None or likeliest in known:
        return None
    if language.detected is None:
        says = f"language is stated as {language.stated!r}, and the text leaves it open"
    elif language.stated is None or stated == likeliest:
        says = f"language is {_name(likeliest)}"
    else:
        says = f"language is {_name(likeliest)} by the text, though stated as {language.stated!r}"
    return f"{says}; known: {', '.join(sorted(known))}"


def _parts(text: str) -> Iterator[str]:
    """Yield evenly spread stretches of a text, all of it where it is short, Latin letters apart from others."""
    count = min(_STRETCHES, -(-len(text) // _STRETCH))
    for index in range(count):
        start = max(0, len(text) - _STRETCH) * index // max(1, count - 1)
        stretch = text[start : start + _STRETCH]
        yield from filter(_count_letters, (_NOT_LATIN.sub(" ", stretch), _LATIN.sub(" ", stretch)))


def _surely(part: str) -> str | None:
    if 2 * sum(map(str.isupper, part)) > _count_letters(part):
        part = part.lower()  # the model knows few words in capitals
    chances: Counter[str] = Counter()
    for code, chance in _identifier().rank(part):
        chances[(_SAME | _ALIKE).get(code, code)] += chance
    code = max(chances, key=chances.__getitem__)
    return code if chances[code] >= _SURE and code != _NO_LANGUAGE else None


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it is unpacked into a temporary file
        raise ModelError(
            f"{gettempdir()}: py3langid's model can't be unpacked here: {error.strerror}; make room"
        ) from error
    two_letters = {code for code in identifier.labels if len(code) == 2}
    identifier.set_languages(two_letters - _NO_PRESS | _SAME.keys() | {_NO_LANGUAGE})
    return identifier


def _code(stated: str | None) -> str | None:
    """Return the code of a language stated as "en", "eng" or "English"; None for what is no language."""
    from babel.core import get_global

    codes = _codes()
    tag = (stated or "und").lower()
    code = str(get_global("language_aliases").get(tag, codes.get(tag, tag))).split("_")[0]
    return code if code in codes.values() and code not in _SAYS_NOTHING else None


@cache
def _codes() -> dict[str, str]:
    """Return the English names of languages, in small letters, with their codes."""
    from babel import Locale

    return {name.lower(): code for code, name in Locale("en").languages.items()}


def _name(code: str) -> str:
    from babel import Locale

    name = Locale("en").languages.get(code)
    return f"{name} ({code})" if name else code
