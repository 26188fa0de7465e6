"""Frames to persons: find faces, follow them, cut them out.

A run's first frame, and one every two seconds, are searched as a whole; in between only the places
where faces were are looked at again. What is too small, too blurred or half outside the picture
is followed but not cut out; whoever never was is a bystander.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import cv2
import numpy as np

from assay.evidence import FaceCounters, PassedOver, Place
from assay.media.faces.appearance import appearance
from assay.media.faces.crops import crop_face
from assay.media.faces.detector import FaceDetector, Session
from assay.media.faces.mouths import WholeLuma
from assay.media.faces.persons import distance, gather_persons
from assay.media.faces.tracks import Track, Tracker
from assay.media.faces.upright import Upright, as_displayed, turned
from assay.media.io.frame import Frame
from assay.media.material import Bystander, Face, FaceCrop, Person
from assay.media.sampling import FACE_RATE, MAX_PERSONS, MAX_PICTURE_SECONDS
from assay.types import Floats, Image

OnProgress = Callable[[float], None]

SEARCH_EVERY: Final = 2.0
"""Seconds after which a frame is searched as a whole again, for people who come in."""
MAX_FOLLOWED: Final = 64
"""Faces of one frame that are followed, the largest: bounds the work of telling them apart."""
MAX_CUT: Final = 6
"""Faces of one frame that are cut out: bounds the memory that crops take."""
MIN_SIZE: Final = 32.0
"""Pixels of box side below which a face has too few to be judged."""
MIN_SHARPNESS: Final = 0.02
"""Below this nothing of skin, hair or eyes is left to judge; see `sharpness`."""
MIN_INSIDE: Final = 0.7
"""Share of the box that must lie inside the picture."""
SCENE_CHANGE: Final = 28.0
"""Mean difference of two small grey pictures, of 255, from which the scene is another one."""


class Found(NamedTuple):
    """Who is to be examined, what was passed over, and everybody else who was found."""

    persons: list[Person]
    counters: FaceCounters
    bystanders: list[Bystander]


def find_persons(
    frames: Iterable[Frame],
    session: Session,
    on_progress: OnProgress,
    wanted: Place | None = None,
    threads: int = 1,
) -> Found:
    """The persons of a video or still, with their crops and mouths.

    Args:
        frames: In order of time; of a video, on the grid of `grid.py`.
        session: Of the model blazeface.
        on_progress: Called with percent done after each detection frame.
        wanted: Where the only person shows who is to be examined; None for those most present.
        threads: As for `FaceDetector`.

    Returns:
        At most three persons to be examined, the most present first, and everybody else. Boxes
        are in displayed pixels of the full picture; crops and mouths are upright even where the
        picture is not.
    """
    follower = _Follower(FaceDetector(session, threads), wanted)
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

    def __init__(self, detector: FaceDetector, wanted: Place | None) -> None:
        self.detection_frames = 0
        self._wanted = wanted
        self._detector = detector
        self._upright = Upright(detector)
        self._tracker = Tracker()
        self._frames_without_face = 0
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
            self._frames_without_face += 1
            return
        rgb = turned(frame.rgb(), self._upright.turn)
        followed = sorted(faces, key=lambda face: -face.size)[:MAX_FOLLOWED]
        looks = [appearance(rgb, face) for face in followed]
        tracks = self._tracker.update(frame.time, followed, looks)
        for track, face in zip(tracks, followed, strict=True):
            track.presence += face.size / min(frame.width, frame.height)
            displayed = as_displayed(face, self._upright.turn, frame.height, frame.width)
            track.displayed.append(displayed)
        cut = sorted(tracks, key=self._rank)[:MAX_CUT]
        for track, face in zip(tracks, followed, strict=True):
            flaw = flaw_of(rgb, face)
            if flaw is not None:
                track.flaws[flaw] += 1
            elif track in cut:
                aligned, native = crop_face(rgb, face)
                crop = FaceCrop(frame.time, frame.segment, track.displayed[-1], aligned, native)
                track.crops.append(crop)
        self._keep_mouths(frame)
        for track in self._speaking():
            if track.seen == frame.time:
                track.mouth.fix(frame.time, track.face)

    def pass_by(self, frame: Frame) -> None:
        """Keep what a frame between the detection frames shows of mouths."""
        if frame.segment == self._segment:
            self._keep_mouths(frame)

    def finish(self) -> Found:
        """Everybody, once all frames have passed."""
        for track in self._speaking():
            if track.seen == self._last_look:
                track.mouth.finish()
        self._tracker.cut()
        persons, bystanders = gather_persons(
            self._tracker.tracks, self.detection_frames, self._wanted
        )
        return Found(persons, counted(bystanders, self._frames_without_face), bystanders)

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

    def _keep_mouths(self, frame: Frame) -> None:
        speaking = self._speaking()
        if not speaking:
            return
        turn = self._upright.turn
        picture = frame if turn == 0 else WholeLuma(turned(frame.grey(), turn))
        for track in speaking:
            track.mouth.keep(frame.time, picture, track.face)

    def _speaking(self) -> list[Track]:
        """The live tracks whose mouths are kept: the first ones that are not tiny."""
        large = [track for track in self._tracker.live if track.face.size >= MIN_SIZE]
        return sorted(large, key=self._rank)[:MAX_PERSONS]

    def _rank(self, track: Track) -> float:
        """Whose pictures are kept first: the largest, or those nearest to who is wanted."""
        if self._wanted is None:
            return -track.face.size
        return distance(track.displayed[-1], self._wanted)


def counted(bystanders: Iterable[Bystander], frames_without_face: int) -> FaceCounters:
    """How many people were passed over, by the reason."""
    reasons = Counter(bystander.reason for bystander in bystanders)
    return FaceCounters(
        frames_without_face=frames_without_face,
        faces_too_small=reasons[PassedOver.TOO_SMALL],
        faces_too_blurred=reasons[PassedOver.TOO_BLURRED],
        faces_cut_off=reasons[PassedOver.CUT_OFF],
        faces_over_limit=reasons[PassedOver.OVER_LIMIT],
    )


def flaw_of(rgb: Image, face: Face) -> PassedOver | None:
    """Why a face is not worth cutting out; None if it is fit."""
    height, width = rgb.shape[:2]
    low, high = np.maximum(face.box[:2], 0), np.minimum(face.box[2:], [width, height])
    inside = np.prod(np.clip(high - low, 0, None)) / np.prod(face.box[2:] - face.box[:2])
    features = face.keypoints[:4]
    if inside < MIN_INSIDE or (features < 0).any() or (features > [width, height]).any():
        return PassedOver.CUT_OFF
    if face.size < MIN_SIZE:
        return PassedOver.TOO_SMALL
    if sharpness(rgb, face) < MIN_SHARPNESS:
        return PassedOver.TOO_BLURRED
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
