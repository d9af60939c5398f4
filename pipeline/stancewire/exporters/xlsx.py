"""The table as a workbook: records, every passage and cue, the codebook, and notes on what it is (XlsxWriter)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.exporters.facts import STANCES, Tally, run_facts
from stancewire.exporters.meanings import MEANINGS
from stancewire.exporters.source import REVIEW_FIELDS, Exported, Source, review_cells
from stancewire.exporters.text import encodable
from stancewire.exporters.whole import built
from stancewire.review.reviewed import Reviewed
from stancewire.writers.csv import COLUMNS
from stancewire.writers.rows import as_row, best_evidence

# What Excel can hold: https://support.microsoft.com, "Excel specifications and limits".
CELL = 32_767  # UTF-16 units in a cell
LINKS = 65_530  # links on a sheet
LINK = 2_079  # characters of a link
ROWS = 1_048_576  # of a sheet, the header included
CUT = " … [cut]"
_NEVER = re.compile("[\ufffe\uffff]")  # no XML has them; for control characters Excel has escapes of its own

RECORD_COLUMNS = (*COLUMNS, *REVIEW_FIELDS)
WIDTHS = {
    "title": 40,
    "holder": 28,
    "holder_mention": 24,
    "evidence_quote": 70,
    "cues": 24,
    "url": 30,
    "topic": 22,
}
FIRST_EXCEL_DAY = date(1900, 3, 1)  # before it, Excel's calendar has a day that never was


def write_xlsx(source: Source, out: Path) -> Exported:
    """Write the workbook; raises ConfigError where XlsxWriter isn't installed.

    Text is always text: nothing in it becomes a formula, and only web addresses in the column url become links.
    """
    library = _library()
    tally = Tally()
    # Made among the temporary files, where XlsxWriter keeps its sheets anyway: on a full disk it leaves a zip file
    # open, which would complain once more when it is collected.
    with built(out) as path, TemporaryFile() as draft:
        book = library.Workbook(draft, {"constant_memory": True, "strings_to_urls": False})
        # A fixed date, or the same table would be another file every time.
        book.set_properties({"title": "Stance records", "created": datetime(2000, 1, 1)})
        pages = _Pages(book, library.exceptions.FileCreateError)
        records = pages.page("Records", RECORD_COLUMNS)
        evidence = pages.page("Evidence", ("record_id", "number", "start", "end", "p", "quote"))
        cues = pages.page("Cues", ("record_id", "number", "kind", "start", "end", "quote"))
        for each in tally.counted(source.reviewed()):
            record = each.record
            records.add(_cells(each))
            for number, words in enumerate(record.evidence, start=1):
                evidence.add((record.record_id, number, words.start, words.end, words.p, words.quote))
            for number, cue in enumerate(record.cues, start=1):
                cues.add((record.record_id, number, cue.kind.value, cue.start, cue.end, cue.quote))
        _add_topics(pages, source)
        _add_notes(pages, source, tally)
        pages.close()
        draft.seek(0)
        with path.open("wb") as whole:
            copyfileobj(draft, whole)
    return Exported(paths=(out,), notes=tuple(pages.notes()))


def _library() -> Any:
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise ConfigError("xlsx needs the package XlsxWriter; pip install 'stancewire[desk]'") from error
    return xlsxwriter


def _cells(each: Reviewed) -> list[Any]:
    record, row = each.record, as_row(each.record)
    best = best_evidence(record)
    row["evidence_count"] = len(record.evidence)
    for name in ("quote", "start", "end", "p"):
        row[f"evidence_{name}"] = getattr(best, name) if best else None
    row["cues"] = "; ".join(f"{cue.kind}: {cue.quote}" for cue in record.cues) or None
    row["published"] = _day(record.published)
    return [*(row[name] for name in COLUMNS), *review_cells(each).values()]


def _day(text: str | None) -> date | str | None:
    """Return a date that Excel has, so that it sorts and filters by years; else the text as it is."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return text
    return day if day >= FIRST_EXCEL_DAY and day.isoformat() == text else text


def _add_topics(pages: _Pages, source: Source) -> None:
    names = ("id", "name", "claim", "opposite", "notes", "terms", "nouns")
    page = pages.page("Topics", names)
    for topic in source.folder.codebook.topics:
        values = (getattr(topic, name) for name in names)
        page.add([", ".join(value) if isinstance(value, tuple) else value for value in values])


def _add_notes(pages: _Pages, source: Source, tally: Tally) -> None:
    page = pages.page("Notes", ("what", "value", "favor", "against", "neutral"))
    for name, value in run_facts(source):
        page.add((name, value))
    for status, number in sorted(tally.statuses.items()):
        page.add((f"records {status}", number))
    topics = sorted({topic for _, topic, _ in tally.stances})
    for unit in Unit:
        for topic in topics:
            numbers = [tally.stances[unit, topic, stance] for stance in STANCES]
            page.add((f"{topic}, counted once a {unit}", sum(numbers), *numbers))
    for name in RECORD_COLUMNS:
        page.add((f"column {name}", MEANINGS[name]))


class _Pages:
    """The sheets of a workbook, and what didn't fit into them."""

    def __init__(self, book: Any, refused: type[Exception]) -> None:
        self.book, self.refused = book, refused
        self.left: Counter[str] = Counter()
        self.header = book.add_format({"bold": True, "bg_color": "#e8ecf1", "bottom": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._pages: list[_Page] = []

    def page(self, name: str, columns: Sequence[str]) -> _Page:
        page = _Page(self, name, columns)
        self._pages.append(page)
        return page

    def close(self) -> None:
        for page in self._pages:
            page.close()
        try:
            self.book.close()
        except self.refused as error:  # the system's own error is inside
            raise OSError(str(error)) from error

    def notes(self) -> list[str]:
        """Return a line for each kind of thing that Excel can't hold."""
        texts = {
            "cut": f"xlsx: {{}} texts are longer than the {CELL:,} characters of a cell; they end in {CUT.strip()!r}",
            "links": f"xlsx: {{}} addresses are no links, as a sheet can have {LINKS:,} and a link {LINK:,} characters",
            "sheets": f"xlsx: {{}} more sheets, numbered, for the rows beyond {ROWS:,}",
            "characters": "xlsx: {} texts have characters that it can't hold, in whose place stands ? or \ufffd",
        }
        return [texts[name].format(number) for name, number in sorted(self.left.items())]


class _Page:
    """A table that goes on on another sheet where one is full; rows are written in order and not kept."""

    def __init__(self, pages: _Pages, name: str, columns: Sequence[str]) -> None:
        self._pages, self._name, self._columns = pages, name, columns
        self._number = 0
        self._start()

    def add(self, values: Sequence[Any]) -> None:
        if self._row == ROWS:
            self.close()
            self._pages.left["sheets"] += 1
            self._start()
        for column, value in enumerate(values):
            self._write(column, value)
        self._row += 1

    def close(self) -> None:
        """Put a filter over what was written."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._columns) - 1)

    def _start(self) -> None:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name} {self._number}"
        self._sheet = self._pages.book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._row = self._links = 0
        for column, title in enumerate(self._columns):
            self._sheet.set_column(column, column, WIDTHS.get(title, max(12, len(title) + 2)))
            self._sheet.write_string(0, column, title, self._pages.header)
        self._row = 1

    def _write(self, column: int, value: Any) -> None:
        sheet, row = self._sheet, self._row
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self._pages.day)
        else:
            self._write_text(column, self._fitted(value))

    def _write_text(self, column: int, text: str) -> None:
        if self._columns[column] == "url" and text.startswith(("http://", "https://")):
            if self._links < LINKS and len(text) <= LINK and text.isascii() and text.isprintable():
                self._links += 1
                self._sheet.write_url(self._row, column, text, string=text)
                return
            self._pages.left["links"] += 1
        self._sheet.write_string(self._row, column, text)

    def _fitted(self, text: str) -> str:
        """Return the text as a cell can hold it; what that costs is counted."""
        whole = _NEVER.sub("\ufffd", encodable(text))
        if whole != text:
            self._pages.left["characters"] += 1
        units = whole.encode("utf-16-le")
        if len(units) <= 2 * CELL:
            return whole
        self._pages.left["cut"] += 1
        return units[: 2 * (CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
