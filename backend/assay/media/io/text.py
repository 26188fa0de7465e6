"""Text found inside media is written by strangers: only a short, printable rest is passed on."""

from collections.abc import Iterable

MAX_TAGS = 32
MAX_KEY = 64
MAX_VALUE = 200
_PRIVATE = ("location", "gps", "xyz", "iso6709")
"""Where somebody was is nobody's business: a report may be passed on."""


def clean(text: str, limit: int = MAX_VALUE) -> str:
    """Printable characters on one line, at most `limit` of them."""
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    return " ".join(shown.split())[:limit].rstrip()


def clean_tags(tags: Iterable[tuple[str, str]]) -> dict[str, str]:
    """At most `MAX_TAGS` tags with lower-case keys, without places and empty values."""
    cleaned: dict[str, str] = {}
    for key, value in tags:
        key, value = clean(key.lower(), MAX_KEY), clean(value)
        if key and value and not any(word in key for word in _PRIVATE):
            cleaned.setdefault(key, value)
        if len(cleaned) == MAX_TAGS:
            break
    return cleaned
