"""A folder with everything that an evaluation shows: figures as JSON and Markdown, and pictures."""

from __future__ import annotations

from pathlib import Path

from stancewire.evaluation.answers import ClassifiedScores
from stancewire.evaluation.charts import calibration_svg, confusion_svg, differences_svg
from stancewire.evaluation.compare import Comparison
from stancewire.evaluation.records import RecordScores
from stancewire.evaluation.render import Scores, as_json, as_markdown
from stancewire.writers.partial import PartialFile, make_folder

SCORES, COMPARISON = "scores", "comparison"
CONFUSION, RELIABILITY, DIFFERENCES = "confusion.svg", "reliability.svg", "differences.svg"


def write_report(
    scores: Scores, out: Path, *, title: str, comparison: Comparison | None = None
) -> list[Path]:
    """Write scores.json, scores.md and what pictures there are; comparison.json, too, where models are compared.

    Files that are there are replaced, one by one.
    """
    make_folder(out)
    files = dict(_pictures(scores, title))
    if comparison:
        names = f"{comparison.first} less {comparison.second}"
        files[DIFFERENCES] = differences_svg(comparison.differences, title=names)
    shown = "".join(f"\n![{name.removesuffix('.svg')}]({name})\n" for name in files)
    compared = f"\n{as_markdown(comparison)}" if comparison else ""
    files |= {f"{SCORES}.json": as_json(scores)}
    if comparison:
        files |= {f"{COMPARISON}.json": as_json(comparison)}
    files |= {f"{SCORES}.md": f"# {title}\n\n{as_markdown(scores)}{compared}{shown}"}
    for name, text in files.items():
        with PartialFile(out / name) as file:
            file.append(text.encode("utf-8", "replace"))
    return [out / name for name in files]


def chart_of(scores: Scores, title: str) -> str | None:
    """Return reliability and coverage as SVG; None where nothing says how sure the answers are."""
    if isinstance(scores, ClassifiedScores):
        return calibration_svg(scores.four.calibration, title=title)
    if isinstance(scores, RecordScores) and scores.calibration:
        return calibration_svg(scores.calibration, title=title)
    return None


def _pictures(scores: Scores, title: str) -> dict[str, str]:
    found = {}
    if isinstance(scores, ClassifiedScores):
        found[CONFUSION] = confusion_svg(scores.four.confusion, title=f"{title}: answers")
    if isinstance(scores, RecordScores):
        found[CONFUSION] = confusion_svg(scores.stance, title=f"{title}: stance of matched records")
    if chart := chart_of(scores, title):
        found[RELIABILITY] = chart
    return found
