"""The table of plug-ins: kind -> name -> "module:Class", imported on use.

Readers and writers keep tables of their own, by file ending, in their folders. Other packages add plug-ins of
these kinds through entry points in the group "stancewire.<kind>"; ours can't be replaced.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from stancewire.errors import ConfigError

PLUGINS: dict[str, dict[str, str]] = {
    "classifiers": {
        "onnx": "stancewire.stance.onnx_backend:OnnxClassifier",
        "torch": "stancewire.stance.torch_backend:TorchClassifier",
        "nli": "stancewire.stance.nli_backend:NliClassifier",
        "lexicon": "stancewire.stance.lexicon:LexiconClassifier",
    },
    "recognizers": {
        "spacy": "stancewire.entities.spacy_recognizer:SpacyRecognizer",
    },
    "attributors": {
        "rules": "stancewire.attribution.rules:RuleAttributor",
        "tagger": "stancewire.attribution.tagger:TaggerAttributor",
    },
}


def names(kind: str) -> list[str]:
    """Return the names known for one kind, ours first, then other packages'."""
    ours = _table(kind)
    return [*ours, *sorted(set(_foreign(kind)) - set(ours))]


def load(kind: str, name: str) -> Any:
    """Import and return the plug-in called `name`, usually a class.

    Raises ConfigError for a name that nobody provides, listing the known ones, and for a plug-in whose
    library isn't installed.
    """
    plugin = _entry(kind, name)
    try:
        return plugin.load()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == plugin.module.partition(".")[0]:
            raise
        what = f"{kind} {name!r} needs the package {error.name!r}"
        raise ConfigError(f"{what}; install it, or 'stancewire[train]' for all of them") from error


def load_reference(reference: str) -> Any:
    """Import and return what a table of plug-ins names as "module:Class"."""
    return EntryPoint(name=reference, value=reference, group="stancewire").load()


def _entry(kind: str, name: str) -> EntryPoint:
    ours = _table(kind)
    if name in ours:
        return EntryPoint(name=name, value=ours[name], group=_group(kind))
    foreign = _foreign(kind)
    if name in foreign:
        return foreign[name]
    raise ConfigError(f"{kind}: nothing called {name!r}; known: {', '.join(names(kind))}")


def _table(kind: str) -> dict[str, str]:
    if kind not in PLUGINS:
        raise ConfigError(f"no kind of plug-in called {kind!r}; known: {', '.join(PLUGINS)}")
    return PLUGINS[kind]


def _foreign(kind: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=_group(kind))}


def _group(kind: str) -> str:
    return f"stancewire.{kind}"
