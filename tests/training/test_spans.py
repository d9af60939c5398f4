"""Own annotations of who says what, and the tagger that learns from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import tiny_bert
from tests.cli.conftest import command as command

from stancewire.errors import InputError
from stancewire.training.spans import read_spoken
from stancewire.types import Span

TEXT = "“We will sign,” Ms Noori said."
SAID = {"source": [[16, 24]], "cue": [[25, 29]], "content": [[0, 15]], "kind": "direct"}
SPANS = [["content", 0, 15], ["source", 16, 24], ["cue", 25, 29]]


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_attributions_and_flat_spans_say_the_same(tmp_path: Path) -> None:
    path = write(
        tmp_path / "said.jsonl", {"text": TEXT, "attributions": [SAID]}, {"text": TEXT, "spans": SPANS}
    )
    first, second = read_spoken(path)
    assert (
        first.spans
        == second.spans
        == {
            "source": (Span(start=16, end=24),),
            "cue": (Span(start=25, end=29),),
            "content": (Span(start=0, end=15),),
        }
    )
    assert (first.overlaps, first.where) == (0, f"{path}:1")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": TEXT}, r"said\.jsonl:1: no 'spans', which must be \"attributions\" with lists"),
        (
            {"text": TEXT, "spans": [["speaker", 0, 15]]},
            "a span of 'speaker'; must be one of source, cue, content",
        ),
        ({"text": TEXT, "spans": [["cue", 25, 99]]}, r"cue \[25, 99\] is no span of the text; .* end <= 30"),
        (
            {"text": TEXT, "spans": [["cue", 26, 29]]},
            r"said\.jsonl:1: cue: start 26, end 29 cut a word \('aid'\)",
        ),
        ({"text": TEXT, "attributions": [{"cue": 3}]}, "'attributions' must be"),
        ({"text": "", "spans": SPANS}, "'text' must be a text"),
    ],
)
def test_what_is_no_span_of_the_text_is_named(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_spoken(write(tmp_path / "said.jsonl", row))


@pytest.mark.filterwarnings("ignore")  # torch's exporter and tracer warn of themselves
def test_a_tagger_learns_from_them_and_attribute_takes_it(
    command: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("peft", reason="needs peft, from stancewire[train]")
    monkeypatch.chdir(tmp_path)
    tiny_bert.save_bert(tmp_path / "start", ["LABEL_0", "LABEL_1"], positions=256)
    rows = [{"text": f"{TEXT} Day {number}.", "attributions": [SAID]} for number in range(10)]
    write(tmp_path / "said.jsonl", *rows)
    words = ("train", "--task", "attribution", "--on", "said.jsonl", "--start", "start", "--epochs", 1)
    ran = command(*words, "--out", "out", "--dev-share", 0.2)
    assert ran.code == 0, ran.err
    assert "8 texts to learn from, 2 held back; " in ran.out
    assert "after: F1 of exact spans: source" in ran.out
    assert "| training | 8 | 8 | 8 | 8 |" in Path("out/model/README.md").read_text(encoding="utf-8")
    asked = command("attribute", "--model", "out/model", stdin=json.dumps({"text": TEXT}).encode())
    assert asked.code == 0, asked.err
    ran = command(*words, "--out", "few", "--dev", "said.jsonl")
    assert "all its texts are held back; none is left to learn from" in ran.err
    write(tmp_path / "few.jsonl", *rows[:3])
    ran = command("train", "--task", "attribution", "--on", "few.jsonl", "--out", "few")
    assert ran.err == (
        "stancewire: few.jsonl: 3 texts; 8 are needed at least, with all that is said marked\n"
    )


def test_the_tagger_that_ships_can_be_trained_on_out_of_its_onnx_file(root: Path) -> None:
    import numpy as np
    import torch

    from stancewire.attribution.models import open_attributor
    from stancewire.tokens import load_tokenizer
    from stancewire.training.unpack_tagger import load_tagger

    folder = root / "models" / "attribution"
    model = load_tagger(folder, attn_implementation="eager").eval()
    ids = load_tokenizer(folder, window=256).encode(TEXT).ids
    with torch.inference_mode():
        scores = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0], dim=-1).numpy()[1:-1]
    (shipped,) = open_attributor("attribution").scores([TEXT])  # type: ignore[attr-defined]
    assert (scores.argmax(axis=1) == shipped.argmax(axis=1)).all()
    np.testing.assert_allclose(np.exp(scores), np.exp(shipped), atol=0.03)
