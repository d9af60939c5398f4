"""What a sensitivity test leaves in its folder.

sensitivity.md    tables, verdicts, the most affected records with both answers
sensitivity.json  every figure, and every record that changed
sensitivity.csv   a row for each topic and perturbation
changes.csv       a row for each record that changed, with both texts and answers
"""

from __future__ import annotations

from pathlib import Path

from stancewire.sensitivity.render import as_json, as_markdown, changes_as_csv, tallies_as_csv
from stancewire.sensitivity.results import Sensitivity
from stancewire.writers.partial import PartialFile, make_folder

_FILES = {
    "sensitivity.md": as_markdown,
    "sensitivity.json": as_json,
    "sensitivity.csv": tallies_as_csv,
    "changes.csv": changes_as_csv,
}


def write_sensitivity(test: Sensitivity, out: Path) -> list[Path]:
    """Write a test's files into a folder and return them; those of an earlier test there are replaced."""
    make_folder(out)
    for name, rendered in _FILES.items():
        with PartialFile(out / name) as file:
            file.append(rendered(test).encode("utf-8", "replace"))
    return [out / name for name in _FILES]
