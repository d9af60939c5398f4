"""The registry of known actors: reads configs/actors/*.toml and finds an actor by any of its names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stancewire.errors import ConfigError
from stancewire.types import HolderKind

KINDS = {kind.value: kind for kind in HolderKind if kind is not HolderKind.AUTHOR}
_ACTOR_KEYS = {"id", "name", "kind", "aliases", "acronyms", "metonyms", "wikidata", "note", "office"}
_OFFICE_KEYS = {"title", "organisation", "from", "to"}
_SILENT = re.compile(r"[.'’‘ʼ`´ʿʾ]")
_BREAKS = re.compile(r"[\s\-‐‑–—_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A post an actor held: in office on `start` and up to `end`, None where the file doesn't say."""

    title: str
    organisation: str | None
    start: date | None
    end: date | None

    def held_on(self, day: date) -> bool:
        """Say whether the post was held on `day`, as far as the dates tell."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownActor:
    """One entry of the registry; metonyms ("Kabul") stand for it only where they act, as a subject."""

    id: str
    name: str
    kind: HolderKind
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    wikidata: str | None = None
    note: str | None = None
    offices: tuple[Office, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the canonical name and the aliases, canonical first."""
        return (self.name, *self.aliases)


class ActorRegistry:
    """Finds actors by name, alias or acronym, whatever the case, diacritics, apostrophes and hyphens."""

    def __init__(self, actors: Iterable[KnownActor] = ()) -> None:
        """Index `actors`; raises ConfigError where an id or a name belongs to two of them."""
        self._by_id: dict[str, KnownActor] = {}
        self._by_name: dict[str, KnownActor] = {}
        self._by_acronym: dict[str, KnownActor] = {}
        self._by_metonym: dict[str, KnownActor] = {}
        self._by_surname: dict[str, list[KnownActor]] = {}
        for actor in actors:
            self._add(actor)

    @classmethod
    def load(cls, paths: Sequence[Path]) -> ActorRegistry:
        """Read the actor files; raises ConfigError with the file, the entry and what would be right."""
        return cls(actor for path in paths for actor in _read_actors(path))

    def __len__(self) -> int:
        """Return how many actors are known."""
        return len(self._by_id)

    def __iter__(self) -> Iterator[KnownActor]:
        """Yield the actors in file order."""
        return iter(self._by_id.values())

    def get(self, actor_id: str) -> KnownActor | None:
        """Return the actor with this id."""
        return self._by_id.get(actor_id)

    def find(self, name: str) -> KnownActor | None:
        """Return the actor that goes by `name`; acronyms are told by case, metonyms aren't looked at."""
        return self._by_acronym.get(name.replace(".", "")) or self._by_name.get(name_key(name))

    def find_metonym(self, name: str) -> KnownActor | None:
        """Return the actor that `name` ("Kabul") can stand for."""
        return self._by_metonym.get(name_key(name))

    def find_by_surname(self, surname: str) -> tuple[KnownActor, ...]:
        """Return the persons whose canonical name ends in `surname`."""
        return tuple(self._by_surname.get(name_key(surname), ()))

    def find_by_office(self, title: str, organisation: str, *, on: date) -> KnownActor | None:
        """Return who held the post on that day, or None where it isn't exactly one actor.

        `organisation` is the id of an actor, or any of its names.
        """
        employer = self.get(organisation) or self.find(organisation)
        post = (name_key(title), employer.id if employer else organisation)
        found = [actor for actor in self if any(_holds(office, post, on) for office in actor.offices)]
        return found[0] if len(found) == 1 else None

    def _add(self, actor: KnownActor) -> None:
        if actor.id in self._by_id:
            raise ConfigError(f"actor id {actor.id!r} stands for two actors; ids have to be unique")
        self._by_id[actor.id] = actor
        for name in actor.names:
            self._claim(self._by_name, name_key(name), name, actor)
        for acronym in actor.acronyms:
            self._claim(self._by_acronym, acronym.replace(".", ""), acronym, actor)
        for metonym in actor.metonyms:
            self._claim(self._by_metonym, name_key(metonym), metonym, actor)
        if actor.kind is HolderKind.PERSON:
            self._by_surname.setdefault(name_key(actor.name).split()[-1], []).append(actor)

    def _claim(self, index: dict[str, KnownActor], key: str, name: str, actor: KnownActor) -> None:
        if not key:
            raise ConfigError(f"actor {actor.id!r}: the name {name!r} has no letters")
        other = index.setdefault(key, actor)
        if other is not actor:
            raise ConfigError(f"{name!r} names both {other.id!r} and {actor.id!r}; give it to one of them")


def name_key(name: str) -> str:
    """Return what two spellings of a name share: no case, diacritics, apostrophes, dots or hyphens."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _BREAKS.sub(" ", _SILENT.sub("", bare)).strip()


def _holds(office: Office, post: tuple[str, str], day: date) -> bool:
    return (name_key(office.title), office.organisation) == post and office.held_on(day)


def _read_actors(path: Path) -> Iterator[KnownActor]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not a readable TOML file: {error}") from error
    _check_keys(f"{path}", content, {"actor"})
    rows = content.get("actor", [])
    if not isinstance(rows, list):
        raise ConfigError(f"{path}: 'actor' is {rows!r}; actors are written as [[actor]] tables")
    for number, row in enumerate(rows, start=1):
        yield _read_actor(f"{path}: actor {number} ({row.get('id', 'no id')})", row)


def _read_actor(where: str, row: Mapping[str, object]) -> KnownActor:
    _check_keys(where, row, _ACTOR_KEYS)
    kind = _read_text(where, row, "kind")
    if kind not in KINDS:
        raise ConfigError(f"{where}: kind {kind!r}; known: {', '.join(KINDS)}")
    offices = row.get("office", [])
    if not isinstance(offices, list):
        raise ConfigError(f"{where}: 'office' is {offices!r}; offices are written as [[actor.office]] tables")
    return KnownActor(
        id=_read_text(where, row, "id"),
        name=_read_text(where, row, "name"),
        kind=KINDS[kind],
        aliases=_read_list(where, row, "aliases"),
        acronyms=_read_list(where, row, "acronyms"),
        metonyms=_read_list(where, row, "metonyms"),
        wikidata=_read_text(where, row, "wikidata") if "wikidata" in row else None,
        note=_read_text(where, row, "note") if "note" in row else None,
        offices=tuple(_read_office(where, office) for office in offices),
    )


def _read_office(where: str, row: Mapping[str, object]) -> Office:
    _check_keys(f"{where}, office", row, _OFFICE_KEYS)
    return Office(
        title=_read_text(f"{where}, office", row, "title"),
        organisation=_read_text(where, row, "organisation") if "organisation" in row else None,
        start=_read_day(where, row, "from", last=False),
        end=_read_day(where, row, "to", last=True),
    )


def _read_day(where: str, row: Mapping[str, object], key: str, *, last: bool) -> date | None:
    """Read a TOML date, a year, or text such as "2014" or "2014-09"; `last` takes the end of the period."""
    value = row.get(key)
    if value is None or (isinstance(value, date)):
        return value
    parts = str(value).split("-")
    try:
        numbers = [int(part) for part in parts]
        year, month = numbers[0], numbers[1] if len(numbers) > 1 else (12 if last else 1)
        return date(
            year, month, numbers[2] if len(numbers) > 2 else (monthrange(year, month)[1] if last else 1)
        )
    except ValueError as error:
        wanted = "write a day (2014-09-29), a month or a year"
        raise ConfigError(f"{where}: {key} = {value!r}; {wanted}") from error


def _check_keys(where: str, row: object, known: set[str]) -> None:
    if not isinstance(row, Mapping):
        raise ConfigError(f"{where}: {row!r} is no table")
    unknown = sorted(set(row) - known)
    if unknown:
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")


def _read_text(where: str, row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where}: {key} is {value!r}; it has to be a text that isn't empty")
    return value.strip()


def _read_list(where: str, row: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = row.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ConfigError(f"{where}: {key} is {values!r}; it has to be a list of names")
    return tuple(value.strip() for value in values)
