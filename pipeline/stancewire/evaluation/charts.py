"""Pictures of scores as SVGs that need nothing else: reliability and coverage, confusion, differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from stancewire.evaluation.calibration import Calibration
from stancewire.evaluation.figures import Confusion
from stancewire.evaluation.paired import Difference

SIDE = 260  # pixels of a panel's inner square
MARGIN = 56  # pixels for axis numbers and labels
NAMES, LINE = 280, 24  # pixels for the names of figures, and between their lines
CELL = 72  # pixels of a cell of a confusion
DARK = 0.7  # share from which white words are read better than black ones
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MAX_RADIUS = 9.0  # pixels of the dot of the fullest bin
INK, FAINT, ACCENT = "#222", "#bbb", "#1f5fa8"

Point = tuple[float, float]


def svg_head(title: str, width: float, height: float) -> tuple[str, ...]:
    """Return how a picture begins: its size in pixels, its type, its title for screen readers, and white ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="sans-serif" font-size="12" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    )


def calibration_svg(calibration: Calibration, *, title: str = "Calibration") -> str:
    """Draw the bins, each a dot whose area is its number of rows, and the coverage curve beside them."""
    width, height = 2 * (SIDE + MARGIN) + MARGIN, SIDE + 2 * MARGIN
    caption = f"{title}: expected calibration error {calibration.expected_error:.3f}"
    curve = [(point.coverage, point.accuracy) for point in calibration.coverage]
    return "\n".join(
        [
            *svg_head(caption, width, height),
            _words(escape(caption), x=MARGIN, y=24, anchor="start", size=14),
            *_panel(MARGIN, "confidence", "accuracy", [*_diagonal(), *_dots(calibration)]),
            *_panel(2 * MARGIN + SIDE, "share of rows answered", "accuracy", _line(curve)),
            "</svg>\n",
        ]
    )


def confusion_svg(confusion: Confusion, *, title: str = "Confusion") -> str:
    """Draw the counts, gold in rows and answers in columns, each row's shares as shades of its cells."""
    labels = confusion.labels
    side = CELL * len(labels)
    width, height = side + 2 * MARGIN + 60, side + 2 * MARGIN + 20
    middle = MARGIN + 20 + side / 2
    return "\n".join(
        [
            *svg_head(title, width, height),
            _words(escape(title), x=16, y=24, anchor="start", size=14),
            _words("answer", x=MARGIN + 60 + side / 2, y=46, anchor="middle"),
            f'<text transform="translate(20,{middle:.0f}) rotate(-90)" text-anchor="middle">gold</text>',
            f'<g transform="translate({MARGIN + 60},{MARGIN + 20})">',
            *(part for row in range(len(labels)) for part in _confusion_row(confusion, row)),
            "</g>",
            "</svg>\n",
        ]
    )


def _confusion_row(confusion: Confusion, row: int) -> Iterable[str]:
    label, counts = confusion.labels[row], confusion.counts[row]
    total = sum(counts)
    y = CELL * row
    yield _words(escape(label), x=-8, y=y + CELL / 2 + 4, anchor="end")
    if row == 0:
        for column, name in enumerate(confusion.labels):
            yield _words(escape(name), x=CELL * (column + 0.5), y=-8, anchor="middle")
    for column, count in enumerate(counts):
        share = count / total if total else 0.0
        x, words = CELL * column, "#fff" if share > DARK else INK
        tip = f"gold {label}, answer {confusion.labels[column]}: {count} of {total}"
        yield (
            f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{ACCENT}" fill-opacity="{share:.3f}" '
            f'stroke="{FAINT}"><title>{escape(tip)}</title></rect>'
        )
        yield f'<text x="{x + CELL / 2:.0f}" y="{y + CELL / 2:.0f}" text-anchor="middle" fill="{words}">{count}</text>'
        if total:
            yield (
                f'<text x="{x + CELL / 2:.0f}" y="{y + CELL / 2 + 16:.0f}" text-anchor="middle" font-size="10" '
                f'fill="{words}">{100 * share:.0f} %</text>'
            )


def differences_svg(differences: Sequence[Difference], *, title: str = "Differences") -> str:
    """Draw each difference of two models as a dot with its interval, and a line where there is none."""
    shown = [each for each in differences if each.difference is not None]
    bounds = [
        abs(edge) for each in shown for edge in (each.difference, each.low, each.high) if edge is not None
    ]
    reach = max([*bounds, 0.05]) * 1.1
    width, height = NAMES + 2 * SIDE + MARGIN, 2 * MARGIN + LINE * len(shown)

    def x(value: float) -> float:
        return NAMES + SIDE * (1 + value / reach)

    return "\n".join(
        [
            *svg_head(title, width, height),
            _words(escape(title), x=16, y=24, anchor="start", size=14),
            f'<path d="M{x(0):.1f} {MARGIN - 10}V{height - MARGIN}" stroke="{INK}" stroke-dasharray="4 4"/>',
            *(
                part
                for number, each in enumerate(shown)
                for part in _difference_line(each, MARGIN + LINE * number + 8, x)
            ),
            *(
                _words(f"{tick:+.2f}", x=x(tick), y=height - MARGIN + 18, anchor="middle")
                for tick in (-reach / 1.1, 0.0, reach / 1.1)
            ),
            _words("difference, first less second", x=x(0), y=height - 16, anchor="middle"),
            "</svg>\n",
        ]
    )


def _difference_line(each: Difference, y: int, x: Callable[[float], float]) -> Iterable[str]:
    yield _words(escape(each.name), x=NAMES - 12, y=y + 4, anchor="end")
    tip = f"{each.name}: {each.difference:+.3f}" + (f", p {each.p:.3f}" if each.p is not None else "")
    yield f'<g stroke="{ACCENT}" fill="{ACCENT}"><title>{escape(tip)}</title>'
    if each.low is not None and each.high is not None:
        yield f'<path d="M{x(each.low):.1f} {y}H{x(each.high):.1f}" stroke-width="2"/>'
    yield f'<circle cx="{x(each.difference or 0.0):.1f}" cy="{y}" r="4.5" stroke="none"/></g>'


def _panel(left: int, x_label: str, y_label: str, marks: Iterable[str]) -> Iterable[str]:
    """Draw axes from 0 to 1 with numbers and labels around the marks."""
    yield f'<g transform="translate({left},{MARGIN})">'
    yield f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="{INK}"/>'
    for tick in TICKS:
        x, y = _pixel((tick, tick))
        yield f'<path d="M{x:.1f} 0V{SIDE}M0 {y:.1f}H{SIDE}" stroke="{FAINT}" stroke-width="0.5"/>'
        yield _words(f"{tick:.1f}", x=x, y=SIDE + 16, anchor="middle")
        yield _words(f"{tick:.1f}", x=-6, y=y + 4, anchor="end")
    yield _words(x_label, x=SIDE / 2, y=SIDE + 36, anchor="middle")
    turned = f"translate(-34,{SIDE / 2:.0f}) rotate(-90)"
    yield f'<text transform="{turned}" text-anchor="middle">{escape(y_label)}</text>'
    yield from marks
    yield "</g>"


def _diagonal() -> Iterable[str]:
    yield f'<path d="M0 {SIDE}L{SIDE} 0" stroke="{INK}" stroke-dasharray="4 4"/>'


def _dots(calibration: Calibration) -> Iterable[str]:
    fullest = max(part.count for part in calibration.bins)
    for part in calibration.bins:
        x, y = _pixel((part.confidence, part.accuracy))
        radius = MAX_RADIUS * (part.count / fullest) ** 0.5
        tip = f"{part.count} rows, confidence {part.confidence:.3f}, accuracy {part.accuracy:.3f}"
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{ACCENT}" fill-opacity="0.7">'
            f"<title>{tip}</title></circle>"
        )


def _line(points: Sequence[Point]) -> Iterable[str]:
    pixels = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_pixel, points))
    yield f'<polyline points="{pixels}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'


def _pixel(point: Point) -> Point:
    return point[0] * SIDE, (1 - point[1]) * SIDE


def _words(text: str, *, x: float, y: float, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{text}</text>'
