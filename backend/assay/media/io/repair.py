"""The last resort: FFmpeg's program reads what no library here can, and writes it anew."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import ffmpeg
import imageio_ffmpeg

from assay.media.io.container import max_pixels
from assay.settings import Settings

TIME_LIMIT_S: Final = 60
"""Longest run of the program."""
STILL_LIMIT_S: Final = 20
"""The same for a picture."""
MAX_SECONDS: Final = 120
"""Media that is rescued: enough for every span that is examined."""
MAX_BYTES: Final = 512 * 1024 * 1024
MAX_BLOCK: Final = 512 * 1024 * 1024
"""Bytes of one allocation: more than any 8K picture, less than sound of absurd rates becomes."""


def repair(path: Path, demuxer: str, folder: Path, settings: Settings) -> Path | None:
    """Rewrite a broken file.

    Args:
        path: A local file.
        demuxer: As `sniff` names it; the program is not left to guess.
        folder: Where the result goes; the caller removes it.
        settings: Threads, limit of picture size.

    Returns:
        An MP4 of the first `MAX_SECONDS`, or None if nothing could be saved.
    """
    result = folder / "repaired.mp4"
    source = ffmpeg.input(
        f"file:{path.absolute()}",
        f=demuxer,
        protocol_whitelist="file",
        err_detect="ignore_err",
        fflags="+genpts+discardcorrupt",
        max_pixels=max_pixels(settings),
    )
    target = ffmpeg.output(
        source["v:0?"],
        source["a:0?"],
        str(result),
        vcodec="libx264",
        preset="ultrafast",
        crf=12,
        pix_fmt="yuv420p",
        acodec="aac",
        t=MAX_SECONDS,
        fs=MAX_BYTES,
        threads=settings.threads,
    )
    _, *arguments = ffmpeg.compile(target)
    return _run(arguments, result, TIME_LIMIT_S)


def as_png(path: Path, folder: Path, settings: Settings) -> Path | None:
    """A JPEG XL picture as PNG: the program reads it where it was built with libjxl.

    Args:
        path: A local file.
        folder: Where the result goes; the caller removes it.
        settings: Threads, limit of picture size.

    Returns:
        A PNG of 8 bits, or None if the program could not read the picture.
    """
    result = folder / "picture.png"
    arguments = [
        *("-f", "jpegxl_pipe"),
        *("-protocol_whitelist", "file"),
        *("-max_pixels", str(settings.max_picture_pixels)),
        *("-err_detect", "explode"),
        *("-i", f"file:{path.absolute()}"),
        *("-frames:v", "1"),
        *("-pix_fmt", "rgba"),
        *("-threads", str(settings.threads)),
        str(result),
        "-xerror",  # without it the program tries damaged data over and over
    ]
    return _run(arguments, result, STILL_LIMIT_S)


def _run(arguments: Sequence[str], result: Path, seconds: int) -> Path | None:
    """Run the program within its limits; its result, or None if there is none."""
    limits = ("-y", "-nostdin", "-loglevel", "error", "-max_alloc", str(MAX_BLOCK))
    try:
        subprocess.run(  # noqa: S603 - arguments are ours, the path is absolute
            [_binary(), *limits, *arguments],
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result if result.is_file() and result.stat().st_size > 0 else None


def _binary() -> str:
    """The system's program, else the one that imageio-ffmpeg brings along."""
    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())
