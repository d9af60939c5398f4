"""Corrected shares as tables for people and files, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stancewire.blocks import values_as_json
from stancewire.counting import Unit as Once
from stancewire.sampling.population import Unit
from stancewire.shares.estimate import About, Method
from stancewire.shares.groups import By
from stancewire.shares.intervals import Figure
from stancewire.shares.results import Group, Shares, StanceShare
from stancewire.tables.table import Column, Heading, Kind, Row, Table, Value, plain

_METHODS = {
    Method.PPI: "prediction-powered inference, power tuned (PPI++)",
    Method.DSL: "design-based supervised learning (DSL)",
    Method.GOLD: "the coded units alone, weighted",
}
_ABOUT = {
    About.ARCHIVE: "the articles that went in",
    About.PROCESS: "what such outlets write, of which the archive is a sample of stories",
}
_ONCE = {Once.RECORD: "once a record", Once.STORY: "once a story", Once.OUTLET: "once an outlet"}
_ERRORS = ("right", "other", "nothing", "missed")


def shares_table(shares: Shares) -> Table:
    """Return a row for each topic, group and stance; files have the machine's errors beside the shares."""
    group = () if shares.by is By.TOPIC else (shares.by.value,)
    columns = (
        *(Column(name=name) for name in ("topic", *group, "stance")),
        *(Column(name=name, kind=Kind.COUNT) for name in ("records", "labels")),
        *(Column(name=name, kind=Kind.NUMBER) for name in _NUMBERS),
        Column(name="reason"),
    )
    return Table(
        title=f"Shares of stances, corrected, counted {_ONCE[shares.once]}",
        columns=columns,
        headings=(
            *(plain(name, is_whole=True) for name in ("topic", *group, "stance")),
            plain("records", is_number=True),
            plain("labels", is_number=True),
            _percent("machine"),
            Heading(label="corrected", show=_shown("share"), is_number=True, is_whole=True),
        ),
        rows=tuple(_row(each, one, with_group=bool(group)) for each in shares.groups for one in each.shares),
        notes=tuple(_notes(shares)),
    )


_NUMBERS = (
    "worth",
    *("machine", "share", "share_low", "share_high", "share_error"),
    *("power", "real"),
    *(f"{name}{part}" for name in _ERRORS for part in ("", "_low", "_high")),
)


def errors_table(shares: Shares) -> Table:
    """Return a row for each topic and group: how many of the machine's records are right, and what it misses."""
    group = () if shares.by is By.TOPIC else (shares.by.value,)
    parts = _ERRORS if shares.unit is Unit.ARTICLE else _ERRORS[:-1]
    labels = {
        "right": "right, %",
        "other": "other stance",
        "nothing": "no such record",
        "missed": "missed",
    }
    columns = (
        *(Column(name=name) for name in ("topic", *group)),
        *(Column(name=name, kind=Kind.COUNT) for name in ("records", "labels")),
        *(Column(name=f"{name}{part}", kind=Kind.NUMBER) for name in parts for part in ("", "_low", "_high")),
        Column(name="reason"),
    )
    return Table(
        title="How far the machine errs, among coded units",
        columns=columns,
        headings=(
            *(plain(name, is_whole=True) for name in ("topic", *group)),
            plain("labels", is_number=True),
            *(
                Heading(label=labels[name], show=_in_short(name), is_number=True, is_whole=True)
                for name in parts
            ),
        ),
        rows=tuple(_error_row(each, parts, with_group=bool(group)) for each in shares.groups),
    )


def shares_as_json(shares: Shares) -> str:
    """Return JSON with every figure, its interval, or the reason why it is missing."""
    return values_as_json(shares)


def _row(group: Group, one: StanceShare, *, with_group: bool) -> Row:
    name = (group.group,) if with_group else ()
    figure = one.corrected
    errors: tuple[Value, ...] = sum((_figure(_of(group, part)) for part in _ERRORS), ())
    return (
        *(group.topic, *name, one.stance.value, group.records, group.labels, group.worth),
        *(one.machine, *_figure(figure), figure.error, group.power, group.real),
        *errors,
        figure.reason,
    )


def _error_row(group: Group, parts: tuple[str, ...], *, with_group: bool) -> Row:
    name = (group.group,) if with_group else ()
    figures: tuple[Value, ...] = sum((_figure(_of(group, part)) for part in parts), ())
    return (group.topic, *name, group.records, group.labels, *figures, group.reason)


def _of(group: Group, part: str) -> Figure:
    figure = getattr(group, part)
    return figure if isinstance(figure, Figure) else Figure()


def _figure(figure: Figure) -> tuple[Value, Value, Value]:
    return figure.value, figure.low, figure.high


def _percent(name: str) -> Heading:
    def show(row: Mapping[str, Value]) -> str:
        return _as_percent(row[name])

    return Heading(label=name, show=show, is_number=True, is_whole=True)


def _shown(name: str) -> Callable[[Mapping[str, Value]], str]:
    """Return what shows a share with its interval, or why there is none."""

    def show(row: Mapping[str, Value]) -> str:
        if row[name] is None:
            return _why(row)
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        if not isinstance(low, float) or not isinstance(high, float):
            return f"{_as_percent(row[name])} (no interval)"
        return f"{_as_percent(row[name])} [{100 * low:.1f}, {100 * high:.1f}]"

    return show


def _in_short(name: str) -> Callable[[Mapping[str, Value]], str]:
    """Return what shows a share and its interval in whole percent."""

    def show(row: Mapping[str, Value]) -> str:
        value, low, high = (row[f"{name}{part}"] for part in ("", "_low", "_high"))
        if not isinstance(value, float):
            return "-"
        if not isinstance(low, float) or not isinstance(high, float):
            return f"{100 * value:.0f} [-]"
        return f"{100 * value:.0f} [{100 * low:.0f}, {100 * high:.0f}]"

    return show


def _why(row: Mapping[str, Value]) -> str:
    """Return in a word or two why there is no figure; files have the whole reason."""
    return str(row["reason"] or "-").split(":")[0]


def _as_percent(value: Value) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, float) else "-"


def _notes(shares: Shares) -> Iterator[str]:
    noun = "records" if shares.unit is Unit.RECORD else "articles"
    yield f"{shares.coded} of {shares.population:,} {noun} of {shares.run} are coded."
    yield f"Method: {_METHODS[shares.method]}. About {_ABOUT[shares.about]}."
    yield (
        f"[{100 * shares.confidence.level:g} % interval]: Student's t on the log odds, as many labels as are"
        " worth the same."
        f" A group needs {shares.confidence.least} labels of equal weight."
    )
    yield "machine: the share as the machine counts. It has no interval, as its error is not chance."
    yield from shares.notes
