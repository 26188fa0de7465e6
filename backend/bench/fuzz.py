"""Damaged files of every format against the analysis process.

`make fuzz`, or

    python -m bench.fuzz --files 2000 --seed 1 [--keep FOLDER]

Small intact files of all families that are read are damaged, one way or another, and analysed as a
worker does it: whole, in the limited process. Every one has to end, with a report or with an error
that a person is told. A file that ends the process, gets stuck or is answered with `internal` is a
finding, and is kept. The same seed damages the same way.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import PIL.Image
import pillow_heif
import typer
from rich.console import Console
from rich.table import Table

from assay.errors import AssayError
from assay.jobs.process import AnalysisProcess, CrashError
from assay.media.io.sniff import HEAD_BYTES, not_media, sniff
from assay.settings import Settings
from tests.media_factory import run_ffmpeg, speak, still, talking_head, write_sound, write_video

FINDINGS: Final = frozenset({"crashed", "analysis_stalled", "internal"})
"""Outcomes that no file may have."""
EXTREMES: Final = tuple(
    bytes.fromhex(word)
    for word in ("00000000", "ffffffff", "7fffffff", "80000000", "00000001", "ffff0000")
)


def main(
    files: int = 2000,
    seed: int = 1,
    keep: Annotated[Path | None, typer.Option(help="Folder for files that are findings.")] = None,
) -> None:
    """Damage, analyse, count; exit status 1 if something was found."""
    started = time.monotonic()
    outcomes: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="assay-fuzz-") as name:
        folder = Path(name)
        originals = make_originals(folder)
        with AnalysisProcess(Settings(threads=1, stall_seconds=60)) as process:
            for number in range(files):
                kind = sorted(originals)[number % len(originals)]
                content = damaged(originals, kind, random.Random(f"{seed}-{number}"))
                outcome = answer(process, folder / "upload", content)
                outcomes.setdefault(kind, Counter())[outcome] += 1
                if outcome in FINDINGS and keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}-{outcome}.{kind}").write_bytes(content)
    Console().print(table(outcomes))
    total = sum(outcomes.values(), Counter[str]())
    found = sum(total[outcome] for outcome in FINDINGS)
    print(
        f"{files} files, seed {seed}, {time.monotonic() - started:.0f} s: "
        + ", ".join(f"{count} {outcome}" for outcome, count in total.most_common())
        + f"; {found} findings"
    )
    if found:
        raise typer.Exit(1)


def answer(process: AnalysisProcess, path: Path, content: bytes) -> str:
    """What becomes of a file: "report", an error's code, or "crashed"."""
    head = content[:HEAD_BYTES]
    if sniff(head) is None:
        return not_media(head).code  # as the upload is answered
    path.write_bytes(content)
    try:
        process.analyse(
            path, emit=lambda _: None, should_continue=lambda: True, save=lambda *_: None
        )
    except CrashError:
        return "crashed"
    except AssayError as error:
        return error.code
    return "report"


# -------------------------------------------------------------------------------- damage


def damaged(originals: dict[str, bytes], kind: str, rng: random.Random) -> bytes:
    """An original after one to three kinds of damage."""
    content = bytearray(originals[kind])
    for _ in range(rng.randint(1, 3)):
        harm = rng.choice(HARMS)
        content = harm(content, rng) or content
    if rng.random() < 0.05:
        other = originals[rng.choice(sorted(originals))]
        cut = rng.randrange(len(content) + 1)
        content = content[:cut] + other[rng.randrange(len(other)) :]
    return bytes(content)


def _flip(content: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 4, 20, 100))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def _header(content: bytearray, rng: random.Random) -> bytearray:
    """The first bytes say the most."""
    for _ in range(rng.randint(1, 6)):
        content[rng.randrange(min(len(content), 400))] = rng.randrange(256)
    return content


def _extreme(content: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, len(content) - 4))
        content[at : at + 4] = rng.choice(EXTREMES)
    return content


def _cut(content: bytearray, rng: random.Random) -> bytearray:
    return content[: rng.randrange(1, len(content) + 1)]


def _behead(content: bytearray, rng: random.Random) -> bytearray:
    return content[rng.randrange(len(content)) :]


def _hole(content: bytearray, rng: random.Random) -> bytearray:
    start = rng.randrange(len(content))
    length = min(rng.randrange(1, 3000), len(content) - start)
    fill = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
    content[start : start + length] = fill
    return content


def _insert(content: bytearray, rng: random.Random) -> bytearray:
    at = rng.randrange(len(content) + 1)
    content[at:at] = rng.randbytes(rng.randrange(1, 2000))
    return content


def _repeat(content: bytearray, rng: random.Random) -> bytearray:
    start = rng.randrange(len(content))
    piece = content[start : start + rng.randrange(1, 4000)]
    content[start:start] = piece * rng.randint(1, 8)
    return content


HARMS: Final[tuple[Callable[[bytearray, random.Random], bytearray], ...]] = (
    *(_flip, _header, _header, _extreme, _cut, _behead, _hole, _insert, _repeat),
)


# ----------------------------------------------------------------------------- originals


def make_originals(folder: Path) -> dict[str, bytes]:
    """A small intact file of each kind, by its suffix."""
    clip = write_video(
        folder / "clip.mp4", seconds=0.6, size=(160, 120), sound=speak()[:12_800], codec="libx264"
    )
    voice = write_sound(folder / "voice.wav", speak()[:24_000])
    made = {"mp4": clip, "wav": voice}
    for suffix, options in _CONVERTED.items():
        made[suffix] = folder / f"made.{suffix}"
        source = voice if suffix in _FROM_VOICE else clip
        run_ffmpeg("-i", str(source), *options, str(made[suffix]))
    return {kind: path.read_bytes() for kind, path in made.items()} | dict(_stills(folder))


_FROM_VOICE: Final = frozenset(
    {"mp3", "flac", "ogg", "aac", "ac3", "eac3", "au", "wv", "aiff", "caf", "tta", "voc", "w64"}
)
_CONVERTED: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(sorted(_FROM_VOICE - {"ogg"}), ()),
    "ogg": ("-c:a", "libopus"),
    "mov": ("-c", "copy"),
    "mkv": ("-c", "copy"),
    "flv": ("-c:v", "flv", "-ar", "22050"),
    "avi": ("-c:v", "mjpeg"),
    "webm": ("-c:v", "libvpx", "-c:a", "libopus"),
    "ts": ("-c", "copy"),
    "vob": ("-c:v", "mpeg2video", "-c:a", "mp2"),
    "wmv": (),
    "mxf": ("-c:v", "mpeg2video", "-ar", "48000"),
    "h264": ("-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb"),
    "hevc": ("-an", "-c:v", "libx265", "-x265-params", "log-level=none"),
    "m2v": ("-an",),
    "ivf": ("-an", "-c:v", "libvpx"),
    "nut": ("-c", "copy"),
    "y4m": ("-an", "-pix_fmt", "yuv420p", "-frames:v", "3"),
    "hdr.mp4": (
        "-an",
        "-vf",
        "format=yuv420p10le,"
        "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc",
        *("-c:v", "libx265", "-x265-params", "log-level=none"),
    ),
}


def _stills(folder: Path) -> Iterator[tuple[str, bytes]]:
    for suffix, kind in (
        *(("jpg", "jpeg"), ("png", "png"), ("webp", "webp"), ("bmp", "bmp"), ("avif", "avif")),
        *(("tif", "tiff"), ("jp2", "jpeg2000")),
    ):
        yield suffix, still(kind)
    pictures = [PIL.Image.fromarray(talking_head(120, 90, moment)) for moment in (0.0, 0.3, 0.6)]
    for suffix in ("gif", "apng", "awebp", "aavif"):
        path = folder / f"moving.{suffix.removeprefix('a') if suffix != 'apng' else 'png'}"
        pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=200)
        yield suffix, path.read_bytes()
    path = folder / "photo.heic"
    pillow_heif.from_pillow(PIL.Image.fromarray(talking_head(200, 150, 0.0))).save(path)
    yield "heic", path.read_bytes()
    run_ffmpeg("-i", str(folder / "moving.gif"), "-frames:v", "1", str(folder / "photo.jxl"))
    yield "jxl", (folder / "photo.jxl").read_bytes()


def table(outcomes: dict[str, Counter[str]]) -> Table:
    """A row a kind of file, a column an outcome."""
    names = sorted({name for counts in outcomes.values() for name in counts})
    made = Table("Kind", *names)
    for kind, counts in sorted(outcomes.items()):
        made.add_row(kind, *(str(counts[name] or "") for name in names))
    return made


if __name__ == "__main__":
    typer.run(main)
