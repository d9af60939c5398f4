"""How large a report gets, how soon it shows and how fast it filters: 500 records and 50,000, in Chromium.

    python tests/bench/report.py [--records 500 50000] [--seed 1]

The texts are drawn word by word by Zipf's law from the words of corpora/sample, so that they pack about as badly as
news does; four records an article, as in the sample.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from stancewire.desk.report import write_report
from stancewire.review.reviewed import Reviewed
from stancewire.types import Article, Codebook, Evidence, HolderKind, Stance, StanceRecord, Topic, Voice

ROOT = Path(__file__).resolve().parents[2]
TOPICS = tuple(Topic(id=f"topic-{n}", name=f"Topic {n}", claim=f"Claim {n} holds.") for n in range(8))
WORDS_AN_ARTICLE = 550
RECORDS_AN_ARTICLE = 4
TIMES = 5
FILTERS = {
    "text": "{ query: { text: 'minister' }, offset: 0 }",
    "topic and stance": "{ query: { topics: ['topic-1'], stances: ['against'] }, offset: 0 }",
    "confidence": "{ query: { minConfidence: 0.7 }, offset: 0 }",
    "once a story": "{ query: { unit: 'story' }, offset: 0 }",
    "sort by holder": "{ query: {}, sort: 'holder', offset: 0 }",
    "none": "{ query: {}, sort: null, offset: 0 }",
}


def vocabulary() -> list[str]:
    """Return the words of the sample's articles, the most frequent first."""
    text = "".join(path.read_text("utf-8") for path in sorted(ROOT.glob("corpora/sample/*.articles.jsonl")))
    counts: dict[str, int] = {}
    for word in re.findall(r"[A-Za-z]{1,20}", text):
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def articles(count: int, chance: random.Random) -> Iterator[Article]:
    """Yield articles of sentences, one of them a stance's in each of RECORDS_AN_ARTICLE paragraphs."""
    words = vocabulary()
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for number in range(count):
        drawn = chance.choices(words, weights, k=WORDS_AN_ARTICLE)
        sentences = [" ".join(drawn[at : at + 22]) + "." for at in range(0, len(drawn), 22)]
        yield Article(
            id=f"article-{number}",
            text=" ".join(sentences),
            source=f"bench:{number}",
            title=" ".join(drawn[:8]),
            outlet=f"Outlet {chance.randrange(120)}",
            author=f"Author {chance.randrange(400)}",
            url=f"https://outlet.example/{number}/{drawn[3]}-{drawn[4]}",
            published=date(2020, 1, 1) + timedelta(days=chance.randrange(2000)),
        )


def records(article: Article, chance: random.Random) -> Iterator[StanceRecord]:
    """Yield the records of one article, their evidence whole sentences of it."""
    starts = [0, *(found.end() for found in re.finditer(r"\. ", article.text))]
    for number in range(RECORDS_AN_ARTICLE):
        start = starts[number * 5 + 1]
        end = article.text.index(".", start) + 1
        p = [chance.random() for _ in range(3)]
        stance = (Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL)[p.index(max(p))]
        holder = int(chance.paretovariate(0.6)) % 4000
        yield StanceRecord(
            record_id=f"{chance.getrandbits(64):016x}",
            article_id=article.id,
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            published=str(article.published),
            language="en",
            holder=f"Holder {holder}",
            holder_id=f"Q{holder}",
            holder_kind=tuple(HolderKind)[holder % 4],
            holder_mention=f"Holder {holder}",
            topic=chance.choice(TOPICS).id,
            stance=stance,
            confidence=round(max(p), 4),
            p_favor=round(p[0], 4),
            p_against=round(p[1], 4),
            p_neutral=round(p[2], 4),
            attribution=chance.choice(tuple(Voice)),
            speaker=f"Holder {holder}",
            hedged=chance.random() < 0.2,
            conditional=False,
            changed=False,
            evidence=(Evidence(start=start, end=end, quote=article.text[start:end], p=max(p)),),
            cues=(),
            cluster_id=f"c-{chance.randrange(10_000)}",
            model="bench",
            codebook="bench@1#0",
            run_id="run-bench",
            schema_version="2",
        )


def write_bench_page(path: Path, count: int, seed: int) -> dict[str, float]:
    """Write a report of `count` records; return its size and the seconds that took."""
    chance = random.Random(seed)
    made = list(articles(count // RECORDS_AN_ARTICLE, chance))
    found = [Reviewed(record=each, machine=each) for article in made for each in records(article, chance)]
    codebook = Codebook(id="bench", version="1", topics=TOPICS, digest="0")
    began = time.perf_counter()
    write_report(path, records=found, articles=made, manifest={}, name="bench", codebook=codebook)
    text = sum(len(article.text) for article in made)
    seconds = time.perf_counter() - began
    return {"seconds to write": seconds, "MB of text": text / 1e6, "MB of file": path.stat().st_size / 1e6}


def first_view(page: Page, path: Path) -> float:
    """Return milliseconds from the start of loading until the table is drawn."""
    page.goto("about:blank")
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    return float(str(page.locator("html").get_attribute("data-ready")))


def milliseconds(page: Page, changes: str) -> float:
    """Return how long a change of the view takes until it is drawn and laid out."""
    script = f"""async () => {{
        const start = performance.now();
        await go({changes});
        document.body.offsetHeight;
        return performance.now() - start;
    }}"""
    return float(page.evaluate(script))


def measured(page: Page, path: Path) -> dict[str, float]:
    """Return the first view of a fresh page and each filter after the page has come to rest, medians, in ms."""
    found = {"first view": statistics.median(first_view(page, path) for _ in range(TIMES))}
    page.wait_for_timeout(1500)
    for name, changes in FILTERS.items():
        found[name] = statistics.median(milliseconds(page, changes) for _ in range(TIMES))
    link = page.locator("#rows a.quote").first.get_attribute("href")
    found["open an article"] = milliseconds(page, f"{{ open: fromHash({link!r}).open }}")
    return found


def main() -> None:
    """Print the figures of each size and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, nargs="+", default=[500, 50_000])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    results: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        for count in asked.records:
            path = Path(folder) / f"{count}.html"
            written = write_bench_page(path, count, asked.seed)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            results[count] = written | measured(page, path)
            page.close()
        browser.close()
    least, most = min(results), max(results)
    print(f"{'':18}" + "".join(f"{count:>12,}" for count in results) + f"{'ratio':>9}")
    for name in results[least]:
        few, many = results[least][name], results[most][name]
        line = "".join(f"{found[name]:12.2f}" for found in results.values())
        print(f"{name:18}{line}{many / few if few else 0:9.1f}")


if __name__ == "__main__":
    main()
