"""From own annotations of who says what to a tagger's folder: read, hold back, train, export, measure."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import torch
from transformers import AutoTokenizer

from stancewire import __version__
from stancewire.attribution.card import TaggerCard
from stancewire.attribution.models import open_attributor
from stancewire.attribution.tagging import PARTS
from stancewire.errors import InputError, ModelError
from stancewire.evaluation.figures import Hits
from stancewire.model_folders import find_model
from stancewire.stance.card import CARD
from stancewire.training.annotated import AnnotatedFile, sha256_of
from stancewire.training.export import INPUTS, weight_files, write_model
from stancewire.training.plan import FEW, SHARE, schedule_of
from stancewire.training.settings import Method, Schedule, TuneSettings
from stancewire.training.sources import FEWEST
from stancewire.training.spans import SpokenText, read_spoken
from stancewire.training.tagging import cut_windows, padded, span_scores, token_cross_entropy
from stancewire.training.tune import MODEL, claim, write_down
from stancewire.training.tuner import begin, tune_model
from stancewire.training.unpack_tagger import load_tagger
from stancewire.types import Span
from stancewire.writers.partial import make_folder

log = logging.getLogger(__name__)
WINDOW = 256
SAMPLE = 48  # texts that show which channels of a model are large

Figures = dict[str, Hits]


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedTagger:
    """A finished tagger's folder, how it was made, and its exact spans by part, where texts were held back."""

    folder: Path
    settings: TuneSettings
    schedule: Schedule
    steps: int
    files: tuple[AnnotatedFile, ...]
    train: tuple[SpokenText, ...]
    dev: tuple[SpokenText, ...]
    before: Figures | None
    after: Figures | None
    command: str

    def summary(self) -> Iterator[str]:
        """Yield the lines that say in short what came of it."""
        yield f"{len(self.train)} texts to learn from, {len(self.dev)} held back; {self.steps} steps"
        for name, figures in (("before", self.before), ("after", self.after)):
            if figures:
                shown = ", ".join(f"{part} {_f1(figures[part])}" for part in PARTS)
                yield f"{name}: F1 of exact spans: {shown}"
        for note in self.notes():
            yield f"note: {note}"

    def notes(self) -> Iterator[str]:
        """Yield what a reader of the figures should know."""
        if overlaps := sum(text.overlaps for text in (*self.train, *self.dev)):
            yield f"{overlaps} spans overlap another; a token has one label, so that the later one wins"
        if not self.dev:
            yield "nothing is held back, so there are no figures and no early stopping"


def tune_tagger(settings: TuneSettings, *, out: Path, command: str) -> TunedTagger:
    """Train on rows of `stancewire attribute` and return what came of it, with the finished folder, `out/model`.

    It resumes, ends and complains as `tune.tune` does.
    """
    settings.check()
    files, texts = _read(settings.on)
    held_files, held = _read(settings.dev)
    place = ", ".join(settings.on)
    if len(texts) < FEWEST:
        raise InputError(
            f"{place}: {len(texts)} texts; {FEWEST} are needed at least, with all that is said marked"
        )
    if not any(text.spans["cue"] or text.spans["content"] for text in texts):
        raise InputError(f"{place}: no text has a cue or a content; there is nothing to learn")
    train, dev = _split(settings, texts, held)
    start = _start(settings.start)
    make_folder(out)
    folder = out / MODEL
    kept = claim(out, settings, [*files, *held_files], start)
    schedule = schedule_of(settings, rows=int(kept.get("windows", len(train))))
    if "steps" in kept:
        log.info("%s: trained before; nothing to do", folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        schedule, steps, windows = _make(settings, start, train, dev, out)
        kept |= {"steps": steps, "windows": windows}
        write_down(out, kept)
        shutil.rmtree(out / "checkpoints", ignore_errors=True)
    is_tagger = (Path(start) / CARD).is_file()
    made = TunedTagger(
        folder=folder,
        settings=settings,
        schedule=schedule,
        steps=kept["steps"],
        files=(*files, *held_files),
        train=tuple(train),
        dev=tuple(dev),
        before=_figures(str(start), dev) if is_tagger else None,
        after=_figures(str(folder), dev),
        command=command,
    )
    (folder / "README.md").write_text(_readme(made), encoding="utf-8")
    return made


def _read(sources: Sequence[str]) -> tuple[list[AnnotatedFile], list[SpokenText]]:
    files, texts = [], []
    for words in sources:
        path = Path(words)
        texts += read_spoken(path)
        files.append(AnnotatedFile(path=words, sha256=sha256_of(path), rows=()))
    return files, texts


def _split(
    settings: TuneSettings, texts: list[SpokenText], held: list[SpokenText]
) -> tuple[list[SpokenText], list[SpokenText]]:
    """Return the texts to learn from and those to look at, which share none."""
    dev = {text.text for text in held}
    if not settings.dev:
        share = settings.dev_share
        if share is None:
            share = SHARE if len(texts) >= FEW else 0.0
        different = sorted({text.text for text in texts})
        dev = set(Random(settings.seed).sample(different, round(share * len(different))))
        held = [text for text in texts if text.text in dev]
    train = [text for text in texts if text.text not in dev]
    if not train:
        raise InputError(f"{', '.join(settings.on)}: all its texts are held back; none is left to learn from")
    return train, held


def _start(name: str) -> Path | str:
    folder = find_model(name)
    if folder is None and "/" not in name:
        raise ModelError(f"{name!r}: no shipped model, folder or hub name ('owner/model') is called so")
    return folder or name


def _make(
    settings: TuneSettings,
    start: Path | str,
    train: Sequence[SpokenText],
    dev: Sequence[SpokenText],
    out: Path,
) -> tuple[Schedule, int, int]:
    """Train and write the folder; return the schedule, the steps of the weights that were kept, and the windows."""
    begin(settings.seed)
    tokenizer: Any = AutoTokenizer.from_pretrained(start)
    options = {} if torch.cuda.is_available() else {"attn_implementation": "eager"}
    model = load_tagger(
        start, hidden_dropout_prob=settings.dropout, attention_probs_dropout_prob=0.0, **options
    )
    if model.config.model_type not in INPUTS:
        raise ModelError(f"{start}: a tagger runs from ONNX, and the export knows {', '.join(INPUTS)}")
    window = min(WINDOW, settings.max_tokens)
    windows = cut_windows([text.row() for text in train], window, tokenizer).dataset()
    held = cut_windows([text.row() for text in dev], window, tokenizer).dataset() if dev else None
    schedule = schedule_of(settings, rows=len(windows))
    trained = tune_model(
        model,
        schedule,
        train=windows,
        dev=held,
        collate=partial(padded, tokenizer),
        loss=token_cross_entropy,
        scores=span_scores,
        out=out,
    )
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        weights = Path(scratch) / "weights"
        trained.model.save_pretrained(weights)
        tokenizer.save_pretrained(weights)
        config = write_model(
            weights,
            out / MODEL,
            fp32=Path(scratch) / "model.fp32.onnx",
            sample=[(text.text,) for text in train[:SAMPLE]],
            task="attribution",
        )
    card = TaggerCard(
        id=settings.name, window=WINDOW, pad_id=config.pad_token_id, files=weight_files(out / MODEL)
    )
    card.save(out / MODEL)
    return schedule, trained.steps, len(windows)


def _figures(model: str, texts: Sequence[SpokenText]) -> Figures | None:
    """Return right, spurious and missing exact spans of each part; None without texts."""
    if not texts:
        return None
    found = open_attributor(model).attribute([text.text for text in texts])
    figures = {}
    for part in PARTS:
        right = spurious = missing = 0
        for text, attributions in zip(texts, found, strict=True):
            given: set[Span] = {span for each in attributions for span in getattr(each, part)}
            gold = set(text.spans[part])
            right, spurious, missing = (
                right + len(given & gold),
                spurious + len(given - gold),
                missing + len(gold - given),
            )
        figures[part] = Hits(right=right, spurious=spurious, missing=missing)
    return figures


def _readme(made: TunedTagger) -> str:
    schedule = made.schedule
    lines = [
        *("---", "library_name: transformers", "pipeline_tag: token-classification"),
        *(f'base_model: "{made.settings.start}"', "tags: [quotation-attribution, stancewire]", "---"),
        f"# {made.settings.name}\n",
        f"Finds who says what. Fine-tuned from `{made.settings.start}` on own annotations with `stancewire train`"
        f" {__version__}.\n",
        f"```sh\n{made.command}\n```\n",
        "Use it by `--model` with this folder, or with transformers' `AutoModelForTokenClassification`.\n",
        "## Data\n",
        "| file | sha256 |\n|---|---|",
        *(f"| `{file.path}` | `{file.sha256}` |" for file in made.files),
        "\nLicence of texts and labels: yours to say here.\n",
        "| part | texts | sources | cues | contents |\n|---|---|---|---|---|",
        *(
            _counted(name, texts)
            for name, texts in (("training", made.train), ("held back", made.dev))
            if texts
        ),
        "\n## Training\n",
        f"{'All weights' if schedule.method is Method.FULL else 'LoRA, merged'}, {made.steps} of at most"
        f" {schedule.steps} steps, batches of {schedule.batch} windows, learning rate {schedule.rate:g}, seed"
        f" {schedule.seed}.\n",
        "## Figures\n",
    ]
    if made.after:
        lines.append(
            f"F1 of exact spans in the {len(made.dev)} texts held back, which chose where training stopped:\n"
        )
        shown = [(name, each) for name, each in (("before", made.before), ("after", made.after)) if each]
        lines.append("| | " + " | ".join(name for name, _ in shown) + " |\n|---|" + "---|" * len(shown))
        lines += [f"| {part} | " + " | ".join(_f1(each[part]) for _, each in shown) + " |" for part in PARTS]
    lines += [
        "\n## Limits\n",
        "- It knows the sources and coders named above; elsewhere, measure before you count.",
    ]
    return "\n".join([*lines, *(f"- {note[0].upper()}{note[1:]}." for note in made.notes()), ""])


def _counted(name: str, texts: Sequence[SpokenText]) -> str:
    counts = [sum(len(text.spans[part]) for text in texts) for part in PARTS]
    return f"| {name} | {len(texts)} | " + " | ".join(map(str, counts)) + " |"


def _f1(hits: Hits) -> str:
    return "-" if hits.f1 is None else f"{hits.f1:.3f}"
