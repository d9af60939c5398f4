"""NewsMTSC (Hamborg and Donnay 2021): sentiment towards a marked target in political news."""

from __future__ import annotations

from collections.abc import Iterator

from stancewire.errors import InputError
from stancewire.public_sets.clone import (
    Clone,
    Line,
    answer_of,
    checked_keys,
    read_json_line,
    read_lines,
    unzipped,
)
from stancewire.public_sets.converted import Converted, Row

ANSWERS = {"6.0": "favor", "4.0": "none", "2.0": "against"}
_FOLDER = "NewsSentiment/controller_data/datasets/NewsMTSC-dataset"


def convert_newsmtsc(clone: Clone, part: str) -> Converted:
    """Return a row a target; the authors' files may lie zipped, as in the repository, or unzipped beside that."""
    path = clone.find(f"{_FOLDER}/{part}.jsonl", f"{part}.jsonl", f"{_FOLDER}/NewsMTSC-dataset.zip")
    lines = unzipped(path, f"{part}.jsonl") if path.suffix == ".zip" else read_lines(path)
    return Converted(rows=[row for line in lines for row in _rows(line)])


def _rows(line: Line) -> Iterator[Row]:
    sentence = read_json_line(line, ("sentence_normalized", "targets"))
    text = sentence["sentence_normalized"]
    for target in sentence["targets"]:
        checked_keys(target, ("Input.gid", "from", "to", "polarity"), place=line.place)
        span = [target["from"], target["to"]]
        if not 0 <= span[0] < span[1] <= len(text):
            raise InputError(f"{line.place}: {span} is no span of a sentence of {len(text)} characters")
        label = answer_of(str(target["polarity"]), ANSWERS, place=line.place, key="polarity")
        polarity = float(target["polarity"])
        yield {"id": target["Input.gid"], "text": text, "target": span, "label": label, "polarity": polarity}
