"""Writes the lists of formats in docs/formats.md and README.md from the code; --check compares.

.venv/bin/python scripts/formats.py [--check]
"""

import sys

from assay.media.io.formats import FORMATS
from marked import main

KINDS = {"picture": "Pictures", "video": "Video", "sound": "Sound"}


def table() -> str:
    """A row for each family, in the order of the code."""
    rows = [
        f"| {form.name} | {' '.join(f'`.{suffix}`' for suffix in form.suffixes.split())} "
        f"| {form.kind} | {form.needs} |"
        for form in FORMATS
    ]
    return "\n".join(["| format | usual names | read as | by |", "|---|---|---|---|", *rows])


def sentences() -> str:
    """One line a kind, of names alone."""
    return "\n".join(
        f"- **{title}**: "
        + "; ".join(form.name.split(";")[0].split(",")[0] for form in FORMATS if form.kind == kind)
        for kind, title in KINDS.items()
    )


if __name__ == "__main__":
    contents = {"docs/formats.md": table(), "README.md": sentences()}
    sys.exit(main("formats.py", "formats", contents))
