"""PERSPECTRUM (Chen and others 2019): perspectives that support or undermine a claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stancewire.errors import InputError
from stancewire.public_sets.clone import Clone, answer_of, checked_keys, read_json, read_json_line, read_lines
from stancewire.public_sets.converted import Converted, Row

ANSWERS = {"SUPPORT": "favor", "UNDERMINE": "against"}
_FOLDER = "data/dataset"
_CLAIMS = f"{_FOLDER}/perspectrum_with_answers_v1.0.json"
_PERSPECTIVES = f"{_FOLDER}/perspective_pool_v1.0.json"
_SPLIT = f"{_FOLDER}/dataset_split_v1.0.json"


def convert_perspectrum(clone: Clone, part: str) -> Converted:
    """Return a part's perspectives: from the repository's three files, or from claim_perspective_PART.jsonl."""
    lines = f"claim_perspective_{part}.jsonl"
    found = _from_lines(clone, lines) if clone.has(lines) else _from_pool(clone, part)
    rows = [
        {"id": f"{claim}-{number}", "text": text, "target": target, "label": label}
        for number, (claim, text, target, label) in enumerate(found)
    ]
    return Converted(rows=rows)


def _from_lines(clone: Clone, name: str) -> Iterator[tuple[Any, str, str, str]]:
    for line in read_lines(clone.find(name)):
        row = read_json_line(line, ("cid", "claim", "perspective", "stance3"))
        label = answer_of(str(row["stance3"]), ANSWERS, place=line.place, key="stance3")
        yield row["cid"], row["perspective"], row["claim"], label


def _from_pool(clone: Clone, part: str) -> Iterator[tuple[Any, str, str, str]]:
    """Yield each perspective of each claim of a part, in the order of the authors' file."""
    path = clone.find(_CLAIMS)
    split = read_json(clone.find(_SPLIT))
    pool_path = clone.find(_PERSPECTIVES)
    pool = {
        checked_keys(one, ("pId", "text"), place=str(pool_path))["pId"]: one["text"]
        for one in read_json(pool_path)
    }
    for number, row in enumerate(read_json(path)):
        place = f"{path}: claim {number + 1}"
        claim = checked_keys(row, ("cId", "text", "perspectives"), place=place)
        if str(claim["cId"]) not in split:
            raise InputError(f"{place}: {_SPLIT} doesn't say which part claim {claim['cId']} is in")
        if split[str(claim["cId"])] == part:
            yield from _of_claim(claim, pool, place)


def _of_claim(claim: Row, pool: dict[int, str], place: str) -> Iterator[tuple[Any, str, str, str]]:
    for cluster in claim["perspectives"]:
        checked_keys(cluster, ("pids", "stance_label_3"), place=place)
        label = answer_of(str(cluster["stance_label_3"]), ANSWERS, place=place, key="stance_label_3")
        for pid in cluster["pids"]:
            if pid not in pool:
                raise InputError(f"{place}: perspective {pid} isn't in {_PERSPECTIVES}")
            yield claim["cId"], pool[pid], claim["text"], label
