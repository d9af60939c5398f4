"""What the page proposes to decide, from JSON, and the decision that it becomes once it is checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec

from stancewire.errors import InputError
from stancewire.json_lines import whole
from stancewire.review.decisions import Accept, Add, Correct, Decision, MergeActors, Reject, SplitActor, Undo
from stancewire.review.reviewed import Reviewed
from stancewire.types import Actor, Article, CueKind, Evidence, HolderKind, Stance, StanceRecord, Voice

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # SQLite has none above


class _Form(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    pass


class Values(_Form, frozen=True, kw_only=True):
    """What a person says of a record; `evidence` are [start, end, quote] in code points."""

    holder: Name
    holder_id: Name | None = None
    holder_kind: HolderKind
    mention: Name | None = None
    speaker: Name | None = None
    topic: Name
    stance: Stance
    voice: Voice
    hedged: bool = False
    conditional: bool = False
    changed: bool = False
    evidence: Annotated[tuple[tuple[Number, Number, str], ...], msgspec.Meta(min_length=1, max_length=50)]


class Named(_Form, frozen=True, kw_only=True):
    """An actor as the page names one."""

    name: Name
    kind: HolderKind
    id: Name | None = None


class Proposal(_Form, frozen=True, kw_only=True, tag_field="do"):
    """What all proposals have: who makes it, and the last decision on the same that they had seen."""

    by: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    base: Number = 0


class AcceptProposal(Proposal, frozen=True, kw_only=True, tag="accept"):
    """The record is right as it stands."""

    record: str


class RejectProposal(Proposal, frozen=True, kw_only=True, tag="reject"):
    """The article says no such thing."""

    record: str


class CorrectProposal(Proposal, frozen=True, kw_only=True, tag="correct"):
    """The record is right with these values."""

    record: str
    values: Values


class AddProposal(Proposal, frozen=True, kw_only=True, tag="add"):
    """The article says this, too."""

    article: str
    values: Values


class MergeProposal(Proposal, frozen=True, kw_only=True, tag="merge"):
    """`actor` is the same as `into`."""

    actor: Named
    into: Named


class SplitProposal(Proposal, frozen=True, kw_only=True, tag="split"):
    """`actor` is `into` where it is called one of `mentions`."""

    actor: Named
    into: Named
    mentions: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=1000)]


class UndoProposal(Proposal, frozen=True, kw_only=True, tag="undo"):
    """Take a decision back."""

    number: Number


AnyProposal = (
    AcceptProposal
    | RejectProposal
    | CorrectProposal
    | AddProposal
    | MergeProposal
    | SplitProposal
    | UndoProposal
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where a proposal is checked: how to look up what it names, and which topics there are."""

    record: Callable[[str], Reviewed | None]  # under its holder's own name
    shown: Callable[[str], Reviewed | None]  # under the name after merges and splits
    article: Callable[[str], Article | None]
    sibling: Callable[[str], StanceRecord | None]  # any record of an article
    decision: Callable[[int], Decision | None]
    subject: Callable[[Decision], str]
    latest: Callable[[str], int]  # the number of the last decision on a record
    topics: Sequence[str]


class UnknownError(InputError):
    """A proposal or a question names a record, an article or a decision that isn't there."""


def read_proposal(body: bytes) -> AnyProposal:
    """Return what a request's body proposes; raises InputError naming what is wrong with it."""
    try:
        return msgspec.json.decode(body, type=AnyProposal)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # nested too deep, too
        raise InputError(f"body: {error}", reason="bad body") from error


def decide(proposal: AnyProposal, known: Known, *, at: str) -> Decision:
    """Return the decision that a proposal stands for; raises InputError where it can't be one."""
    by = whole(proposal.by.strip())
    if not by:
        raise InputError("by: blank; must be the name of who decides", reason="bad body")
    base = proposal.base
    if isinstance(proposal, UndoProposal):
        decision = known.decision(proposal.number)
        if decision is None:
            raise UnknownError(f"decision {proposal.number}: not there", reason="unknown")
        return Undo(by=by, at=at, base=base, of=proposal.number, subject=known.subject(decision))
    if isinstance(proposal, MergeProposal | SplitProposal):
        return _on_actor(proposal, by=by, at=at)
    if isinstance(proposal, AddProposal):
        record = _added(proposal, known)
        return Add(by=by, at=at, base=known.latest(record.record_id), record=record, machine=None)
    found = known.record(proposal.record)
    if found is None:
        raise UnknownError(f"record {proposal.record!r}: not there", reason="unknown")
    record, machine = found.record, found.machine
    if isinstance(proposal, AcceptProposal):
        return Accept(by=by, at=at, base=base, record=record, machine=machine)
    if isinstance(proposal, RejectProposal):
        return Reject(by=by, at=at, base=base, record=record, machine=machine)
    values = _as_named(proposal.values, record, known.shown(proposal.record))
    corrected = _corrected(record, values, known.topics, known.article(record.article_id))
    return Correct(by=by, at=at, base=base, record=corrected, machine=machine)


def added_id(article_id: str, topic: str, holder: Actor) -> str:
    """Return the id that a record has when the machine finds it, so that a later run's is the same."""
    key = holder.id or f"{holder.kind}:{holder.name.casefold()}"
    key = f"{HolderKind.AUTHOR}:" if holder.kind is HolderKind.AUTHOR else key
    text = f"{article_id}\x1f{topic}\x1f{key}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _on_actor(proposal: MergeProposal | SplitProposal, *, by: str, at: str) -> Decision:
    actor, given = proposal.actor, proposal.into
    into = Actor(name=_clean(given.name), kind=given.kind, id=given.id and _clean(given.id))
    if (actor.name, actor.kind) == (into.name, into.kind):
        raise InputError(f"into: {into.name!r} is the actor itself; must be another", reason="bad body")
    if isinstance(proposal, MergeProposal):
        return MergeActors(by=by, at=at, base=proposal.base, name=actor.name, kind=actor.kind, into=into)
    mentions = proposal.mentions
    return SplitActor(
        by=by, at=at, base=proposal.base, name=actor.name, kind=actor.kind, into=into, mentions=mentions
    )


def _as_named(values: Values, record: StanceRecord, shown: Reviewed | None) -> Values:
    """Return the values with the holder's own name where the one shown is only what a merge or split made of it."""
    if shown is None or (values.holder, values.holder_kind) != (
        shown.record.holder,
        shown.record.holder_kind,
    ):
        return values
    own = {"holder": record.holder, "holder_kind": record.holder_kind, "holder_id": record.holder_id}
    return msgspec.structs.replace(values, **own)


def _added(proposal: AddProposal, known: Known) -> StanceRecord:
    values = proposal.values
    sibling, article = known.sibling(proposal.article), known.article(proposal.article)
    if sibling is None:
        raise UnknownError(f"article {proposal.article!r}: not there", reason="unknown")
    holder = Actor(name=_clean(values.holder), kind=values.holder_kind, id=values.holder_id)
    record_id = added_id(sibling.article_id, values.topic, holder)
    there = known.record(record_id)
    if there is not None and there.status != "rejected":
        raise InputError(
            f"{holder.name!r} has a record on {values.topic!r} in this article already ({record_id}); correct that one",
            reason="bad body",
        )
    blank = replace(
        sibling, record_id=record_id, evidence=(), cues=(), speaker=None, stance=Stance.NONE, model="person"
    )
    return _corrected(blank, values, known.topics, article)


def _corrected(
    record: StanceRecord, values: Values, topics: Sequence[str], article: Article | None
) -> StanceRecord:
    if values.topic not in topics:
        raise InputError(f"values.topic: {values.topic!r}; known: {', '.join(topics)}", reason="bad body")
    if values.stance is Stance.NONE:
        raise InputError("values.stance: 'none' is no stance; reject the record instead", reason="bad body")
    holder = _clean(values.holder)
    speaker = values.speaker and _clean(values.speaker)
    if speaker == record.holder and holder != record.holder:
        speaker = holder
    is_same = values.stance is record.stance
    kept = {
        each.kind for each in record.cues if each.kind is CueKind.SPEECH or getattr(values, each.kind.value)
    }
    changes: dict[str, Any] = {} if is_same else _certain(values.stance)
    return replace(
        record,
        holder=holder,
        holder_id=values.holder_id and _clean(values.holder_id),
        holder_kind=values.holder_kind,
        holder_mention=_clean(values.mention) if values.mention else holder,
        topic=values.topic,
        attribution=values.voice,
        speaker=speaker,
        hedged=values.hedged,
        conditional=values.conditional,
        changed=values.changed,
        evidence=_evidence(record, values, article, is_same=is_same),
        cues=tuple(each for each in record.cues if each.kind in kept),
        **changes,
    )


def _certain(stance: Stance) -> dict[str, Any]:
    """Return a stance that a person set: it is certain, whatever the machine thought of another."""
    shares = {f"p_{each.value}": float(each is stance) for each in Stance if each is not Stance.NONE}
    return {"stance": stance, "confidence": 1.0, **shares}


def _evidence(
    record: StanceRecord, values: Values, article: Article | None, *, is_same: bool
) -> tuple[Evidence, ...]:
    """Return the evidence, each piece checked against the article; what the machine had too keeps its probability."""
    known = {(each.start, each.end): each for each in record.evidence}
    found = []
    for index, (start, end, quote) in enumerate(values.evidence):
        old = known.get((start, end))
        if old is None or old.quote != quote:
            _check(article, start, end, quote, f"values.evidence[{index}]")
        p = old.p if old and is_same else 1.0
        found.append(Evidence(start=start, end=end, quote=quote, p=p))
    return tuple(found)


def _check(article: Article | None, start: int, end: int, quote: str, place: str) -> None:
    if article is None:
        raise InputError(
            f"{place}: the article's text isn't kept here; evidence stays as it is", reason="bad body"
        )
    words = article.text[start:end] if start < end <= len(article.text) else None
    if words != quote or words is None or not words.strip():
        raise InputError(
            f"{place}: text[{start}:{end}] of {len(article.text)} characters is {words!r}, not {quote!r}",
            reason="bad body",
        )


def _clean(name: str) -> str:
    """Return a name without blanks around it; raises InputError where nothing is left."""
    if not (clean := whole(name.strip())):
        raise InputError("name: blank; must say who", reason="bad body")
    return clean
