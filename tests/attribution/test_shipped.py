"""The tagger that ships: its files, plain sentences that it mostly gets right, and texts that must not break it."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from stancewire.attribution.card import load_card
from stancewire.attribution.models import open_attributor
from stancewire.attribution.tagger import SHIPPED, TaggerAttributor
from stancewire.resources import resource
from stancewire.settings import Settings
from stancewire.types import Attribution, Span

Said = tuple[str, str, str]  # source, cue, content

PLAIN: tuple[Said, ...] = (
    ("Laila Noori", "said", "“We will never sign the treaty,”"),
    ("The minister", "said", "that the council supports the dam"),
    ("the police", "According to", "two men were arrested"),
    ("He", "believes", "that the talks will fail"),
    ("The Taliban", "denied", "that they attacked the school"),
    ("Critics", "argue", "that the law is unfair"),
    ("the senator", "told", '"It was a mistake,"'),
    ("The party", "wants", "to leave the coalition"),
)
SENTENCES = (
    "“We will never sign the treaty,” Laila Noori said.",
    "The minister said that the council supports the dam.",
    "According to the police, two men were arrested.",
    "He believes that the talks will fail.",
    "The Taliban denied that they attacked the school.",
    "Critics argue that the law is unfair.",
    '"It was a mistake," the senator told reporters.',
    "The party wants to leave the coalition.",
)
FEWEST_RIGHT = 0.8  # of the 24 parts above

STRANGE = {
    "nothing": "",
    "blanks": " \n\t ",
    "unbalanced": "“We will sign, Noori said. He left. ”And" * 3,
    "nested": "«He told me: “I heard: ‘No „never‟ again’ from them”, and left», said Noori.",
    "five styles": "“A b c d,” said X. \"A b c d,\" said X. «A b c d», said X. „A b c d“, said X. ‘A b c d,’ said X.",
    "long quote": "“" + "It rained for another day. " * 200 + "” Noori said.",
    "capitals": "MINISTER SAYS TALKS WITH TALIBAN “WILL FAIL” AS UN WARNS OF FAMINE",
    "dialogue": "– Will you go?\n– No, she said.\n– Why not?\n– Because.",
    "no spaces": "said" * 3000,
    "right to left": "نوری گفت: «ما هرگز امضا نمی‌کنیم.» He said “no”.",
    "emoji": "🙂 Noori said: “We will 🚀 sign.” 👩‍👩‍👧",
    "controls": "Noori\x00 said\u2028 that \ufffd it \u202ewill rain.",
}  # fmt: skip


@pytest.fixture(scope="module")
def tagger() -> TaggerAttributor:
    return TaggerAttributor()


def words(text: str, spans: tuple[Span, ...]) -> str:
    return " … ".join(span.of(text) for span in spans)


def said(text: str, found: tuple[Attribution, ...]) -> list[Said]:
    return [(words(text, item.source), words(text, item.cue), words(text, item.content)) for item in found]


def test_card_names_the_very_files() -> None:
    folder = resource("models", SHIPPED)
    for name, digest in load_card(folder).files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_it_is_what_runs_by_default() -> None:
    assert isinstance(open_attributor(Settings().attributor), TaggerAttributor)


def test_plain_sentences_have_their_source_cue_and_content(tagger: TaggerAttributor) -> None:
    right = 0
    for text, wanted, found in zip(SENTENCES, PLAIN, tagger.attribute(SENTENCES), strict=True):
        parts = said(text, found)[0] if found else ("", "", "")
        right += sum(one.strip(" .,") == two.strip(" .,") for one, two in zip(parts, wanted, strict=True))
    assert right >= FEWEST_RIGHT * 3 * len(PLAIN)


def test_report_inside_a_quotation_leaves_the_outer_speaker(tagger: TaggerAttributor) -> None:
    text = "“The president told me that he would resign,” the adviser said on Monday."
    (found,) = tagger.attribute([text])
    assert "the adviser" in {words(text, item.source) for item in found}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_text_has_spans_inside_it_that_do_not_overlap(tagger: TaggerAttributor, text: str) -> None:
    (found,) = tagger.attribute([text])
    spans = sorted({span for item in found for span in (*item.source, *item.cue, *item.content)})
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert not any(one.overlaps(two) for one, two in pairwise(spans))


def test_sentence_is_read_alike_alone_and_among_others(tagger: TaggerAttributor) -> None:
    alone = [tagger.attribute([text])[0] for text in SENTENCES]
    assert tagger.attribute(SENTENCES) == alone


def test_quotation_of_many_windows_is_covered_by_its_contents(tagger: TaggerAttributor) -> None:
    text = STRANGE["long quote"]
    (found,) = tagger.attribute([text])
    covered = sum(span.end - span.start for item in found for span in item.content)
    assert covered > 0.9 * len(text)
