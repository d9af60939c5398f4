"""Which passages are worth asking about, and whose stance there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from stancewire.passages import CONTEXT, REACH, asks_anything, find_passages, questions
from stancewire.types import (
    Actor,
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

FEDERALISM = Topic(
    id="federalism", name="Federalism", claim="The state should be federal.", terms=("federal*",)
)
EXILE = Topic(
    id="exile",
    name="Exile",
    claim="A government in exile should be formed.",
    terms=("government in exile", "Taliban government"),
)
BOOK = Codebook(id="test", version="1", topics=(FEDERALISM, EXILE), digest="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Words of a text that name an actor; `nth` counts their occurrences from 0."""

    words: str
    actor: str
    role: Role = Role.SUBJECT
    nth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a text that a source says."""

    source: str
    content: str
    cue: str = ""
    is_direct: bool = True


def named(words: str, actor: str | None = None, *, role: Role = Role.SUBJECT, nth: int = 0) -> Named:
    return Named(words=words, actor=actor or words, role=role, nth=nth)


def place(text: str, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words))


def read(
    *paragraphs: Sequence[str],
    mentions: Sequence[Named] = (),
    said: Sequence[Said] = (),
    genre: str | None = "report",
    title: str | None = None,
) -> Reading:
    """Return the reading of paragraphs of sentences."""
    text = "\n".join(" ".join(sentences) for sentences in paragraphs)
    spans: list[tuple[Span, int]] = []
    for number, sentences in enumerate(paragraphs):
        for sentence in sentences:
            after = spans[-1][0].end if spans else 0
            start = text.index(sentence, after)
            spans.append((Span(start=start, end=start + len(sentence)), number))
    return Reading(
        article=Article(id="a", text=text, source="test", genre=genre, title=title),
        sentences=tuple(
            Sentence(span=span, index=index, paragraph=number) for index, (span, number) in enumerate(spans)
        ),
        mentions=tuple(sorted((mention(text, item) for item in mentions), key=lambda found: found.span)),
        attributions=tuple(
            Attribution(
                source=(place(text, item.source),) if item.source else (),
                cue=(place(text, item.cue),) if item.cue else (),
                content=(place(text, item.content),),
                is_direct=item.is_direct,
            )
            for item in said
        ),
    )


def mention(text: str, item: Named) -> Mention:
    span = place(text, item.words, item.nth)
    return Mention(
        span=span,
        text=item.words,
        actor=Actor(name=item.actor, kind=HolderKind.ORGANISATION),
        role=item.role,
    )


def passages(reading: Reading, topic: Topic) -> list[Passage]:
    return {found.id: some for found, some in find_passages(reading, BOOK.topics)}[topic.id]


def focuses(reading: Reading, topic: Topic) -> list[str]:
    return [passage.focus.of(reading.article.text) for passage in passages(reading, topic)]


def hits(reading: Reading, topic: Topic) -> list[list[str]]:
    return [[hit.of(reading.article.text) for hit in passage.hits] for passage in passages(reading, topic)]


def holders(reading: Reading) -> list[str | None]:
    return [question.holder.text if question.holder else None for question in questions(reading, BOOK)]


def speakers(reading: Reading) -> dict[str, tuple[str | None, list[str]]]:
    """Return each holder's speaker and the words of saying."""
    return {
        question.holder.text: (
            question.speaker.text if question.speaker else None,
            [span.of(reading.article.text) for span in question.cue],
        )
        for question in questions(reading, BOOK)
        if question.holder
    }


def asked(reading: Reading) -> Question:
    (question,) = questions(reading, BOOK)
    return question


def test_sentence_with_a_term_is_the_focus_and_the_term_is_hit_where_it_stands() -> None:
    reading = read(["It rained.", "Federalism, they say, is federal rule.", "It stopped."])
    assert focuses(reading, FEDERALISM) == ["Federalism, they say, is federal rule."]
    assert hits(reading, FEDERALISM) == [["Federalism", "federal"]]
    assert passages(reading, EXILE) == []


def test_article_that_names_no_topic_need_not_be_parsed() -> None:
    named_it, other = (read([text]).article for text in ("A federal state.", "An unfederated state."))
    assert asks_anything(named_it, BOOK.topics)
    assert asks_anything(read(["It rained."], title="A federal state").article, BOOK.topics)
    assert not asks_anything(other, BOOK.topics)
    assert not asks_anything(named_it, ())


def test_sentence_that_names_the_topic_is_read_alone() -> None:
    reading = read(["One.", "Two.", "Federalism it is.", "Four."])
    (passage,) = passages(reading, FEDERALISM)
    assert passage.context == passage.focus == reading.sentences[2].span


@pytest.mark.parametrize(("length", "is_one_piece"), [(CONTEXT - 30, True), (CONTEXT, False)])
def test_sentence_that_points_back_has_the_one_before_apart_where_both_would_be_too_long(
    length: int, is_one_piece: bool
) -> None:
    raising = "Federalism " + "x" * (length - 12) + "."
    reading = read([raising, "Some fear this idea."])
    passage = passages(reading, FEDERALISM)[1]
    assert (passage.context != passage.focus) is is_one_piece
    assert passage.raised == (None if is_one_piece else raising)
    assert passage.context.end - passage.context.start <= CONTEXT


def test_words_that_raised_a_topic_are_cut_where_they_are_too_long() -> None:
    reading = read(
        ["Much " + "and more " * 200 + "is federal" + " and so on" * 200 + ".", "Some fear this idea."]
    )
    raised = passages(reading, FEDERALISM)[1].raised
    assert raised is not None
    assert "federal" in raised
    assert len(raised) == CONTEXT


def test_sentence_longer_than_the_context_is_kept_whole() -> None:
    reading = read(["One.", "Federalism " + "and more " * 200 + "it is."])
    (passage,) = passages(reading, FEDERALISM)
    assert passage.context == passage.focus == reading.sentences[1].span


def test_hits_in_the_sentence_that_raised_the_topic_are_marked_too() -> None:
    reading = read(["Federalism works.", "They want this system."])
    assert hits(reading, FEDERALISM) == [["Federalism"], ["Federalism", "this system"]]


@pytest.mark.parametrize("pointer", ["this proposal", "such a plan", "That idea", "these new proposals"])
def test_words_that_point_back_raise_the_topic_named_last(pointer: str) -> None:
    reading = read(["Federalism is debated.", f"Some fear {pointer} most."])
    assert focuses(reading, FEDERALISM) == ["Federalism is debated.", f"Some fear {pointer} most."]
    assert hits(reading, FEDERALISM)[1] == ["Federalism", pointer]
    assert passages(reading, EXILE) == []


def test_words_that_point_back_mean_the_nearest_topic_only() -> None:
    reading = read(["Federalism is debated.", "A government in exile is not.", "Some fear this proposal."])
    assert focuses(reading, EXILE)[1:] == ["Some fear this proposal."]
    assert focuses(reading, FEDERALISM) == ["Federalism is debated."]


def test_words_that_point_back_across_a_paragraph_are_followed() -> None:
    reading = read(["Federalism is debated."], ["Some fear this proposal."])
    assert len(passages(reading, FEDERALISM)) == 2


@pytest.mark.parametrize(("between", "is_found"), [(REACH - 1, True), (REACH, False)])
def test_words_that_point_back_reach_so_far_and_no_farther(between: int, is_found: bool) -> None:
    filler = [f"It rained on day {number}." for number in range(between)]
    reading = read(["Federalism is debated.", *filler, "Some fear this proposal."])
    assert ("Some fear this proposal." in focuses(reading, FEDERALISM)) is is_found


@pytest.mark.parametrize(
    "deed", ["The guild walked out.", "The guild has taken no position.", "The guild signed."]
)
def test_taking_sides_goes_on_about_the_topic_under_discussion(deed: str) -> None:
    reading = read(["Federalism is debated.", deed, "It rained."])
    assert focuses(reading, FEDERALISM) == ["Federalism is debated.", deed]


def test_taking_sides_is_read_after_the_sentence_that_raised_the_topic_without_those_between() -> None:
    reading = read(["Federalism is debated.", "It rained."], ["The guild walked out."])
    passage = passages(reading, FEDERALISM)[1]
    assert passage.raised == "Federalism is debated."
    assert passage.context.of(reading.article.text) == "The guild walked out."


def test_words_that_point_back_keep_the_topic_under_discussion() -> None:
    filler = [f"It rained on day {number}." for number in range(REACH - 1)]
    reading = read(
        ["Federalism is debated.", *filler, "Some fear this proposal.", *filler, "The guild signed."]
    )
    assert focuses(reading, FEDERALISM)[1:] == ["Some fear this proposal.", "The guild signed."]
    assert passages(reading, FEDERALISM)[2].raised == "Federalism is debated."


def test_what_somebody_says_goes_on_about_the_topic_under_discussion() -> None:
    reading = read(
        ["Federalism is debated.", "It would save us, Noori thinks.", "It rained."],
        said=[Said(source="Noori", cue="thinks", content="It would save us", is_direct=False)],
    )
    assert focuses(reading, FEDERALISM) == ["Federalism is debated.", "It would save us, Noori thinks."]


def test_title_that_names_a_topic_puts_it_under_discussion() -> None:
    deed = "The guild walked out."
    assert focuses(read([deed, "It rained."], title="Weather"), FEDERALISM) == []
    (passage,) = passages(read([deed, "It rained."], title="Federalism at last"), FEDERALISM)
    assert (passage.raised, passage.is_carried) == ("Federalism at last", True)


def test_topic_of_the_title_ends_where_another_is_named() -> None:
    reading = read(["A government in exile is debated.", "The guild walked out."], title="Federalism at last")
    assert focuses(reading, FEDERALISM) == []
    assert focuses(reading, EXILE)[1:] == ["The guild walked out."]


def test_who_is_only_acted_on_is_not_asked_about_unless_the_words_are_theirs() -> None:
    sentences = ["The guild told the council of federalism.", "Federalism, according to Noori, is dead."]
    mentions = [named("The guild"), named("the council", role=Role.OBJECT), named("Noori", role=Role.OTHER)]
    said = [Said(source="Noori", cue="according to", content="Federalism", is_direct=False)]
    assert holders(read(sentences, mentions=mentions, said=said)) == ["The guild", "Noori"]


def test_source_that_does_not_act_is_asked_about_where_the_topic_is_carried_on() -> None:
    words = "“It would save us” were the words of Noori."
    said = [Said(source="Noori", cue="were the words of", content="It would save us")]
    mentions = [named("Noori", role=Role.MODIFIER)]
    assert holders(read(["Federalism is debated.", words], mentions=mentions, said=said)) == ["Noori"]


def test_a_speaker_named_with_the_topic_is_read_with_it_in_one_piece() -> None:
    sentences = ["On Monday Noori spoke of federalism.", "It rained.", "“It would save us.”"]
    said = [Said(source="Noori", cue="spoke", content="It would save us.")]
    found = list(questions(read(sentences, mentions=[named("Noori")], said=said), BOOK))
    passage = found[-1].passage
    assert passage.raised is None
    assert passage.context.of(passage.article.text) == " ".join(sentences)


def test_both_of_a_pair_are_asked_about() -> None:
    mentions = [named("Both sides", "NRF"), named("Both sides", "Taliban")]
    asked_about = questions(read(["Both sides want federalism."], mentions=mentions), BOOK)
    assert [item.holder.actor.name for item in asked_about if item.holder] == ["NRF", "Taliban"]


def test_whose_supporters_act_is_asked_about_where_the_topic_is_named() -> None:
    mentions = [named("the council", role=Role.MODIFIER)]
    assert holders(read(["Friends of the council want federalism."], mentions=mentions)) == ["the council"]


def test_where_the_topic_is_carried_on_only_those_who_act_are_asked_about() -> None:
    reading = read(
        ["The NRF debates federalism.", "The guild dismissed the council and walked out."],
        mentions=[named("The guild"), named("the council", role=Role.OTHER)],
    )
    assert holders(reading) == ["The guild"]


def test_the_opposition_takes_no_side_by_its_name_alone() -> None:
    reading = read(["Federalism is debated.", "The opposition arrived by train."])
    assert focuses(reading, FEDERALISM) == ["Federalism is debated."]


def test_words_that_point_back_to_nothing_raise_nothing() -> None:
    reading = read(["Some fear this proposal.", "It rained.", "Federalism is debated."])
    assert focuses(reading, FEDERALISM) == ["Federalism is debated."]


def test_sentence_that_names_a_topic_is_not_said_to_point_back_to_it() -> None:
    reading = read(["Federalism is debated.", "This federal plan is feared."])
    assert hits(reading, FEDERALISM)[1] == ["federal"]


def test_everyone_named_in_the_focus_is_asked_about_in_text_order() -> None:
    reading = read(
        ["Amini wept.", "The council and Noori want federalism."],
        mentions=[named("Noori"), named("The council"), named("Amini")],
    )
    assert holders(reading) == ["The council", "Noori"]


def test_an_actor_is_asked_about_once_a_passage_by_the_mention_that_acts() -> None:
    reading = read(
        ["The ally of the NRF says the NRF wants federalism, and it will."],
        mentions=[
            named("the NRF", "NRF", role=Role.MODIFIER),
            named("the NRF", "NRF", nth=1),
            named("it", "NRF", role=Role.SUBJECT),
        ],
    )
    holder = asked(reading).holder
    assert holder is not None
    assert holder.span == place(reading.article.text, "the NRF", 1)


def test_an_actor_is_asked_about_again_in_the_next_passage() -> None:
    reading = read(
        ["Noori wants federalism.", "Noori hates federal taxes."],
        mentions=[named("Noori"), named("Noori", nth=1)],
    )
    assert holders(reading) == ["Noori", "Noori"]


def test_mention_inside_a_larger_one_is_not_asked_about() -> None:
    reading = read(
        ["The opponents of the Taliban want federalism."],
        mentions=[named("The opponents of the Taliban"), named("the Taliban", role=Role.MODIFIER)],
    )
    assert holders(reading) == ["The opponents of the Taliban"]


def test_body_that_a_named_person_belongs_to_is_not_asked_about() -> None:
    reading = read(
        ["Noori, leader of the NRF, wants federalism."],
        mentions=[named("Noori"), named("the NRF", role=Role.AFFILIATION)],
    )
    assert holders(reading) == ["Noori"]


def test_name_inside_a_body_that_a_person_belongs_to_is_not_asked_about_either() -> None:
    reading = read(
        ["Noori, leader of the opponents of the Taliban, wants federalism."],
        mentions=[
            named("Noori"),
            named("the opponents of the Taliban", role=Role.AFFILIATION),
            named("the Taliban", role=Role.MODIFIER),
        ],
    )
    assert holders(reading) == ["Noori"]


def test_mention_that_is_part_of_the_topics_words_is_not_asked_about() -> None:
    reading = read(
        ["Noori fears a Taliban government."],
        mentions=[named("Noori"), named("Taliban", role=Role.MODIFIER)],
    )
    assert holders(reading) == ["Noori"]


def test_mention_in_the_topics_words_that_acts_itself_is_asked_about() -> None:
    reading = read(["The Taliban government met."], mentions=[named("Taliban government")])
    assert holders(reading) == ["Taliban government"]


@pytest.mark.parametrize("genre", ["op-ed", "Editorial", "analysis", "statement", None])
def test_author_is_asked_about_where_authors_speak_for_themselves(genre: str) -> None:
    reading = read(["Federalism is our only hope."], genre=genre)
    question = asked(reading)
    assert (question.holder, question.voice) == (None, Voice.AUTHOR)


@pytest.mark.parametrize(
    ("source", "is_direct", "asked_about"),
    [("I", False, [None]), ("We", False, [None]), ("I", True, []), ("Noori", False, []), ("", False, [])],
)
def test_author_is_asked_about_what_nobody_else_says(
    source: str, is_direct: bool, asked_about: list[str | None]
) -> None:
    words = "that federalism is our only hope"
    reading = read(
        [f"{source} believe {words}."],
        said=[Said(source=source, content=words, is_direct=is_direct)],
        genre="op-ed",
    )
    assert holders(reading) == asked_about


def test_author_is_not_who_says_i_in_a_quotation_that_goes_on() -> None:
    reading = read(
        ["“It rained.", "I believe that federalism is our only hope."],
        said=[Said(source="I", content="that federalism is our only hope", is_direct=False)],
        genre="op-ed",
    )
    assert holders(reading) == []


def test_author_who_says_i_often_still_has_a_voice_of_their_own() -> None:
    reading = read(
        ["I think that federalism is our only hope."],
        said=[Said(source="I", content="that federalism is our only hope", is_direct=False)],
        genre=None,
    )
    assert holders(reading) == [None]


@pytest.mark.parametrize("genre", ["report", "wire", "News", "interview"])
def test_author_of_an_impersonal_piece_is_not_asked_about(genre: str) -> None:
    assert holders(read(["Federalism is our only hope."], genre=genre)) == []


@pytest.mark.parametrize("is_direct", [True, False])
def test_author_is_not_asked_about_in_the_words_of_others(is_direct: bool) -> None:
    reading = read(
        ["Noori said federalism is our only hope."],
        mentions=[named("Noori")],
        said=[Said(source="Noori", content="federalism is our only hope", is_direct=is_direct)],
        genre="op-ed",
    )
    assert holders(reading) == ["Noori"]


@pytest.mark.parametrize(("is_direct", "voice"), [(True, Voice.QUOTED), (False, Voice.REPORTED)])
def test_voice_of_a_speaker_is_that_of_the_words(is_direct: bool, voice: Voice) -> None:
    reading = read(
        ["Noori said federalism is our only hope."],
        mentions=[named("Noori")],
        said=[Said(source="Noori", content="federalism is our only hope", is_direct=is_direct)],
    )
    assert asked(reading).voice is voice


def test_voice_of_one_who_is_only_spoken_of_is_reported() -> None:
    reading = read(
        ["“The council fears federalism,” Noori said."],
        mentions=[named("The council"), named("Noori")],
        said=[Said(source="Noori", content="“The council fears federalism,”")],
    )
    assert [
        (question.holder.text, question.voice) for question in questions(reading, BOOK) if question.holder
    ] == [
        ("The council", Voice.REPORTED),
        ("Noori", Voice.QUOTED),
    ]


def test_speaker_of_one_who_is_spoken_of_is_who_speaks_of_them() -> None:
    reading = read(
        ["The minister said that the council wants federalism."],
        mentions=[named("The minister"), named("the council")],
        said=[Said(source="The minister", cue="said", content="that the council wants federalism")],
    )
    assert speakers(reading) == {
        "The minister": ("The minister", ["said"]),
        "the council": ("The minister", ["said"]),
    }


def test_nearest_speaker_counts_where_reports_are_nested() -> None:
    outer = "that the minister told Noori that the council wants federalism"
    reading = read(
        [f"Amini said {outer}."],
        mentions=[named("Amini"), named("the minister"), named("Noori"), named("the council")],
        said=[
            Said(source="Amini", cue="said", content=outer),
            Said(source="the minister", cue="told", content="that the council wants federalism"),
        ],
    )
    assert {holder: speaker for holder, (speaker, _) in speakers(reading).items()} == {
        "Amini": "Amini",
        "the minister": "Amini",
        "Noori": "Amini",
        "the council": "the minister",
    }


def test_speaker_is_the_first_of_those_in_the_source() -> None:
    reading = read(
        ["Noori of the NRF said that federalism is our only hope."],
        mentions=[named("Noori"), named("the NRF", role=Role.MODIFIER)],
        said=[Said(source="Noori of the NRF", cue="said", content="that federalism is our only hope")],
    )
    assert {speaker for speaker, _ in speakers(reading).values()} == {"Noori"}


def test_speaker_of_a_title_with_a_body_in_it_is_the_person() -> None:
    reading = read(
        ["Taliban spokesman Noori said that federalism is our only hope."],
        mentions=[named("Taliban", role=Role.MODIFIER), named("Noori")],
        said=[Said(source="Taliban spokesman Noori", cue="said", content="that federalism is our only hope")],
    )
    assert {speaker for speaker, _ in speakers(reading).values()} == {"Noori"}


def test_each_of_two_who_speak_together_is_their_own_speaker() -> None:
    reading = read(
        ["Noori and Safi said that federalism is our only hope."],
        mentions=[named("Noori"), named("Safi")],
        said=[Said(source="Noori and Safi", cue="said", content="that federalism is our only hope")],
    )
    assert {holder: speaker for holder, (speaker, _) in speakers(reading).items()} == {
        "Noori": "Noori",
        "Safi": "Safi",
    }


def test_what_the_author_believes_of_others_is_said_by_nobody_else() -> None:
    reading = read(
        ["I believe that Noori wants federalism."],
        mentions=[named("Noori")],
        said=[Said(source="I", cue="believe", content="that Noori wants federalism", is_direct=False)],
    )
    assert speakers(reading) == {"Noori": (None, [])}


def test_source_that_is_no_actor_leaves_the_words_of_saying() -> None:
    reading = read(
        ["It is said that the council wants federalism."],
        mentions=[named("the council")],
        said=[Said(source="", cue="is said", content="that the council wants federalism")],
    )
    assert speakers(reading) == {"the council": (None, ["is said"])}


def test_who_acts_without_words_has_no_speaker() -> None:
    reading = read(["Noori voted for federalism."], mentions=[named("Noori")])
    assert speakers(reading) == {"Noori": (None, [])}


def test_speaker_of_a_quote_that_runs_on_is_asked_about_with_a_context_that_reaches_their_name() -> None:
    reading = read(
        ["Noori spoke at length.", "“It rained.", "Federalism is our only hope.”"],
        mentions=[named("Noori")],
        said=[Said(source="Noori", content="“It rained. Federalism is our only hope.”")],
    )
    question = asked(reading)
    assert question.holder is not None
    assert (question.holder.text, question.voice) == ("Noori", Voice.QUOTED)
    assert question.passage.context.covers(question.holder.span)
    assert question.passage.focus.of(reading.article.text) == "Federalism is our only hope.”"


def test_speaker_named_too_far_away_is_asked_about_without_a_longer_context() -> None:
    middle = "“" + "It rained and rained. " * 60
    reading = read(
        ["Noori spoke.", f"{middle}", "Federalism is our only hope.”"],
        mentions=[named("Noori")],
        said=[Said(source="Noori", content=f"{middle} Federalism is our only hope.”")],
    )
    question = asked(reading)
    assert question.holder is not None
    assert not question.passage.context.covers(question.holder.span)
    assert question.passage.context.end - question.passage.context.start <= CONTEXT


def test_words_said_by_nobody_known_ask_nobody() -> None:
    reading = read(
        ["“Federalism is our only hope.”"],
        said=[Said(source="", content="“Federalism is our only hope.”")],
        genre="op-ed",
    )
    assert holders(reading) == []


def test_interviewee_is_asked_about_in_the_answer_to_a_question_that_raises_the_topic() -> None:
    text = "Q: Is federalism the answer?\nNoori: No. It divides us."
    question, answer = place(text, "Is federalism the answer?"), place(text, "No. It divides us.")
    actor = Actor(name="Laila Noori", kind=HolderKind.PERSON)
    reading = Reading(
        article=Article(id="a", text=text, source="test", genre="interview"),
        sentences=tuple(
            Sentence(span=place(text, words), index=index, paragraph=paragraph)
            for index, (words, paragraph) in enumerate(
                [("Q: Is federalism the answer?", 0), ("Noori: No.", 1), ("It divides us.", 1)]
            )
        ),
        mentions=(Mention(span=place(text, "Noori"), text="Noori", actor=actor),),
        attributions=(
            Attribution(source=(place(text, "Q"),), cue=(), content=(question,), is_direct=True),
            Attribution(
                source=(place(text, "Noori"),), cue=(), content=(answer,), is_direct=True, prompt=question
            ),
        ),
    )
    asked_about = [item for item in questions(reading, BOOK) if item.holder]
    assert [(item.passage.focus.of(text), item.voice) for item in asked_about] == [
        ("It divides us.", Voice.QUOTED),
        ("Noori: No.", Voice.QUOTED),
    ]
    passage = asked_about[0].passage
    assert passage.focus.of(text).endswith("It divides us.")
    assert passage.context.of(text).startswith("Q: Is federalism the answer?")


def test_topics_are_asked_one_after_the_other() -> None:
    reading = read(
        ["Noori wants federalism and a government in exile.", "Amini wants federal rule."],
        mentions=[named("Noori"), named("Amini")],
    )
    found = [
        (question.passage.topic.id, question.holder and question.holder.text)
        for question in questions(reading, BOOK)
    ]
    assert found == [("federalism", "Noori"), ("federalism", "Amini"), ("exile", "Noori")]
