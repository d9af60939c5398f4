"""The machine's shares beside the corrected ones with their intervals, as one SVG that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from stancewire.evaluation.charts import svg_head
from stancewire.shares.intervals import Figure
from stancewire.shares.results import Group, Shares, StanceShare
from stancewire.types import Stance

MOST_GROUPS = 40
"""Groups in a picture: more would make one that no screen shows whole."""
_LEFT, _WIDTH, _RIGHT, _TOP, _ROW, _GAP = 260, 420, 30, 92, 20, 14  # pixels
_INK, _FAINT = "#222", "#ccc"
# Told apart by those who don't see red and green apart, too (Okabe and Ito 2008, Color Universal Design).
_COLOURS = {Stance.FAVOR: "#0072b2", Stance.AGAINST: "#d55e00", Stance.NEUTRAL: "#666666"}
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def shares_svg(shares: Shares, *, title: str = "Shares of stances") -> str:
    """Draw a block for each group that has a corrected share, the first of them where there are too many."""
    drawn = [group for group in shares.groups if any(one.corrected.value is not None for one in group.shares)]
    left_out = len(shares.groups) - len(drawn[:MOST_GROUPS])
    height = _TOP + sum(_height(group) for group in drawn[:MOST_GROUPS]) + 50
    width = _LEFT + _WIDTH + _RIGHT
    note = f"; {left_out} of {len(shares.groups)} groups not shown" if left_out else ""
    caption = f"{shares.coded} of {shares.population:,} {shares.unit}s coded; {shares.method}{note}"
    level = f"{100 * shares.confidence.level:g} %"
    lines = [
        *svg_head(title, width, height),
        f'<text x="16" y="24" font-size="14">{escape(title)}</text>',
        f'<text x="16" y="44">{escape(caption)}</text>',
        *_legend(level),
        *_axis(height),
    ]
    top = _TOP
    for group in drawn[:MOST_GROUPS]:
        lines += _block(group, top)
        top += _height(group)
    return "\n".join([*lines, "</svg>\n"])


def _height(group: Group) -> int:
    return _ROW * len(group.shares) + _GAP


def _legend(level: str) -> Iterator[str]:
    yield f'<circle cx="22" cy="62" r="4.5" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
    yield '<text x="34" y="66">as the machine counts</text>'
    yield f'<path d="M190 62H222" stroke="{_INK}" stroke-width="2"/><circle cx="206" cy="62" r="4.5" fill="{_INK}"/>'
    yield f'<text x="230" y="66">corrected, with its {level} interval</text>'


def _axis(height: int) -> Iterator[str]:
    bottom = height - 42
    for tick in _TICKS:
        x = _x(tick)
        yield f'<path d="M{x:.1f} {_TOP - 10}V{bottom}" stroke="{_FAINT}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{100 * tick:.0f} %</text>'
    yield f'<text x="{_LEFT + _WIDTH / 2:.0f}" y="{bottom + 34}" text-anchor="middle">share of records</text>'


def _block(group: Group, top: int) -> Iterator[str]:
    name = " · ".join(part for part in (group.topic, group.group) if part)
    shown = name if len(name) <= 26 else f"{name[:25]}…"
    yield f'<g><title>{escape(name)}</title><text x="16" y="{top + 14}">{escape(shown)}</text></g>'
    yield f'<text x="16" y="{top + 14 + _ROW}" fill="#666">{group.labels} labels</text>'
    for number, one in enumerate(group.shares):
        yield from _line(one, top + 10 + _ROW * number)


def _line(one: StanceShare, y: int) -> Iterator[str]:
    colour, figure = _COLOURS[one.stance], one.corrected
    tip = f"{one.stance}: machine {_percent(one.machine)}, corrected {_percent(figure.value)}{_range(figure)}"
    yield f'<g stroke="{colour}" fill="{colour}"><title>{escape(tip)}</title>'
    yield f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end" stroke="none">{one.stance}</text>'
    if figure.low is not None and figure.high is not None:
        yield f'<path d="M{_x(figure.low):.1f} {y}H{_x(figure.high):.1f}" stroke-width="2"/>'
    if figure.value is not None:
        yield f'<circle cx="{_x(figure.value):.1f}" cy="{y}" r="4.5" stroke="none"/>'
    if one.machine is not None:
        yield f'<circle cx="{_x(one.machine):.1f}" cy="{y}" r="4.5" fill="none" stroke-width="1.5"/>'
    yield "</g>"


def _x(share: float) -> float:
    return _LEFT + _WIDTH * share


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _range(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" ({100 * figure.low:.1f} to {100 * figure.high:.1f})"
