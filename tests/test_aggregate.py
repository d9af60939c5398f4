"""From the answers on one article to its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stancewire.aggregate import AggregationRule, Provenance, aggregate, pool
from stancewire.types import (
    Actor,
    Article,
    Cue,
    CueKind,
    HolderKind,
    Judgement,
    Mention,
    Passage,
    Question,
    Span,
    Stance,
    StanceRecord,
    Topic,
    Voice,
    Weights,
)

SENTENCES = (
    "Noori spoke for an hour on the plan.",
    "She backs the plan.",
    "Noori may yet change the plan.",
    "She no longer fears the plan.",
    "Noori sees merit in the plan if it rains.",
    "She used to fear the plan.",
    "Noori speaks for it.",
)
TEXT = "\n".join(SENTENCES)
ARTICLE = Article(
    id="a1", text=TEXT, source="test", title="The plan", outlet="The Courier", published=date(2026, 3, 2)
)
PLAN = Topic(id="plan", name="The plan", claim="The plan should go ahead.")
DAM = Topic(id="dam", name="The dam", claim="The dam should be built.")
NOORI = Actor(name="Laila Noori", kind=HolderKind.PERSON, id="laila-noori")
FROM = Provenance(model="m#1", codebook="c@1#2", run_id="r")
RULE = AggregationRule()


def judged(
    sentence: int,
    *,
    favor: float = 0.0,
    against: float = 0.0,
    neutral: float = 0.0,
    actor: Actor | None = NOORI,
    topic: Topic = PLAN,
    voice: Voice = Voice.REPORTED,
    article: Article = ARTICLE,
) -> Judgement:
    """Return an answer on one sentence; what is left of 1 is "none"."""
    start = article.text.index(SENTENCES[sentence])
    focus = Span(start=start, end=start + len(SENTENCES[sentence]))
    words = "Noori" if SENTENCES[sentence].startswith("Noori") else "She"
    holder = (
        Mention(span=Span(start=start, end=start + len(words)), text=words, actor=actor) if actor else None
    )
    passage = Passage(article=article, topic=topic, focus=focus, context=focus, hits=())
    weights = Weights(favor=favor, against=against, neutral=neutral, none=1 - favor - against - neutral)
    return Judgement(question=Question(passage=passage, holder=holder, voice=voice), weights=weights)


def records(*judgements: Judgement, rule: AggregationRule = RULE) -> list[StanceRecord]:
    return aggregate(judgements, provenance=FROM, rule=rule)


def record(*judgements: Judgement, rule: AggregationRule = RULE) -> StanceRecord:
    (only,) = records(*judgements, rule=rule)
    return only


def test_one_clear_answer_is_one_record_with_every_field() -> None:
    found = record(judged(1, favor=0.9, against=0.05))
    assert found == StanceRecord(
        record_id=found.record_id,
        article_id="a1",
        outlet="The Courier",
        url=None,
        title="The plan",
        published="2026-03-02",
        language=None,
        holder="Laila Noori",
        holder_id="laila-noori",
        holder_kind=HolderKind.PERSON,
        holder_mention="She",
        topic="plan",
        stance=Stance.FAVOR,
        confidence=0.9,
        p_favor=0.9,
        p_against=0.05,
        p_neutral=0.0,
        attribution=Voice.REPORTED,
        speaker=None,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=found.evidence,
        cues=(),
        cluster_id=None,
        model="m#1",
        codebook="c@1#2",
        run_id="r",
        schema_version="2",
    )
    assert [(item.quote, item.p) for item in found.evidence] == [(SENTENCES[1], 0.9)]


def test_answers_without_a_stance_make_no_record() -> None:
    assert records(judged(0, favor=0.2), judged(1, against=0.2, neutral=0.2)) == []


def test_stance_that_reaches_the_threshold_makes_a_record_though_none_is_likelier() -> None:
    (record,) = records(judged(0, favor=0.4), judged(1, against=0.3))
    assert (record.stance, record.confidence) == (Stance.FAVOR, 0.4)
    assert len(record.evidence) == 1
    assert records() == []


def test_answers_are_averaged_by_how_surely_there_is_a_stance() -> None:
    pooled = pool(
        [
            Weights(favor=0.9, against=0.0, neutral=0.0, none=0.1),
            Weights(favor=0.0, against=0.3, neutral=0.0, none=0.7),
        ]
    )
    assert pooled is not None
    assert pooled.favor == pytest.approx(0.9 * 0.9 / 1.2)
    assert pooled.against == pytest.approx(0.3 * 0.3 / 1.2)
    assert pooled.favor + pooled.against + pooled.neutral + pooled.none == pytest.approx(1)


def test_nothing_to_average_has_no_average() -> None:
    assert pool([]) is None
    assert pool([Weights(favor=0.0, against=0.0, neutral=0.0, none=1.0)]) is None


def test_an_empty_mention_takes_nothing_from_a_clear_stance() -> None:
    alone = record(judged(1, favor=0.9))
    beside = record(judged(0, favor=0.05), judged(1, favor=0.9), judged(2, neutral=0.1))
    assert beside == alone


def test_stance_with_more_behind_it_wins_over_its_opposite() -> None:
    found = record(judged(0, against=0.6, favor=0.1), judged(1, favor=0.95), judged(4, favor=0.9))
    assert found.stance is Stance.FAVOR
    assert [item.quote for item in found.evidence] == [SENTENCES[1], SENTENCES[4]]
    assert found.p_against > 0


def test_opposite_answers_of_equal_weight_make_no_record() -> None:
    assert records(judged(0, against=0.8, favor=0.1), judged(1, favor=0.8, against=0.1)) == []


def test_opposite_answers_that_average_to_a_neutral_nobody_stated_make_no_record() -> None:
    one, two = (
        judged(0, favor=0.4, against=0.05, neutral=0.35),
        judged(1, favor=0.05, against=0.4, neutral=0.35),
    )
    assert records(one, two, rule=AggregationRule(confidence=0.3)) == []


def test_neutral_gives_way_to_a_side_taken_elsewhere() -> None:
    found = record(judged(0, neutral=0.95), judged(1, against=0.7))
    assert (found.stance, found.p_neutral) == (Stance.AGAINST, 0)
    assert [item.quote for item in found.evidence] == [SENTENCES[1]]


def test_neutral_alone_is_a_record() -> None:
    found = record(judged(0, neutral=0.7), judged(1, neutral=0.9))
    assert (found.stance, found.confidence) == (Stance.NEUTRAL, found.p_neutral)


@pytest.mark.parametrize(("p", "count"), [(0.59, 0), (0.61, 1)])
def test_confidence_below_the_threshold_makes_no_record(p: float, count: int) -> None:
    assert len(records(judged(1, favor=p), rule=AggregationRule(confidence=0.6))) == count


@pytest.mark.parametrize(("p", "count"), [(0.69, 0), (0.71, 1)])
def test_author_has_a_threshold_of_their_own(p: float, count: int) -> None:
    rule = AggregationRule(confidence=0.5, author_confidence=0.7)
    answer = judged(1, favor=p, actor=None, voice=Voice.AUTHOR)
    assert len(records(answer, rule=rule)) == count


def test_author_never_has_the_lower_threshold() -> None:
    rule = AggregationRule(confidence=0.9, author_confidence=0.6)
    assert records(judged(1, favor=0.8, actor=None, voice=Voice.AUTHOR), rule=rule) == []


@pytest.mark.parametrize(("p", "sign", "count"), [(0.59, False, 0), (0.61, False, 1), (0.59, True, 1)])
def test_sentence_that_only_goes_on_about_its_topic_has_a_threshold_of_its_own(
    p: float, sign: bool, count: int
) -> None:
    answer = judged(1, favor=p)
    passage = answer.question.passage
    passage = replace(passage, is_carried=True, hits=(passage.focus,) if sign else ())
    answer = replace(answer, question=replace(answer.question, passage=passage))
    rule = AggregationRule(confidence=0.5, carried_confidence=0.6)
    assert len(records(answer, rule=rule)) == count


def test_evidence_goes_from_strong_to_weak_and_is_limited() -> None:
    answers = [judged(number, favor=p) for number, p in enumerate((0.6, 0.95, 0.7, 0.8))]
    found = record(*answers, rule=AggregationRule(evidence=3))
    assert [(item.quote, item.p) for item in found.evidence] == [
        (SENTENCES[1], 0.95),
        (SENTENCES[3], 0.8),
        (SENTENCES[2], 0.7),
    ]


def test_evidence_is_what_the_text_has_at_its_offsets() -> None:
    article = replace(ARTICLE, text="🙂 e\u0301 اب\n" + TEXT)
    found = record(*(judged(number, favor=0.8, article=article) for number in range(3)))
    assert [article.text[item.start : item.end] for item in found.evidence] == [
        item.quote for item in found.evidence
    ]


def test_sentence_judged_twice_is_evidence_once_with_its_better_answer() -> None:
    found = record(judged(1, favor=0.7), judged(1, favor=0.9))
    assert [item.p for item in found.evidence] == [0.9]


def test_quoted_evidence_makes_the_record_quoted() -> None:
    found = record(judged(1, favor=0.9), judged(0, favor=0.6, voice=Voice.QUOTED))
    assert found.attribution is Voice.QUOTED
    assert (
        record(judged(1, favor=0.9), judged(0, against=0.2, voice=Voice.QUOTED)).attribution is Voice.REPORTED
    )


def test_flags_are_read_from_the_evidence() -> None:
    found = record(judged(4, favor=0.9), judged(2, favor=0.8), judged(3, favor=0.7))
    assert (found.hedged, found.conditional, found.changed) == (False, True, True)


def test_what_a_holder_thought_before_gives_way_to_what_they_say_later() -> None:
    found = record(judged(5, against=0.9), judged(6, favor=0.7))
    assert (found.stance, found.changed, found.p_against) == (Stance.FAVOR, True, 0)
    assert [item.quote for item in found.evidence] == [SENTENCES[6]]
    assert [cue.quote for cue in found.cues] == ["used to"]


@pytest.mark.parametrize(
    "answers",
    [
        (judged(5, against=0.9), judged(1, favor=0.6)),  # the other stance comes earlier in the text
        (judged(5, against=0.9), judged(6, against=0.6)),
        (judged(5, against=0.9), judged(6, neutral=0.6)),
        (judged(5, against=0.9), judged(6, favor=0.55)),  # much less sure
    ],
)
def test_what_a_holder_thought_before_stays_where_nothing_later_turns_it(
    answers: tuple[Judgement, ...],
) -> None:
    assert record(*answers).stance is Stance.AGAINST


def test_speaker_is_who_says_so_in_the_strongest_evidence_with_the_words_of_saying() -> None:
    minister = Mention(
        span=Span(start=0, end=5), text="Noori", actor=Actor(name="The minister", kind=HolderKind.PERSON)
    )
    spoke = Span(start=6, end=11)
    told, plain = judged(0, favor=0.9), judged(1, favor=0.8)
    told = replace(told, question=replace(told.question, speaker=minister, cue=(spoke,)))
    found = record(told, plain)
    assert found.speaker == "The minister"
    assert found.cues == (Cue(kind=CueKind.SPEECH, start=6, end=11, quote="spoke"),)
    assert (record(plain).speaker, record(plain).cues) == (None, ())


def test_speaker_goes_with_the_quotation_where_the_record_is_quoted() -> None:
    reported, quoted = judged(1, favor=0.9), judged(0, favor=0.6, voice=Voice.QUOTED)
    minister = replace(reported.question.holder, actor=Actor(name="The minister", kind=HolderKind.PERSON))
    reported = replace(reported, question=replace(reported.question, speaker=minister))
    quoted = replace(quoted, question=replace(quoted.question, speaker=quoted.question.holder))
    found = record(reported, quoted)
    assert (found.attribution, found.speaker) == (Voice.QUOTED, "Laila Noori")


def test_voice_is_that_of_the_evidence_that_is_kept() -> None:
    reported, quoted = judged(1, favor=0.9), judged(0, favor=0.6, voice=Voice.QUOTED)
    rule = AggregationRule(evidence=1)
    assert record(reported, quoted, rule=rule).attribution is Voice.REPORTED


def test_holder_mention_is_that_of_the_strongest_evidence() -> None:
    assert record(judged(0, favor=0.6), judged(1, favor=0.9)).holder_mention == "She"


def test_each_holder_and_topic_is_a_record_of_its_own() -> None:
    other = Actor(name="Amini", kind=HolderKind.PERSON)
    found = records(
        judged(3, favor=0.9),
        judged(1, against=0.9, actor=other),
        judged(0, favor=0.9, topic=DAM),
        judged(4, favor=0.9, actor=None, voice=Voice.AUTHOR),
    )
    assert [(item.topic, item.holder, item.stance) for item in found] == [
        ("dam", "Laila Noori", Stance.FAVOR),
        ("plan", "Amini", Stance.AGAINST),
        ("plan", "Laila Noori", Stance.FAVOR),
        ("plan", "The Courier", Stance.FAVOR),
    ]
    assert len({item.record_id for item in found}) == 4


def test_names_that_share_a_registry_id_are_one_holder() -> None:
    alias = replace(NOORI, name="Noori")
    assert len(records(judged(0, favor=0.9), judged(1, favor=0.8, actor=alias))) == 1


def test_unknown_holders_of_one_name_and_different_kinds_are_two() -> None:
    person = Actor(name="Noor", kind=HolderKind.PERSON)
    group = Actor(name="Noor", kind=HolderKind.GROUP)
    assert len(records(judged(0, favor=0.9, actor=person), judged(1, favor=0.8, actor=group))) == 2


@pytest.mark.parametrize(
    ("article", "name", "kind"),
    [
        (ARTICLE, "The Courier", HolderKind.AUTHOR),
        (replace(ARTICLE, author="Mina Rahmani"), "Mina Rahmani", HolderKind.AUTHOR),
        (replace(ARTICLE, outlet=None), "author", HolderKind.AUTHOR),
        (replace(ARTICLE, outlet="The Front", genre="statement"), "The Front", HolderKind.ORGANISATION),
        (replace(ARTICLE, author="Mina Rahmani", genre="statement"), "Mina Rahmani", HolderKind.PERSON),
    ],
)
def test_authors_stance_is_booked_to_byline_or_outlet(article: Article, name: str, kind: HolderKind) -> None:
    found = record(judged(1, favor=0.9, actor=None, voice=Voice.AUTHOR, article=article))
    assert (found.holder, found.holder_id, found.holder_kind) == (name, None, kind)
    assert found.attribution is Voice.AUTHOR


def test_record_id_depends_on_article_topic_and_holder_alone() -> None:
    one = record(judged(1, favor=0.9))
    again = aggregate(
        [judged(0, against=0.8)],
        provenance=Provenance(model="other", codebook="other", run_id="other"),
        rule=AggregationRule(confidence=0.1),
    )
    assert one.record_id == again[0].record_id
    assert len(one.record_id) == 16
    elsewhere = record(judged(1, favor=0.9, article=replace(ARTICLE, id="a2")))
    assert elsewhere.record_id != one.record_id


def test_order_of_the_answers_changes_nothing() -> None:
    answers = [
        judged(0, favor=0.6),
        judged(1, favor=0.9),
        judged(3, favor=0.7),
        judged(2, against=0.5, topic=DAM),
    ]
    assert records(*answers) == records(*reversed(answers))
