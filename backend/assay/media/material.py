"""What the media room hands to the branches: faces, mouths and speech, never whole videos.

All pixels are uint8 RGB (or grey where said), all times seconds from the start of the media.
Sizes are bounded whatever the upload: see `sampling.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assay.evidence import FaceCounters, Hints, MediaInfo, PassedOver
from assay.media.sampling import Span
from assay.types import Floats, Image, Waveform

KEYPOINTS = ("right_eye", "left_eye", "nose", "mouth", "right_ear", "left_ear")
"""Order of a face's key points; right and left are the subject's, as BlazeFace has them."""


@dataclass(frozen=True, slots=True)
class Face:
    """A detected face in displayed pixels of the full picture.

    box: (4,) float32, x0 y0 x1 y1. keypoints: (6, 2) float32, x y, ordered as KEYPOINTS.
    """

    box: Floats
    keypoints: Floats
    score: float

    @property
    def size(self) -> float:
        """Side of the box: the mean of width and height, pixels."""
        x0, y0, x1, y1 = self.box
        return float((x1 - x0 + y1 - y0) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class FaceCrop:
    """A face at one sampled moment; compared by identity.

    aligned: (224, 224, 3), the visual branch's view. native: (h, w, 3) at the resolution of the
    upload, h and w even and at most 256, for residual analysis; None where the gate's budget
    of crops was spent.
    """

    time: float
    segment: int
    face: Face
    aligned: Image
    native: Image | None = None


@dataclass(frozen=True, slots=True)
class MouthSegment:
    """An unbroken segment of mouth pictures at 25 per second.

    start: time of the first picture. pictures: (n, 96, 96) grey.
    """

    start: float
    pictures: Image


@dataclass(slots=True)
class Person:
    """One identity: crops in order of time, and mouth runs.

    Crops come at a fixed rate within each run of the video, where the face may be missing a while.
    """

    number: int
    crops: list[FaceCrop] = field(default_factory=list)
    mouths: list[MouthSegment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bystander:
    """Somebody who was found and not examined, and why.

    sightings: times, in order, and the face then, in displayed pixels.
    """

    reason: PassedOver
    sightings: list[tuple[float, Face]]


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound at 16 kHz mono, float32 in -1..1, of the examined spans.

    spans: start times and waveforms, in order. voiced: (start, end) of detected speech, seconds.
    """

    spans: list[tuple[float, Waveform]]
    voiced: list[tuple[float, float]]

    RATE = 16_000

    @property
    def voiced_seconds(self) -> float:
        """Total length of detected speech."""
        return sum(end - start for start, end in self.voiced)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a branch may look at, and what it is a part of.

    bystanders: whom no branch gets to see. spans: of a video, those whose picture was decoded.
    patches: squares of whole pictures, (224, 224, 3), see `patches.py`. pictures: a few
    whole ones, JPEG by their time, for people.
    """

    media: MediaInfo
    hints: Hints
    persons: list[Person]
    faces: FaceCounters
    speech: Speech | None
    bystanders: Sequence[Bystander] = ()
    spans: Sequence[Span] = ()
    patches: Sequence[Image] = ()
    pictures: Mapping[float, bytes] = field(default_factory=dict)
