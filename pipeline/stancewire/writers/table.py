"""The stance table for the terminal, at the end of a run."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stancewire.types import Stance, StanceRecord
from stancewire.writers.rows import best_evidence

LIMIT = 50  # records: what a person may look through in a terminal
_LOOKS = {
    Stance.FAVOR: ("▲", "+", "cyan"),
    Stance.AGAINST: ("▼", "-", "red"),
    Stance.NEUTRAL: ("●", "=", "default"),
}
_ISOLATE, _END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HOLDER_WIDTH, _STANCE_WIDTH, _CONFIDENCE_WIDTH, _HOW_WIDTH = 20, 9, 4, 11
_GAPS = 8  # between each two columns a blank of padding and one of the box
_LEAST_EVIDENCE_WIDTH = 24


def print_records(
    records: Sequence[StanceRecord],
    *,
    console: Console,
    limit: int = LIMIT,
    total: int | None = None,
    rest_in: str = "records.csv",
) -> None:
    """Print the records grouped by topic, at most `limit` of them, and say where the rest of the `total` is.

    Stances have a symbol as well as a colour; where the output has no colour or no Unicode it still reads.
    """
    if not records:
        console.print("No stance records.")
        return
    for topic, group in _by_topic(records[:limit]).items():
        console.print(Text(one_line(topic, console), style="bold"))
        console.print(_table(group, console))
        console.print()
    if (rest := (total or len(records)) - min(limit, len(records))) > 0:
        console.print(Text(f"and {rest:,} more in {rest_in}", style="dim"))


def _by_topic(records: Iterable[StanceRecord]) -> dict[str, list[StanceRecord]]:
    groups: dict[str, list[StanceRecord]] = {}
    for record in records:
        groups.setdefault(record.topic, []).append(record)
    return groups


def _table(records: Iterable[StanceRecord], console: Console) -> Table:
    fixed = _HOLDER_WIDTH + _STANCE_WIDTH + _CONFIDENCE_WIDTH + _HOW_WIDTH + _GAPS
    width = max(console.width - fixed, _LEAST_EVIDENCE_WIDTH)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Holder", width=_HOLDER_WIDTH)
    table.add_column("Stance", width=_STANCE_WIDTH, no_wrap=True)
    table.add_column("Conf", width=_CONFIDENCE_WIDTH, justify="right", no_wrap=True)
    table.add_column("How", width=_HOW_WIDTH)
    table.add_column("Evidence, article", width=width)
    for record in records:
        table.add_row(
            Text(isolated(one_line(record.holder, console))),
            _stance(record, console),
            f"{record.confidence:.2f}",
            _how(record, console),
            _evidence(record, width, console),
        )
    return table


def _stance(record: StanceRecord, console: Console) -> Text:
    symbol, plain, colour = _LOOKS[record.stance]
    mark = plain if console.options.ascii_only else symbol
    return Text(f"{mark} {record.stance.value}", style=colour)


def _how(record: StanceRecord, console: Console) -> Text:
    flags = [name for name in ("hedged", "conditional", "changed") if getattr(record, name)]
    shown = Text("\n".join([record.attribution.value, *flags]))
    if record.speaker and record.speaker != record.holder:
        shown.append(f"\nby {isolated(one_line(record.speaker, console))}", style="dim")
    return shown


def _evidence(record: StanceRecord, width: int, console: Console) -> Text:
    """Return up to two lines of the best quote and, dimmed, one of the article's title."""
    dots = "..." if console.options.ascii_only else "…"
    best = best_evidence(record)
    quote = _wrapped(one_line(best.quote, console), width, lines=2, dots=dots) if best else []
    title = _wrapped(one_line(record.title or record.article_id, console), width, lines=1, dots=dots)
    shown = Text("".join(f"{isolated(line)}\n" for line in quote))
    return shown.append(isolated(title[0]), style="dim")


def _wrapped(text: str, width: int, *, lines: int, dots: str) -> list[str]:
    """Break the text between words into at most `lines` lines, ending in `dots` where words are left out."""
    words = iter(text.split(" "))
    rows = [""]
    for word in words:
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if cell_len(longer) <= width:
            rows[-1] = longer
        elif len(rows) < lines and rows[-1] and cell_len(word) <= width:
            rows.append(word)
        else:
            rows[-1] = _fitting(rows[-1] or word, width - cell_len(dots)).rstrip(" ,;:") + dots
            break
    return rows


def _fitting(text: str, width: int) -> str:
    """Return as many whole words as fit, or the beginning of a single word that doesn't."""
    while cell_len(text) > width:
        text = text.rpartition(" ")[0] or next(
            text[:end] for end in range(len(text) - 1, -1, -1) if cell_len(text[:end]) <= width
        )
    return text


def one_line(text: str, console: Console) -> str:
    """Return the text without what could steer the terminal and with "?" for what it can't encode."""
    kept = (" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    line = " ".join("".join(each for each in kept if each not in _BIDI_CONTROLS).split())
    return line.encode(console.encoding, "replace").decode(console.encoding)


def isolated(line: str) -> str:
    """Keep right-to-left words from reordering the columns beside them, on terminals that know bidi."""
    if any(unicodedata.bidirectional(each) in ("R", "AL") for each in line):
        return f"{_ISOLATE}{line}{_END_ISOLATE}"
    return line
