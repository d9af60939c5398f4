"""Measures the app of `stancewire serve` over a large run: how long requests take that come at a steady rate.

    python tests/bench/serve.py [--records 1000000] [--rate 20] [--seconds 60] [--alone 40] [--folder runs/bench-serve]

The run is synthetic: words of made-up sentences, four records an article, copies in groups of three. The requests come
when they are due, whether or not earlier ones were answered, and their time counts from then. The server is a process
of its own; it, and this one, share the machine. A folder that is there already is used again, without its reviews.
Afterwards as many of each kind as `--alone` says come one by one, and the processor's time that the server took for
each is counted: what else runs on the machine changes that less than it does the first table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import duckdb
import httpx2
import psutil

from stancewire.fingerprint import Fingerprint
from stancewire.store.packing import pack
from stancewire.store.run_store import RunStore, StoredResult, article_key
from stancewire.types import Article, LedgerEntry, Outcome, Stance
from stancewire.writers.manifest import write_manifest

TOPICS, OUTLETS, PER_ARTICLE, STORED = 8, 400, 4, 3_000
WORDS = (
    "council said border talks minister would accept reject plan after long debate about the federal order"
)
# Holders are as unequal as in the news; three articles in a row are copies; four records share an article of 120 words.
RECORDS = f"""
CREATE TABLE records AS
WITH base AS (
    SELECT i, i // {PER_ARTICLE} AS a, i % {PER_ARTICLE} AS e, string_split('{WORDS}', ' ') AS words,
           'Holder ' || (20000 * pow(hash(i * 7) % 1000003 / 1000003.0, 3))::INTEGER AS holder,
           0.4 + 0.6 * (hash(i * 13) % 1000) / 1000 AS sure
    FROM range($number) AS each(i)
), texts AS (
    SELECT a, array_to_string(
        [words[1 + (hash(a * 131 + n) % {len(WORDS.split())})::INTEGER] FOR n IN range(120)], ' ') AS text
    FROM base WHERE e = 0
)
SELECT printf('%09x-%d', a, e) AS record_id, 'article-' || a AS article_id, 'Outlet ' || (a % {OUTLETS}) AS outlet,
       NULL::VARCHAR AS url, left(text, 60) AS title,
       printf('%d-%02d-%02d', 2016 + a % 10, 1 + a // 10 % 12, 1 + a % 28) AS published, 'en' AS language,
       holder, NULL::VARCHAR AS holder_id, 'person' AS holder_kind, holder AS holder_mention,
       'topic-' || (hash(i * 3) % {TOPICS}) AS topic,
       ['favor', 'against', 'neutral'][1 + (hash(i * 5) % 3)::INTEGER] AS stance, sure AS confidence, sure AS p_favor,
       0.0::DOUBLE AS p_against, 0.0::DOUBLE AS p_neutral,
       ['quoted', 'reported', 'author'][1 + (hash(i * 11) % 3)::INTEGER] AS attribution, holder AS speaker,
       hash(i * 17) % 10 = 0 AS hedged, false AS conditional, false AS changed,
       [{{'start': e * 120, 'end': e * 120 + 110, 'quote': substr(text, e * 120 + 1, 110),
         'p': 0.8::DOUBLE}}] AS evidence,
       []::STRUCT(kind VARCHAR, start BIGINT, "end" BIGINT, quote VARCHAR)[] AS cues, 'c-' || (a // 3) AS cluster_id,
       'm#1' AS model, 'book@1#abc' AS codebook, 'run-1' AS run_id, '2' AS schema_version, text
FROM base JOIN texts USING (a) ORDER BY i
"""
STANCES = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)


def main() -> None:
    """Make the run, ask for a while, and print how long it took."""
    options = _options()
    if not (options.folder / "manifest.json").is_file():
        make_run(options.folder, options.records)
    for left in options.folder.glob("review.sqlite*"):
        left.unlink()
    started = perf_counter()
    command = [sys.executable, "-m", "stancewire.cli.main", "serve", str(options.folder), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        address = server.stdout.readline().strip()
        print(f"{options.records:,} records, open after {perf_counter() - started:.1f} s")
        times = asyncio.run(ask(address, options))
        costs = dict(alone(address, options, psutil.Process(server.pid)))
        memory = psutil.Process(server.pid).memory_info().rss / 1e9
    finally:
        server.kill()
        server.wait()
    for line in table(times):
        print(line)
    for kind, milliseconds in sorted(costs.items()):
        print(f"{kind:14} {milliseconds:7.1f} ms of processor, alone")
    print(f"memory of the server {memory:.2f} GB")


def make_run(folder: Path, number: int) -> None:
    """Write the files of a finished run of `number` records, and the texts of some of its articles."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(RECORDS, {"number": number})
        for name, form in (("records.parquet", "parquet"), ("records.jsonl", "json")):
            database.execute(
                f"COPY (SELECT * EXCLUDE (text) FROM records) TO '{folder / name}' (FORMAT {form})"
            )
        kept = database.execute(
            f"SELECT DISTINCT ON (article_id) article_id, title, outlet, text FROM records LIMIT {STORED}"
        ).fetchall()
    store = RunStore(folder)
    made_by = Fingerprint(run_id="run-1", readings=b"r", answers=b"a")
    with store.transaction():
        for article_id, title, outlet, text in kept:
            article = Article(
                id=article_id, text=text, source=article_id, title=title, outlet=outlet, language="en"
            )
            store.add_article(article, digest=b"")
            store.save([_stored(article)], made_by=made_by, readings={}, answers={})
    store.close()
    topics = [{"id": f"topic-{each}", "name": f"Topic {each}", "claim": "C."} for each in range(TOPICS)]
    write_manifest(folder / "manifest.json", {"codebook": "book@1#abc", "model": "m#1", "topics": topics})


def _stored(article: Article) -> StoredResult:
    entry = LedgerEntry(source="", outcome=Outcome.DONE, records=PER_ARTICLE)
    return StoredResult(key=article_key(article), entry=entry, article=pack(replace(article, source="")))


async def ask(address: str, options: argparse.Namespace) -> dict[str, list[float]]:
    """Send requests at their times, and return how many seconds each kind took."""
    times: dict[str, list[float]] = defaultdict(list)
    chance = random.Random(2)
    async with httpx2.AsyncClient(base_url=address, timeout=60, headers={"X-Stancewire": "1"}) as client:
        await client.get("api/meta")
        opened = perf_counter()
        await client.get(f"api/rows?{urlencode({'query': json.dumps({'text': 'council'})})}")
        print(f"the first search, which waits for the index of words: {perf_counter() - opened:.1f} s")
        began, running = perf_counter(), set()
        for number, (kind, method, path, body) in enumerate(_requests(options, chance)):
            due = began + number / options.rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            running.add(asyncio.create_task(_timed(client, method, path, body, due=due, into=times[kind])))
        await asyncio.gather(*running)
    return times


def alone(address: str, options: argparse.Namespace, server: psutil.Process) -> Iterator[tuple[str, float]]:
    """Yield for each kind of request how many milliseconds of the processor one takes the server."""
    chance = random.Random(3)
    asked: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for kind, *request in _requests(argparse.Namespace(**{**vars(options), "seconds": 1000}), chance):
        if len(asked[kind]) < options.alone:
            asked[kind].append((request[0], request[1], request[2]))
    with httpx2.Client(base_url=address, timeout=60, headers={"X-Stancewire": "1"}) as client:
        for kind, requests in asked.items():
            before = sum(server.cpu_times()[:2])
            for method, path, body in requests:
                client.request(method, f"api/{path}", json=body)
            yield kind, (sum(server.cpu_times()[:2]) - before) * 1000 / max(len(requests), 1)


async def _timed(client: Any, method: str, path: str, body: Any, *, due: float, into: list[float]) -> None:
    answer = await client.request(method, f"api/{path}", json=body)
    into.append(perf_counter() - due)
    if answer.status_code >= 400:
        raise SystemExit(f"{path}: {answer.status_code}: {answer.text[:200]}")


def _requests(options: argparse.Namespace, chance: random.Random) -> Iterator[tuple[str, str, str, Any]]:
    articles = options.records // PER_ARTICLE
    decided = set()
    for _ in range(int(options.rate * options.seconds)):
        kind = chance.choices(["summary", "rows", "search", "article", "decision"], [30, 25, 10, 20, 15])[0]
        if kind == "summary":
            yield "summary", "GET", f"summary?{urlencode({'query': json.dumps(_query(chance))})}", None
        elif kind == "rows":
            sort = chance.choice(["", "confidence", "holder", "published", "stance"])
            asked = {"query": json.dumps(_query(chance)), "sort": sort, "descending": "true", "limit": 100}
            yield "rows", "GET", f"rows?{urlencode(asked)}", None
        elif kind == "search":
            words = " ".join(chance.choice(WORDS.split()) for _ in range(2))
            asked = {"query": json.dumps({"text": words}), "sort": "confidence", "limit": 100}
            yield "rows, search", "GET", f"rows?{urlencode(asked)}", None
        elif kind == "article":
            yield "article", "GET", f"article?id=article-{chance.randrange(articles)}", None
        else:
            record = f"{chance.randrange(articles):09x}-{chance.randrange(PER_ARTICLE)}"
            if record not in decided:
                decided.add(record)
                do = chance.choice(["accept", "reject"])
                yield "decision", "POST", "decisions", {"do": do, "record": record, "by": "Bench"}


def _query(chance: random.Random) -> dict[str, Any]:
    """Return what a reader asks: mostly a filter or two, sometimes nothing."""
    year = chance.randrange(2016, 2026)
    filters: list[dict[str, Any]] = [
        {},
        {"topics": [f"topic-{chance.randrange(TOPICS)}"]},
        {"outlets": [f"Outlet {chance.randrange(OUTLETS)}"]},
        {"from": f"{year}-01-01", "to": f"{year}-12-31"},
        {"minConfidence": 0.8, "stances": [chance.choice(STANCES).value]},
        {"holder": f"Holder {chance.randrange(200)}"},
        {"topics": [f"topic-{chance.randrange(TOPICS)}"], "flags": ["hedged"]},
    ]
    return {**chance.choice(filters), "unit": chance.choice(["record", "story", "outlet"])}


def table(times: dict[str, list[float]]) -> Iterator[str]:
    """Yield the milliseconds of each kind of request, and of all."""
    yield f"{'request':14} {'number':>7} {'p50':>7} {'p95':>7} {'p99':>7} {'most':>7}  ms"
    together = [each for seconds in times.values() for each in seconds]
    for kind, seconds in [*sorted(times.items()), ("all", together)]:
        ordered = sorted(seconds)
        at = (min(int(share * len(ordered)), len(ordered) - 1) for share in (0.5, 0.95, 0.99, 1.0))
        yield f"{kind:14} {len(ordered):7,} " + " ".join(f"{ordered[each] * 1000:7.1f}" for each in at)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--alone", type=int, default=40, help="requests of each kind that come one by one")
    parser.add_argument("--folder", type=Path, default=Path("runs/bench-serve"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
