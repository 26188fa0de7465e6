"""Writes the lists of formats in docs/formats.md and README.md from the code; --check compares.

.venv/bin/python scripts/formats.py [--check]
"""

import sys
from pathlib import Path

from assay.media.io.formats import FORMATS

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- formats: made by scripts/formats.py -->", "<!-- /formats -->"
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


def renewed(page: str, content: str) -> str:
    """A page with what stands between the marks replaced.

    Raises:
        ValueError: The page has no marks.
    """
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{content}\n{END}{after}"


def main() -> int:
    """Write, or compare; the exit status."""
    stale = []
    for name, content in (("docs/formats.md", table()), ("README.md", sentences())):
        path = ROOT / name
        page = path.read_text("utf-8")
        new = renewed(page, content)
        if "--check" in sys.argv[1:]:
            stale += [name] if new != page else []
        else:
            path.write_text(new, "utf-8")
    if stale:
        print(f"{', '.join(stale)} is stale; run scripts/formats.py", file=sys.stderr)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
