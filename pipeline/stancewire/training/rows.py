"""Converters from the rows of public stance sets to one common training row."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from stancewire.classify import query_of
from stancewire.errors import ConfigError, InputError
from stancewire.resources import resource
from stancewire.stance.calibration import ANSWERS
from stancewire.stance.pairs import StanceQuery
from stancewire.training.frames import OPPOSED, FrameMaker
from stancewire.training.recipe import DataSource
from stancewire.training.unlabelled import find_pairs
from stancewire.types import Span

FRAMES = "frames"  # sentences made from the rows, see training.frames
UNLABELLED = "unlabelled"  # sentences with two names, for a teacher to answer, see training.unlabelled
NLI_ANSWERS = {"entailment": "favor", "contradiction": "against", "neutral": "none"}
SENTENCE_END = re.compile(r"[.!?;][\"”’)]*\s+(?=[\"“‘(A-Z])|\n+")
PRONOUNS = r"(?:I|You|He|She|It|We|They|His|Her|Their|My|Our)\b"
NAME = re.compile(rf"(?!{PRONOUNS})[A-Z][\w.’'-]*( [A-Z][\w.’'-]*){{0,3}}")
NEGATED_CLAIM_SHARE = (
    0.15  # share of "X should ..." claims turned into "X should not ..." with the answer turned too
)

JsonRow = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A question with the distribution over ANSWERS that the model should give."""

    query: StanceQuery
    target: tuple[float, float, float, float]


def read_rows(source: DataSource, folder: Path, *, rng: Random) -> list[TrainingRow]:
    """Read one data file as training rows, `passes` times over (a fraction is a random share)."""
    if source.format not in (*FORMATS, FRAMES, UNLABELLED):
        known = ", ".join((*FORMATS, FRAMES, UNLABELLED))
        raise ConfigError(f"{source.path}: unknown format {source.format!r}; known: {known}")
    rows = read_json_rows(source, folder)
    if source.silent is not None:
        rows = _balanced(rows, source.silent, rng)
    if source.format == FRAMES:
        made = FrameMaker(rows).make(round(source.passes * len(rows)), rng)
        return [TrainingRow(query=framed.query, target=one_hot(framed.answer)) for framed in made]
    if source.format == UNLABELLED:
        return list(_unlabelled(rng.sample(rows, round(source.passes * len(rows))), rng))
    if source.mismatched:
        rows += _mismatched(rows, source.mismatched, rng)
    names = sorted({name for row in rows for name in _actor_names(row)}) if source.renamed else []
    chosen: list[TrainingRow] = []
    whole, part = divmod(source.passes, 1)
    for number in range(int(whole) + 1):
        share = rows if number < whole else rng.sample(rows, round(part * len(rows)))
        for row in share:
            asked = _renamed(row, names, rng) if rng.random() < source.renamed else row
            chosen += FORMATS[source.format](asked, number, rng)
    return chosen


def read_json_rows(source: DataSource, folder: Path) -> list[JsonRow]:
    """Read the kept rows of one data file, each with the text that it points into."""
    rows = [row for row in read_json_lines(_locate(source.path, folder)) if _is_kept(row, source)]
    if not source.texts:
        return rows
    rows = _with_texts(rows, [_locate(path, folder) for path in source.texts])
    return [_cut_out(row) for row in rows] if source.format.startswith("directed") else rows


def _unlabelled(rows: list[JsonRow], rng: Random) -> Iterator[TrainingRow]:
    """Ask what each of two names in a sentence thinks of the other; "none" holds the place of the teacher's answer."""
    for pair in find_pairs((row["text"] for row in rows), rng):
        for query in dse_queries(pair):
            yield TrainingRow(query=query, target=one_hot("none"))


def is_there(source: DataSource, folder: Path) -> bool:
    """Say whether a data file and the texts that it points into can be read."""
    return all(_locate(path, folder).is_file() for path in (source.path, *source.texts))


def _locate(path: str, folder: Path) -> Path:
    """Return where a data file is: the project's own corpora, or the folder that the user keeps other sets in."""
    return resource(path) if path.startswith("corpora/") else folder / path


def _with_texts(rows: list[JsonRow], paths: list[Path]) -> list[JsonRow]:
    """Give each row the text of its article, and its title."""
    wanted = {row["article"] for row in rows}
    articles = (article for path in paths for article in read_json_lines(path))
    found = {article["id"]: article for article in articles if article["id"] in wanted}
    if missing := sorted(wanted - set(found)):
        places = ", ".join(map(str, paths))
        raise InputError(
            f"{places}: {len(missing)} articles that rows point into are missing, first {missing[0]!r}"
        )
    return [
        {**row, "text": found[row["article"]]["text"], "title": found[row["article"]].get("title")}
        for row in rows
    ]


def _cut_out(row: JsonRow) -> JsonRow:
    """Return a directed row that points into an article as one that holds its passage."""
    start, end = row["context"]
    places = {key: [place - start for place in row[key]] for key in ("p", "q")}
    return {**row, **places, "text": row["text"][start:end]}


def read_json_lines(path: Path) -> Iterator[JsonRow]:
    """Yield the rows of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such data file; corpora/cards says where to get it") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: not (gzipped) JSON lines: {error}") from error


def one_hot(answer: str) -> tuple[float, float, float, float]:
    """Return the target vector of a row with one right answer."""
    favor, against, neutral, none = (float(answer == known) for known in ANSWERS)
    return favor, against, neutral, none


def nli_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """An author agrees with what the premise entails and disagrees with what it contradicts."""
    query = StanceQuery(text=row["premise"], topic=row["hypothesis"])
    yield TrainingRow(query=query, target=one_hot(NLI_ANSWERS[row["label"]]))


def target_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """An author's stance on a target or claim; `target` is the wording or its offsets in `text`."""
    target = row["target"]
    topic = row["text"][target[0] : target[1]] if isinstance(target, list) else as_claim(target)
    if "p_favor" in row:
        soft = (row["p_favor"], row["p_against"], 0.0, row["p_none"])
        yield TrainingRow(query=StanceQuery(text=row["text"], topic=topic), target=soft)
        return
    yield TrainingRow(query=StanceQuery(text=row["text"], topic=topic), target=one_hot(row["label"]))


def directed_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """DSE: who of two marked entities thinks what of the other. Empty pairs give one of their two directions."""
    forward, backward = dse_queries(row)
    answers = DSE_ANSWERS[row["label"]]
    both = list(zip((forward, backward), answers, strict=True))
    for query, answer in both if row["label"] else [rng.choice(both)]:
        yield TrainingRow(query=query, target=one_hot(answer))


def directed_dev_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """DSE with both directions of every pair, as it is evaluated."""
    for query, answer in zip(dse_queries(row), DSE_ANSWERS[row["label"]], strict=True):
        yield TrainingRow(query=query, target=one_hot(answer))


def written_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """The project's own passages: every question, worded as claim and as noun phrase in turn."""
    topics = {topic["id"]: topic for topic in row["topics"]}
    for index, question in enumerate(row["questions"]):
        topic = topics[question["topic"]]
        answer = question["stance"]
        wording = topic["claim"] if (index + number) % 3 else topic["noun"]
        if rng.random() < NEGATED_CLAIM_SHARE and (negated := negate(wording)):
            wording, answer = negated, OPPOSED[answer]
        yield TrainingRow(query=_written_query(row, question, wording), target=one_hot(answer))


def excerpt_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """The project's own passages cut to what the pipeline shows: the holder's sentence and the one before it.

    The sentence after it stays too: news puts "He said he would not." there. Questions about the author keep the
    whole passage.
    """
    for made, question in zip(written_rows(row, number, rng), row["questions"], strict=True):
        if question["start"] is None:
            yield made
        else:
            yield TrainingRow(query=_excerpt(made.query), target=made.target)


def _excerpt(query: StanceQuery) -> StanceQuery:
    """Cut a query's text to the sentence of its mention, the one before and the one after."""
    mention = query.mention
    if mention is None:
        return query
    ends = [match.end() for match in SENTENCE_END.finditer(query.text)] + [len(query.text)]
    starts = [0, *ends[:-1]]
    here = next(index for index, end in enumerate(ends) if mention.start < end)
    start = starts[max(0, here - 1)]
    end = ends[min(len(ends) - 1, here + 1)]
    text = query.text[start:end]
    moved = Span(start=mention.start - start, end=mention.end - start)
    if moved.end > len(text):
        return query
    return StanceQuery(text=text, topic=query.topic, holder=query.holder, mention=moved)


def located_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """A labelled question about real news: `context` and `mention` are offsets into an article's text.

    `raised`, where there is one, is the place of a sentence further up, or "title": it names the topic.
    """
    start, end = row["context"]
    raised = _raised(row)
    shift = len(raised) - start
    mention = row["mention"] and Span(start=row["mention"][0], end=row["mention"][1])
    is_inside = mention and start <= mention.start and mention.end <= end
    topic, answer = row["topic"], row["stance"]
    if number and rng.random() < NEGATED_CLAIM_SHARE and (negated := negate(topic)):
        topic, answer = negated, OPPOSED[answer]
    query = StanceQuery(
        text=raised + row["text"][start:end],
        topic=topic,
        holder=mention.of(row["text"]) if mention else None,
        mention=Span(start=mention.start + shift, end=mention.end + shift) if is_inside else None,
    )
    yield TrainingRow(query=query, target=one_hot(answer))


def annotated_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """Own annotations: a row of `stancewire classify` with the right answer under "stance"."""
    place, answer = f"row {row.get('id', row.get('text'))!r}", row.get("stance")
    if answer not in ANSWERS:
        raise InputError(f"{place}: 'stance' must be one of {', '.join(ANSWERS)}, got {answer!r}")
    yield TrainingRow(query=query_of(row, place), target=one_hot(answer))


def _raised(row: JsonRow) -> str:
    """Return the words that come before a passage because they name its topic."""
    place = row.get("raised")
    if place is None:
        return ""
    words = row["title"] if place == "title" else row["text"][place[0] : place[1]]
    if not words:
        raise InputError(
            f"article {row['article']!r} has no title, and a row begins with it: {row['context']}"
        )
    return f"{words} "


def written_dev_rows(row: JsonRow, number: int, rng: Random) -> Iterator[TrainingRow]:
    """The project's own passages with the claims as they are."""
    topics = {topic["id"]: topic for topic in row["topics"]}
    for question in row["questions"]:
        query = _written_query(row, question, topics[question["topic"]]["claim"])
        yield TrainingRow(query=query, target=one_hot(question["stance"]))


def dse_queries(row: JsonRow) -> tuple[StanceQuery, StanceQuery]:
    """Return the two questions of a DSE row: what p thinks of q, and what q thinks of p."""
    text, p, q = (
        row["text"],
        Span(start=row["p"][0], end=row["p"][1]),
        Span(start=row["q"][0], end=row["q"][1]),
    )
    return (
        StanceQuery(text=text, holder=p.of(text), mention=p, topic=q.of(text)),
        StanceQuery(text=text, holder=q.of(text), mention=q, topic=p.of(text)),
    )


def as_claim(target: str) -> str:
    """Turn a motion put as a question ("Should we ban X") into the claim that supporters make."""
    match = re.match(r"should we (.+?)\??$", target.strip(), re.IGNORECASE)
    return f"We should {match[1]}." if match else target.strip()


def negate(claim: str) -> str | None:
    """Return the claim with its "should" negated, or None where it has no plain one."""
    if len(re.findall(r"\bshould\b", claim)) != 1:
        return None
    if "should not" in claim:
        return claim.replace("should not", "should")
    return claim.replace("should", "should not")


def _written_query(row: JsonRow, question: JsonRow, wording: str) -> StanceQuery:
    start, end = question["start"], question["end"]
    mention = None if start is None else Span(start=start, end=end)
    return StanceQuery(text=row["text"], topic=wording, holder=question["holder"], mention=mention)


def _balanced(rows: list[JsonRow], silent: float, rng: Random) -> list[JsonRow]:
    """Thin out the rows without a stance where a topic has too many of them.

    A topic that hardly anybody takes a stance on teaches the model that its wording means "none", whatever is said.
    """
    by_topic: dict[str, list[JsonRow]] = {}
    for row in rows:
        by_topic.setdefault(row["topic"], []).append(row)
    kept = []
    for members in by_topic.values():
        stated = [row for row in members if row["stance"] != "none"]
        others = [row for row in members if row["stance"] == "none"]
        kept += stated + rng.sample(others, min(len(others), round(silent * len(stated))))
    return kept


def _mismatched(rows: list[JsonRow], share: float, rng: Random) -> list[JsonRow]:
    """Return a share of the rows with another row's target and the answer "none" (the neutrals of VAST, 2020)."""
    chosen = rng.sample(rows, round(share * len(rows)))
    others = [rng.choice(rows)["target"] for _ in chosen]
    pairs = zip(chosen, others, strict=True)
    return [{**row, "target": other, "label": "none"} for row, other in pairs if other != row["target"]]


def _actor_names(row: JsonRow) -> list[str]:
    """Return which of a DSE row's two actors are named by nothing but capitalised words."""
    mentions = [row["text"][row[key][0] : row[key][1]] for key in ("p", "q")]
    return [mention for mention in mentions if NAME.fullmatch(mention)]


def _renamed(row: JsonRow, names: list[str], rng: Random) -> JsonRow:
    """Put other names in the place of a DSE row's two actors, where they are names."""
    row = dict(row)
    for key in sorted(("p", "q"), key=lambda key: row[key][0], reverse=True):
        start, end = row[key]
        if not NAME.fullmatch(row["text"][start:end]):
            continue
        name = rng.choice(names)
        row["text"] = row["text"][:start] + name + row["text"][end:]
        row[key] = [start, start + len(name)]
        other = "q" if key == "p" else "p"
        if row[other][0] >= end:
            row[other] = [place + len(name) - (end - start) for place in row[other]]
    return row


def _is_kept(row: JsonRow, source: DataSource) -> bool:
    return all(row.get(key) in values for key, values in source.keep.items())


# DSE labels 0..4 -> (what p thinks of q, what q thinks of p); Park et al. 2021
DSE_ANSWERS = (
    ("none", "none"),
    ("favor", "none"),
    ("none", "favor"),
    ("against", "none"),
    ("none", "against"),
)

FORMATS: dict[str, Callable[[JsonRow, int, Random], Iterator[TrainingRow]]] = {
    "nli": nli_rows,
    "target": target_rows,
    "directed": directed_rows,
    "directed-dev": directed_dev_rows,
    "written": written_rows,
    "written-dev": written_dev_rows,
    "excerpt": excerpt_rows,
    "located": located_rows,
    "annotated": annotated_rows,
}
