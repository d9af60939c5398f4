from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.topics import Level, check_codebook, compile_terms, load_codebook
from stancewire.types import Codebook, Topic

HEAD = '[codebook]\nid = "b"\nversion = "1"\n'
TOPIC = '[[topic]]\nid = "federalism"\nname = "Federalism"\nclaim = "Afghanistan should become federal."\n'


def codebook_file(folder: Path, text: str) -> Path:
    path = folder / "book.toml"
    path.write_text(text, encoding="utf-8")
    return path


def topic(
    *terms: str, id: str = "t", claim: str = "It should be so.", opposite: str | None = "It must not."
) -> Topic:
    return Topic(id=id, name=id, claim=claim, opposite=opposite, terms=terms)


def codebook(*topics: Topic) -> Codebook:
    return Codebook(id="b", version="1", topics=topics, digest="0" * 64)


def found(term: str, text: str) -> list[str]:
    return [match[0] for match in compile_terms(topic(term)).finditer(text)]


# Reading


def test_every_codebook_that_ships_can_be_read(root: Path) -> None:
    paths = sorted((root / "configs" / "topics").glob("*.toml"))
    assert paths
    assert all(load_codebook(path).topics for path in paths)


def test_no_codebook_that_ships_has_an_error_or_a_doubtful_claim(root: Path) -> None:
    for path in (root / "configs" / "topics").glob("*.toml"):
        assert not [
            remark for remark in check_codebook(load_codebook(path)) if remark.level is not Level.HINT
        ]


def test_a_topic_has_all_that_the_file_says(tmp_path: Path) -> None:
    text = 'opposite = "It should not."\nnotes = """\nCounts.\n"""\n'
    lists = 'terms = ["federal*"]\nnouns = ["a federal state"]\n'
    book = load_codebook(codebook_file(tmp_path, HEAD + TOPIC + text + lists))
    assert book.topics == (
        Topic(
            id="federalism",
            name="Federalism",
            claim="Afghanistan should become federal.",
            opposite="It should not.",
            terms=("federal*",),
            nouns=("a federal state",),
            notes="Counts.",
        ),
    )
    assert book.name == f"b@1#{book.digest[:12]}"


def test_missing_terms_are_the_name_and_nouns_without_articles(tmp_path: Path) -> None:
    book = load_codebook(codebook_file(tmp_path, HEAD + TOPIC + 'nouns = ["a federal state", "Federalism"]'))
    assert book.topics[0].terms == ("Federalism", "federal state")


def test_comments_order_and_white_space_do_not_change_the_digest(tmp_path: Path) -> None:
    digest = load_codebook(codebook_file(tmp_path, HEAD + TOPIC)).digest
    reworded = "# new\n" + TOPIC.replace(" = ", "   =  ") + HEAD
    assert load_codebook(codebook_file(tmp_path, reworded)).digest == digest
    assert load_codebook(codebook_file(tmp_path, HEAD + TOPIC.replace("should", "must"))).digest != digest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[topic", "book.toml: not a TOML file"),
        (HEAD, r"book.toml: no \[\[topic\]\]; a codebook needs at least one"),
        (TOPIC, r"book.toml: \[codebook\]: no id; has \[\]"),
        ('[codebook]\nid = "b"\nversion = 1\n' + TOPIC, r"\[codebook\]: version = 1 is not a string"),
        (HEAD + "[topic]\nid = 'x'", "a codebook is one .codebook. table and a"),
        (HEAD + "[[topic]]\nid = 'x'", r"\[\[topic\]\] 'x': no claim; has \['id'\]"),
        (HEAD + "[[topic]]\nclaim = 'x'", r"\[\[topic\]\] 1: no id; has \['claim'\]"),
        (HEAD + TOPIC.replace("Afghanistan should become federal.", " "), "'federalism': claim is empty"),
        (HEAD + TOPIC + "term = ['x']", "'federalism': unknown key 'term'; known: id, name, claim"),
        (HEAD + TOPIC + "terms = 'x'", "'federalism': terms = 'x' is not a list of strings"),
        (HEAD + TOPIC + "terms = [1]", r"'federalism': terms = \[1\] is not a list of strings"),
        (HEAD + TOPIC + "terms = ['*ism']", r"'federalism': term '\*ism': '\*' can only end a word"),
        (
            HEAD + TOPIC + "terms = ['... power']",
            r"'federalism': term '\.\.\. power': needs words before and after",
        ),
        (HEAD + TOPIC + "terms = ['']", "'federalism': empty term"),
        (HEAD + TOPIC + TOPIC, "two topics have the id 'federalism'"),
        ("[codebok]\n" + TOPIC, "book.toml: unknown key 'codebok'; known: codebook, topic"),
    ],
)
def test_a_codebook_that_cannot_be_used_says_why(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_codebook(codebook_file(tmp_path, text))


def test_a_missing_codebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: no such codebook"):
        load_codebook(tmp_path / "none.toml")


def test_a_folder_is_no_codebook(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't read the codebook: Is a directory"):
        load_codebook(tmp_path)


def test_a_binary_file_is_no_codebook(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_codebook(path)


# Matching


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("unitary", "A unitary state; UNITARY. Communitary unitaryism", ["unitary", "UNITARY"]),
        ("federal*", "federalism, Federal, confederal", ["federalism", "Federal"]),
        (
            "government-in-exile",
            "a government in exile, a Government-in-Exile",
            ["government in exile", "Government-in-Exile"],
        ),
        (
            "government in exile",
            "government-in-exile, government\nin\n  exile",
            ["government-in-exile", "government\nin\n  exile"],
        ),
        (
            "government in exile",
            "government\u2010in\u2011exile, government\u00a0in\u00a0exile",
            ["government\u2010in\u2011exile", "government\u00a0in\u00a0exile"],
        ),
        ("Taliban", "the anti-Taliban sphere, the Taliban's, Talibanisation", ["Taliban", "Taliban"]),
        ("Afghanistan's peace", "Afghanistan’s peace", ["Afghanistan’s peace"]),
        ("Taliban 2.0", "the Taliban 2.0 myth, Taliban 200", ["Taliban 2.0"]),
        ("café", unicodedata.normalize("NFD", "the café"), [unicodedata.normalize("NFD", "café")]),
        ("cafe", unicodedata.normalize("NFD", "the café"), []),
        (
            "élect*",
            "Élections; " + unicodedata.normalize("NFD", "élection"),
            ["Élections", unicodedata.normalize("NFD", "élection")],
        ),
        ("فدرال*", "نظام فدرالی در افغانستان", ["فدرالی"]),
        ("'ndrangheta", "the ’Ndrangheta", ["’Ndrangheta"]),
        ("C++ (language)", "C++ (language)!", ["C++ (language)"]),
    ],
)
def test_a_term_matches_whole_words_in_any_spelling(term: str, text: str, hits: list[str]) -> None:
    assert found(term, text) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("power shared", True),
        ("power must be shared", True),
        ("power, he said, must now be shared", False),
        ("power, he said, was shared", True),
        ("power a b c d shared", True),
        ("power a b c d e shared", False),
        ("power-hungry men shared", True),
        ("Power\nmust be “shared”", True),
        ("power in the U.S. is shared", True),
        ("power rose 2.5 times, shared", True),
        ("power. It was shared", False),
        ("power. Shared", False),
        ("power is bad! Shared", False),
        ("shared power", False),
    ],
)
def test_dots_stand_for_up_to_four_words_of_one_sentence(text: str, hits: bool) -> None:
    assert bool(found("power ... shared", text)) is hits


def test_the_longest_of_several_terms_wins() -> None:
    pattern = compile_terms(topic("federal", "Federal state*", "federal states of Afghanistan", "unitary"))
    hits = [match[0] for match in pattern.finditer("federal states of Afghanistan, federal states, unitary")]
    assert hits == ["federal states of Afghanistan", "federal states", "unitary"]


def test_a_topic_without_terms_hits_nothing() -> None:
    assert not compile_terms(topic()).search("anything at all")


def test_a_topic_is_compiled_once() -> None:
    assert compile_terms(topic("federal")) is compile_terms(topic("federal"))


@pytest.mark.parametrize(
    "text", ["power " + "a.b-" * 20_000, "power " * 50_000, "power," + "-" * 50_000, "p" * 500_000]
)
def test_no_text_makes_matching_slow(text: str) -> None:
    assert not found("power ... shared", text)  # the suite would stand still here


def test_the_seed_article_is_hit_by_each_of_its_topics(root: Path, seed_text: str) -> None:
    book = load_codebook(root / "configs" / "topics" / "afghanistan.toml")
    assert all(compile_terms(each).search(seed_text) for each in book.topics)


# Checking


def remarks(*topics: Topic, texts: list[str] | None = None) -> list[tuple[str, str]]:
    return [(remark.level.value, remark.message) for remark in check_codebook(codebook(*topics), texts or [])]


def test_a_sound_codebook_gets_no_remarks() -> None:
    assert remarks(topic("federal*"), topic("negotiat*", id="u"), texts=["federal and negotiating"]) == []


def test_two_topics_with_one_id_are_an_error() -> None:
    assert ("error", "2 topics have this id") in remarks(topic("a"), topic("b"))


@pytest.mark.parametrize(
    "claim", ["federalism", "a federal system", "the form of the Afghan state", "should be"]
)
def test_a_claim_without_a_sentence_is_pointed_out(claim: str) -> None:
    assert [level for level, message in remarks(topic("a", claim=claim)) if "is no claim" in message] == [
        "warning"
    ]


@pytest.mark.parametrize(
    "claim", ["Taxes are low.", "Power belongs to the provinces.", "نظام افغانستان باید فدرالی شود."]
)
def test_a_sentence_is_a_claim(claim: str) -> None:
    assert remarks(topic("a", claim=claim)) == []


def test_an_opposite_is_looked_at_too() -> None:
    assert "opposite 'centralism' is no claim" in remarks(topic("a", opposite="centralism"))[0][1]
    assert remarks(topic("a", opposite="it should be so")) == [("error", "claim and opposite say the same")]
    assert remarks(topic("a", opposite=None))[0][0] == "hint"


def test_a_term_inside_another_topics_term_is_pointed_out() -> None:
    found = remarks(topic("federal*"), topic("federal government", id="u"))
    assert found == [
        ("hint", "term 'federal*' also hits term 'federal government' of 'u': such passages ask both topics")
    ]


def test_terms_that_hit_nothing_are_named_only_when_there_are_texts() -> None:
    idle = topic("federal*", "unitary", "Ünion")
    assert remarks(idle) == []
    assert remarks(idle, texts=["Federalism", unicodedata.normalize("NFD", "Ünion")]) == [
        ("warning", "1 of 3 terms hit none of 2 texts: 'unitary'")
    ]


def test_a_term_in_most_texts_is_too_broad() -> None:
    texts = ["Afghan power"] * 6 + ["power"] * 4
    found = remarks(topic("Afghan*"), topic("power", id="u"), texts=texts)
    assert [re.sub(":.*", "", message) for _, message in found] == [
        "term 'Afghan*' hits 6 of 10 texts",
        "term 'power' hits 10 of 10 texts",
    ]
    assert remarks(topic("Afghan*"), texts=texts[:9]) == []
