"""Every face of a video at a bounded rate, picture by picture, without asking who is who."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from assay.media.faces.crops import crop_face
from assay.media.faces.detector import FaceDetector, Session
from assay.media.faces.find import MAX_FOLLOWED, flaw_of
from assay.media.faces.photographs import PhotographCheck
from assay.media.faces.upright import Upright, as_displayed, turned
from assay.media.io.frame import Frame
from assay.media.material import FaceCrop
from assay.media.patches import OF_A_FRAME, patches
from assay.media.sampling import FACE_RATE
from assay.types import Image

AT_ONCE: Final = 8
"""Faces of a picture that are handed out together: bounds the memory that crops take."""


class Seen(NamedTuple):
    """A picture, and some of its faces; one with more faces comes more than once.

    patches: squares of the picture, see `patches.py`.
    """

    time: float
    is_new: bool
    crops: list[FaceCrop]
    patches: list[Image]


def every_face(
    frames: Iterable[Frame], session: Session, step: float, check: PhotographCheck
) -> Iterator[Seen]:
    """Search a picture every `step` seconds, and cut out all faces that can be judged.

    Args:
        frames: In order of time, on the grid of `grid.py`.
        session: Of the model blazeface.
        step: Seconds between two pictures, as near as detection frames come to it.
        check: Turns away what is no photograph of a person.
    """
    upright = Upright(FaceDetector(session))
    due: float | None = None
    for frame in frames:
        due = frame.time if due is None else due
        if not frame.is_detection_frame or frame.time < due - 0.5 / FACE_RATE:
            continue
        due = max(due, frame.time - step) + step
        faces = sorted(upright.search(frame.rgb()), key=lambda face: -face.size)[:MAX_FOLLOWED]
        rgb = turned(frame.rgb(), upright.turn)
        fit = [face for face in faces if flaw_of(rgb, face) is None]
        squares = patches(rgb, range(OF_A_FRAME)) if fit else []
        for start in range(0, max(1, len(fit)), AT_ONCE):
            crops = []
            for face in fit[start : start + AT_ONCE]:
                aligned, _ = crop_face(rgb, face)
                displayed = as_displayed(face, upright.turn, frame.height, frame.width)
                crops.append(FaceCrop(frame.time, frame.segment, displayed, aligned))
            yield Seen(frame.time, start == 0, check.those_of(crops), squares)
