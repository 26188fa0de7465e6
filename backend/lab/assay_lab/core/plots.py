"""ROC, reliability, risk over coverage and scores as small SVG files, for model cards.

Drawn from labels and probabilities alone, to the same bytes every time. Readable on light and on
dark ground (the colours follow the reader's scheme), without colour (fakes are solid, real ones
hollow or dashed), and by screen readers (each figure says its numbers in words).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Final

import numpy as np

from assay.types import Doubles, Flags
from assay_lab.core import metrics
from assay_lab.core.scored import THRESHOLD, Scored
from assay_lab.core.svg import opening

Point = tuple[float, float]
Panel = Callable[[Scored], list[str]]

SIDE: Final = 200.0
"""Of a panel's square, in px; all four axes run from 0 to 1."""
LEFT, RIGHT, TOP, BOTTOM = 46.0, 26.0, 44.0, 46.0
ROUNDS: Final = 200
"""Bootstrap samples of a ROC band."""
BINS: Final = 20

STYLE: Final = """
.plot { color: #55514a; --real: #0a6a7c; --fake: #b0410e; --line: #d3cec4 }
@media (prefers-color-scheme: dark) {
  .plot { color: #b9b5ac; --real: #5cc3d4; --fake: #f49a65; --line: #3c3c42 }
}
.plot text { font: 11px system-ui, sans-serif; fill: currentColor }
.plot .name { font-size: 12px; font-weight: 600 }
.plot .frame { fill: none; stroke: var(--line) }
.plot .guide { fill: none; stroke: currentColor; stroke-dasharray: 2 3; opacity: .6 }
.plot .curve { fill: none; stroke: var(--fake); stroke-width: 1.8; stroke-linejoin: round }
.plot .band { fill: var(--fake); opacity: .18 }
.plot .bar { stroke: var(--fake); stroke-width: 1.2; opacity: .6 }
.plot .dot, .plot .fakes { fill: var(--fake) }
.plot .reals { fill: none; stroke: var(--real); stroke-width: 1.2 }
.plot .count { fill: currentColor; opacity: .35 }
"""
"""Scoped, for a notebook or a page may hold the drawing itself."""


def draw(sets: Mapping[str, Scored]) -> dict[str, str]:
    """All figures by file name, each with one panel for every set that has both classes."""
    both = {name: scored for name, scored in sets.items() if scored.has_both}
    return {
        file: _figure(title, axes, panel, both) for file, (title, axes, panel) in FIGURES.items()
    }


def section() -> str:
    """The part of a card that shows the figures beside it."""
    shown = "\n\n".join(f"![{title}]({file})" for file, (title, _, _) in FIGURES.items())
    return (
        f"## Figures\n\n{shown}\n\nShaded: 95 %, resampled by group. Upright bars: 95 % for the "
        f"share in each of the bins, which hold equally many; their spread of scores is below. "
        f"Scores: fakes upward, filled; real ones downward, hollow; dashed at {THRESHOLD}."
    )


def roc(scored: Scored) -> list[str]:
    """Detected fakes over false alarms, shaded where 95 % of bootstraps over groups lie."""
    y, p, groups = scored
    _, alarms, misses = metrics.error_curve(y, p)
    grid = np.linspace(0, 1, 41)
    low, high = _roc_band(y, p, groups, grid)
    band = [*zip(grid, high, strict=True), *zip(grid[::-1], low[::-1], strict=True)]
    return [
        _line([(0, 0), (1, 1)], "guide"),
        f'<path class="band" d="{_path(band)}Z"/>',
        _line(zip(alarms, 1 - misses, strict=True), "curve"),
    ]


def reliability(scored: Scored) -> list[str]:
    """Share of fakes over stated P(fake), in bins of equal mass, with Wilson intervals."""
    y, p, _ = scored
    parts = [_line([(0, 0), (1, 1)], "guide")]
    for count, stated, observed in metrics.reliability(y, p):
        low, high = wilson(observed, count)
        parts += [
            _line([(stated, low), (stated, high)], "bar"),
            f'<circle class="dot" cx="{_x(stated)}" cy="{_y(observed)}" r="3.2"/>',
        ]
    heights = np.histogram(p, BINS, (0, 1))[0] / len(p)
    tallest = max(float(heights.max()), 1e-9)
    return parts + _bars(heights / tallest * 0.14, 0.0, "count")


def risk_coverage(scored: Scored) -> list[str]:
    """Share of errors among the most confident answers over how many of them are given."""
    y, p, _ = scored
    shares, risks = metrics.risk_coverage(y, p)
    steps = np.unique(np.linspace(0, len(shares) - 1, min(len(shares), 120)).astype(int))
    line = _line(zip(shares[steps], risks[steps], strict=True), "curve")
    return [_line([(0.8, 0), (0.8, 1)], "guide"), line]


def histogram(scored: Scored) -> list[str]:
    """How P(fake) spreads: fakes above the middle, real ones below it."""
    y, p, _ = scored
    parts = [_line([(0, 0.5), (1, 0.5)], "frame")]
    parts.append(_line([(THRESHOLD, 0), (THRESHOLD, 1)], "guide"))
    shares = [np.histogram(p[mine], BINS, (0, 1))[0] / mine.sum() for mine in (y, ~y)]
    tallest = max(float(share.max()) for share in shares)
    fakes, reals = (share / tallest * 0.46 for share in shares)
    return parts + _bars(fakes, 0.5, "fakes") + _bars(-reals, 0.5, "reals")


FIGURES: Final[Mapping[str, tuple[str, tuple[str, str], Panel]]] = {
    "roc.svg": ("ROC", ("false alarms", "detected fakes"), roc),
    "reliability.svg": ("Reliability", ("stated P(fake)", "share that is fake"), reliability),
    "risk.svg": ("Risk over coverage", ("coverage", "errors"), risk_coverage),
    "scores.svg": ("Scores", ("P(fake)", "real  |  fake"), histogram),
}
"""File: its title, names of the axes, and what draws a panel."""


def wilson(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): it stays inside 0..1 even for small counts."""
    scale = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / scale
    reach = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / scale
    return max(0.0, float(centre - reach)), min(1.0, float(centre + reach))


def _roc_band(
    y: Flags, p: Doubles, groups: Sequence[str], grid: Doubles
) -> tuple[Doubles, Doubles]:
    curves = []
    for drawn in metrics.resamples(y, groups, ROUNDS):
        _, alarms, misses = metrics.error_curve(y[drawn], p[drawn])
        # Both fall as the threshold rises; `interp` wants rising places.
        curves.append(np.interp(grid, alarms[::-1], 1 - misses[::-1]))
    low, high = np.percentile(curves, [2.5, 97.5], axis=0)
    return low, high


def _figure(title: str, axes: tuple[str, str], panel: Panel, sets: Mapping[str, Scored]) -> str:
    step = LEFT + SIDE + RIGHT
    width, height = step * max(len(sets), 1), TOP + SIDE + BOTTOM
    words = ". ".join(f"{name}: {_summary(scored)}" for name, scored in sets.items())
    parts = [*opening("plot", (width, height), title, words, STYLE)]
    for number, (name, scored) in enumerate(sets.items()):
        parts.append(f'<g transform="translate({number * step + LEFT:g} {TOP:g})">')
        parts += [*_frame(name, _summary(scored), axes), *panel(scored), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _summary(scored: Scored) -> str:
    real, fake = int((~scored.labels).sum()), int(scored.labels.sum())
    ranked = metrics.auc(scored.labels, scored.probabilities)
    error = metrics.ece(scored.labels, scored.probabilities)
    return f"{real} real, {fake} fake, AUC {ranked:.3f}, ECE {error:.3f}"


def _frame(name: str, summary: str, axes: tuple[str, str]) -> list[str]:
    across, up = axes
    parts = [
        f'<rect class="frame" width="{SIDE:g}" height="{SIDE:g}"/>',
        f'<text class="name" y="-26">{escape(name)}</text>',
        f'<text y="-10">{escape(summary)}</text>',
        _text(SIDE / 2, SIDE + 34, across),
        f'<text transform="translate(-32 {SIDE / 2:g}) rotate(-90)" text-anchor="middle">'
        f"{escape(up)}</text>",
    ]
    for on_progress in (0.0, 0.5, 1.0):
        parts.append(_text(on_progress * SIDE, SIDE + 16, f"{on_progress:g}"))
        if "|" not in up:  # Two halves have no common scale.
            parts.append(_text(-6, SIDE * (1 - on_progress) + 4, f"{on_progress:g}", "end"))
    return parts


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _bars(heights: Doubles, base: float, style: str) -> list[str]:
    """One bar for each of BINS; negative ones hang."""
    wide = SIDE / BINS
    return [
        f'<rect class="{style}" x="{place * wide + 1:.1f}" width="{wide - 2:.1f}" '
        f'y="{_y(base + max(height, 0.0))}" height="{abs(height) * SIDE:.1f}"/>'
        for place, height in enumerate(heights)
        if height
    ]


def _line(points: Iterable[Point], style: str) -> str:
    return f'<path class="{style}" d="{_path(points)}"/>'


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_x(x)} {_y(y)}" for x, y in points)


def _x(value: float) -> str:
    return f"{value * SIDE:.1f}"


def _y(value: float) -> str:
    return f"{(1 - value) * SIDE:.1f}"
