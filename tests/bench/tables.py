"""CPU seconds and memory of `stancewire table` on a made-up run: python tests/bench/tables.py --records 1000000"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stancewire.run_folder import RunFolder
from stancewire.tables import Counting, Period, RollUp, roll_up
from stancewire.types import Stance, StanceRecord

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.tables.example import record, write_run

STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)
WORDS = (
    "A sentence of some length, as evidence in the news has it, which says what its holder thinks of the dam."
)


def made_up(number: int) -> Iterator[StanceRecord]:
    """Yield records of five years: few holders with many stances and many with few, a third of the stories copied."""
    draw, first = random.Random(1), date(2020, 1, 1)
    for each in range(number):
        article = f"a{each // 3}"
        yield record(
            article,
            record_id=f"{each:016x}",
            holder=f"Holder {int(draw.paretovariate(0.6)) % 50_000}",
            topic=draw.choice(("dam", "schools")),
            outlet=f"Outlet {draw.randrange(300)}",
            published=(first + timedelta(days=draw.randrange(1826))).isoformat(),
            stance=draw.choices(STANCES, (5, 3, 1))[0],
            cluster_id=f"c{draw.randrange(max(1, number // 9))}" if each % 3 == 0 else None,
            quote=WORDS,
        )


def main() -> None:
    """Write the run, roll it up in each way, and print CPU seconds and the peak of memory so far."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    number = options.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(write_run(Path(folder), made_up(number)))
        start = time.process_time()
        read = sum(1 for _ in run.records())
        print(f"reading alone: {time.process_time() - start:.1f} s, {read:,} records")
        for by in RollUp:
            for period in (Period.NONE, Period.MONTH) if by is not RollUp.CHANGES else (Period.NONE,):
                start = time.process_time()
                table = roll_up(run, by, counting=Counting(period=period))
                seconds = time.process_time() - start
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"{by} by {period}: {seconds:.1f} s, {len(table.rows):,} rows, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
