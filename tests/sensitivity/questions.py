"""Questions made by hand: an article, who is named in it, and what the classifier said."""

from __future__ import annotations

from stancewire.extract import as_query
from stancewire.sensitivity.asked import Asked, Named
from stancewire.types import (
    Actor,
    Article,
    HolderKind,
    Mention,
    Passage,
    Question,
    Span,
    Topic,
    Voice,
    Weights,
)

DAM = Topic(
    id="dam",
    name="The dam",
    claim="The dam at Kelvar should be built.",
    opposite="The river at Kelvar should stay free.",
    terms=("dam", "build* ... river"),
)
FAVOR = Weights(favor=0.8, against=0.1, neutral=0.0, none=0.1)
AGAINST = Weights(favor=0.1, against=0.8, neutral=0.0, none=0.1)
NEUTRAL = Weights(favor=0.1, against=0.1, neutral=0.7, none=0.1)
NONE = Weights(favor=0.05, against=0.05, neutral=0.0, none=0.9)


def mention(
    text: str,
    words: str,
    *,
    kind: HolderKind = HolderKind.PERSON,
    name: str | None = None,
    is_reference: bool = False,
) -> Mention:
    start = text.index(words)
    actor = Actor(name=name or words, kind=kind)
    return Mention(
        span=Span(start=start, end=start + len(words)), text=words, actor=actor, is_reference=is_reference
    )


def asked(
    text: str,
    holder: Mention | None,
    *others: Mention,
    weights: Weights = FAVOR,
    topic: Topic = DAM,
    article_id: str = "a1",
) -> Asked:
    article = Article(id=article_id, text=text, source="news.jsonl:1")
    whole = Span(start=0, end=len(text))
    passage = Passage(article=article, topic=topic, focus=whole, context=whole, hits=())
    question = Question(passage=passage, holder=holder, voice=Voice.REPORTED)
    here = [each for each in (holder, *others) if each]
    named = tuple(Named(span=each.span, mention=each) for each in here)
    return Asked(question=question, query=as_query(question), weights=weights, named=named)
