"""One door to a file, whichever of three readers manages to read it."""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, NamedTuple, Self

from assay.errors import AssayError
from assay.evidence import MediaInfo
from assay.media.io import animation, opencv, video
from assay.media.io.album import SIDE, Album
from assay.media.io.container import Losses
from assay.media.io.frame import Frame
from assay.media.io.picture import ArrayPicture, SampledFrame
from assay.media.io.probe import describe_still, identify, probe, sha256_of
from assay.media.io.repair import as_png, repair
from assay.media.io.sniff import STILLS
from assay.media.io.speech import read_all_speech, read_speech
from assay.media.io.still_header import StillHeader, read_still_header
from assay.media.io.stills import read_still
from assay.media.io.vad import Session
from assay.media.material import Speech
from assay.media.sampling import Span
from assay.settings import Settings
from assay.side_by_side import ahead

MOST_AHEAD: Final = 8
"""Pictures of a video that are decoded ahead of what looks at them, at most."""
PIXELS_AHEAD: Final = 8_000_000
"""Pixels of all of them together: of 4K one, 12 MB."""

ReadFrames = Callable[
    [Path, str, MediaInfo, Sequence[Span], Settings, Losses], Iterator[SampledFrame]
]


class _Copy(NamedTuple):
    """A readable copy, its family, and the folder that is removed with it."""

    path: Path
    family: str
    folder: "TemporaryDirectory[str]"


class MediaReader:
    """An opened file. Use it as a context manager: a repaired copy is removed at the end.

    Streams are opened by each method for itself, so that decoders start afresh and frames and
    speech may be read at the same time. What a still's header says is kept: `header`, None for
    streams. `album` keeps some of the frames that were asked for.
    """

    def __init__(
        self,
        path: Path,
        family: str,
        settings: Settings,
        info: MediaInfo,
        *,
        header: StillHeader | None = None,
        read_frames: ReadFrames = video.read_frames,
        copy: _Copy | None = None,
        note: str | None = None,
    ) -> None:
        self.path, self.family, self.settings, self.info = path, family, settings, info
        self.header, self._read_frames, self._copy = header, read_frames, copy
        self._source = (path, family) if copy is None else (copy.path, copy.family)
        self._losses = Losses(notes={note} if note else set())
        self.album = Album()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._copy is not None:
            self._copy.folder.cleanup()

    @property
    def warnings(self) -> list[str]:
        """What could not be read so far, one sentence each."""
        return self._losses.sentences()

    def frames(self, spans: Sequence[Span]) -> Iterator[Frame]:
        """Decode the spans of a video on the grid of `grid.py`; a still gives its one frame.

        Args:
            spans: From `sampling.plan`; a still ignores them.

        Raises:
            AssayError: `unreadable`.
        """
        if self.info.kind == "image":
            assert self.header is not None
            pixels = read_still(self._source[0], self.header, self._losses)
            only = SampledFrame(0.0, 0, True, ArrayPicture(pixels))
            return self.album.watch((only,), SIDE)
        if self.info.kind == "audio":
            return iter(())
        return self.album.watch(ahead(self._video_frames(spans), self._room()), SIDE // 2)

    def _room(self) -> int:
        """How many pictures of a video may wait while faces are searched in those before."""
        assert self.info.video is not None
        pixels = self.info.video.width * self.info.video.height
        return max(1, min(MOST_AHEAD, PIXELS_AHEAD // pixels))

    def _video_frames(self, spans: Sequence[Span]) -> Generator[Frame, None, None]:
        """With the reader that could describe the video; where it finds nothing, with OpenCV."""
        found = False
        others = [] if self.header is not None else [opencv.read_frames]
        for read in (self._read_frames, *others):
            for frame in read(*self._source, self.info, spans, self.settings, self._losses):
                found = True
                yield frame
            if found:
                return

    def key_frames(self, moments: Sequence[float]) -> Iterator[Frame]:
        """The key frames of a video at or before some moments, for a glimpse of all of it.

        Args:
            moments: Seconds, in order.
        """
        if self.info.kind != "video" or self.header is not None:
            return iter(())
        return video.read_key_frames(*self._source, self.info, moments, self.settings, self._losses)

    def speech(
        self, spans: Sequence[Span], vad: Session, within: Span | None = None
    ) -> Speech | None:
        """The sound around the spans of the picture, or where somebody speaks beside them.

        Args:
            spans: Of the picture that is examined; none in a file without picture.
            vad: Of the model vad: tells speech from music and noise.
            within: The part of the sound to be examined; None for all of it.

        Returns:
            None where there is no sound.
        """
        if self.info.audio is None:
            return None
        return read_speech(
            *self._source, self.info, spans, vad, self.settings, self._losses, within
        )

    def all_speech(self, whole: Span, vad: Session) -> Iterator[Speech]:
        """All the sound of a part of the media, piece by piece.

        Args:
            whole: The part.
            vad: As for `speech`.
        """
        return read_all_speech(*self._source, whole, vad, self.settings, self._losses)


def open_media(path: Path, settings: Settings, sha256: str | None = None) -> MediaReader:
    """Open a file with the first reader that manages: PyAV, OpenCV, PyAV on a repaired copy.

    A video whose picture none of them can read is examined as sound alone.

    Args:
        path: A local file; its name means nothing.
        settings: Limits and threads.
        sha256: The file's hash, where it is known already.

    Raises:
        AssayError: `missing_file`, `empty_file`, `not_media`, `unreadable`, `no_streams`,
            `no_frames` or `too_big_picture`.
    """
    family = identify(path)
    if family == "jxl":
        return _by_program(path, settings, sha256 or sha256_of(path))
    if family in STILLS:
        return _open_still(path, family, settings, sha256 or sha256_of(path))
    try:
        return MediaReader(path, family, settings, probe(path, family, settings, sha256=sha256))
    except AssayError as error:
        if error.code not in ("unreadable", "no_frames"):
            raise
        rescues = (_by_opencv, _repaired, _sound_alone)
        for rescue in rescues if error.code == "unreadable" else (_sound_alone,):
            media = rescue(path, family, settings, sha256 or sha256_of(path))
            if media is not None:
                return media
        raise


def _open_still(path: Path, family: str, settings: Settings, sha256: str) -> MediaReader:
    header = read_still_header(path, family)
    info = describe_still(path, header, settings).model_copy(update={"sha256": sha256})
    return MediaReader(
        path, family, settings, info, header=header, read_frames=animation.read_frames
    )


def _by_program(path: Path, settings: Settings, sha256: str) -> MediaReader:
    """JPEG XL, of which FFmpeg's program makes a PNG where it can."""
    folder = TemporaryDirectory(prefix="assay-jxl-")
    try:
        copy = as_png(path, Path(folder.name), settings)
        if copy is None:
            raise AssayError(
                "unreadable",
                "This is a JPEG XL picture; it cannot be read here, export it as PNG.",
            )
        header = read_still_header(copy, "png")
        info = describe_still(path, header, settings).model_copy(
            update={"sha256": sha256, "container": "jxl"}
        )
    except AssayError:
        folder.cleanup()
        raise
    return MediaReader(path, "jxl", settings, info, header=header, copy=_Copy(copy, "png", folder))


def _by_opencv(path: Path, family: str, settings: Settings, sha256: str) -> MediaReader | None:
    description = opencv.describe(path, family, settings)
    if description is None:
        return None
    sound = _sound_alone(path, family, settings, sha256)
    info = MediaInfo(
        kind="video",
        container=family,
        size_bytes=path.stat().st_size,
        sha256=sha256,
        duration=description.duration,
        video=description.video,
        audio=sound.info.audio if sound is not None else None,
        reader="opencv",
    )
    return MediaReader(path, family, settings, info, read_frames=opencv.read_frames)


def _repaired(path: Path, family: str, settings: Settings, sha256: str) -> MediaReader | None:
    folder = TemporaryDirectory(prefix="assay-repair-")
    try:
        copy = repair(path, family, Path(folder.name), settings)
        found = probe(copy, "mov", settings, sha256=sha256) if copy is not None else None
    except AssayError:
        found = None
    if copy is None or found is None:
        folder.cleanup()
        return None
    info = found.model_copy(
        update={
            "container": family,
            "size_bytes": path.stat().st_size,
            "sha256": sha256,
            "reader": "repaired",
            "tags": {},  # those of the copy are ours
        }
    )
    note = "The file was damaged and had to be repaired before it was read."
    return MediaReader(path, family, settings, info, copy=_Copy(copy, "mov", folder), note=note)


def _sound_alone(path: Path, family: str, settings: Settings, sha256: str) -> MediaReader | None:
    try:
        info = probe(path, family, settings, sha256=sha256, sound_only=True)
    except AssayError:
        return None
    note = "The picture could not be read; only the sound was examined."
    return MediaReader(path, family, settings, info, note=note)
