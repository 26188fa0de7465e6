"""Parts of pages that scripts write, between marks that say which."""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(script: str, name: str, contents: Mapping[str, str]) -> int:
    """Write each page's part, or with --check compare it; the exit status.

    Args:
        script: File name of the script that makes the parts.
        name: Of the part, as the marks have it.
        contents: By page, its path from the root.
    """
    stale = []
    for page, content in contents.items():
        path = ROOT / page
        old = path.read_text("utf-8")
        new = renewed(
            old, f"<!-- {name}: made by scripts/{script} -->", f"<!-- /{name} -->", content
        )
        if "--check" in sys.argv[1:]:
            stale += [page] if new != old else []
        else:
            path.write_text(new, "utf-8")
    if stale:
        print(f"{', '.join(stale)} is stale; run scripts/{script}", file=sys.stderr)
    return bool(stale)


def renewed(page: str, begin: str, end: str, content: str) -> str:
    """A page with what stands between the marks replaced.

    Raises:
        ValueError: The page has no marks.
    """
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{content}\n{end}{after}"
