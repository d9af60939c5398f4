"""Measures how well near-identical copies are found: labelled copies of real articles, made by the edits of news desks.

    python tests/bench/copies.py --data data

Each story gets two to five copies, half of them made by one edit, half by several; for one story in four the original
is left out. All other articles of the archive stay in, and two further kinds of article that are no copies: those that
share a paragraph or two with another story, and the parts of a series. The archive's own copies are taken out before,
by exact counting of runs of EXACT_WORDS words (not by sketches): without_natural_copies() says how. `--half choose` is
what the thresholds were chosen on; the other half is reported.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate, combinations
from pathlib import Path
from random import Random
from textwrap import wrap
from time import perf_counter
from unicodedata import normalize

from stancewire.copies import SKETCH_BYTES, clusters, sketch
from stancewire.errors import InputError, StancewireError
from stancewire.evaluation.figures import Hits, Share

FILES = ("articles/tehran_times_afghanistan.jsonl.gz", "articles/tehran_times_load.jsonl.gz")
SEED = 7
STORIES = 300
SHORTEST = 80  # words of a story that is copied; shorter ones have too little to cut
EXACT_WORDS = 8
NATURAL = 0.5
WHOLE = 0.9
OPENING = 50  # words
COMMON = 20  # a run in more articles than this is boilerplate, and no sign of a copy

Edit = Callable[[str, Random], str]

HEADLINES = (
    "Officials respond as questions grow",
    "What we know so far",
    "Talks end without a deal, sources say",
    "Concern mounts over the latest developments",
)
CITIES = ("KABUL", "TEHRAN", "ISLAMABAD", "GENEVA", "NEW YORK", "MOSCOW")
AGENCIES = ("Reuters", "AP", "AFP", "Xinhua", "MNA", "IRNA")
NAMES = ("Anna Holt", "Karim Safi", "J. M. Ortega", "Laila Noori", "Peter Brandt")
NOTICES = (
    "Sign up to our morning newsletter and get the day's most important stories in your inbox before breakfast. You "
    "can unsubscribe at any time. By signing up you agree to our terms of service and our privacy policy.",
    "© The Daily Courier. All rights reserved. This material may not be published, broadcast, rewritten or "
    "redistributed without permission. Follow us on our channels for breaking news and analysis around the clock.",
    "Read more: five things to know today. Support independent journalism: become a member for the price of a coffee a "
    "month, and help us to keep our reporting open to everybody, everywhere, whatever they can pay.",
)
PARAGRAPHS = (
    "The announcement came hours after a separate meeting of regional envoys, who had gathered to discuss trade, water "
    "and transit. Two diplomats, who asked not to be named, said that a joint paper was expected within a week, though "
    "several points were still open.",
    "Markets showed little reaction on the day. Traders said that most had expected the news, and that the price of "
    "bread and fuel in the capital would depend more on the state of the roads over the coming winter.",
    "Analysts in the region were divided. Some saw a real change of course; others warned that similar promises had "
    "been made before and that nobody had yet said who would pay, or who would check what was done.",
)
SYNONYMS = {
    "said": "stated",
    "told": "informed",
    "about": "around",
    "also": "moreover",
    "but": "however",
    "many": "numerous",
    "big": "large",
    "people": "persons",
    "country": "nation",
    "against": "versus",
    "after": "following",
    "before": "prior to",
    "because": "since",
    "while": "whereas",
    "meeting": "gathering",
    "important": "significant",
    "should": "ought to",
    "show": "demonstrate",
    "war": "conflict",
    "end": "close",
}
SPELLINGS = {
    "Taliban": "Taleban",
    "Taleban": "Taliban",
    "program": "programme",
    "defense": "defence",
    "center": "centre",
    "labor": "labour",
    "neighbor": "neighbour",
    "organization": "organisation",
    "organizations": "organisations",
    "U.S.": "US",
    "UN": "U.N.",
    "percent": "per cent",
    "Quran": "Koran",
    "Muslim": "Moslem",
    "Ayatollah": "Ayatullah",
    "Mohammad": "Mohammed",
}


def keep_as_is(text: str, _: Random) -> str:
    return text


def put_headline(text: str, random: Random) -> str:
    words = random.sample(sorted({word for word in text.split() if word[:1].isupper()}) or ["News"], 1)
    return f"{words[0]}: {random.choice(HEADLINES)}\n\n{text}"


def put_dateline(text: str, random: Random) -> str:
    return f"{random.choice(CITIES)}, March {random.randint(1, 31)} ({random.choice(AGENCIES)}) -- {text}"


def put_byline(text: str, random: Random) -> str:
    return f"By {random.choice(NAMES)}\nStaff writer\nUpdated {random.randint(1, 12)}:15 p.m.\n\n{text}"


def put_notice_in_front(text: str, random: Random) -> str:
    return f"{random.choice(NOTICES)}\n\n{text}"


def put_notice_at_end(text: str, random: Random) -> str:
    return f"{text}\n\n{random.choice(NOTICES)}"


def cut_end(text: str, random: Random) -> str:
    return _without(text, random.uniform(0.1, 0.5), at=1.0)


def cut_middle(text: str, random: Random) -> str:
    return _without(text, random.uniform(0.1, 0.5), at=random.uniform(0.2, 0.8))


def change_words(text: str, _: Random) -> str:
    return _swap(text, SYNONYMS)


def change_spelling(text: str, _: Random) -> str:
    return _swap(text, SPELLINGS)


def change_marks(text: str, random: Random) -> str:
    """Return other quotes, dashes and spaces, accents as two characters, capital letters in front."""
    marks = str.maketrans(
        {"“": '"', "”": '"', "’": "'", "–": "--", "—": "--", '"': "»", "'": "’", " ": "\u00a0"}
    )
    first, _, following = normalize("NFD", text).translate(marks).partition("\u00a0")
    return f"{first.upper()} {following}"


def garble_encoding(text: str, _: Random) -> str:
    """Return the text read in the wrong encoding, with its marks as entities."""
    return text.encode().decode("cp1252", errors="ignore").replace('"', "&quot;").replace("&", "&amp;", 1)


def correct_typos(text: str, random: Random) -> str:
    """Return the text with other typos: one word in a hundred."""
    words = text.split(" ")
    for place in random.sample(range(len(words)), max(1, len(words) // 100)):
        words[place] = words[place][1:2] + words[place][:1] + words[place][2:]
    return " ".join(words)


def add_paragraph(text: str, random: Random) -> str:
    sentences = _sentences(text)
    place = random.randint(len(sentences) // 2, len(sentences))
    return " ".join([*sentences[:place], random.choice(PARAGRAPHS), *sentences[place:]])


def wrap_lines(text: str, _: Random) -> str:
    """Return lines of 72 characters, as a mail or a print archive has them."""
    return "\n".join(wrap(text, 72))


CUTS: tuple[Edit, ...] = (cut_end, cut_middle)
EDITS: tuple[Edit, ...] = (
    keep_as_is,
    put_headline,
    put_dateline,
    put_byline,
    put_notice_in_front,
    put_notice_at_end,
    change_words,
    change_spelling,
    change_marks,
    garble_encoding,
    correct_typos,
    add_paragraph,
    wrap_lines,
)
FIGURES = 6  # numbers of two digits and more in what counts as statistics
_NUMBER = re.compile(r"\d[\d.,]*\d")
SEVERAL = "several, uncut"
SEVERAL_CUT = "several, cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text, the story that it is a copy of (its own, where it is none), and the edit that made it."""

    id: str
    text: str
    story: str
    edit: str = "original"


def labelled(texts: Mapping[str, str], *, stories: int, seed: int = SEED) -> list[Labelled]:
    """Return all texts with copies of some of them and articles that only look like copies, in random order."""
    random = Random(seed)
    copied, series, sharing, monthly, lenders = _parts(texts, stories, random)
    away = {*copied, *series, *sharing}
    rows = [Labelled(id=key, text=text, story=key) for key, text in texts.items() if key not in away]
    for key in copied:
        rows += _copies_of(key, texts[key], random)
    for key in series:
        rows += _series(key, texts[key], random)
    rows += [_sharing(key, texts[key], texts[random.choice(lenders)], random) for key in sharing]
    rows += [_next_month(key, texts[key], random) for key in monthly]
    random.shuffle(rows)
    return rows


def _parts(texts: Mapping[str, str], stories: int, random: Random) -> tuple[list[str], ...]:
    """Return which stories are copied, split, given others' paragraphs, and told of the next month; and the lenders."""
    length = {key: len(text.split()) for key, text in texts.items()}
    keys = sorted(key for key in texts if length[key] >= SHORTEST)
    random.shuffle(keys)
    copied, rest = keys[:stories], keys[stories:]
    series = [key for key in rest if length[key] >= 2 * SHORTEST and not _repeats(texts[key])][: stories // 4]
    sharing = [key for key in rest if key not in set(series)][: stories // 2]
    others = [key for key in rest if key not in {*series, *sharing}]
    monthly = [key for key in others if len(set(_NUMBER.findall(texts[key]))) >= FIGURES][: stories // 4]
    lenders = [key for key in copied if length[key] >= 2 * SHORTEST] or copied
    return copied, series, sharing, monthly, lenders


def _copies_of(key: str, text: str, random: Random) -> Iterator[Labelled]:
    if random.random() < 0.75:
        yield Labelled(id=key, text=text, story=key)
    for number in range(random.randint(2, 5)):
        edits = [random.choice(EDITS + CUTS)]
        kind = edits[0].__name__
        if random.random() < 0.5:
            cut = random.sample(CUTS, k=random.randint(0, 1))
            edits = cut + random.sample(EDITS, k=random.randint(2, 4))
            kind = SEVERAL_CUT if cut else SEVERAL
        copy = text
        for edit in edits:
            copy = edit(copy, random)
        yield Labelled(id=f"{key}~{number}", text=copy, story=key, edit=kind)


def _series(key: str, text: str, random: Random) -> Iterator[Labelled]:
    """Yield a text as two parts with the same headline, notice and standing paragraph: no copies of each other."""
    sentences = _sentences(text)
    half = len(sentences) // 2
    frame = f"{random.choice(HEADLINES)}\n\n{random.choice(NOTICES)}\n\n"
    for number, part in enumerate((sentences[:half], sentences[half:])):
        yield Labelled(
            id=f"{key}-{number}", text=f"{frame}Part {number + 1}. {' '.join(part)}", story=f"{key}-{number}"
        )


def _sharing(key: str, text: str, lender: str, random: Random) -> Labelled:
    """Return a text with one or two of another story's paragraphs, up to a third of the shorter of the two."""
    sentences, lent = _sentences(text), _sentences(lender)
    most = min(len(text), len(lender)) / 3
    start = random.randint(0, len(lent) // 2)
    paragraph: list[str] = []
    for sentence in lent[start:]:
        if len(" ".join([*paragraph, sentence])) > most:
            break
        paragraph.append(sentence)
    place = random.choice((len(sentences) // 2, len(sentences)))
    return Labelled(id=key, text=" ".join([*sentences[:place], *paragraph, *sentences[place:]]), story=key)


def _next_month(key: str, text: str, random: Random) -> Labelled:
    """Return a text with all figures but years changed, as next month's statistics come: another story."""

    def changed(match: re.Match[str]) -> str:
        if re.fullmatch(r"(?:19|20)\d\d", match[0]):
            return match[0]
        return "".join(random.choice("123456789") if digit.isdigit() else digit for digit in match[0])

    return Labelled(id=f"{key}+1", text=_NUMBER.sub(changed, text), story=f"{key}+1")


def _repeats(text: str) -> bool:
    """Say whether the second half says again what the first one says, as articles do that were pasted twice."""
    words = text.split()
    return len(_runs(" ".join(words[: len(words) // 2])) & _runs(" ".join(words[len(words) // 2 :]))) > 5


def _without(text: str, share: float, *, at: float) -> str:
    """Return the text less a run of whole sentences of about `share` of its length, which starts or ends near `at`."""
    sentences = _sentences(text)
    budget = int(share * len(text))
    ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
    last = next(number for number, end in enumerate(ends) if end >= at * ends[-1])
    first = last + 1
    while first > 1 and ends[last] - ends[first - 2] <= budget:
        first -= 1
    return " ".join(sentences[:first] + sentences[last + 1 :])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?”\"])\s+", text.strip())


def _swap(text: str, table: Mapping[str, str]) -> str:
    return re.sub(r"[\w.]*\w\.?", lambda found: table.get(found[0], found[0]), text)


def score(rows: Sequence[Labelled], found: Mapping[str, str]) -> tuple[Hits, dict[str, Share]]:
    """Return right, spurious and missing pairs, and for each edit the share found of its copies' pairs."""
    right = _pairs(rows, lambda row: (row.story, found.get(row.id, row.id)))
    wanted = _pairs(rows, lambda row: row.story)
    given = _pairs(rows, lambda row: found.get(row.id, row.id))
    hits = Hits(right=len(right), spurious=len(given - right), missing=len(wanted - right))
    edits = {row.id: row.edit for row in rows}
    of = Counter(edit for pair in wanted for edit in {edits[each] for each in pair})
    got = Counter(edit for pair in right for edit in {edits[each] for each in pair})
    return hits, {edit: Share(hits=got[edit], of=of[edit]) for edit in sorted(of)}


def _pairs(rows: Iterable[Labelled], group: Callable[[Labelled], object]) -> set[tuple[str, str]]:
    members = defaultdict(list)
    for row in rows:
        members[group(row)].append(row.id)
    return {pair for ids in members.values() for pair in combinations(sorted(ids), 2)}


def read(data: Path) -> dict[str, str]:
    """Return the archive's texts by id, each id once."""
    texts: dict[str, str] = {}
    for name in FILES:
        path = data / name
        if not path.is_file():
            raise InputError(f"{path}: not there; corpora/cards/tehran_times.md says where to get it")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts |= {row["id"]: row["text"] for row in map(json.loads, lines)}
    return texts


def without_natural_copies(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts less the later one of each two that are copies, or that could be called so.

    Copies share half of the shorter text's runs of words and half of the shorter opening's; those that share nearly all
    of a text under another opening are left out as well. What shares less stays in, as articles that are no copies.
    """
    kept: dict[str, str] = {}
    runs = {key: _runs(text) for key, text in texts.items()}
    openings = {key: _runs(" ".join(text.split()[:OPENING])) for key, text in texts.items()}
    articles = Counter(run for each in runs.values() for run in each)
    owners: dict[int, list[str]] = defaultdict(list)
    for key in texts:
        telling = [run for run in runs[key] if 1 < articles[run] <= COMMON]
        near = {owner for run in telling for owner in owners[run]}
        if not any(
            _shared(runs[key], runs[other]) >= WHOLE
            or min(_shared(runs[key], runs[other]), _shared(openings[key], openings[other])) >= NATURAL
            for other in near
        ):
            kept[key] = texts[key]
            for run in telling:
                owners[run].append(key)
    return kept


def _shared(some: set[int], others: set[int]) -> float:
    return len(some & others) / max(1, min(len(some), len(others)))


def _runs(text: str) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    joined = (" ".join(words[start : start + EXACT_WORDS]) for start in range(len(words) - EXACT_WORDS + 1))
    return {int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) for run in joined}


def half(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the texts of one half: which one an article is in follows from its id."""
    even = name == "report"
    return {key: text for key, text in texts.items() if (blake2b(key.encode()).digest()[0] % 2 == 0) == even}


def table(texts: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield the lines of the table."""
    alone = without_natural_copies(texts)
    rows = labelled(half(alone, name), stories=STORIES)
    stories = Counter(row.story for row in rows)
    yield f"{len(texts):,} articles, {len(texts) - len(alone):,} of them natural copies; half: {name}"
    yield f"{len(rows):,} texts, {sum(count for count in stories.values() if count > 1):,} of them in groups of copies"
    hits, by_edit = score(rows, clusters((row.id, sketch(row.text)) for row in rows))
    yield f"{'pairs':24} {'P':>7} {'R':>7} {'F1':>7}"
    figures = (hits.precision or 0.0, hits.recall or 0.0, hits.f1 or 0.0)
    yield f"{hits.right + hits.missing:<24,} " + " ".join(f"{value:7.3f}" for value in figures)
    yield f"right {hits.right:,}, spurious {hits.spurious:,}, missing {hits.missing:,}"
    yield from (
        f"{edit:24} {'':7} {share.rate or 0.0:7.3f} of {share.of:,}" for edit, share in by_edit.items()
    )


def speed(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what the whole archive takes, and what is found in it."""
    started = perf_counter()
    sketches = [(key, sketch(text)) for key, text in texts.items()]
    made = perf_counter()
    found = clusters(sketches)
    ended = perf_counter()
    yield f"sketches: {made - started:.1f} s, {SKETCH_BYTES} bytes each; clusters: {ended - made:.2f} s"
    yield f"{len(set(found.values())):,} clusters of {len(found):,} articles"
    yield f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--half", choices=("choose", "report"), default="report")
    chosen = options.parse_args()
    try:
        texts = read(chosen.data)
        for lines in (speed(texts), table(texts, chosen.half)):
            for line in lines:
                print(line, flush=True)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
