"""Plain news sentences made from frames: the easy cases that a classifier should never get wrong.

The written passages are literary and hard; a small encoder learns nothing from them until it has seen, many
times, how news says the plain thing: who supports, rejects or is undecided about what, beside somebody who thinks
otherwise. The holders, claims and noun phrases are those of the written passages; the frames are below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from stancewire.stance.pairs import StanceQuery
from stancewire.types import Span

JsonRow = dict[str, Any]

# {h} the holder, {n} the topic as a noun phrase, {c} as a clause
NOUN_FRAMES = {
    "favor": (
        "{h} supported {n}", "{h} backed {n}", "{h} called for {n}", "{h} welcomed {n}", "{h} endorsed {n}",
        "{h} spoke about the necessity of {n}", "{h} spoke in favour of {n}", "{h} issued a statement supporting {n}",
        "{h} campaigned for {n}", "{h} defended {n}", "{h} urged {n}", "{h} has long advocated {n}",
        "{h} voted for {n}", "{h} signed a petition for {n}", "{h} described {n} as the only way out",
        "{h} said {n} would bring stability", "{h} insisted on {n}", "{h} gathered around the idea of {n}",
        "{h} stated that they are moving towards {n}", "{h} will also support {n}", "{h} expects much good from {n}",
        "{h} joined the supporters of {n}", "{h} criticised those who stand in the way of {n}",
        "{h} demanded {n} without delay", "{h}, once sceptical, now supports {n}", "{h} no longer opposes {n}",
        "{h} dropped all objections to {n}", "according to {h}, {n} is long overdue", "“We need {n},” {h} said",
        "“There is no alternative to {n},” according to {h}", "{h} is in favour of {n}", "{h} agreed to {n}",
        "{h} promised to fight for {n}", "{h} pleaded for {n}", "{h} regards {n} as a right", "{h} hopes for {n}",
        "{h} would accept {n} if certain conditions were met", "{h} is likely to support {n}",
        "it seems that {h} will support {n}", "{h} said {n} was the best of the options",
    ),
    "against": (
        "{h} opposed {n}", "{h} rejected {n}", "{h} spoke out against {n}", "{h} warned against {n}",
        "{h} condemned {n}", "{h} dismissed {n}", "{h} voted against {n}", "{h} refused to accept {n}",
        "{h} issued a statement rejecting {n}", "{h} campaigned against {n}", "{h} ruled out {n}",
        "{h} described {n} as a mistake", "{h} said {n} would lead to chaos", "{h} called {n} unworthy of discussion",
        "{h} views {n} as a danger to the country", "{h} signed a letter against {n}", "{h} walked out over {n}",
        "{h} joined the opponents of {n}", "{h} criticised those who call for {n}", "{h} vowed to block {n}",
        "{h}, once in favour, now opposes {n}", "{h} no longer supports {n}", "{h} withdrew support for {n}",
        "{h} lost all hope for {n}", "according to {h}, {n} is out of the question", "“We do not need {n},” {h} said",
        "“There is no place for {n},” according to {h}", "{h} is against {n}", "{h} does not believe in {n}",
        "{h} did not respond to calls for {n}", "{h} ignored the calls for {n}", "{h} ridiculed {n}",
        "{h} sees no sense in {n}", "{h} considers {n} harmful", "{h} would never agree to {n}",
        "{h} is likely to oppose {n}", "it seems that {h} will reject {n}", "{h} called {n} surrender",
        "{h} said the price of {n} was too high", "{h} boycotted the talks about {n} in protest against it",
    ),
    "neutral": (
        "{h} has not yet taken a position on {n}", "{h} have not taken a stance on {n}", "{h} is undecided about {n}",
        "{h} said there were good arguments for and against {n}", "{h} neither supported nor opposed {n}",
        "{h} abstained in the vote on {n}", "{h} declined to take sides on {n}", "{h} is still weighing {n}",
        "{h} will decide on {n} next month", "{h} took no position on {n}", "{h} could live with or without {n}",
        "{h} said it was too early to judge {n}", "{h} sees both advantages and drawbacks in {n}",
    ),
    "none": (
        "{h} attended a conference on {n}", "{h} was present when {n} was debated", "{h} read out the agenda, on which stood {n}",
        "{h} published a history of {n}", "{h} was asked about {n} and spoke of something else",
        "{h} arrived as the debate over {n} began", "the room in which {n} was discussed belongs to {h}",
        "{h} chaired the session on {n}", "{h} counted the votes on {n}", "a meeting with {h} came before the debate on {n}",
        "those who discussed {n} thanked {h} for the tea", "{n} was put to {h}, whose answer is not known",
    ),
}  # fmt: skip
CLAUSE_FRAMES = {
    "favor": (
        "{h} said that {c}", "{h} insisted that {c}", "{h} argued that {c}", "{h} believes that {c}",
        "in the view of {h}, {c}", "“{c},” {h} said", "{h} told reporters that {c}", "{h} made it clear that {c}",
        "{h} wrote that {c}", "{h} agrees that {c}", "{h} is convinced that {c}", "according to {h}, {c}",
    ),
    "against": (
        "{h} denied that {c}", "{h} does not believe that {c}", "{h} rejected the idea that {c}",
        "{h} called it absurd to say that {c}", "{h} disagreed with those who say that {c}",
        "{h} no longer thinks that {c}", "{h} warned those who say that {c}",
        "{h} contradicted the claim that {c}",
    ),
}  # fmt: skip
POINTING = (
    "{h} supported this proposal", "{h} rejected this proposal", "{h} has not yet taken a stance on it",
    "{h} spoke in favour of the idea", "{h} dismissed the idea", "{h} will also support such a step",
    "{h} called such a step dangerous", "{h} welcomed the plan", "{h} opposed the plan",
)  # fmt: skip
POINTING_ANSWERS = ("favor", "against", "neutral", "favor", "against", "favor", "against", "favor", "against")
LEADS = (
    "The debate has turned to {n}.",
    "For weeks the talk has been of {n}.",
    "On the table is {n}.",
    "A proposal was made: {n}.",
)
CAMPS = {"favor": ("supporters of {n}", "advocates of {n}", "those who want {n}"), "against": ("opponents of {n}", "critics of {n}", "those who reject {n}")}  # fmt: skip
CAMP_DEEDS = (
    "{h} met on Tuesday",
    "{h} were among the guests",
    "the meeting brought together {h}",
    "{h} gathered in the capital",
)
OWN = {
    "favor": ("It is time for {n}.", "{n} would be a step forward.", "We need {n}, and soon.", "{c}.", "Without {n} there is no way out."),
    "against": ("{n} would be a disaster.", "Nobody needs {n}.", "{n} is the wrong answer.", "It is not true that {c}.", "Let us hear no more of {n}."),
    "none": ("The debate over {n} went on.", "The parties met to discuss {n}."),
}  # fmt: skip
# {h} the holder, {t} whom the stance is about: news puts either of them first
ACTOR_FRAMES = {
    "favor": (
        "{h} praised {t}", "{h} thanked {t} for its help", "{h} endorsed {t}", "{h} defended {t}", "{h} sided with {t}",
        "{h} congratulated {t} on the result", "{h} pledged support to {t}", "{h} called {t} a trusted partner",
        "{h} agreed with {t}", "{h}, an ally of {t}, spoke on Monday", "{h} voted for {t}", "{h} urged people to back {t}",
        "{h} welcomed the words of {t}", "{t} was praised by {h}", "{t}, who has the backing of {h}, won the vote",
        "{t} won the support of {h}", "{t} was endorsed by {h}", "{t} received an award from {h}",
        "{t} was thanked by {h}", "{t} is admired by {h}", "{t}, defended by {h}, stayed in office",
        "{t} found a friend in {h}", "{t} was backed by {h} in the dispute", "for {t} there was applause from {h}",
        "{t}, whom {h} called a hero, returned home", "{t} got a loan from {h}, which trusts its plans",
    ),
    "against": (
        "{h} criticised {t}", "{h} accused {t} of lying", "{h} condemned {t}", "{h} attacked {t}", "{h} sued {t}",
        "{h} imposed sanctions on {t}", "{h} blamed {t} for the crisis", "{h} rejected the demands of {t}",
        "{h} called {t} a threat", "{h} fears {t}", "{h} mocked {t}", "{h} called on {t} to resign", "{h} warned {t}",
        "{h} has no trust in {t}", "{h} broke with {t}", "{h} lost patience with {t}", "{h} fired {t}",
        "{t} was criticised by {h}", "{t} was accused by {h} of breaking the deal", "{t} was arrested by {h}",
        "{t} was condemned by {h}", "{t} came under fire from {h}", "{t} drew an angry answer from {h}",
        "{t}, whom {h} called a liar, kept silent", "{t} faces charges brought by {h}", "{t} lost the trust of {h}",
        "{t} was abandoned by {h}", "{t}, long a thorn in the side of {h}, appeared on television",
        "{t} was struck by forces of {h}", "pressure on {t} from {h} is growing",
    ),
    "none": (
        "{h} met {t} on Monday", "{h} and {t} both come from the coast", "{h} works in the same city as {t}",
        "{h} spoke after {t}", "{h} was seated beside {t}", "{t} was mentioned in a letter to {h}",
        "{h}, a former colleague of {t}, writes novels", "{h} lost the match to {t}", "{h} travelled to the seat of {t}",
        "{h} has studied the history of {t}", "reporters asked {h} about {t}", "{t} will speak at the invitation of others, {h} was told",
    ),
}  # fmt: skip
# a holder, and what somebody else is said to think: {o} holds it, {h} only tells it
TELLING = (
    "{h} reported that {o}", "{h} noted that {o}", "{h} said that {o}", "{h} recalled how {o}",
    "according to {h}, {o}", "in a survey by {h}, {o}", "{h} quoted a minister as saying that {o}",
)  # fmt: skip
ASIDES = (
    "{h} warned of a civil war and said that {own}", "{h}, worried by the fighting, said that {own}",
    "despite the pressure from abroad, {h} said that {own}", "{h} condemned the violence and added that {own}",
    "{h} welcomed the guests and then said that {own}", "{h} praised the army, thanked the hosts and said that {own}",
    "after weeks of calm, {h} said that {own}",
)  # fmt: skip
OWN_CLAUSE = {
    "favor": (
        "there is no solution but {n}", "the best way is {n}", "{c}", "{n} must not be given up", "{n} is the key to peace",
        "everyone should work for {n}", "{n} remains the only way forward", "only {n} can end the crisis",
    ),
    "against": (
        "nothing good would come of {n}", "{n} is no solution", "{n} must be stopped", "{n} would be a grave mistake",
        "nobody should be fooled by {n}", "the time of {n} is over", "it is wrong to say that {c}", "{n} is doomed to fail",
    ),
    "neutral": ("it is too early to speak of {n}", "{n} has good sides and bad ones", "no decision on {n} has been made"),
    "none": ("the roads would be open by Friday", "talks on other questions would go on", "the papers on {n} had been received"),
}  # fmt: skip
JOINS = (". ", ", while ", "; ", ", but ", ". On the same day ")
OPPOSED = {"favor": "against", "against": "favor", "neutral": "neutral", "none": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """One topic in both its wordings."""

    claim: str
    noun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A question about a made sentence, with its right answer."""

    query: StanceQuery
    answer: str


class FrameMaker:
    """Makes questions from the holders and topics of the written passages."""

    def __init__(self, rows: list[JsonRow]) -> None:
        names = {question["holder"] for row in rows for question in row["questions"] if question["holder"]}
        self._holders = sorted(name for name in names if len(name.split()) > 1 and len(name) < 50)
        self._topics = [
            Wordings(claim=topic["claim"], noun=topic["noun"]) for row in rows for topic in row["topics"]
        ]

    def make(self, count: int, rng: Random) -> Iterator[Framed]:
        """Yield `count` questions."""
        kinds = (
            self._two_holders,
            self._two_holders,
            self._one_holder,
            self._pointing,
            self._camp,
            self._own,
            self._actors,
            self._telling,
            self._aside,
        )
        for _ in range(count):
            topic = rng.choice(self._topics)
            yield rng.choice(kinds)(topic, rng)

    def _one_holder(self, topic: Wordings, rng: Random) -> Framed:
        answer = rng.choice(("favor", "against", "favor", "against", "neutral", "none"))
        text, holder = self._say(answer, topic, rng)
        if rng.random() < 0.25:  # the same words about another topic say nothing about this one
            return _asked(f"{_opened(text)}.", holder, rng.choice(self._topics), "none", rng)
        return _asked(f"{_opened(text)}.", holder, topic, answer, rng)

    def _two_holders(self, topic: Wordings, rng: Random) -> Framed:
        answers = [rng.choice(("favor", "against", "favor", "against", "neutral", "none")) for _ in range(2)]
        first, one = self._say(answers[0], topic, rng)
        second, other = self._say(answers[1], topic, rng)
        join = rng.choice(JOINS)
        second = _opened(second) if join == ". " else second
        if one == other or one in second or other in first:
            return self._one_holder(topic, rng)
        text = f"{_opened(first)}{join}{second}."
        asked = rng.randrange(2)
        if rng.random() < 0.1:
            return _asked(text, None, topic, "none", rng)
        return _asked(text, (one, other)[asked], topic, answers[asked], rng)

    def _pointing(self, topic: Wordings, rng: Random) -> Framed:
        number = rng.randrange(len(POINTING))
        holder = rng.choice(self._holders)
        lead = rng.choice(LEADS).format(n=topic.noun)
        text = f"{lead} {_opened(POINTING[number].format(h=holder))}."
        return _asked(text, holder, topic, POINTING_ANSWERS[number], rng)

    def _camp(self, topic: Wordings, rng: Random) -> Framed:
        answer = rng.choice(("favor", "against"))
        holder = rng.choice(CAMPS[answer]).format(n=topic.noun)
        text = f"{_opened(rng.choice(CAMP_DEEDS).format(h=holder))}."
        other, name = self._say(OPPOSED[answer], topic, rng)
        if rng.random() < 0.5:
            text = f"{text} {_opened(other)}."
        if rng.random() < 0.2 and name in text:
            return _asked(text, name, topic, OPPOSED[answer], rng)
        return _asked(text, holder, topic, answer, rng)

    def _own(self, topic: Wordings, rng: Random) -> Framed:
        answer = rng.choice(("favor", "against", "favor", "against", "none"))
        text = _opened(rng.choice(OWN[answer]).format(n=topic.noun, c=_clause(topic.claim)))
        if rng.random() < 0.4:
            other, _ = self._say(rng.choice(("favor", "against")), topic, rng)
            text = f"{_opened(other)}. {text}"
        return _asked(text, None, topic, answer, rng)

    def _actors(self, topic: Wordings, rng: Random) -> Framed:
        """Whom one holder praises or blames, asked in that direction or in the other."""
        answer = rng.choice(("favor", "against", "favor", "against", "none"))
        holder, target = rng.sample(self._holders, 2)
        text = f"{_opened(rng.choice(ACTOR_FRAMES[answer]).format(h=holder, t=target))}."
        if rng.random() < 0.3:
            text = f"{_opened(self._say(answer, topic, rng)[0])}. {text}"
        if rng.random() < 0.35:
            holder, target, answer = target, holder, "none"
        return _asked(text, holder, Wordings(claim=target, noun=target), answer, rng)

    def _telling(self, topic: Wordings, rng: Random) -> Framed:
        """One holder tells what another thinks: it isn't the teller's own stance."""
        answer = rng.choice(("favor", "against"))
        told, owner = self._say(answer, topic, rng)
        teller = rng.choice(self._holders)
        if teller in told or owner in teller:
            return self._one_holder(topic, rng)
        text = f"{_opened(rng.choice(TELLING).format(h=teller, o=told))}."
        if rng.random() < 0.5:
            return _asked(text, teller, topic, "none", rng)
        return _asked(text, owner, topic, answer, rng)

    def _aside(self, topic: Wordings, rng: Random) -> Framed:
        """A stance behind warm or harsh words about something else."""
        answer = rng.choice(("favor", "against", "favor", "against", "neutral", "none"))
        own = rng.choice(OWN_CLAUSE[answer]).format(n=topic.noun, c=_clause(topic.claim))
        holder = rng.choice(self._holders)
        text = f"{_opened(rng.choice(ASIDES).format(h=holder, own=own))}."
        return _asked(text, holder, topic, answer, rng)

    def _say(self, answer: str, topic: Wordings, rng: Random) -> tuple[str, str]:
        holder = rng.choice(self._holders)
        with_clause = answer in CLAUSE_FRAMES and rng.random() < 0.25
        frames = CLAUSE_FRAMES[answer] if with_clause else NOUN_FRAMES[answer]
        return rng.choice(frames).format(h=holder, n=topic.noun, c=_clause(topic.claim)), holder


def _asked(text: str, holder: str | None, topic: Wordings, answer: str, rng: Random) -> Framed:
    wording = topic.claim if rng.random() < 0.65 else topic.noun
    if wording == topic.claim and rng.random() < 0.2 and " should " in wording and " not " not in wording:
        wording, answer = wording.replace(" should ", " should not ", 1), OPPOSED[answer]
    start = text.casefold().find(holder.casefold()) if holder else -1
    mention = Span(start=start, end=start + len(holder)) if holder and start >= 0 else None
    name = mention.of(text) if mention else holder
    return Framed(query=StanceQuery(text=text, topic=wording, holder=name, mention=mention), answer=answer)


def _clause(claim: str) -> str:
    return claim.rstrip(".")


def _opened(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
