"""What judges: a version of the pipeline that is derived, so nobody has to remember to raise it.

Reports carry it and answers are cached under it: old answers are never given for new code.
"""

import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from assay import __version__

PACKAGE: Final = Path(__file__).resolve().parent
APART: Final = (
    "api",
    "jobs",
    "admin.py",
    "cli.py",
    "client.py",
    "detector.py",
    "terminal.py",
)
"""What carries questions and answers and cannot change one. All else in the package can."""
LIBRARIES: Final = (
    "av",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "scikit-learn",
    "scipy",
)
"""Distributions that decode or calculate."""


def pipeline_version(manifest_digest: str) -> str:
    """The version of this code, a plus sign, and twelve digits that change with what judges.

    Args:
        manifest_digest: Of the models that judge (`ModelFolder.digest`).
    """
    digest = hashlib.sha256(f"{_CODE}\n{manifest_digest}".encode()).hexdigest()
    return f"{__version__}+{digest[:12]}"


def code_digest(package: Path) -> str:
    """A hash over the sources that can change an answer and the libraries that they calculate with.

    Args:
        package: The folder of this package, or a copy of it.
    """
    parts = [f"{name}=={_installed(name)}" for name in LIBRARIES]
    parts += [
        f"{file.relative_to(package).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in sorted(_sources(package))
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sources(package: Path) -> Iterator[Path]:
    for file in package.rglob("*.py"):
        if file.relative_to(package).parts[0] not in APART:
            yield file


def _installed(name: str) -> str:
    """A distribution's version; `importlib.metadata.version` parses whole licences for it."""
    stated = re.search(
        r"^Version: (\S+)", distribution(name).read_text("METADATA") or "", re.MULTILINE
    )
    if stated is None:
        raise PackageNotFoundError(name)
    return stated[1]


_CODE: Final = code_digest(PACKAGE)
"""Of the code that was loaded; when the files change later, this process has not."""
