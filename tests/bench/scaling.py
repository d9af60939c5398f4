"""Measures what a cluster of machines is planned by: Ray against local processes, and what the one driver can take.

    python tests/bench/scaling.py --data data [--model small+base] [--workers 2] [--articles 2000]

Runs over one archive with both engines, with Ray once more over Parquet shards, and compares the records; the seconds
until the first article is finished (starting actors and opening models, for Ray) are shown apart. Then results that
were made once are committed again and again under other keys, as fast as one process can. docs/scaling.md says what
follows.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.batch import BatchResult, extract_batch
from stancewire.errors import InputError, StancewireError
from stancewire.extract import open_pipeline
from stancewire.fingerprint import Fingerprint
from stancewire.readers.archive import read_articles
from stancewire.resources import resource
from stancewire.run import RunReport, run
from stancewire.settings import Engine, Settings
from stancewire.store.database import FILE
from stancewire.store.packing import pack
from stancewire.store.recall import StoreRecall
from stancewire.store.run_store import RunStore, article_key
from stancewire.topics import load_codebook
from stancewire.types import Article, Codebook
from stancewire.workers import open_workers

ARCHIVES = ("articles/tehran_times_load.jsonl.gz", "articles/tehran_times_afghanistan.jsonl.gz")
MADE = 1280  # articles whose results are made once and committed often
MADE_BY = Fingerprint(run_id="bench", readings=b"bench", answers=b"bench")
PARTS = 5  # of the commits, each with a rate of its own: it falls as the file grows

Made = list[tuple[Sequence[Article], BatchResult]]


@dataclass(slots=True)
class FirstResult:
    """Notes when the first article was finished."""

    at: float | None = None

    def look(self, report: RunReport) -> None:
        """Note the time, once."""
        self.at = self.at or perf_counter()


def engines(archive: Path, codebook: Codebook, settings: Settings, folder: Path) -> Iterator[str]:
    """Yield one line an engine and form of the archive, then whether their records are the same."""
    forms = [(Engine.LOCAL, archive), (Engine.RAY, archive), (Engine.RAY, _as_parquet(archive))]
    for engine, path in forms:
        name = f"{engine}, {path.suffix[1:]}"
        mine = replace(settings, engine=engine, report=False)
        began = perf_counter()
        with open_workers(codebook, mine) as workers:
            opened, first = perf_counter(), FirstResult()
            report = run([str(path)], workers, folder / name, settings=mine, progress=first.look)
            ended = perf_counter()
        read = report.counts["read"]
        waited = (first.at or ended) - opened
        yield (
            f"  {name}: opened {opened - began:.1f} s, first result {waited:.1f} s, ran {ended - opened:.1f} s:"
            f" {read / (ended - opened):.1f} articles/s, {read / (ended - opened - waited):.1f} after the first result"
        )
        worked = {
            stage: seconds for stage, seconds in report.seconds.items() if stage not in ("read", "write")
        }
        yield (
            f"    work {sum(worked.values()):.1f} s, read {report.seconds['read']:.1f} s, "
            f"write {report.seconds['write']:.1f} s"
        )
    records = {
        (folder / f"{engine}, {path.suffix[1:]}" / "records.jsonl").read_bytes() for engine, path in forms
    }
    yield f"  the same records: {len(records) == 1}"


def _as_parquet(archive: Path) -> Path:
    path = archive.with_suffix(".parquet")
    with archive.open(encoding="utf-8") as rows:
        pq.write_table(pa.Table.from_pylist([json.loads(row) for row in rows]), path)
    return path


def sizes(made: Made) -> str:
    """Return what goes over the network for an article, and comes back."""
    count = sum(len(articles) for articles, _ in made)
    out = sum(len(pack(tuple(articles))) for articles, _ in made)
    back = sum(len(pack(result)) for _, result in made)
    return f"  an article: {out / count:.0f} bytes out to an actor, {back / count:.0f} back"


def commits(made: Made, folder: Path, *, total: int) -> Iterator[str]:
    """Yield how many articles a second are committed, in PARTS parts, and the store's bytes an article."""
    store = RunStore(folder)
    store.start({})
    done, last = 0, perf_counter()
    for part in range(PARTS):
        until, before = total * (part + 1) // PARTS, done
        while done < until:
            done += _commit(store, made, number=done)
        now = perf_counter()
        yield f"  {done:9,} committed, the last {done - before:,} at {(done - before) / (now - last):,.0f}/s"
        last = now
    store.close()
    yield f"  {(folder / FILE).stat().st_size / done:.0f} bytes an article in {FILE}"


def _commit(store: RunStore, made: Made, *, number: int) -> int:
    """Commit all that was made, as new articles; return how many they are."""
    for articles, result in made:
        new = [replace(each, id=f"{number}-{each.id}", source=f"{number}-{each.source}") for each in articles]
        results = [
            replace(each, key=article_key(article)) for each, article in zip(result.results, new, strict=True)
        ]
        with store.transaction():
            store.save(
                results,
                made_by=MADE_BY,
                readings=_renamed(result.readings, number),
                answers=_renamed(result.answers, number),
            )
            for article in new:
                store.add_article(article, digest=bytes(8))
    return sum(len(articles) for articles, _ in made)


def _renamed(values: Mapping[bytes, bytes], number: int) -> dict[bytes, bytes]:
    salt = str(number).encode()
    return {hashlib.blake2b(key + salt, digest_size=16).digest(): value for key, value in values.items()}


def make(archive: Path, codebook: Codebook, settings: Settings) -> Made:
    """Return the first MADE articles with their results, by the models that need no time: sizes are about the same."""
    pipeline = open_pipeline(codebook, replace(settings, model="lexicon", attributor="rules"))
    articles = [
        item for item in itertools.islice(read_articles([str(archive)]), MADE) if isinstance(item, Article)
    ]
    size = settings.batch_articles
    batches = [articles[start : start + size] for start in range(0, len(articles), size)]
    return [
        (batch, extract_batch(batch, pipeline, StoreRecall(None, pipeline.fingerprint))) for batch in batches
    ]


def reading(archive: Path) -> str:
    """Return how many articles a second one process reads."""
    started = perf_counter()
    count = sum(1 for _ in read_articles([str(archive)]))
    return f"  read: {count / (perf_counter() - started):,.0f} articles/s"


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Yield all of it."""
    settings = Settings(model=options.model, attributor=options.attributor, workers=options.workers)
    codebook = load_codebook(resource("configs/topics/afghanistan.toml"))
    yield f"model {options.model}, attributor {options.attributor}, {options.workers} workers"
    for name in ARCHIVES:
        archive = options.data / name
        if not archive.is_file():
            raise InputError(f"{archive}: not there; corpora/cards/tehran_times.md says where to get it")
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            yield f"{name}, the first {options.articles:,}"
            if options.articles:
                yield from engines(_start_of(archive, folder, options.articles), codebook, settings, folder)
            yield reading(archive)
            made = make(archive, codebook, settings)
            yield sizes(made)
            yield from commits(made, folder, total=options.commits)


def _start_of(archive: Path, folder: Path, count: int) -> Path:
    path = folder / "start.jsonl"
    with gzip.open(archive, "rt", encoding="utf-8") as rows, path.open("w", encoding="utf-8") as file:
        file.writelines(itertools.islice(rows, count))
    return path


def main() -> None:
    """Print the lines."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--model", default=Settings().model)
    options.add_argument("--attributor", default=Settings().attributor)
    options.add_argument("--workers", type=int, default=2, help="processes, and actors")
    options.add_argument("--articles", type=int, default=2000, help="articles of each archive; 0: no run")
    options.add_argument("--commits", type=int, default=100_000, help="articles to commit")
    chosen = options.parse_args()
    try:
        for line in lines(chosen):
            print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
