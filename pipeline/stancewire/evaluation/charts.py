"""A reliability diagram and a coverage curve as one SVG that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from stancewire.evaluation.calibration import Calibration

SIDE = 260  # pixels of a panel's inner square
MARGIN = 56  # pixels for axis numbers and labels
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MAX_RADIUS = 9.0  # pixels of the dot of the fullest bin
INK, FAINT, ACCENT = "#222", "#bbb", "#1f5fa8"

Point = tuple[float, float]


def calibration_svg(calibration: Calibration, *, title: str = "Calibration") -> str:
    """Draw the bins, each a dot whose area is its number of rows, and the coverage curve beside them."""
    width, height = 2 * (SIDE + MARGIN) + MARGIN, SIDE + 2 * MARGIN
    caption = f"{title}: expected calibration error {calibration.expected_error:.3f}"
    curve = [(point.coverage, point.accuracy) for point in calibration.coverage]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" font-family="sans-serif" font-size="12" fill="{INK}">',
            f"<title>{escape(caption)}</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            _words(escape(caption), x=MARGIN, y=24, anchor="start", size=14),
            *_panel(MARGIN, "confidence", "accuracy", [*_diagonal(), *_dots(calibration)]),
            *_panel(2 * MARGIN + SIDE, "share of rows answered", "accuracy", _line(curve)),
            "</svg>\n",
        ]
    )


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
