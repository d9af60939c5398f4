"""Sentences made from frames: marked in the right place, answered for the right holder and direction."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from stancewire.training import frames
from stancewire.training.frames import OPPOSED, Framed, FrameMaker

ROWS = [
    {
        "text": "",
        "topics": [
            {"id": "t1", "claim": "The dam should be built.", "noun": "the dam"},
            {"id": "t2", "claim": "Schools should open in May.", "noun": "a school year from May"},
        ],
        "questions": [{"holder": name} for name in ("Omid Noori", "Sara Amini", "the miners' union", None)],
    }
]
HOLDERS = {"Omid Noori", "Sara Amini", "the miners' union"}


def made(count: int = 3000) -> list[Framed]:
    return list(FrameMaker(ROWS).make(count, Random(3)))


def test_every_question_marks_its_holder_in_the_text() -> None:
    for framed in made():
        query = framed.query
        if query.holder is not None:
            assert query.mention is not None
            assert query.mention.of(query.text) == query.holder


def test_all_answers_occur_and_none_takes_over() -> None:
    answers = [framed.answer for framed in made()]
    ranges = {"favor": (0.2, 0.45), "against": (0.2, 0.45), "neutral": (0.04, 0.2), "none": (0.1, 0.4)}
    for answer, (least, most) in ranges.items():
        assert least < answers.count(answer) / len(answers) < most


@pytest.mark.parametrize("answer", ["favor", "against", "none"])
def test_frames_about_actors_name_both_once(answer: str) -> None:
    for frame in frames.ACTOR_FRAMES[answer]:
        assert frame.count("{h}") == 1
        assert frame.count("{t}") == 1


def test_either_actor_may_come_first() -> None:
    """News says "X was praised by Y" as well: order must not give the holder away."""
    for answer in ("favor", "against"):
        later = [frame for frame in frames.ACTOR_FRAMES[answer] if frame.index("{t}") < frame.index("{h}")]
        assert 0.35 < len(later) / len(frames.ACTOR_FRAMES[answer]) < 0.65


def test_the_praised_one_is_no_holder() -> None:
    maker, rng, seen = FrameMaker(ROWS), Random(1), set()
    topic = next(iter(maker._topics))
    for _ in range(400):
        framed = maker._actors(topic, rng)
        for verb, answer in ((" praised ", "favor"), (" criticised ", "against")):
            sentence = framed.query.text.rstrip(".").rsplit(". ", 1)[-1]
            if verb not in sentence or f" was{verb}by" in sentence:
                continue
            holder, target = sentence.split(verb)
            asked = framed.query.holder.casefold() == holder.casefold() if framed.query.holder else False
            assert framed.answer == (answer if asked else "none")
            assert framed.query.topic.casefold() == (target if asked else holder).casefold()
            seen.add((answer, asked))
    assert len(seen) == 4


def test_who_tells_of_a_stance_does_not_hold_it() -> None:
    maker, rng = FrameMaker(ROWS), Random(2)
    told = [maker._telling(topic, rng) for topic in maker._topics for _ in range(200)]
    tellers = [framed for framed in told if " reported that " in framed.query.text]
    assert {framed.answer for framed in tellers} == {"favor", "against", "none"}
    for framed in tellers:
        first = framed.query.text.casefold().startswith(str(framed.query.holder).casefold())
        assert (framed.answer == "none") == first


def test_negating_the_claim_turns_the_answer() -> None:
    maker = FrameMaker(ROWS)
    topic = next(item for item in maker._topics if item.noun == "the dam")
    seen = set()
    for seed in range(200):
        rng = Random(seed)
        framed = frames._asked("Omid Noori backed the dam.", "Omid Noori", topic, "favor", rng)
        negated = " not " in framed.query.topic
        assert framed.answer == (OPPOSED["favor"] if negated else "favor")
        seen.add(negated)
    assert seen == {True, False}


def test_same_seed_same_sentences() -> None:
    assert made(50) == list(islice(FrameMaker(ROWS).make(60, Random(3)), 50))
