"""JSON lines that grow while a command runs and survive its being killed in the middle of one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def append(file: Path, record: Mapping[str, Any]) -> None:
    """Add a line, on disk before this returns; half a line that is there already is cut off."""
    with file.open("ab+") as lines:
        end = lines.tell()
        if end and not _ends_whole(file):
            lines.truncate(file.read_bytes().rfind(b"\n") + 1)
        lines.write(json.dumps(record).encode() + b"\n")


def read(file: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a file, none where there is no file."""
    if not file.exists():
        return
    with file.open() as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


def _ends_whole(file: Path) -> bool:
    with file.open("rb") as lines:
        lines.seek(-1, 2)
        return lines.read() == b"\n"
