"""Lines over a common axis as a small SVG file: a sweep, or how runs went.

Readable on light and on dark ground, without colour (lines differ in their dashes),
and by screen readers, as the figures of `plots.py`.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from assay_lab.core.svg import opening

Point = tuple[float, float]

WIDE: Final = 420.0
HIGH: Final = 220.0
"""Of the frame, px."""
LEFT, RIGHT, TOP, BOTTOM = 56.0, 20.0, 34.0, 48.0
LEGEND_LINE: Final = 18.0
STEPS: Final = 4
"""Between the ticks of an axis, about."""
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)

DASHES: Final = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 4", "1 3", "10 2 2 2 2 2")
HUES: Final = ("--first", "--second", "--third", "--fourth")
STYLE: Final = """
.lines { color: #55514a; --line: #d3cec4; --first: #b0410e; --second: #0a6a7c; --third: #6b5ca5;
  --fourth: #5b7d1f }
@media (prefers-color-scheme: dark) {
  .lines { color: #b9b5ac; --line: #3c3c42; --first: #f49a65; --second: #5cc3d4; --third: #b3a4ee;
    --fourth: #a9c96b }
}
.lines text { font: 11px system-ui, sans-serif; fill: currentColor }
.lines .name { font-size: 12px; font-weight: 600 }
.lines .frame, .lines .grid { fill: none; stroke: var(--line) }
.lines .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round }
"""
"""Scoped, for a notebook or a page may hold the drawing itself."""


class Axis(NamedTuple):
    """A name, and the two values between which the frame spans; the first may be the larger."""

    name: str
    first: float
    last: float

    @classmethod
    def around(cls, name: str, values: Sequence[float]) -> "Axis":
        """An axis that holds all values; with room about a single one."""
        low, high = min(values), max(values)
        room = 0.0 if high > low else abs(low) / 2 or 0.5
        return cls(name, low - room, high + room)

    @property
    def ticks(self) -> list[float]:
        """Round values inside, about four steps apart from end to end."""
        low, high = sorted((self.first, self.last))
        wanted = (high - low) / STEPS
        scale = 10.0 ** math.floor(math.log10(wanted))
        step = scale * min(ROUND, key=lambda each: abs(math.log(each * scale / wanted)))
        numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        return [number * step for number in numbers]

    def share(self, value: float) -> float:
        """Where a value lies between first (0) and last (1)."""
        return (value - self.first) / (self.last - self.first)


def draw_lines(title: str, across: Axis, up: Axis, lines: Mapping[str, Sequence[Point]]) -> str:
    """One drawing, the same bytes every time.

    Args:
        title: Above it.
        across, up: The axes; what lies outside is drawn at the edge.
        lines: Points by name, in order; lines without points are left out.
    """
    drawn = {name: points for name, points in lines.items() if points}
    width = LEFT + WIDE + RIGHT
    height = TOP + HIGH + BOTTOM + LEGEND_LINE * len(drawn)
    words = ". ".join(f"{name}: {_told(points)}" for name, points in drawn.items())
    parts = [
        *opening("lines", (width, height), title, words, STYLE),
        f'<g transform="translate({LEFT:g} {TOP:g})">',
        f'<text class="name" y="-14">{escape(title)}</text>',
        *_frame(across, up),
    ]
    for number, (name, points) in enumerate(drawn.items()):
        style = f'stroke="var({HUES[number % len(HUES)]})"'
        dashes = DASHES[number % len(DASHES)]
        style += f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<path class="curve" {style} d="{_path(across, up, points)}"/>')
        y = HIGH + BOTTOM + LEGEND_LINE * number
        parts.append(f'<path class="curve" {style} d="M0 {y - 4:g}H34"/>')
        parts.append(f'<text x="42" y="{y:g}">{escape(name)}</text>')
    return "\n".join([*parts, "</g></svg>", ""])


def _told(points: Sequence[Point]) -> str:
    (_, first), (_, last) = points[0], points[-1]
    return f"from {first:.4g} to {last:.4g} over {len(points)} points"


def _frame(across: Axis, up: Axis) -> list[str]:
    parts = [f'<rect class="frame" width="{WIDE:g}" height="{HIGH:g}"/>']
    for value in across.ticks:
        x = across.share(value) * WIDE
        parts.append(f'<path class="grid" d="M{x:.1f} {HIGH:g}v4"/>')
        parts.append(f'<text x="{x:.1f}" y="{HIGH + 16:g}" text-anchor="middle">{value:.6g}</text>')
    for value in up.ticks:
        y = (1 - up.share(value)) * HIGH
        parts.append(f'<path class="grid" d="M0 {y:.1f}H{WIDE:g}"/>')
        parts.append(f'<text x="-8" y="{y + 4:.1f}" text-anchor="end">{value:.4g}</text>')
    middle = f'<text x="{WIDE / 2:g}" y="{HIGH + 32:g}" text-anchor="middle">'
    side = f'<text transform="translate(-44 {HIGH / 2:g}) rotate(-90)" text-anchor="middle">'
    return [*parts, f"{middle}{escape(across.name)}</text>", f"{side}{escape(up.name)}</text>"]


def _path(across: Axis, up: Axis, points: Sequence[Point]) -> str:
    places = [
        (WIDE * _inside(across.share(x)), HIGH * (1 - _inside(up.share(y)))) for x, y in points
    ]
    if len(places) == 1:
        places *= 2  # a point alone is drawn as a dot
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _inside(share: float) -> float:
    return abs(min(max(share, 0.0), 1.0))  # no -0 in the drawing
