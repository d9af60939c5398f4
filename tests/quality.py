"""Measures the pipeline on the sample corpus and keeps the pinned floors.

python tests/quality.py                 show figures beside floors
python tests/quality.py --raise         lift floors to what is measured now
python tests/quality.py --allow-lower   write what is measured now, even where it is worse
python tests/quality.py --model base    show another model's figures
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from pathlib import Path

from stancewire.evaluation import GoldSet, RecordScores, read_gold, score_records
from stancewire.extract import extract, open_pipeline
from stancewire.readers.archive import read_articles
from stancewire.settings import Settings
from stancewire.topics import load_codebook
from stancewire.types import StanceRecord

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "tests" / "quality.toml"
SAMPLE = ROOT / "corpora" / "sample"
CODEBOOK = ROOT / "configs" / "topics" / "afghanistan.toml"
PARTS = ("dev", "test")
SLACK = 0.05  # another processor may round an int8 product differently; one record more or less moves a figure so far


def measure(part: str, settings: Settings | None = None) -> dict[str, float]:
    """Return the figures of one part of the sample corpus, extracted with the default settings or others."""
    return figures(score(part, settings))


def score(part: str, settings: Settings | None = None) -> RecordScores:
    """Extract the records of one part and score them."""
    gold: GoldSet = read_gold(SAMPLE / f"{part}.gold.jsonl")
    return score_records(records([str(SAMPLE / f"{part}.articles.jsonl")], settings), gold.records)


def records(inputs: list[str], settings: Settings | None = None) -> list[StanceRecord]:
    """Return the records of `inputs` with the shipped codebook."""
    pipeline = open_pipeline(load_codebook(CODEBOOK), settings or Settings())
    results = extract(read_articles(inputs), pipeline, run_id="quality")
    return [record for result in results for record in result.records]


def figures(scores: RecordScores) -> dict[str, float]:
    """Return the figures that are pinned."""
    total = scores.total
    return {
        "holder_f1": round(total.holders.f1 or 0.0, 4),
        "holder_recall": round(total.holders.recall or 0.0, 4),
        "stance_f1": round(total.stances.f1 or 0.0, 4),
        "stance_accuracy": round(scores.stance.accuracy or 0.0, 4),
    }


def corpus_digest(part: str) -> str:
    """Return the sha256 of a part's articles and gold rows."""
    digest = hashlib.sha256()
    for name in (f"{part}.articles.jsonl", f"{part}.gold.jsonl"):
        digest.update((SAMPLE / name).read_bytes())
    return digest.hexdigest()


def read_floors() -> dict[str, dict[str, float | str]]:
    """Return the pinned floors by part."""
    return tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}


def write_floors(floors: dict[str, dict[str, float | str]]) -> None:
    """Write the floors file."""
    lines = ["# Floors of tests/test_quality.py; written by `python tests/quality.py --raise`.\n"]
    for part, values in floors.items():
        lines.append(f"\n[{part}]\n")
        lines += [
            f'{key} = "{value}"\n' if isinstance(value, str) else f"{key} = {value}\n"
            for key, value in values.items()
        ]
    FLOORS.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Show the figures; with a flag, pin them."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--raise", dest="lift", action="store_true")
    options.add_argument("--allow-lower", action="store_true")
    options.add_argument("--model", help="another model than the default one; its figures are not pinned")
    chosen = options.parse_args()
    if chosen.model and (chosen.lift or chosen.allow_lower):
        options.error(
            "floors are those of the default model; leave out --model, or --raise and --allow-lower"
        )
    settings = Settings(model=chosen.model) if chosen.model else None
    floors = read_floors()
    pinned: dict[str, dict[str, float | str]] = {}
    for part in PARTS:
        found, old = measure(part, settings), floors.get(part, {})
        for key, value in found.items():
            print(f"{part:5} {key:16} {value:.3f}  floor {old.get(key, '-')}")
        best = found if chosen.allow_lower else {k: max(v, float(old.get(k, 0.0))) for k, v in found.items()}
        pinned[part] = {"sha256": corpus_digest(part), **best}
    if chosen.lift or chosen.allow_lower:
        write_floors(pinned)


if __name__ == "__main__":
    main()
