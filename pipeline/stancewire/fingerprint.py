"""Hashes of what makes records, readings and answers: whatever changes them changes the hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from stancewire import __version__

_PACKAGE = Path(__file__).resolve().parent
# The code that a reading, an answer or a record comes from: all but what trains, measures, shows and stores.
READS = ("types.py", "terms.py", "tokens.py", "buckets.py", "onnx_session.py", "entities", "attribution")
JUDGES = ("types.py", "tokens.py", "buckets.py", "onnx_session.py", "stance")
EXTRACTS = (
    *READS,
    *JUDGES,
    "aggregate.py",
    "authors.py",
    "copies.py",
    "extract.py",
    "languages.py",
    "modality.py",
    "normal_forms.py",
    "passages.py",
    "stretches.py",
    "topics.py",
    "voices.py",
)
LIBRARIES = ("spacy", "onnxruntime", "tokenizers", "torch", "transformers", "py3langid", "babel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a run's results go by: `run_id` for records, the others for what can be used again without it."""

    run_id: str
    readings: bytes
    answers: bytes


def take_fingerprint(
    *, reading_by: Mapping[str, object], answers_by: Mapping[str, object], records_by: Mapping[str, object]
) -> Fingerprint:
    """Return the hashes of what is given (models, registries, codebook, settings), of our code and its libraries."""
    libraries = {name: _version(name) for name in LIBRARIES}
    reading = _digest([dict(reading_by), code_digest(READS), libraries])
    answers = _digest([dict(answers_by), code_digest(JUDGES), libraries])
    records = _digest([reading.hex(), answers.hex(), dict(records_by), code_digest(EXTRACTS), __version__])
    return Fingerprint(run_id=f"run-{records.hex()[:16]}", readings=reading, answers=answers)


def key_of(value: object, *, made_by: bytes = b"") -> bytes:
    """Return a 16-byte hash of a value of the pipeline's types, and of what makes something of it."""
    return hashlib.blake2b(msgspec.msgpack.encode(value), digest_size=16, key=made_by).digest()


@cache
def code_digest(parts: Iterable[str]) -> str:
    """Return the hash of the modules and folders of this package that are named."""
    digest = hashlib.sha256()
    for part in parts:
        place = _PACKAGE / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def files_digest(paths: Iterable[Path]) -> str:
    """Return the hash of files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _digest(values: object) -> bytes:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).digest()[:16]


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
