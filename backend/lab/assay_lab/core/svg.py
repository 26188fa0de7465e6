"""The beginning of a drawing that people and screen readers can read."""

from collections.abc import Iterator
from html import escape


def opening(
    look: str, size: tuple[float, float], title: str, words: str, style: str
) -> Iterator[str]:
    """Its first lines; the drawing ends with `</svg>`.

    Args:
        look: Class, to which the style is scoped.
        size: Width and height, px.
        title, words: Read out: what it is, and what it shows.
        style: CSS.
    """
    width, height = size
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" class="{look}" role="img" '
        'aria-labelledby="title words">'
    )
    yield f'<title id="title">{escape(title)}</title><desc id="words">{escape(words)}</desc>'
    yield f"<style>{style}</style>"
