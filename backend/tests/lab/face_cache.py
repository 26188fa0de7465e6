"""A cache as `extract-faces` writes it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from assay_lab.data.faces import FileFaces


def write_index(folder: Path, found: Iterable[FileFaces]) -> None:
    """What was found in each file, for `FaceCache`."""
    (folder / "index.jsonl").write_text("\n".join(json.dumps(asdict(some)) for some in found))
