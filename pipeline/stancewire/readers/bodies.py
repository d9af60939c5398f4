"""One article body on a page where there are several, or one in pieces, as trafilatura takes the first and longest."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from lxml.html import HtmlElement

_BODY = re.compile(r"(?:article|story|post|entry)[-_]*body", re.IGNORECASE)
_PLACEHOLDER = (
    3,
    20,
)  # times that a line stands in a text, and its characters: refrains and questions are shorter
_LEAST = 1000  # characters of each piece; shorter ones trafilatura finds, or they are teasers


def tidy_bodies(tree: HtmlElement) -> None:
    """Change a page's tree so that it has the body of its own article, in one piece."""
    _drop_other_articles(tree)
    _join_pieces(tree)


def without_placeholders(text: str) -> str:
    """Return a text without the lines that stand in it again and again: "Story continues below advertisement"."""
    lines = text.split("\n")
    times, length = _PLACEHOLDER
    counts = Counter(line for line in lines if len(line) >= length)
    return "\n".join(line for line in lines if counts[line] < times)


def _drop_other_articles(tree: HtmlElement) -> None:
    """Drop what is loaded below an article to scroll on to: other <article>s with a main heading of their own."""
    headed = [each for each in tree.iter("article") if each.find(".//h1") is not None]
    for other in _outermost(headed)[1:]:
        other.drop_tree()


def _join_pieces(tree: HtmlElement) -> None:
    """Put the pieces of a body into its first: elements of the same class, with advertisements in between."""
    by_class: dict[tuple[str, HtmlElement | None], list[HtmlElement]] = defaultdict(list)
    for each in tree.iter("div", "section"):
        name = each.get("class") or ""
        if _BODY.search(name):
            by_class[name, next(each.iterancestors("article", "main"), None)].append(each)
    for alike in by_class.values():
        first, *others = _outermost(alike)
        if all(len(each.text_content()) >= _LEAST for each in (first, *others)):
            for other in others:
                first.extend(other)


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    inside = set(elements)
    return [each for each in elements if inside.isdisjoint(each.iterancestors())]
