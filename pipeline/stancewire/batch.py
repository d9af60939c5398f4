"""One batch of articles through the stages, packed for the store; an article that breaks a stage fails alone.

So does one that kills the process that works on it, where another process is left to say so.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stancewire.copies import sketch
from stancewire.errors import StancewireError
from stancewire.extract import ArticleResult, Pipeline, extract_chunk
from stancewire.memory import give_back
from stancewire.stage_clock import StageClock
from stancewire.store.packing import pack
from stancewire.store.recall import StoreRecall
from stancewire.store.run_store import StoredResult, article_key
from stancewire.types import NO_ORIGINS, Article, LedgerEntry, Outcome

log = logging.getLogger(__name__)
BROKEN = "error"  # the reason in the ledger where a stage raised what it should not
KILLED = "killed-worker"  # and where it ended the process: by a crash of a library, or for want of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What came of a batch: results in order, what can be used again, and seconds by stage."""

    results: tuple[StoredResult, ...] = ()
    readings: Mapping[bytes, bytes] = field(default_factory=dict)
    answers: Mapping[bytes, bytes] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def extract_batch(articles: Sequence[Article], pipeline: Pipeline, recall: StoreRecall) -> BatchResult:
    """Return what came of `articles`; raises StancewireError only for what would fail for every article."""
    clock = StageClock()
    recall.forget_new()
    results = [_stored(result, article) for article, result in _extracted(articles, pipeline, recall, clock)]
    give_back()
    return BatchResult(
        results=tuple(results),
        readings=recall.new_readings,
        answers=recall.new_answers,
        seconds=dict(clock.seconds),
    )


def joined(results: Iterable[BatchResult]) -> BatchResult:
    """Return what came of a batch that was worked on in parts."""
    parts = list(results)
    seconds: Counter[str] = Counter()
    for part in parts:
        seconds.update(part.seconds)
    return BatchResult(
        results=tuple(result for part in parts for result in part.results),
        readings={key: reading for part in parts for key, reading in part.readings.items()},
        answers={key: answer for part in parts for key, answer in part.answers.items()},
        seconds=seconds,
    )


def killed(article: Article, how: str) -> BatchResult:
    """Return what is said of an article that ended a process which worked on nothing else; `how`: "by SIGKILL"."""
    said = (
        f"{article.source}: the process that worked on it alone died ({how}), for want of memory or by a crash; free "
        "some and run again with --workers 2 or more, or report it as a bug of stancewire"
    )
    return BatchResult(results=(_stored(_failed(article, KILLED, said), article),))


def _extracted(
    articles: Sequence[Article], pipeline: Pipeline, recall: StoreRecall, clock: StageClock
) -> list[tuple[Article, ArticleResult]]:
    try:
        found = extract_chunk(articles, pipeline, clock=clock, recall=recall)
        return list(zip(articles, found, strict=True))
    except StancewireError:
        raise
    except OSError as error:  # the machine's fault, not an article's: no room, say, for a library's file
        place = f"between {articles[0].source} and {articles[-1].source}"
        raise StancewireError(f"{place}: {error}; the same command goes on where this one stopped") from error
    except Exception as error:  # a bug in a stage costs the article that shows it, not a night's run
        if len(articles) > 1:
            return [each for article in articles for each in _extracted([article], pipeline, recall, clock)]
        told = {"source": articles[0].source, "article_id": articles[0].id, "reason": BROKEN}
        log.exception("%s: failed by a bug of stancewire; please report it", articles[0].source, extra=told)
        return [(articles[0], _broken(articles[0], error))]


def _broken(article: Article, error: Exception) -> ArticleResult:
    said = f"{article.source}: {type(error).__name__}: {error}; a bug of stancewire: please report it"
    return _failed(article, BROKEN, said)


def _failed(article: Article, reason: str, said: str) -> ArticleResult:
    entry = LedgerEntry(
        source=article.source,
        outcome=Outcome.FAILED,
        article_id=article.id,
        reason=reason,
        detail=said,
    )
    return ArticleResult(entry=entry)


def _stored(result: ArticleResult, article: Article) -> StoredResult:
    """Return a result packed; the article and its sketch are kept where there are records to show with them."""
    has_records = bool(result.records)
    return StoredResult(
        key=article_key(article),
        entry=replace(result.entry, detail=_without_source(result.entry)),
        records=pack(result.records) if has_records else None,
        # Where its metadata come from is kept with the input, which may have the same article from elsewhere next time.
        article=pack(replace(article, origins=NO_ORIGINS)) if has_records else None,
        sketch=sketch(article.text) if has_records else None,
    )


def _without_source(entry: LedgerEntry) -> str | None:
    """Return the detail for a store that knows the source better: the next run may read the article elsewhere."""
    return entry.detail.removeprefix(f"{entry.source}: ") if entry.detail else None
