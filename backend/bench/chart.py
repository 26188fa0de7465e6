"""Bars as SVG, readable on light and dark ground."""

from collections.abc import Mapping
from html import escape
from typing import Final

WIDTH: Final = 720
LABEL: Final = 210
FIGURE: Final = 90
BAR: Final = 22
ROW: Final = 30
TOP: Final = 34
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-weight:600}rect{fill:#3d6fb6}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}rect{fill:#7ea7e0}}"
)


def bars(title: str, values: Mapping[str, float], unit: str) -> str:
    """A drawing of one bar a value, in the order given; its length is the value from zero."""
    longest = max(values.values(), default=0.0) or 1.0
    height = TOP + ROW * len(values)
    told = "; ".join(f"{name}: {_figure(value)} {unit}" for name, value in values.items())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title words">',
        f'<title id="title">{escape(title)}</title><desc id="words">{escape(told)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="0" y="18">{escape(title)}, {escape(unit)}</text>',
    ]
    for number, (name, value) in enumerate(values.items()):
        top = TOP + ROW * number
        length = max(1.0, (WIDTH - LABEL - FIGURE) * value / longest)
        middle = top + BAR / 2 + 5
        lines += [
            f'<text x="{LABEL - 10}" y="{middle:g}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LABEL}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{LABEL + length + 8:.1f}" y="{middle:g}">{_figure(value)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
