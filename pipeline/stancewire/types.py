"""The nouns of the pipeline: frozen values that one stage makes and the next one reads.

Offsets are half-open character offsets into `Article.text`: `text[span.start:span.end]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Stance(StrEnum):
    """What a holder thinks of a topic; `NONE` is an answer of the classifier and never a record."""

    FAVOR = "favor"
    AGAINST = "against"
    NEUTRAL = "neutral"
    NONE = "none"


class HolderKind(StrEnum):
    """What sort of actor holds the stance."""

    PERSON = "person"
    ORGANISATION = "organisation"
    STATE = "state"
    GROUP = "group"
    AUTHOR = "author"


class Voice(StrEnum):
    """How the text puts a stance: in the holder's words, in the reporter's, or as the author's own."""

    QUOTED = "quoted"
    REPORTED = "reported"
    AUTHOR = "author"


class Role(StrEnum):
    """What a mention does in its clause, as far as the parse tells."""

    SUBJECT = "subject"  # also passive agents and the source of "according to"
    OBJECT = "object"
    MODIFIER = "modifier"  # inside a larger noun phrase: a possessive, an apposition, "of ..."
    AFFILIATION = "affiliation"  # what an apposition says of a person: "Dostum, leader of the Movement, said"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open stretch of an article's text, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Say whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where an article's metadata come from, in short stable words ("JSON-LD headline", "column date").

    None for what the article doesn't have; docs/pages.md lists the words.
    """

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    genre: str | None = None

    def known(self) -> dict[str, str]:
        """Return the origins of what the article has, by the names of its fields."""
        origins = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: origin for name, origin in origins if origin is not None}


NO_ORIGINS = Origins()
IN_TEXT = "text"
"""The origin of what only the article's text shows: a detected language, an outlet before the prose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some rows of a Parquet file that several machines see, for one of them to read.

    They are rows `offset` to `offset + rows` of a row group, whose first is number `first` of the file. `source` is the
    file as its user named it, `path` what it is anywhere; `size` and `modified` (nanoseconds) tell whether it changed.
    `columns` are the names of those that hold a field of an article, best first.
    """

    source: str
    path: str
    group: int
    first: int
    offset: int
    rows: int
    size: int
    modified: int
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article as a reader found it.

    `text` is never changed after reading: every offset in every record points into it.
    `body_start` is where the prose begins, after a dateline or an outlet name glued to the first sentence.
    `source` says where it was read ("news.jsonl:17") and is used in messages and the ledger, as `origins` is.
    """

    id: str
    text: str
    source: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None
    genre: str | None = None
    body_start: int = 0
    origins: Origins = NO_ORIGINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who a mention stands for: one canonical name in the article, and the registry's id where it has one."""

    name: str
    kind: HolderKind
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words in an article that name an actor or point back to one."""

    span: Span
    text: str
    actor: Actor
    role: Role = Role.OTHER
    is_reference: bool = False  # a pronoun or description ("they", "this council"), not a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article; `paragraph` counts from 0."""

    span: Span
    index: int
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says what: the spans of source, cue and content (source may be empty).

    `prompt` is the question that the content answers, in an interview.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    is_direct: bool
    prompt: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with all that the language stages found in it, in text order."""

    article: Article
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic of a codebook: favor means supporting `claim`, against means supporting `opposite`."""

    id: str
    name: str
    claim: str
    opposite: str | None = None
    terms: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The topics asked about, with the hash of the file that defines them ("id@version#hash" names it)."""

    id: str
    version: str
    topics: tuple[Topic, ...]
    digest: str

    @property
    def name(self) -> str:
        """Return the name that records carry."""
        return f"{self.id}@{self.version}#{self.digest[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Text worth asking a topic about: `focus` is the sentence in question, `context` what a judge needs.

    The focus names the topic or, where `is_carried`, goes on about it after another sentence, or the title, named it:
    if that one is not in the context, `raised` has its words, and `raised_at` their place unless they are the title's.
    """

    article: Article
    topic: Topic
    focus: Span
    context: Span
    hits: tuple[Span, ...]  # where the topic is named, pointed back to or taken sides on, inside `context`
    is_carried: bool = False
    raised: str | None = None
    raised_at: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What stance does `holder` (None: the article's author) take in `passage` on its topic?

    `speaker` is who says so in the text: the holder, or somebody who reports the holder's stance; None where the
    article says it itself, or somebody whom nothing names. `cue` are the words of saying ("told reporters").
    """

    passage: Passage
    holder: Mention | None
    voice: Voice
    speaker: Mention | None = None
    cue: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Calibrated probabilities of the four answers; they sum to 1.

    `window` says which part of the text answered, where it was too long to be read at once.
    """

    favor: float
    against: float
    neutral: float
    none: float
    window: Span | None = None

    @property
    def stance(self) -> Stance:
        """Return the likeliest answer; ties go to the more cautious one."""
        pairs = ((self.none, Stance.NONE), (self.neutral, Stance.NEUTRAL))
        polar = ((self.against, Stance.AGAINST), (self.favor, Stance.FAVOR))
        return max(pairs + polar, key=lambda pair: pair[0])[1]

    @property
    def likeliest(self) -> Stance:
        """Return the likeliest of favor, against and neutral, however likely "none" is; ties go to neutral."""
        held = ((self.neutral, Stance.NEUTRAL), (self.against, Stance.AGAINST), (self.favor, Stance.FAVOR))
        return max(held, key=lambda pair: pair[0])[1]

    def of(self, stance: Stance) -> float:
        """Return the probability of one answer."""
        return float(getattr(self, stance.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The classifier's answer to one question."""

    question: Question
    weights: Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that carry a stance; `quote == text[start:end]` is checked on writing."""

    start: int
    end: int
    quote: str
    p: float


class CueKind(StrEnum):
    """What words say about a stance: that somebody speaks, or how firmly it is put."""

    SPEECH = "speech"
    HEDGED = "hedged"
    CONDITIONAL = "conditional"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that are the reason for a flag of a record, or that introduce its speaker; `quote == text[start:end]`."""

    kind: CueKind
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceRecord:
    """One row of the stance table: one holder, one topic, one article.

    `confidence` is the calibrated probability of `stance`. `speaker` is the name of who says so in the text: the
    holder, or who reports the holder's stance ("the minister said that the council agrees"); None where the article
    says it itself, or, with a cue of speech, somebody whom it doesn't name. `cues` are the words of saying and those
    behind the three flags. `cluster_id` is None until copies are detected.
    """

    record_id: str
    article_id: str
    outlet: str | None
    url: str | None
    title: str | None
    published: str | None
    language: str | None
    holder: str
    holder_id: str | None
    holder_kind: HolderKind
    holder_mention: str
    topic: str
    stance: Stance
    confidence: float
    p_favor: float
    p_against: float
    p_neutral: float
    attribution: Voice
    speaker: str | None
    hedged: bool
    conditional: bool
    changed: bool
    evidence: tuple[Evidence, ...]
    cues: tuple[Cue, ...]
    cluster_id: str | None
    model: str
    codebook: str
    run_id: str
    schema_version: str


class Outcome(StrEnum):
    """What became of one input article."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """An input that yields no records: `reason` is a short countable name, `detail` the full message."""

    source: str
    reason: str
    detail: str
    outcome: Outcome = Outcome.FAILED
    article_id: str | None = None
    origins: Origins = NO_ORIGINS


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One input article's fate: `reason` is a short countable name, `detail` the full message."""

    source: str
    outcome: Outcome
    article_id: str | None = None
    records: int = 0
    reason: str | None = None
    detail: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    origins: Origins = NO_ORIGINS
