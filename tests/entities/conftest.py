from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stancewire.entities.actors import ActorRegistry
from stancewire.entities.spacy_recognizer import SpacyRecognizer
from stancewire.types import Article, Mention, Reading

ACTORS = """
[[actor]]
id = "ahmad-massoud"
name = "Ahmad Massoud"
kind = "person"
aliases = ["Ahmad Masoud"]

[[actor]]
id = "ahmad-shah-massoud"
name = "Ahmad Shah Massoud"
kind = "person"
aliases = ["Lion of Panjshir"]

[[actor]]
id = "sirajuddin-haqqani"
name = "Sirajuddin Haqqani"
kind = "person"

[[actor]]
id = "anas-haqqani"
name = "Anas Haqqani"
kind = "person"

[[actor]]
id = "abdul-rashid-dostum"
name = "Abdul Rashid Dostum"
kind = "person"
aliases = ["Dostum"]
[[actor.office]]
title = "first vice president"
organisation = "afghanistan"
from = 2014-09-29
to = "2020-02"

[[actor]]
id = "taliban"
name = "Taliban"
kind = "organisation"
aliases = ["Taleban", "Islamic Emirate"]

[[actor]]
id = "pakistani-taliban"
name = "Tehrik-i-Taliban Pakistan"
kind = "organisation"
aliases = ["Pakistani Taliban"]
acronyms = ["TTP"]

[[actor]]
id = "who"
name = "World Health Organization"
kind = "organisation"
acronyms = ["WHO"]

[[actor]]
id = "afghanistan"
name = "Afghanistan"
kind = "state"
aliases = ["Islamic Republic of Afghanistan"]
metonyms = ["Kabul"]
"""


@pytest.fixture(scope="session")
def actor_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("actors") / "actors.toml"
    path.write_text(ACTORS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def registry(actor_file: Path) -> ActorRegistry:
    return ActorRegistry.load([actor_file])


@pytest.fixture(scope="session")
def recognizer(registry: ActorRegistry) -> SpacyRecognizer:
    return SpacyRecognizer(registry=registry)


@pytest.fixture
def read(recognizer: SpacyRecognizer) -> Callable[[str], Reading]:
    def read_text(text: str) -> Reading:
        [reading] = recognizer.read([Article(id="a", text=text, source="test")])
        check_offsets(text, reading.mentions)
        return reading

    return read_text


@pytest.fixture
def names(read: Callable[[str], Reading]) -> Callable[[str], dict[str, str]]:
    """Return the canonical name of each mention's words; the last one counts where words come twice."""

    def read_names(text: str) -> dict[str, str]:
        return {mention.text: mention.actor.name for mention in read(text).mentions}

    return read_names


def check_offsets(text: str, mentions: Sequence[Mention]) -> None:
    for mention in mentions:
        assert text[mention.span.start : mention.span.end] == mention.text
    starts = [mention.span.start for mention in mentions]
    assert starts == sorted(starts)
