"""Unicode's normal forms, in a time that grows with the text whatever is in it.

Putting a run of combining marks in order takes the square of its length, and no language has runs of more than a few:
five million marks would take hours. So a run is broken after MARKS of them by a joiner that nothing shows, as the
Stream-Safe Text Format does (Unicode Standard Annex #15, section 13).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

MARKS = 30
JOINER = "\u034f"
_SUSPECT = re.compile(
    rf"[^\w\s\x00-\x7f]{{{MARKS + 1}}}"
)  # no mark is a letter to `re`, and most texts end here


def normal_form(form: Form, text: str) -> str:
    """Return `text` in a normal form; runs of more than MARKS combining marks have a JOINER after every MARKS."""
    if _SUSPECT.search(text):
        text = _long_runs().sub(rf"\g<0>{JOINER}", text)
    return unicodedata.normalize(form, text)


@lru_cache(maxsize=1)
def _long_runs() -> re.Pattern[str]:
    marks = (chr(number) for number in range(sys.maxunicode + 1) if unicodedata.combining(chr(number)))
    mark = f"[{''.join(marks)}]"
    return re.compile(f"{mark}{{{MARKS}}}(?={mark})")
