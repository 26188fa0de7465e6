"""An installation's own edges: moved so that its own genuine files are rarely called Deepfake.

The edges that ship hold for sources in general. A newsroom's cameras may score higher than those,
or lower. One shift of log-odds for each kind of media, set conformally on files of its own
(`calibrate.py`), moves all edges of that kind. It lies beside the data, and holds for the very
pipeline that it was made with.
"""

import hashlib
import math
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from assay.errors import AssayError
from assay.evidence import CalibratedOn, MediaKind, Probability, Record
from assay.settings import Settings

FILE: Final = "calibration.json"
OFF: Final = "calibration.off.json"
"""Where it lies, switched on and off, in the data folder."""


class Rates(Record):
    """How often the service was wrong, or decided, on the files of a calibration."""

    false_alarms: Probability = Field(description="Genuine files that were called Deepfake")
    cleared: Probability = Field(description="Genuine files in which no forgery was found")
    detected: Probability | None = Field(description="Fakes called Deepfake; null without fakes")
    missed: Probability | None = Field(
        description="Fakes in which no forgery was found; null without fakes"
    )


class Shift(Record):
    """How far the edges of one kind of media move, in log-odds, and what that does.

    `after` is measured on each file with edges that were set on the others.
    """

    deepfake: float = Field(default=0.0, allow_inf_nan=False)
    authentic: float = Field(default=0.0, allow_inf_nan=False)
    real: int = Field(ge=0)
    fake: int = Field(ge=0)
    before: Rates
    after: Rates


class Calibration(Record):
    """What `assay calibrate` found."""

    name: str = Field(max_length=120)
    made: str = Field(description="ISO 8601")
    pipeline: str = Field(description="What judged; by any other pipeline it is not used")
    kinds: dict[MediaKind, Shift]


class Own(Record):
    """A calibration that is in use, and the hash of its file."""

    calibration: Calibration
    sha256: str

    def version(self, pipeline: str) -> str:
        """The version of all that judges: the pipeline, and this."""
        return f"{pipeline}.{self.sha256[:12]}"

    def shift(self, kind: MediaKind) -> Shift | None:
        """How far the edges of a kind move; None where it says nothing of that kind."""
        return self.calibration.kinds.get(kind)

    def told(self, kind: MediaKind) -> CalibratedOn | None:
        """What a report names."""
        shift = self.shift(kind)
        if shift is None:
            return None
        return CalibratedOn(
            name=self.calibration.name,
            made=self.calibration.made,
            sha256=self.sha256,
            real=shift.real,
            fake=shift.fake,
            false_alarms=shift.after.false_alarms,
        )


def in_use(settings: Settings, pipeline: str) -> Own | None:
    """The calibration of this installation; None where there is none for this pipeline.

    Args:
        settings: Where the data lies.
        pipeline: The version of what judges, without a calibration.

    Raises:
        AssayError: `not_ready`, if the file is none.
    """
    try:
        content = (settings.data_dir / FILE).read_bytes()
    except OSError:
        return None
    found = read(content)
    if found.pipeline != pipeline:
        return None
    return Own(calibration=found, sha256=hashlib.sha256(content).hexdigest())


def read(content: bytes) -> Calibration:
    """A calibration from its file.

    Raises:
        AssayError: `not_ready`, if it is none.
    """
    try:
        return Calibration.model_validate_json(content)
    except ValidationError as error:
        raise AssayError(
            "not_ready",
            "The calibration cannot be read; make it again or switch it off "
            "(assay calibrate --off).",
        ) from error


def version_with(settings: Settings, pipeline: str) -> str:
    """The version of all that judges: the pipeline, and the calibration if one is in use."""
    own = in_use(settings, pipeline)
    return pipeline if own is None else own.version(pipeline)


def moved(edge: float, by: float) -> float:
    """An edge moved by log-odds."""
    return 1 / (1 + math.exp(-(math.log(edge / (1 - edge)) + by)))


def keep(settings: Settings, calibration: Calibration) -> Path:
    """Store it, switched on."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, target = settings.data_dir / f"{FILE}.new", settings.data_dir / FILE
    draft.write_text(calibration.model_dump_json(by_alias=True, indent=2))
    draft.replace(target)
    (settings.data_dir / OFF).unlink(missing_ok=True)
    return target


def switch(settings: Settings, on: bool) -> bool:
    """Use the stored calibration from now on, or no more.

    Returns:
        Whether there is one.
    """
    here, there = (OFF, FILE) if on else (FILE, OFF)
    if (settings.data_dir / here).is_file():
        (settings.data_dir / here).replace(settings.data_dir / there)
    return (settings.data_dir / there).is_file()
