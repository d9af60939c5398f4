"""The names that are put in the place of others: invented ones, and those of known actors, by kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from stancewire.entities.actors import KnownActor
from stancewire.stance.pairs import find_words
from stancewire.types import Actor, HolderKind, Mention, Topic

# Invented for this project, from no one language; nobody known to us is called so. "Called so" was looked up in
# configs/actors and nowhere else: an invented name may be somebody's.
INVENTED: Mapping[HolderKind, tuple[str, ...]] = {
    HolderKind.PERSON: (
        "Marel Dovane",
        "Tessa Orlund",
        "Kiro Banevar",
        "Ilsa Fenwarth",
        "Daro Quelin",
        "Nemi Sarkovane",
        "Olan Pritchell",
        "Yuna Tavares-Holm",
        "Bashar Lindo",
        "Sefa Armundi",
        "Rustin Okavel",
        "Leyla Dormont",
    ),
    HolderKind.ORGANISATION: (
        "Ostrin Council",
        "Harrow Alliance",
        "Novara Union",
        "Solvane Institute",
        "Meridian Front",
        "Talmar Commission",
        "Brightwater League",
        "Quorum Assembly",
        "Verdane Party",
        "Linden Committee",
    ),
    HolderKind.STATE: (
        "Velmora",
        "Ostania",
        "Karvia",
        "Drelland",
        "Sumarra",
        "Tovenia",
        "Belquis",
        "Norrath",
    ),
    HolderKind.GROUP: (
        "Talvari",
        "Ostrin Brotherhood",
        "Harenites",
        "Sons of Velmora",
        "Korrin Movement",
        "Dasht Fighters",
        "Meridian Volunteers",
        "Qadir Network",
    ),
}
MASKS: Mapping[HolderKind, str] = {
    HolderKind.PERSON: "Person A",
    HolderKind.ORGANISATION: "Organisation A",
    HolderKind.STATE: "Country A",
    HolderKind.GROUP: "Group A",
}
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile("['’]s?$")
_SMALL = frozenset(
    (
        "of",
        "for",
        "the",
        "and",
        "in",
        "on",
        "at",
        "de",
        "al",
        "el",
        "bin",
        "ibn",
        "ul",
        "von",
        "van",
        "der",
        "i",
        "y",
    )
)
_GENERIC = frozenset(
    (
        "should",
        "must",
        "have",
        "with",
        "from",
        "each",
        "other",
        "that",
        "this",
        "than",
        "their",
        "into",
        "will",
        "state",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewName:
    """A name to put in the place of another; `short` where only one word of the other stood there ("Karzai")."""

    full: str
    short: str

    @classmethod
    def of(cls, name: str, kind: HolderKind) -> NewName:
        """Return a name with its short form: of a person, the last word."""
        return cls(full=name, short=name.split()[-1] if kind is HolderKind.PERSON else name)

    def written_as(self, words: str) -> str:
        """Return the name as `words` were written: with their article and possessive, one word for one."""
        article = _ARTICLE.match(words)
        ending = _POSSESSIVE.search(words)
        rest = words[article.end() if article else 0 :]
        name = self.full if len(rest.split()) > 1 else self.short
        return f"{article[0] if article else ''}{name}{ending[0] if ending else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by kind; `choose` draws from them the same for the same actor and article."""

    by_kind: Mapping[HolderKind, tuple[str, ...]]
    seed: int

    def choose(
        self, actor: Actor, article_id: str, text: str, *, count: int, taken: Collection[str] = ()
    ) -> list[NewName]:
        """Return up to `count` names of the actor's kind, not `taken` nor in `text`, in an order of its own."""
        known = list(self.by_kind.get(actor.kind, ()))
        Random(f"{self.seed}\x1f{article_id}\x1f{actor.name}").shuffle(known)
        free = (name for name in known if name != actor.name and name not in taken)
        fresh = (name for name in free if name.casefold() not in text.casefold())
        return [NewName.of(name, actor.kind) for name, _ in zip(fresh, range(count), strict=False)]


def invented_names(*, seed: int) -> Names:
    """Return the invented names."""
    return Names(by_kind=INVENTED, seed=seed)


def known_names(actors: Iterable[KnownActor], *, seed: int) -> Names:
    """Return the names of known actors, by kind."""
    found: dict[HolderKind, list[str]] = {}
    for actor in actors:
        found.setdefault(actor.kind, []).append(actor.name)
    return Names(by_kind={kind: tuple(dict.fromkeys(names)) for kind, names in found.items()}, seed=seed)


def is_name(mention: Mention) -> bool:
    """Say whether a mention's words are a name: no pronoun, and "the Mothers of the Disappeared", not "ministers"."""
    if mention.is_reference:
        return False
    if mention.actor.id is not None:
        return True
    words = [word for word in mention.actor.name.split() if word.casefold() not in _SMALL]
    is_written_as_one = bool(words) and all(word[0].isupper() for word in words)
    # "Diplomats" at a sentence's beginning
    return is_written_as_one and (len(words) > 1 or mention.actor.kind is not HolderKind.GROUP)


def is_named_by(topic: Topic, words: str) -> bool:
    """Say whether a topic is about who is called so: another name would change the question, not its wording."""
    asked = " ".join(filter(None, (topic.name, topic.claim, topic.opposite)))
    return any(
        find_words(word, asked) is not None
        for word in _content(_POSSESSIVE.sub("", _ARTICLE.sub("", words, 1)))
    )


def _content(words: str) -> Sequence[str]:
    found = re.findall(r"\w+", words)
    return [word for word in found if len(word) > 3 and word.casefold() not in _GENERIC]
