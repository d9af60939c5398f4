"""A run as the app serves it: the answers to the page's questions, and the decisions that people make on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from stancewire.desk.asked import Query
from stancewire.desk.payload import flat, topics_of
from stancewire.desk.proposals import AnyProposal, Known, UnknownError, decide
from stancewire.desk.queries import DeskIndex
from stancewire.desk.rows import FLAGS, row_of
from stancewire.errors import StancewireError
from stancewire.review.apply import lost
from stancewire.review.coding import body_of
from stancewire.review.decisions import Decision, actor_subject, kind_of, record_subject, subject_of
from stancewire.review.history import History
from stancewire.review.reviewed import Reviewed, Status, Version
from stancewire.review.store import FILE, Conflict, ReviewStore
from stancewire.run_folder import MANIFEST, RunFolder
from stancewire.store.lock import is_locked
from stancewire.types import Article, HolderKind, StanceRecord

_TOLD = (
    "record_id",
    "article_id",
    "title",
    "holder",
    "holder_kind",
    "topic",
    "stance",
    "attribution",
    *FLAGS,
)
"""What the page is told of a record in a history."""


class RefusedError(StancewireError):
    """No decision can be taken now, whatever it is: the folder can't be written, or a run is writing to it."""


def utc_now() -> str:
    """Return the time as decisions carry it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class ServedRun:
    """A finished run with its reviews; threads may ask and decide at once.

    Where the folder can't be written it is served without review, and `meta` says so.
    """

    def __init__(self, path: Path, *, now: Callable[[], str] = utc_now) -> None:
        self.folder = RunFolder(path)
        self._now = now
        self._deciding = Lock()
        self._stamp = _stamp(path)
        is_writable = os.access(path, os.W_OK)
        is_kept = is_writable or (path / FILE).is_file()
        self.reviews = ReviewStore(path, read_only=not is_writable) if is_kept else None
        self.read_only = None if is_writable else f"{path} can't be written: shown without review"
        try:
            self.index = DeskIndex(path, History(self.reviews.decisions() if self.reviews else ()))
        except BaseException:
            if self.reviews:
                self.reviews.close()
            raise
        self._texts = self._without_texts()

    def close(self) -> None:
        """Let go of all files."""
        self.index.close()
        if self.reviews:
            self.reviews.close()

    def meta(self) -> dict[str, Any]:
        """Return what the page says of the run, and what there is to choose from."""
        manifest, facts = self.folder.manifest, self.index.facts()
        found = self.index.values("topic")
        known = [topic.id for topic in self.folder.codebook.topics]
        return {
            "name": self.folder.path.resolve().name,
            "topics": topics_of(
                [*found, *(each for each in known if each not in found)], self.folder.codebook
            ),
            "facts": {
                **{name: facts[name] for name in ("records", "articles", "holders", "topics")},
                "models": [str(manifest.get("model", ""))],
                "codebooks": [str(manifest.get("codebook", ""))],
                "finished": manifest.get("finished"),
            },
            "details": [[key, value] for key, value in flat(manifest)],
            "notes": self._notes(),
            "choices": {
                "kinds": self.index.values("kind"),
                "outlets": self.index.values("outlet"),
                "voices": self.index.values("voice"),
                "flags": list(FLAGS),
                "statuses": [each.value for each in Status],
            },
            "periods": {"first": facts["first"], "last": facts["last"]},
            "version": Version.MERGED.value,
            "versions": [each.value for each in Version],
            "review": {"readOnly": self.read_only, "kinds": [each.value for each in HolderKind]},
        }

    def summary(self, query: Query, *, holders: int) -> dict[str, Any]:
        """Return matrix, timeline, and of how much they are."""
        self._catch_up()
        return self.index.summary(query, holders=holders)

    def networks(self, query: Query) -> list[dict[str, Any]]:
        """Return the discourse networks of the records that a query asks for, as the report has them of all records."""
        self._catch_up()
        return self.index.networks(query)

    def rows(
        self, query: Query, *, sort: str | None, descending: bool, offset: int, limit: int
    ) -> dict[str, Any]:
        """Return a page of records."""
        self._catch_up()
        page = self.index.page(query, sort=sort, descending=descending, offset=offset, limit=limit)
        return {"total": page.total, "rows": [self._row(each, query.version) for each in page.records]}

    def article(self, article_id: str, version: Version) -> dict[str, Any]:
        """Return an article with its records, rejected ones included; raises UnknownError where there is none."""
        self._catch_up()
        records = self.index.of_article(article_id, version)
        article = self._article(article_id)
        about: Article | StanceRecord | None = article or self._sibling(article_id)
        if about is None:
            raise UnknownError(f"article {article_id!r}: not there", reason="unknown")
        published = about.published.isoformat() if isinstance(about.published, date) else about.published
        return {
            "id": article_id,
            **{name: getattr(about, name) for name in ("title", "outlet", "url", "language")},
            "author": article.author if article else None,
            "published": published,
            "origins": article.origins.known() if article else {},
            "text": article.text if article else None,
            "rows": [self._row(each, version) for each in records],
        }

    def history(self, subject: str | None, *, limit: int) -> list[dict[str, Any]]:
        """Return the decisions on a record or an actor, or the newest on anything; newest first."""
        self._catch_up()
        if self.reviews is None:
            return []
        found = self.reviews.on(subject)[::-1][:limit] if subject else self.reviews.newest(limit)
        return [self._told(each) for each in found]

    def progress(self) -> dict[str, Any]:
        """Return how far the review is, and the number of the last decision, which changes with every one."""
        self._catch_up()
        return {**self.index.progress(), "last": self.index.last}

    def actor(self, name: str, kind: HolderKind) -> dict[str, Any]:
        """Return what articles call an actor, and the number of the last decision on it."""
        self._catch_up()
        base = self.index.history.latest(actor_subject(name, kind))
        return {"mentions": self.index.mentions(name, kind), "base": base}

    def decide(self, proposal: AnyProposal) -> dict[str, Any] | Conflict:
        """Take a decision and return its number, or say who was faster.

        Raises InputError where the proposal is wrong, and RefusedError where none can be taken now.
        """
        reviews = self._open_for_decisions()
        with self._deciding:
            self._catch_up()
            decision = decide(proposal, self._known(), at=self._now())
            taken = reviews.append(decision)
            self._catch_up()
        if isinstance(taken, Conflict):
            return taken
        return {"number": taken.number, "subject": subject_of(taken), **self.index.progress()}

    def told(self, conflict: Conflict) -> dict[str, Any]:
        """Return a conflict for the page: what others decided, newest first, and how the record stands now."""
        subject = subject_of(conflict.since[-1])
        record_id = subject.removeprefix(record_subject(""))
        found = self.index.record(record_id) if subject.startswith(record_subject("")) else None
        return {
            "since": [self._told(each) for each in reversed(conflict.since)],
            "row": self._row(found, Version.MERGED) if found else None,
            "base": conflict.since[-1].number,
        }

    def _known(self) -> Known:
        reviews = self.reviews
        return Known(
            record=self.index.as_decided,
            shown=self.index.record,
            article=self._article,
            sibling=self._sibling,
            decision=lambda number: reviews.decision(number) if reviews else None,
            subject=subject_of,
            latest=lambda record_id: self.index.history.latest(record_subject(record_id)),
            topics=[topic.id for topic in self.folder.codebook.topics],
        )

    def _open_for_decisions(self) -> ReviewStore:
        path = self.folder.path
        if self.reviews is None or self.read_only:
            raise RefusedError(self.read_only or f"{path}: no reviews here")
        if is_locked(path):
            raise RefusedError(f"{path}: a run is writing here; decide when it has finished")
        if _stamp(path) != self._stamp:
            raise RefusedError(
                f"{path}: was run again since; start `stancewire serve` anew to see it and decide"
            )
        return self.reviews

    def _catch_up(self) -> None:
        """Take in what was decided through other servers on the same folder."""
        if self.reviews is not None and self.reviews.last() > self.index.last:
            self.index.absorb(self.reviews.decisions(after=self.index.last))

    def _article(self, article_id: str) -> Article | None:
        return None if self._texts else self.folder.article(article_id)

    def _sibling(self, article_id: str) -> StanceRecord | None:
        found = self.index.of_article(article_id, Version.MACHINE) or self.index.of_article(
            article_id, Version.MERGED
        )
        return found[0].record if found else None

    def _without_texts(self) -> str | None:
        """Return why no article can be read, None where they can."""
        try:
            self.folder.article("")
        except StancewireError as error:
            return f"Without the articles' texts: {error}"
        return None

    def _notes(self) -> list[str]:
        gone = len(lost(self.index.found(), self.index.history))
        said = "found by this run no more; they stay as people left them"
        notes = [f"{gone:,} reviewed record{'s are' if gone > 1 else ' is'} {said}."] if gone else []
        return [*notes, *(note for note in (self._texts, self.read_only) if note)]

    def _row(self, reviewed: Reviewed, version: Version) -> dict[str, Any]:
        row = row_of(reviewed)
        machine = reviewed.machine
        is_other = version is not Version.MACHINE and machine is not None and machine != reviewed.record
        row["machine"] = row_of(Reviewed(record=machine, machine=machine)) if machine and is_other else None
        row["base"] = self.index.history.latest(record_subject(reviewed.record.record_id))
        return row

    def _told(self, decision: Decision) -> dict[str, Any]:
        body = body_of(decision)
        record = body.pop("record", None)
        body.pop("machine", None)
        return {
            "number": decision.number,
            "do": kind_of(decision),
            "by": decision.by,
            "at": decision.at,
            "subject": subject_of(decision),
            "canUndo": self.index.history.can_undo(decision),
            "base": self.index.history.latest(subject_of(decision)),
            "record": {name: record[name] for name in _TOLD} if record else None,
            **body,
        }


def _stamp(path: Path) -> Mapping[str, int]:
    """Return what tells a run's output from that of the next run into the same folder."""
    try:
        found = (path / MANIFEST).stat()
    except OSError:
        return {}
    return {"inode": found.st_ino, "changed": found.st_mtime_ns}
