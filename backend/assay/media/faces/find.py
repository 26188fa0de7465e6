"""Frames to persons: find faces, follow them, cut them out.

A run's first frame, and one every two seconds, are searched as a whole; in between only the places
where faces were are looked at again. What is too small, too blurred or half outside the picture
is followed but not cut out, and counted.
"""

from collections.abc import Callable, Iterable
from typing import Final

import cv2
import numpy as np

from assay.evidence import FaceCounters
from assay.media.faces.appearance import appearance
from assay.media.faces.crops import crop_face
from assay.media.faces.detector import FaceDetector, Session
from assay.media.faces.persons import gather_persons
from assay.media.faces.tracks import Track, Tracker
from assay.media.faces.upright import Upright, as_displayed, turned
from assay.media.io.frame import Frame
from assay.media.material import Face, FaceCrop, Person
from assay.media.sampling import FACE_RATE, MAX_PERSONS, MAX_PICTURE_SECONDS
from assay.types import Floats, Image

OnProgress = Callable[[float], None]

SEARCH_EVERY: Final = 2.0
"""Seconds after which a frame is searched as a whole again, for people who come in."""
MAX_FOLLOWED: Final = 6
"""Faces of one frame that are followed, the largest: bounds the memory that crops take."""
MIN_SIZE: Final = 32.0
"""Image of box side below which a face has too few to be judged."""
MIN_SHARPNESS: Final = 0.02
"""Below this nothing of skin, hair or eyes is left to judge; see `sharpness`."""
MIN_INSIDE: Final = 0.7
"""Share of the box that must lie inside the picture."""
SCENE_CHANGE: Final = 28.0
"""Mean difference of two small grey pictures, of 255, from which the scene is another one."""


def find_persons(
    frames: Iterable[Frame], session: Session, on_progress: OnProgress
) -> tuple[list[Person], FaceCounters]:
    """The persons of a video or still, with their crops and mouths.

    Args:
        frames: In order of time; of a video, on the grid of `grid.py`.
        session: Of the model blazeface.
        on_progress: Called with percent done after each detection frame.

    Returns:
        At most three persons, the most present first. Boxes are in displayed pixels of the full
        picture; crops and mouths are upright even where the picture is not.
    """
    follower = _Follower(FaceDetector(session))
    expected = MAX_PICTURE_SECONDS * FACE_RATE
    for frame in frames:
        if frame.is_detection_frame:
            follower.examine(frame)
            on_progress(min(99.0, 100 * follower.detection_frames / expected))
        else:
            follower.pass_by(frame)
    return follower.finish()


class _Follower:
    """What is known of a video's faces while its frames pass."""

    def __init__(self, detector: FaceDetector) -> None:
        self.detection_frames = 0
        self._detector = detector
        self._upright = Upright(detector)
        self._tracker = Tracker()
        self._skipped = dict.fromkeys(FaceCounters.model_fields, 0)
        self._segment = -1
        self._last_look = self._last_search = -SEARCH_EVERY
        self._thumbnail: Floats | None = None

    def examine(self, frame: Frame) -> None:
        """Look for faces, join them to tracks, cut them out."""
        self.detection_frames += 1
        if self._is_new_scene(frame):
            self._tracker.cut()
        faces = self._find(frame)
        if not faces:
            self._skipped["frames_without_face"] += 1
            return
        faces = sorted(faces, key=lambda face: -face.size)
        self._skipped["faces_over_limit"] += len(faces[MAX_FOLLOWED:])
        rgb = turned(frame.rgb(), self._upright.turn)
        followed = faces[:MAX_FOLLOWED]
        looks = [appearance(rgb, face) for face in followed]
        tracks = self._tracker.update(frame.time, followed, looks)
        for track, face in zip(tracks, followed, strict=True):
            track.presence += face.size / min(frame.width, frame.height)
            crop = self._crop(frame, rgb, face)
            if crop is not None:
                track.crops.append(crop)
        self._keep_mouths(frame)
        for track in self._speaking():
            if track.seen == frame.time:
                track.mouth.fix(frame.time, track.face)

    def pass_by(self, frame: Frame) -> None:
        """Keep what a frame between the detection frames shows of mouths."""
        if frame.segment == self._segment:
            self._keep_mouths(frame)

    def finish(self) -> tuple[list[Person], FaceCounters]:
        """The persons, and what was passed over."""
        for track in self._speaking():
            if track.seen == self._last_look:
                track.mouth.finish()
        self._tracker.cut()
        persons, left_out = gather_persons(self._tracker.tracks, self.detection_frames)
        self._skipped["faces_over_limit"] += left_out
        return persons, FaceCounters(**self._skipped)

    def _is_new_scene(self, frame: Frame) -> bool:
        """Whether a frame follows a gap or a cut; forces a search of the whole picture."""
        small = cv2.resize(frame.grey(), (32, 18), interpolation=cv2.INTER_AREA)
        before, self._thumbnail = self._thumbnail, small.astype(np.float32)
        changed = before is None or float(np.abs(self._thumbnail - before).mean()) > SCENE_CHANGE
        changed = changed or frame.segment != self._segment
        self._segment = frame.segment
        if changed:
            self._last_search = -SEARCH_EVERY
        return changed

    def _find(self, frame: Frame) -> list[Face]:
        """Faces of a detection frame, in pixels of the upright picture."""
        since = frame.time - self._last_search
        expected = [t for t in self._tracker.live if t.seen == self._last_look]
        self._last_look = frame.time
        if expected and since < SEARCH_EVERY:
            rgb = turned(frame.rgb(), self._upright.turn)
            faces = self._detector.search_regions(rgb, [track.face for track in self._tracker.live])
            if len(faces) >= len(expected):
                return faces
        self._last_search = frame.time
        turn = self._upright.turn
        faces = self._upright.search(frame.rgb())
        if self._upright.turn != turn:
            self._tracker.cut()
        return faces

    def _crop(self, frame: Frame, rgb: Image, face: Face) -> FaceCrop | None:
        """Cut a face out, or count why it is not worth it."""
        reason = _unfit(rgb, face)
        if reason is not None:
            self._skipped[reason] += 1
            return None
        aligned, native = crop_face(rgb, face)
        displayed = as_displayed(face, self._upright.turn, frame.height, frame.width)
        return FaceCrop(frame.time, frame.segment, displayed, aligned, native)

    def _keep_mouths(self, frame: Frame) -> None:
        speaking = self._speaking()
        if not speaking:
            return
        grey = turned(frame.grey(), self._upright.turn)
        for track in speaking:
            track.mouth.keep(frame.time, grey, track.face)

    def _speaking(self) -> list[Track]:
        """The live tracks whose mouths are kept: the largest ones that are not tiny."""
        large = [track for track in self._tracker.live if track.face.size >= MIN_SIZE]
        return sorted(large, key=lambda track: -track.face.size)[:MAX_PERSONS]


def _unfit(rgb: Image, face: Face) -> str | None:
    """The counter of `FaceCounters` for which a face is passed over; None if it is fit."""
    height, width = rgb.shape[:2]
    low, high = np.maximum(face.box[:2], 0), np.minimum(face.box[2:], [width, height])
    inside = np.prod(np.clip(high - low, 0, None)) / np.prod(face.box[2:] - face.box[:2])
    features = face.keypoints[:4]
    if inside < MIN_INSIDE or (features < 0).any() or (features > [width, height]).any():
        return "faces_cut_off"
    if face.size < MIN_SIZE:
        return "faces_too_small"
    if sharpness(rgb, face) < MIN_SHARPNESS:
        return "faces_too_blurred"
    return None


def sharpness(rgb: Image, face: Face) -> float:
    """How much of a face's contrast is fine: energy of its Laplacian over its variance.

    Measured at 64 px, or at the face's own size where that is smaller, so that neither resolution
    nor light counts. About 0 for a smooth blob.
    """
    x0, y0 = np.maximum(face.box[:2], 0).astype(int)
    x1, y1 = np.ceil(face.box[2:]).astype(int)
    grey = cv2.cvtColor(rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    side = min(64, *grey.shape)
    small = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    return float(cv2.Laplacian(small, cv2.CV_32F).var() / (small.var() + 1.0))
