"""Where an article's prose begins: after its title, a dateline, or an outlet's name glued to the prose.

The text is never cut: a wrong guess here moves `body_start` and no other offset. Each rule asks for a sign
that a real first sentence doesn't give, and where there is none the prose begins at the first word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLE_LIMIT = 160  # characters; the longest of 10,501 Tehran Times headlines has 150
_NO_TITLE_ENDINGS = (".", "!", ":", ",", ";", "…", "۔", "。")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s\d{{4}})?"
_WORD = r"[^\W\d_](?:[^\W\d_]|['’.-]){0,40}"
_AGENCY = r"\([^()\n]{2,40}\)"
_DASH = r"(?:\s*(?:--|[–—―])\s*|\s-\s?|-\s)"
_DATELINE = re.compile(
    rf"(?P<place>{_WORD}(?:[ /]{_WORD}){{0,3}}?)"
    rf"(?P<region>(?:,\s(?!{_DAY}){_WORD}(?:\s{_WORD}){{0,2}}){{0,2}})"
    rf"(?P<day>(?:,\s|\s){_DAY})?"
    rf"(?:\s*(?P<agency>{_AGENCY}))?"
    rf"(?P<sign>{_DASH}|:\s+)"
    r"(?=[\"'“‘«(\[]*[^\W_a-z])"
)
_AGENCY_ALONE = re.compile(rf"{_AGENCY}{_DASH}")

_STARTER = (
    "(?:The|A|An|This|These|Those|That|It|There|He|She|They|We|I|In|On|At|For|From|With|Since|After|Before|During"
    "|Despite|Amid|Under|When|While|As|If|Although|Though|But|However|According|Following|Now|Many|Some|Several"
    "|More|Most|Nearly|Two|Three|Once|Last)"
)
_SENTENCE_START = rf"[\"'“‘«(]*{_STARTER}\b"
_OUTLET_WORD = re.compile(
    "Times|Post|News|Daily|Press|Agency|Tribune|Herald|Journal|Today|Online|Network|TV|Radio|Media|Gazette"
    "|Standard|Observer|Chronicle|Monitor|Guardian|Telegraph|Express|Mail|Mirror|Review|Magazine|Weekly|Wire"
    "|Jazeera|Reuters|AFP|BBC|CNN|AP|Bulletin|Dispatch|Examiner|Sun|Globe|International"
)
_NAME = r"[^\W\d_a-z][\w'’-]{0,40}|\d{1,3}[A-Za-z]\w{0,20}"
_GLUED = re.compile(
    rf"(?P<name>(?:{_NAME})(?:\s(?:(?:of|and|for)\s)?(?:{_NAME})){{0,4}}?)"
    rf"\s+(?={_SENTENCE_START}\s+[\"'“‘]?[a-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What stands before an article's prose; title and outlet are given only if recognised in the text."""

    body_start: int
    title: str | None = None
    outlet: str | None = None


def find_opening(
    text: str, *, title: str | None = None, outlet: str | None = None, may_start_with_title: bool = False
) -> Opening:
    """Return where a text's prose begins and what was recognised before it.

    `title` and `outlet` are what is known already; `may_start_with_title` lets a first line be taken for one.
    The outlet is never taken from a dateline's "(Reuters)", which names the agency and not who published.
    """
    at = _skip_space(text, 0)
    found_title = None if title or not may_start_with_title else _title_line(text, at)
    after_title = _after_title(text, at, title=title or found_title)
    found_outlet, after_outlet = _glued_outlet(text, after_title, title=title or found_title, outlet=outlet)
    return Opening(body_start=split_dateline(text, after_outlet)[1], title=found_title, outlet=found_outlet)


def body_start(text: str, *, outlet: str | None = None, title: str | None = None) -> int:
    """Return the offset at which a text's prose begins; see `find_opening`."""
    return find_opening(text, title=title, outlet=outlet).body_start


def split_dateline(text: str, start: int = 0) -> tuple[str | None, int]:
    """Return the dateline at `start`, such as "KABUL, March 3 (AP) —", or None, and where the prose begins.

    Words in capitals are one only if they aren't in capitals again later (NATO would be), unless an agency
    or a day stands by them; a place in small letters needs one of those.
    """
    match = _DATELINE.match(text, start) or _AGENCY_ALONE.match(text, start)
    if match is None or (match.re is _DATELINE and not _is_dateline(match, text)):
        return None, start
    return match[0].strip(), match.end()


def _is_dateline(match: re.Match[str], text: str) -> bool:
    place = match["place"]
    is_capital = place == place.upper() and place != place.lower() and len(place) > 3
    is_colon = match["sign"].startswith(":")
    if (is_colon and not is_capital) or re.match("(?:The|An?) ", place):
        return False
    if match["agency"] or match["day"]:
        return True
    rest = text[match.end() :]
    has_other_labels = is_colon and re.search(r"(?:^|\s)[A-Z]{2,}:\s", rest)
    return is_capital and not has_other_labels and not re.search(rf"\b{re.escape(place)}\b", rest)


def _title_line(text: str, at: int) -> str | None:
    line, _, rest = text[at : at + _TITLE_LIMIT + 2].partition("\n")
    is_alone = rest[:1] == "\n" or re.match(r"[ \t]*\n", rest) is not None
    line = line.strip()
    if not is_alone or len(line) > _TITLE_LIMIT or line.endswith(_NO_TITLE_ENDINGS):
        return None
    has_body = bool(text[at + len(line) :].strip())
    return line if has_body and any(map(str.isalpha, line)) else None


def _after_title(text: str, at: int, *, title: str | None) -> int:
    end = text.find("\n", at, at + 2 * _TITLE_LIMIT + 2 * len(title or ""))
    if not title or end < 0 or _letters(text[at:end]) != _letters(title):
        return at
    return _skip_space(text, end)


def _glued_outlet(text: str, at: int, *, title: str | None, outlet: str | None) -> tuple[str | None, int]:
    if outlet:
        known = re.compile(rf"{re.escape(outlet)}(?:\s*[-–—|:]\s+(?=[^\W_a-z])|\s+(?={_SENTENCE_START}))")
        match = known.match(text, at)
        return None, match.end() if match else at
    glued = _GLUED.match(text, at)
    if glued is None or not _is_outlet_name(glued["name"]):
        return None, at
    elsewhere = f"{title or ''}\n{text[glued.end() :]}"
    words = [word for word in glued["name"].split() if len(word) > 2 and not _OUTLET_WORD.fullmatch(word)]
    # Who a text is about is named in it again; who published it rarely is.
    if any(re.search(rf"\b{re.escape(word)}\b", elsewhere, re.IGNORECASE) for word in words):
        return (glued["name"], glued.end()) if _ends_as_outlet(glued["name"]) else (None, at)
    return glued["name"], glued.end()


def _is_outlet_name(name: str) -> bool:
    words = name.split()
    has_brand = any(re.search(r"-[A-Za-z]|[a-z][A-Z]|[A-Z]{2}[a-z]|\d[A-Za-z]", word) for word in words)
    return has_brand or any(map(_OUTLET_WORD.fullmatch, words))


def _ends_as_outlet(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and _OUTLET_WORD.fullmatch(words[-1]) is not None


def _skip_space(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip("\ufeff \t\n\r\f\v\u00a0"))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
