"""Seconds and memory of `stancewire export` in every format, at two sizes of a made-up run.

    PYTHONPATH=. python tests/bench/exports.py --records 2000 20000

Each export is a process of its own, several times, of which the fastest counts: what else the machine does only adds.
Shown are the CPU seconds for a thousand records at both sizes, the ratio of the second to the first (1 is linear), and
the peak of the process's memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.exporters.runs import cue, make_run, record

from stancewire.exporters import FORMATS
from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.networks.model import Method
from stancewire.run_folder import RunFolder
from stancewire.types import Article, CueKind, HolderKind, StanceRecord

PER_ARTICLE = 4  # records; of the sample's articles with records it is 4.2
FILLER = "Nothing in this sentence takes a side, and it is as long as one in the news. " * 24
WANTS, REJECTS = "{} may want the dam, she said.", "{} rejects the water tax."


def made_up(number: int) -> tuple[list[Article], list[StanceRecord]]:
    """Return so many records and their articles of five years: few holders with many stances, many with few."""
    draw, first = random.Random(1), date(2020, 1, 1)
    articles, records = [], []
    for index in range(number // PER_ARTICLE):
        names = [f"Holder {int(draw.paretovariate(0.6)) % 50_000}" for _ in range(PER_ARTICLE // 2)]
        said = " ".join(f"{WANTS} {REJECTS}".format(name, name) for name in names)
        article = Article(
            id=f"a{index}",
            text=f"{FILLER[:600]}{said} {FILLER}",
            source=f"news.jsonl:{index}",
            title=f"Story {index}",
            outlet=f"Outlet {draw.randrange(300)}",
            published=first + timedelta(days=draw.randrange(1826)),
        )
        articles.append(article)
        for place, name in enumerate(dict.fromkeys(names)):
            for topic, stance, words in (("dam", "favor", WANTS), ("tax", "against", REJECTS)):
                found = record(
                    f"{index:08x}{place}{topic[:1]}", article, name, topic, stance, words.format(name)
                )
                cues = (cue(article.text, "said", CueKind.SPEECH), cue(article.text, "may", CueKind.HEDGED))
                records.append(replace(found, cues=cues, holder_kind=draw.choice(list(HolderKind)[:4])))
    return articles, records


def main() -> None:
    """Make the runs, export each in each format, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, nargs=2, default=(2_000, 20_000))
    options.add_argument("--to", nargs="+", choices=tuple(FORMATS), default=tuple(FORMATS))
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        numbers = {size: _make(Path(place) / str(size), size) for size in chosen.records}
        print(f"records: {' and '.join(f'{number:,}' for number in numbers.values())}")
        print(f"{'':13} s per 1,000     ratio  peak MB")
        for to in chosen.to:
            costs = [
                (number, *min(_measured(Path(place) / str(size), to) for _ in range(chosen.times)))
                for size, number in numbers.items()
            ]
            each = [seconds / number * 1000 for number, seconds, _ in costs]
            shown = " ".join(f"{seconds:7.3f}" for seconds in each)
            peaks = " ".join(f"{peak:5,.0f}" for _, _, peak in costs)
            print(f"{to:13} {shown} {each[-1] / each[0]:9.2f}  {peaks}", flush=True)


def _make(folder: Path, size: int) -> int:
    articles, records = made_up(size)
    make_run(folder, records, articles=articles)
    return len(records)


def _measured(folder: Path, to: str) -> tuple[float, float]:
    """Return the CPU seconds and the peak of memory in MB of an export in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_export, (folder, to))


def _export(folder: Path, to: str) -> tuple[float, float]:
    source = Source(folder=RunFolder(folder), method=Method(limit=500), overwrite=True)
    export(Source(folder=RunFolder(folder), overwrite=True, min_confidence=1.0), to)  # loads the libraries
    start = time.process_time()
    export(source, to)
    seconds = time.process_time() - start
    return seconds, _peak()


def _peak() -> float:
    """Return the most memory of this process in MB; what the system counts as such begins with the parent's."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
