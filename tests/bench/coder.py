"""Fills in the table of a coder of records from gold rows: a stand-in for a person, to try `stancewire shares` with.

python tests/bench/coder.py check/coding.csv corpora/sample/dev.gold.jsonl corpora/sample/test.gold.jsonl

Each row asks of one record (stancewire sample --unit record). The answer is the stance of the gold row that the record
is matched with by the rules of `stancewire evaluate`, or none where there is no such row.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from stancewire.evaluation.gold import GoldRecord, PredictedRecord, read_gold
from stancewire.evaluation.matching import match_records
from stancewire.types import Evidence, HolderKind, Stance, Voice
from stancewire.writers.csv import guarded, unguarded


def main() -> None:
    """Write the answers into the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("table", type=Path)
    options.add_argument("gold", type=Path, nargs="+")
    chosen = options.parse_args()
    gold = [record for path in chosen.gold for record in read_gold(path).records]
    with chosen.table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    answers = answered([{name: unguarded(cell) for name, cell in row.items()} for row in rows], gold)
    with chosen.table.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        for row, stance in zip(rows, answers, strict=True):
            table.writerow({**row, "stance": guarded(stance.value)})
    print(f"{len(rows)} records answered, {answers.count(Stance.NONE)} of them are none")


def answered(rows: list[dict[str, str]], gold: list[GoldRecord]) -> list[Stance]:
    """Return what gold says of each row's record."""
    asked = [_asked(row) for row in rows]
    pairs = match_records(asked, gold).pairs
    found = {id(pair.predicted): pair.gold.stance for pair in pairs}
    return [found.get(id(each), Stance.NONE) for each in asked]


def _asked(row: dict[str, str]) -> PredictedRecord:
    start, end = int(row["evidence_start"]), int(row["evidence_end"])
    return PredictedRecord(
        article_id=row["article_id"],
        holder=row["holder"],
        holder_kind=HolderKind(row["holder_kind"]),
        holder_mention=row["holder_mention"] or row["holder"],
        topic=row["topic"],
        stance=Stance.NEUTRAL,  # not known to a coder; matching doesn't look at it
        attribution=Voice.REPORTED,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=(Evidence(start=start, end=end, quote=row["evidence_quote"], p=1.0),),
    )


if __name__ == "__main__":
    main()
