"""Measures how much of a saved news page is read right, field by field, on fundus's test pages.

    python tests/bench/pages.py --data data

data/html_pages/test_data has 258 pages of some 180 outlets, and what fundus's rules for each outlet find on them, which
its contributors checked. Titles are compared without case, white space and the shape of quotes and dashes; a title is
contained where one of the two holds the other. Dates are compared by day. Authors are a set, compared by letters; in
the line "persons", the outlet counts as no author on either side.

The body is compared as a bag of words (ROUGE-1): of the words read, how many are expected (precision), and of the words
expected, how many were read (recall), a word counting as often as it occurs; a Chinese or Japanese character is a word.
It is worked out page by page, a page without an article counting as 0. What is expected is the whole body: summary,
paragraphs and their headings. The language is what the page states; it is right where the expected body is in it by
`stancewire.languages.detect`. What a genre is said to be can't be scored, as fundus has none: --verbose lists it.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlsplit

from stancewire.errors import InputError, StancewireError
from stancewire.evaluation.figures import Hits
from stancewire.languages import detect
from stancewire.readers.html import HtmlReader
from stancewire.types import Article, Skip

PAGES = "html_pages/test_data"
FAULTY_BODY = 0.8  # pages whose body scores less are listed
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_SAME = {"nb": "no", "nn": "no"}  # `detect` doesn't tell them apart
_MARKS = str.maketrans("“”„«»‘’‚‹›`´‐‑‒–—―", '"""""' + "'" * 7 + "-" * 6, "\u00ad\u200b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A saved page, and what is expected to be read from it."""

    path: Path
    name: str
    title: str
    authors: frozenset[str]
    published: date
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was read from a page: an article, or the reason why there is none."""

    page: Page
    found: Article | Skip

    @property
    def article(self) -> Article | None:
        """Return the article, if there is one."""
        return self.found if isinstance(self.found, Article) else None

    @property
    def authors(self) -> frozenset[str]:
        """Return who is said to have written it, by letters."""
        named = self.article.author if self.article else None
        return frozenset(filter(None, map(_letters, (named or "").split(";"))))


def expected_pages(data: Path) -> Iterator[Page]:
    """Yield all pages with what is expected of them, by country and outlet."""
    folder = data / PAGES
    if not folder.is_dir():
        raise InputError(f"{folder}: not there; must be fundus's tests/resources/parser/test_data")
    for expected in sorted(folder.glob("*/*.json")):
        versions: Mapping[str, Mapping[str, object]] = json.loads(expected.read_text(encoding="utf-8"))
        # One page for each version of the outlet's rules: V1, V1_1, V2 are in the order of their dates.
        order = sorted(versions, key=lambda version: [int(part) for part in version[1:].split("_")])
        paths = sorted(expected.parent.glob(f"{expected.stem}_[0-9]*.html.gz"))
        for version, path in zip(order, paths, strict=True):
            yield _page(path, versions[version])


def _page(path: Path, expected: Mapping[str, object]) -> Page:
    authors, body = expected.get("authors") or (), expected["body"]
    assert isinstance(authors, Iterable)
    assert isinstance(body, Mapping)
    paragraphs = [*body["summary"]]
    for section in body["sections"]:
        paragraphs += [*section["headline"], *section["paragraphs"]]
    return Page(
        path=path,
        name=f"{path.parent.name}/{path.name.removesuffix('.html.gz')}",
        title=str(expected["title"]),
        authors=frozenset(filter(None, map(_letters, map(str, authors)))),
        published=date.fromisoformat(str(expected["publishing_date"])[:10]),
        body="\n".join(paragraphs),
    )


def read(page: Page) -> Result:
    """Return what our reader makes of a page."""
    (found,) = HtmlReader().read(page.path)
    return Result(page=page, found=found)


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the table."""
    read_ones = [(result.page, result.article) for result in results if result.article]
    yield f"{len(results)} pages, {len(results) - len(read_ones)} without an article"
    equal = sum(_normal(page.title) == _normal(article.title) for page, article in read_ones)
    contained = sum(_is_contained(page.title, article.title) for page, article in read_ones)
    yield f"title     {equal} equal, {contained} equal or contained"
    same = sum(page.published == article.published for page, article in read_ones)
    dated = sum(article.published is not None for _, article in read_ones)
    yield f"date      {same} the same day, {dated - same} another, {len(results) - dated} none"
    yield _author_line("authors", [(result.authors, result.page.authors) for result in results])
    yield _author_line(
        "  persons",
        [
            (without_outlet(result.authors, result), without_outlet(result.page.authors, result))
            for result in results
        ],
    )
    yield _body_line(results)
    stated = [(article.language, detect(page.body)) for page, article in read_ones if article.language]
    right = sum(_SAME.get(language, language) == detected for language, detected in stated)
    unsure = sum(detected is None for _, detected in stated)
    yield f"language  {len(stated)} stated: {right} right, {unsure} can't be told by the text"
    genres = Counter(article.genre for _, article in read_ones if article.genre)
    yield f"genre     {genres.total()} stated: {', '.join(f'{key} {n}' for key, n in sorted(genres.items()))}"


def _body_line(results: Sequence[Result]) -> str:
    bodies = [body_hits(result) for result in results]
    scores = [hits.f1 or 0.0 for hits in bodies]
    precision = mean(hits.precision or 0.0 for hits in bodies)
    recall = mean(hits.recall or 0.0 for hits in bodies)
    faulty = sum(score < FAULTY_BODY for score in scores)
    means = f"mean P {_share(precision)} R {_share(recall)} F1 {_share(mean(scores))}"
    return f"body      {means}, median F1 {_share(median(scores))}, {faulty} below {FAULTY_BODY}"


def faults(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each thing that isn't as expected, by field; and each genre that was said."""
    for result in results:
        if isinstance(result.found, Skip):
            yield f"no article\t{result.page.name}\t{result.found.detail}"
    read_ones = [(result.page, result.article) for result in results if result.article]
    for page, article in read_ones:
        if _normal(page.title) != _normal(article.title):
            yield f"title\t{page.name}\t{article.title!r}\texpected {page.title!r}"
    for page, article in read_ones:
        if page.published != article.published:
            yield f"date\t{page.name}\t{article.published}\texpected {page.published}"
    for result in results:
        if result.authors != result.page.authors:
            yield f"authors\t{result.page.name}\t{sorted(result.authors)}\texpected {sorted(result.page.authors)}"
    for result in results:
        hits = body_hits(result)
        if (hits.f1 or 0.0) < FAULTY_BODY:
            of = f"P {_share(hits.precision)} R {_share(hits.recall)}"
            yield f"body\t{result.page.name}\tF1 {_share(hits.f1)} {of} of {hits.right + hits.missing} words"
    for page, article in read_ones:
        if _SAME.get(article.language or "", article.language) != (detected := detect(page.body)):
            yield f"language\t{page.name}\t{article.language}\tby the text {detected}"
    for page, article in read_ones:
        if article.genre:
            yield f"genre\t{page.name}\t{article.genre}\t{article.url}\t{article.title!r}"


def body_hits(result: Result) -> Hits:
    """Return how many words were read that are expected, that aren't, and that are missing."""
    text = result.article.text if result.article else ""
    given, wanted = Counter(_words(text)), Counter(_words(result.page.body))
    right = (given & wanted).total()
    return Hits(right=right, spurious=given.total() - right, missing=wanted.total() - right)


def without_outlet(authors: Iterable[str], result: Result) -> frozenset[str]:
    """Return the authors but for those that are the outlet under one of its names, as in "ORF.at" of ORF."""
    stated = result.article.outlet if result.article else None
    host = urlsplit((result.article.url if result.article else None) or "").hostname
    names = {_letters(name) for name in (stated, host, result.page.name.split("/")[1].split("_")[0]) if name}
    return frozenset(each for each in authors if not any(each in name or name in each for name in names))


def _author_line(name: str, pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> str:
    hits = Hits(
        right=sum(len(given & wanted) for given, wanted in pairs),
        spurious=sum(len(given - wanted) for given, wanted in pairs),
        missing=sum(len(wanted - given) for given, wanted in pairs),
    )
    exact = sum(given == wanted for given, wanted in pairs)
    return f"{name:9} P {_share(hits.precision)} R {_share(hits.recall)} F1 {_share(hits.f1)}, {exact} pages right"


def _is_contained(expected: str, title: str | None) -> bool:
    one, other = _normal(expected), _normal(title)
    return bool(other) and (one in other or other in one)


def _normal(title: str | None) -> str:
    return " ".join((title or "").translate(_MARKS).casefold().split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _share(value: float | None) -> str:
    return f"{value or 0.0:.3f}"


def main() -> None:
    """Print the table, and the faults if asked for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    options.add_argument("--verbose", action="store_true", help="list what isn't as expected, and warnings")
    chosen = options.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING if chosen.verbose else logging.CRITICAL)
    try:
        results = [read(page) for page in expected_pages(chosen.data)]
        for line in faults(results) if chosen.verbose else ():
            print(line)
        for line in table(results):
            print(line)
    except StancewireError as error:
        options.error(str(error))


if __name__ == "__main__":
    main()
