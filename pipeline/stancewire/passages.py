"""From a reading to the questions worth asking: which passages raise a topic, and who could hold a stance there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from stancewire.topics import compile_terms
from stancewire.types import (
    Article,
    Attribution,
    Codebook,
    HolderKind,
    Mention,
    Passage,
    Question,
    Reading,
    Role,
    Sentence,
    Span,
    Topic,
    Voice,
)
from stancewire.voices import has_own_voice, is_authors, is_mostly_authors

REACH = (
    6  # sentences for which a topic stays under discussion after it was named: about two paragraphs of news
)
CONTEXT = 700  # characters of context at most: the classifier was trained on passages of about 500

POINTER = re.compile(
    r"\b(this|that|such an?|the|these|those)\s+((political|serious|new|proposed|same)\s+)?"
    r"(proposal|concept|idea|plan|initiative|demand|step|move|system|option|suggestion|scheme|model|"
    r"arrangement|formula|notion|project|approach|measure|scenario|course|path|vision|talks|body|call)s?\b",
    re.IGNORECASE,
)


STANCE_CUE = re.compile(
    r"\b(support|back(s|ed|ing)?\b|favou?r|against|oppos(e|es|ed|ing)\b|reject|dismiss|refus|sign(s|ed)\b|signatur|vot(e|ed|es|ing)\b|"
    r"walk(s|ed) out|boycott|abstain|took no side|position|stance|undecided|(made|make) up (my|his|her|their) mind|"
    r"agree|disagree|warn|argu|insist|welcom|condemn|denounc|defend|endors|object|accept|favou?rite|demand|urg(e|ed|es)\b|"
    r"no longer|hold(s|ing)? that|call(s|ed)? (it|for|such|the)|believ|reckon|lend|join(s|ed)\b|no to\b|yes to\b)",
    re.IGNORECASE,
)


def asks_anything(article: Article, topics: Sequence[Topic]) -> bool:
    """Say whether any topic is named in the article at all: where none is, parsing would be wasted."""
    return any(compile_terms(topic).search(article.text) for topic in topics)


def questions(reading: Reading, codebook: Codebook) -> Iterator[Question]:
    """Yield every question worth asking about one article, in text order within each topic."""
    author_speaks = has_own_voice(reading)
    for _, found in find_passages(reading, codebook.topics):
        for passage in found:
            yield from _holders(passage, reading, author_speaks=author_speaks)


def find_passages(reading: Reading, topics: Iterable[Topic]) -> Iterator[tuple[Topic, list[Passage]]]:
    """Yield each topic with the passages that raise it, by its terms or by pointing back to them."""
    topics = tuple(topics)
    named = {topic.id: _named(reading, topic) for topic in topics}
    for topic in topics:
        others = [hits for other, hits in named.items() if other != topic.id]
        hits = dict(named[topic.id])
        for sentence in reading.sentences:
            if sentence.index not in hits and (
                pointer := _points_back(sentence, reading, named[topic.id], others)
            ):
                hits[sentence.index] = (pointer,)
        own = named[topic.id]
        yield topic, [_passage(reading, topic, index, hits, raised_in=own) for index in sorted(hits)]


def _named(reading: Reading, topic: Topic) -> dict[int, tuple[Span, ...]]:
    pattern = compile_terms(topic)
    found: dict[int, tuple[Span, ...]] = {}
    for sentence in reading.sentences:
        words = sentence.span.of(reading.article.text)
        offset = sentence.span.start
        spans = tuple(
            Span(start=offset + match.start(), end=offset + match.end()) for match in pattern.finditer(words)
        )
        if spans:
            found[sentence.index] = spans
    return found


def _points_back(
    sentence: Sentence,
    reading: Reading,
    own: dict[int, tuple[Span, ...]],
    others: list[dict[int, tuple[Span, ...]]],
) -> Span | None:
    """Return the words that go on about the topic with hits `own`, where it is the one named last before them.

    Those words are a pointer ("this proposal") or, since news says "The delegation walked out." and leaves the
    rest to the sentence before, a word of taking sides.
    """
    words = sentence.span.of(reading.article.text)
    match = POINTER.search(words) or STANCE_CUE.search(words)
    if not match or any(sentence.index in hits for hits in others):
        return None
    for index in range(sentence.index - 1, max(-1, sentence.index - 1 - REACH), -1):
        if any(index in hits for hits in others) and index not in own:
            return None
        if index in own:
            start = sentence.span.start
            return Span(start=start + match.start(), end=start + match.end())
    return None


def _passage(
    reading: Reading,
    topic: Topic,
    index: int,
    hits: Mapping[int, tuple[Span, ...]],
    *,
    raised_in: Collection[int],
) -> Passage:
    """Make the passage of one sentence: alone where it names the topic, else from where the topic was raised.

    A sentence that names its topic is judged alone: with the sentence before it the answers were less sure, and
    fewer right ones passed the threshold (8 instead of 10 of the sample's dev part).
    """
    focus = reading.sentences[index]
    start, end = focus.span.start, focus.span.end
    if index not in raised_in:
        raised = reading.sentences[max(number for number in raised_in if number < index)].span.start
        start = raised if end - raised <= CONTEXT else start
    context = Span(start=start, end=end)
    inside = tuple(span for spans in hits.values() for span in spans if context.covers(span))
    return Passage(article=reading.article, topic=topic, focus=focus.span, context=context, hits=inside)


def _holders(passage: Passage, reading: Reading, *, author_speaks: bool) -> Iterator[Question]:
    said = [
        attribution
        for attribution in reading.attributions
        if any(span.overlaps(passage.focus) for span in attribution.content)
    ]
    candidates = _inside(passage, reading.mentions)
    for mention in candidates:
        yield _of_mention(passage, mention, said, reading)
    present = {mention.actor.name for mention in candidates}
    for mention, attribution in _speakers_elsewhere(passage, reading, said):
        if mention.actor.name not in present:
            present.add(mention.actor.name)
            yield Question(
                passage=_widened(passage, mention),
                holder=mention,
                voice=Voice.QUOTED if attribution.is_direct else Voice.REPORTED,
                speaker=mention,
                cue=attribution.cue,
            )
    yield from _answers(passage, reading)
    if author_speaks and is_mostly_authors(passage.focus, said, reading.article):
        yield Question(passage=passage, holder=None, voice=Voice.AUTHOR)


def _inside(passage: Passage, mentions: Sequence[Mention]) -> list[Mention]:
    """Return one mention an actor in the focus: not those inside a larger one or inside the topic's own words.

    Of "Dostum, leader of the Movement, said" the person is asked about, not the body that he belongs to.
    """
    here = [mention for mention in mentions if passage.focus.covers(mention.span)]
    chosen: dict[str, Mention] = {}
    for mention in here:
        larger = any(other is not mention and other.span.covers(mention.span) for other in here)
        topical = mention.role is not Role.SUBJECT and any(hit.covers(mention.span) for hit in passage.hits)
        if larger or topical or mention.role is Role.AFFILIATION:
            continue
        kept = chosen.get(mention.actor.name)
        if kept is None or (kept.role is not Role.SUBJECT and mention.role is Role.SUBJECT):
            chosen[mention.actor.name] = mention
    return sorted(chosen.values(), key=lambda mention: mention.span)


def _speakers_elsewhere(
    passage: Passage, reading: Reading, said: Sequence[Attribution]
) -> Iterator[tuple[Mention, Attribution]]:
    """Yield the sources of words in the focus that are named outside of it: a quote that runs on."""
    for attribution in said:
        speaker = _speaker(attribution, reading)
        if speaker and not passage.focus.overlaps(speaker.span):
            yield speaker, attribution


def _speaker(attribution: Attribution, reading: Reading) -> Mention | None:
    """Return the mention that an attribution's source is: there, by the name's last word, or the interviewee."""
    there = [
        mention
        for mention in reading.mentions
        if any(source.overlaps(mention.span) for source in attribution.source)
    ]
    if there:  # of "Taliban spokesman Zabihullah Mujahid" he who speaks
        return next((mention for mention in there if mention.role is Role.SUBJECT), there[0])
    if not attribution.source or attribution.source[0].of(reading.article.text) == "Q":
        return None
    people = [mention for mention in reading.mentions if mention.actor.kind is HolderKind.PERSON]
    label = attribution.source[0].of(reading.article.text)
    named = [mention for mention in people if mention.actor.name.split()[-1] == label.split()[-1]]
    if label == "A":  # an unnamed answer: the interviewee, whom the article names first
        named = [mention for mention in people if not mention.is_reference]
    return named[0] if named else None


def _answers(passage: Passage, reading: Reading) -> Iterator[Question]:
    """Yield the interviewee's answer to a question that raises the topic: there the topic needn't be named again."""
    for attribution in reading.attributions:
        if attribution.prompt is None or not attribution.prompt.overlaps(passage.focus):
            continue
        speaker = _speaker(attribution, reading)
        opening = [
            sentence.span for sentence in reading.sentences if attribution.content[0].covers(sentence.span)
        ]
        if speaker is None or not opening:
            continue
        fitting = [span.end for span in opening if span.end - passage.focus.start <= CONTEXT]
        focus = Span(start=opening[0].start, end=fitting[-1] if fitting else opening[0].end)
        answer = Passage(
            article=passage.article,
            topic=passage.topic,
            focus=focus,
            context=Span(start=passage.focus.start, end=focus.end),
            hits=passage.hits,
        )
        yield Question(passage=answer, holder=speaker, voice=Voice.QUOTED, speaker=speaker)


def _widened(passage: Passage, mention: Mention) -> Passage:
    """Stretch the context to the speaker's mention where it is near enough to be read in one piece."""
    start = min(passage.context.start, mention.span.start)
    end = max(passage.context.end, mention.span.end)
    if end - start > CONTEXT:
        return passage
    return Passage(
        article=passage.article,
        topic=passage.topic,
        focus=passage.focus,
        context=Span(start=start, end=end),
        hits=passage.hits,
    )


def _of_mention(
    passage: Passage, mention: Mention, said: Sequence[Attribution], reading: Reading
) -> Question:
    """Return the question on a mention in the focus: it speaks there, or is spoken of, or acts."""
    said = [each for each in said if not is_authors(each, reading.article)]
    own = [each for each in said if any(source.overlaps(mention.span) for source in each.source)]
    around = [each for each in said if any(content.covers(mention.span) for content in each.content)]
    speaker: Mention | None = None
    cue: tuple[Span, ...] = ()
    if own:
        speaker = mention if mention.role is Role.SUBJECT else _speaker(own[0], reading)
        cue = own[0].cue
    if around:  # "the minister said that the council supports it": the minister
        innermost = min(around, key=_length)
        speaker, cue = _speaker(innermost, reading), innermost.cue
    voice = Voice.QUOTED if any(each.is_direct for each in own) else Voice.REPORTED
    return Question(passage=passage, holder=mention, voice=voice, speaker=speaker, cue=cue)


def _length(attribution: Attribution) -> int:
    return sum(span.end - span.start for span in attribution.content)
