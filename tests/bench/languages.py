"""Measures how often an article is taken to be in the wrong language, and what it costs in CPU time.

    python tests/bench/languages.py --data data

English: every Tehran Times article, whole and cut, stretches from anywhere in it, and its headline; among 120
characters there are some that are all names, or a quotation in another language. Others: the example sentences that
spaCy ships for its languages, three by three; they are short, and full of English names.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from stancewire.languages import detect

ARCHIVES = ("articles/tehran_times_afghanistan.jsonl.gz", "articles/tehran_times_load.jsonl.gz")
OTHERS = (
    "ar az ca cs da de el es fa fi fr he hi hr hu id it ja ko nb nl pl pt ro ru sl sq sr sv tr uk ur vi zh".split()  # noqa: SIM905
)
SAME = {"nb": "no"}  # py3langid's name for it
SEED = 7  # any


def english(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield names of materials and their texts, all in English."""
    rows = []
    for archive in ARCHIVES:
        with gzip.open(data / archive, "rt", encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows]
    yield "whole articles", texts
    yield "first 300 characters", [text[:300] for text in texts]
    yield "first 120 characters", [text[:120] for text in texts]
    draw = random.Random(SEED)
    starts = [(text, draw.randrange(max(1, len(text) - 120))) for text in texts for _ in range(2)]
    yield "any 120 characters", [text[start : start + 120] for text, start in starts]
    yield "headlines", [row["title"] for row in rows if row["title"]]


def foreign(code: str) -> list[str]:
    """Return short texts in another language."""
    sentences = import_module(f"spacy.lang.{code}.examples").sentences
    return [" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3)]


def line(name: str, texts: Sequence[str], right: str) -> str:
    """Return a line of the table; English is named where it is wrong, since that lets an article through."""
    start = time.process_time()
    found = Counter(map(detect, texts))
    took = (time.process_time() - start) / len(texts)
    wrong = {code or "": count for code, count in found.items() if code not in {right, None}}
    named = " ".join(f"{code}:{count}" for code, count in sorted(wrong.items()))
    counts = f"{found[right]:>7,} {found[None]:>7,} {sum(wrong.values()):>7,}"
    return f"{name:22} {len(texts):>7,} {counts} {took * 1000:>6.2f}  {named}"


def table(data: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    detect("The model is loaded before the clock starts.")
    yield f"{'material':22} {'texts':>7} {'right':>7} {'unsure':>7} {'wrong':>7} {'ms':>6}"
    for name, texts in english(data):
        yield line(name, texts, "en")
    for code in OTHERS:
        yield line(f"spaCy's {code}", foreign(code), SAME.get(code, code))


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    for each in table(options.parse_args().data):
        print(each, flush=True)


if __name__ == "__main__":
    main()
