"""Odd, broken and hostile files, as one list for the tests of media, API and command line.

    @pytest.mark.parametrize("case", CASES, ids=str)
    def test_answers(case, tmp_path):
        path = case.write(tmp_path)

Each case says which answers are right: "ok", or codes of `assay.errors`. Several are given only
where the damage is random or the choice is the decoder's.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from PIL import Image

from tests.media_factory import (
    remux,
    run_ffmpeg,
    speak,
    still,
    talking_head,
    wav,
    write_sound,
    write_video,
)

OK = "ok"
NOT_MEDIA = ("not_media",)
UNREADABLE = ("unreadable",)
NO_FRAMES = ("no_frames",)
TOO_BIG = ("too_big_picture",)
ANY_READING = (OK, "unreadable", "no_frames", "no_streams", "too_big_picture")
"""Random damage may hit anything, but the answer is one of these."""

SECRET = "/etc/passwd"  # what a playlist must not make us read


@dataclass(frozen=True)
class Case:
    """A file and the answers to it that are right.

    name: unique, for test ids. filename: what the sender calls it, which may be longer or wilder
    than a file system allows. expected: "ok" or error codes. build: the bytes.
    """

    name: str
    filename: str
    expected: tuple[str, ...]
    build: Callable[[], bytes]

    def __str__(self) -> str:
        return self.name

    def write(self, folder: Path) -> Path:
        """Put the file down under a harmless name with the suffix it claims."""
        suffix = Path(self.filename).suffix
        path = folder / f"upload{suffix if suffix.isascii() and len(suffix) < 10 else ''}"
        path.write_bytes(self.build())
        return path


# ------------------------------------------------------------------------- sound originals


@lru_cache(maxsize=64)
def original(kind: str) -> bytes:
    """A small intact file, which the damage is then done to."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"original.{_SUFFIXES.get(kind, kind)}"
        _ORIGINALS[kind](path)
        return path.read_bytes()


def _clip(path: Path, **options: object) -> None:
    # Half-second groups of pictures, so that a clip has several.
    sound = {"sound": speak()[:16_000], **options}
    write_video(path, options={"g": "12"}, **sound)  # type: ignore[arg-type]


def _fast_start(path: Path) -> None:
    source = path.with_name("slow.mp4")
    source.write_bytes(original("mp4"))
    remux(source, path, options={"movflags": "faststart"})


def _with_cover(path: Path, codec: str) -> None:
    cover, sound = path.with_name("cover.jpg"), path.with_name("sound.wav")
    cover.write_bytes(still("jpeg"))
    write_sound(sound, speak())
    run_ffmpeg(
        *("-i", str(sound), "-i", str(cover), "-map", "0", "-map", "1", "-c:a", codec),
        *("-c:v", "copy", "-disposition:v", "attached_pic", str(path)),
    )


def _subtitles(path: Path) -> None:
    text = path.with_name("words.srt")
    text.write_text("1\n00:00:00,000 --> 00:00:02,000\nNobody speaks, nobody is seen.\n")
    run_ffmpeg("-i", str(text), str(path))


_SUFFIXES = {"mp4-fast-start": "mp4", "mp4-fragmented": "mp4", "opus": "ogg", "mp3-cover": "mp3"}
_SUFFIXES |= {"m4a-cover": "m4a", "mkv-subtitles": "mkv", "webm-live": "webm"}
_ORIGINALS: dict[str, Callable[[Path], object]] = {
    "mp4": _clip,
    "mov": _clip,
    "mkv": _clip,
    "ts": lambda p: _clip(p, container="mpegts"),
    "flv": lambda p: _clip(p, sound_rate=16_000),
    "avi": lambda p: _clip(p, codec="mjpeg", pixel_format="yuvj420p", sound_codec="libmp3lame"),
    "webm": lambda p: _clip(p, codec="libvpx-vp9", sound_codec="libopus"),
    "webm-live": lambda p: _clip(
        p, codec="libvpx-vp9", sound_codec="libopus", container_options={"live": "1"}
    ),
    "mp4-fast-start": _fast_start,
    "mp4-fragmented": lambda p: _clip(
        p, container_options={"movflags": "frag_keyframe+empty_moov"}
    ),
    "mp3": lambda p: write_sound(p, speak(), codec="libmp3lame"),
    "flac": lambda p: write_sound(p, speak(), codec="flac"),
    "opus": lambda p: write_sound(p, speak(), codec="libopus"),
    "m4a": lambda p: write_sound(p, speak(), codec="aac"),
    "aac": lambda p: write_sound(p, speak(), codec="aac"),
    "wav": lambda p: write_sound(p, speak()),
    "mp3-cover": lambda p: _with_cover(p, "libmp3lame"),
    "m4a-cover": lambda p: _with_cover(p, "aac"),
    "mkv-subtitles": _subtitles,
    "jpg": lambda p: p.write_bytes(still("jpeg", quality=85)),
    "png": lambda p: p.write_bytes(still("png")),
    "webp": lambda p: p.write_bytes(still("webp")),
    "gif": lambda p: p.write_bytes(still("gif", mode="P")),
    "bmp": lambda p: p.write_bytes(still("bmp")),
    "avif": lambda p: p.write_bytes(still("avif")),
}


# ----------------------------------------------------------------------------------- damage


def _cut(kind: str, share: float) -> Callable[[], bytes]:
    return lambda: original(kind)[: int(len(original(kind)) * share)]


def _flip(kind: str, seed: int, bits: int = 20) -> Callable[[], bytes]:
    def build() -> bytes:
        content, rng = bytearray(original(kind)), random.Random(seed)
        for _ in range(bits):
            content[rng.randrange(16, len(content))] ^= 1 << rng.randrange(8)
        return bytes(content)

    return build


def _hole(kind: str, start: float, end: float, fill: bytes) -> Callable[[], bytes]:
    """Overwrite a stretch, given as shares of the file."""

    def build() -> bytes:
        content = bytearray(original(kind))
        a, b = int(len(content) * start), int(len(content) * end)
        content[a:b] = (fill * (b - a))[: b - a]
        return bytes(content)

    return build


def _insert(kind: str, seed: int, blocks: int = 5) -> Callable[[], bytes]:
    """Push random blocks of 1,000 bytes in between."""

    def build() -> bytes:
        content, rng = bytearray(original(kind)), random.Random(seed)
        for _ in range(blocks):
            at = rng.randrange(len(content) // 4, len(content))
            content[at:at] = rng.randbytes(1000)
        return bytes(content)

    return build


def _patch(kind: str, mark: bytes, offset: int, value: bytes) -> Callable[[], bytes]:
    """Overwrite bytes at an offset behind the first occurrence of a mark."""

    def build() -> bytes:
        content = bytearray(original(kind))
        at = content.index(mark) + offset
        content[at : at + len(value)] = value
        return bytes(content)

    return build


def _no_moov() -> bytes:
    content = original("mp4")
    return content[: content.rindex(b"moov") - 4]


def _shifted(kind: str, seconds: int) -> Callable[[], bytes]:
    def build() -> bytes:
        with TemporaryDirectory() as folder:
            source, target = Path(folder) / f"a.{kind}", Path(folder) / f"b.{kind}"
            source.write_bytes(original(kind))
            remux(source, target, later=seconds)
            return target.read_bytes()

    return build


# ------------------------------------------------------------------------- unusual but right


def _video(suffix: str, **options: object) -> Callable[[], bytes]:
    def build() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"video.{suffix}"
            return write_video(path, **options).read_bytes()  # type: ignore[arg-type]

    return build


def _wav(rate: int, codec: str) -> Callable[[], bytes]:
    def build() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "sound.wav"
            write_sound(path, (_tone(rate) / 32_768).astype(np.float32), rate, codec=codec)
            return path.read_bytes()

    return build


def _tone(rate: int) -> np.ndarray:
    """A second of 200 Hz, 16 bit."""
    return 9_000 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)


def _float_wav(samples: np.ndarray) -> bytes:
    body = samples.astype("<f4").tobytes()
    header = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, 16_000, 64_000, 4, 32)
    return _riff(b"WAVE", header + struct.pack("<4sI", b"data", len(body)) + body)


def _riff(form: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI4s", b"RIFF", 4 + len(body), form) + body


def _slow_flac() -> bytes:
    """A sample per second, so that its three seconds of noise would last for half a day."""
    with TemporaryDirectory() as folder:
        noise = np.random.default_rng(0).uniform(-1, 1, 48_000).astype(np.float32)
        return write_sound(Path(folder) / "slow.flac", noise, 1, codec="flac").read_bytes()


def _still(kind: str, **options: object) -> Callable[[], bytes]:
    return lambda: still(kind, **options)  # type: ignore[arg-type]


def _png_16_bit() -> bytes:
    deep = talking_head(120, 90, 0.0)[..., 1].astype(np.uint16) * 257
    buffer = io.BytesIO()
    Image.fromarray(deep).save(buffer, "png")
    return buffer.getvalue()


def _animated(kind: str) -> Callable[[], bytes]:
    def build() -> bytes:
        pictures = [Image.fromarray(talking_head(120, 90, t / 10)) for t in range(3)]
        buffer = io.BytesIO()
        pictures[0].save(buffer, kind, save_all=True, append_images=pictures[1:], duration=100)
        return buffer.getvalue()

    return build


def _rebranded(major: bytes, *compatible: bytes) -> bytes:
    """The boxes of a picture under other brands; what is left of their box is padding."""
    content = original("avif")
    end = int.from_bytes(content[:4])
    brands = b"".join(compatible).ljust(end - 16, b" ")
    return content[:8] + major + bytes(4) + brands + content[end:]


# ----------------------------------------------------------------------------------- absurd


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def _jpeg_size(content: bytes, width: int, height: int) -> bytes:
    patched, at = bytearray(content), content.index(b"\xff\xc0")
    patched[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(patched)


def _mjpeg_of_absurd_pictures() -> bytes:
    """An AVI whose own header is modest while each JPEG in it claims 65,500 x 65,500."""
    content = bytearray(original("avi"))
    at = content.find(b"\xff\xc0")
    while at >= 0:
        content[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
        at = content.find(b"\xff\xc0", at + 9)
    return bytes(content)


def _absurd_avi_header() -> bytes:
    """BITMAPINFOHEADER says 65,535 x 65,535, and FFV1 has no other word on it."""
    content = bytearray(_video("avi", codec="ffv1", seconds=0.2)())
    at = content.index(b"strf") + 8
    content[at + 4 : at + 12] = struct.pack("<ii", 65_535, 65_535)
    return bytes(content)


def _zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    return buffer.getvalue()


def _no_frames_mp4() -> bytes:
    """A track that is described but holds no sample."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4", options={"movflags": "empty_moov"}) as output:
        stream = output.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        output.start_encoding()
    return buffer.getvalue()


def _one_frame_mp4() -> bytes:
    return _video("mp4", seconds=0.04)()


def _data_only_mkv() -> bytes:
    """A Matroska file whose one track has a codec that nobody knows."""
    content = bytearray(original("mkv"))
    at = content.index(b"V_MPEG4/ISO/AVC")
    content[at : at + 15] = b"V_UNKNOWN/X/YZ!"
    return bytes(content)


def _huge_sample_count() -> bytes:
    """stsz of constant size claiming 170 million samples: memory, if believed."""
    content = bytearray(original("mp4"))
    at = content.index(b"stsz") + 8
    content[at : at + 8] = struct.pack(">II", 1, 170_000_000)
    return bytes(content)


_HLS = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{SECRET}\n#EXT-X-ENDLIST\n"
_SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
_DASH = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
    f'<AdaptationSet><Representation id="0"><BaseURL>file://{SECRET}</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>"
)
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{SECRET}"/></svg>'


def _bytes(content: bytes | str) -> Callable[[], bytes]:
    return lambda: content if isinstance(content, bytes) else content.encode()


def _whole(kind: str) -> Callable[[], bytes]:
    return lambda: original(kind)


CASES: tuple[Case, ...] = (
    # not media at all
    Case("empty", "clip.mp4", ("empty_file",), _bytes(b"")),
    Case("one-byte", "clip.mp4", NOT_MEDIA, _bytes(b"\x00")),
    Case("zeros", "clip.mp4", NOT_MEDIA, _bytes(bytes(10_000))),
    Case("noise", "clip.mp4", NOT_MEDIA, lambda: b"\x07" + random.Random(1).randbytes(10_000)),
    Case("text-as-mp4", "clip.mp4", NOT_MEDIA, _bytes("This is no video.\n" * 100)),
    Case("html-as-jpg", "photo.jpg", NOT_MEDIA, _bytes("<!doctype html><script>1</script>")),
    Case("json-as-wav", "voice.wav", NOT_MEDIA, _bytes('{"a": 1}')),
    Case("svg", "photo.svg", NOT_MEDIA, _bytes(_SVG)),
    Case("pdf", "paper.pdf", NOT_MEDIA, _bytes(b"%PDF-1.7\n" + bytes(2000))),
    Case("exe-as-mp4", "clip.mp4", NOT_MEDIA, _bytes(b"MZ\x90\x00" + bytes(2000))),
    Case("zip-bomb", "clip.mp4", NOT_MEDIA, _zip_bomb),
    Case("gzip", "clip.mp4", NOT_MEDIA, lambda: zlib.compress(bytes(1_000_000), wbits=31)),
    Case("bm-text", "photo.bmp", NOT_MEDIA, _bytes("BM is not always a bitmap. " * 20)),
    # files that would make FFmpeg open other files or the network
    Case("hls", "list.m3u8", NOT_MEDIA, _bytes(_HLS)),
    Case("hls-as-mp4", "clip.mp4", NOT_MEDIA, _bytes(_HLS)),
    Case("concat", "list.ffconcat", NOT_MEDIA, _bytes(f"ffconcat version 1.0\nfile {SECRET}\n")),
    Case("concat-as-mkv", "clip.mkv", NOT_MEDIA, _bytes(f"ffconcat version 1.0\nfile {SECRET}\n")),
    Case("sdp", "session.sdp", NOT_MEDIA, _bytes(_SDP)),
    Case("sdp-behind-gif", "photo.gif", UNREADABLE, _bytes("GIF89a\n" + _SDP)),
    Case("sdp-behind-ogg", "clip.ogg", UNREADABLE, _bytes(b"OggS\x00\n" + _SDP.encode())),
    Case("dash", "manifest.mpd", NOT_MEDIA, _bytes(_DASH)),
    Case("pls", "list.pls", NOT_MEDIA, _bytes(f"[playlist]\nFile1={SECRET}\n")),
    Case("url", "clip.url", NOT_MEDIA, _bytes("[InternetShortcut]\nURL=http://127.0.0.1/\n")),
    Case("hls-behind-id3", "song.mp3", UNREADABLE, _bytes(b"ID3\x04\0\0\0\0\0\0" + _HLS.encode())),
    # headers without anything behind
    Case("ftyp-only", "clip.mp4", UNREADABLE, _bytes(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2")),
    Case("ebml-only", "clip.mkv", UNREADABLE, _bytes(b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01")),
    Case("riff-only", "voice.wav", UNREADABLE, _bytes(_riff(b"WAVE", b""))),
    Case("avi-only", "clip.avi", UNREADABLE, _bytes(_riff(b"AVI ", b""))),
    Case("webp-only", "photo.webp", UNREADABLE, _bytes(_riff(b"WEBP", b""))),
    Case("flac-only", "voice.flac", UNREADABLE, _bytes(b"fLaC")),
    Case("ogg-only", "voice.ogg", UNREADABLE, _bytes(b"OggS\x00")),
    Case("id3-only", "song.mp3", UNREADABLE, _bytes(b"ID3\x04\0\0\0\0\0\0")),
    Case("jpeg-only", "photo.jpg", UNREADABLE, _bytes(b"\xff\xd8\xff\xd9")),
    Case("png-only", "photo.png", UNREADABLE, _bytes(b"\x89PNG\r\n\x1a\n")),
    Case("gif-only", "photo.gif", UNREADABLE, _bytes(b"GIF89a")),
    Case(
        "flv-only",
        "clip.flv",
        ("no_streams", "unreadable"),
        _bytes(b"FLV\x01\x05\0\0\0\x09\0\0\0\0"),
    ),
    Case("mp4-no-moov", "clip.mp4", UNREADABLE, _no_moov),
    # broken off
    *(
        Case(
            f"cut-{kind}-{share:.0%}",
            f"cut.{_SUFFIXES.get(kind, kind)}",
            expected,
            _cut(kind, share),
        )
        for kind, share, expected in (
            ("mp4", 0.1, UNREADABLE),
            ("mp4", 0.5, UNREADABLE),
            ("mp4", 0.9, UNREADABLE),
            ("mp4-fast-start", 0.5, (OK,)),
            ("mp4-fast-start", 0.9, (OK,)),
            ("mp4-fragmented", 0.5, (OK,)),
            ("mkv", 0.01, ("no_frames",)),
            ("mkv", 0.5, (OK,)),
            ("mkv", 0.95, (OK,)),
            ("webm", 0.5, (OK,)),
            ("avi", 0.5, (OK,)),
            ("ts", 0.5, (OK,)),
            ("flv", 0.5, (OK,)),
            ("mp3", 0.5, (OK,)),
            ("flac", 0.5, (OK,)),
            ("opus", 0.5, (OK,)),
            ("wav", 0.5, (OK,)),
            ("aac", 0.5, (OK,)),
            ("m4a", 0.5, UNREADABLE),
            ("jpg", 0.6, (OK,)),
            ("jpg", 0.02, UNREADABLE),
            ("png", 0.5, (OK, "unreadable")),
            ("webp", 0.5, (OK, "unreadable")),
            ("gif", 0.5, (OK, "unreadable")),
            ("bmp", 0.5, (OK, "unreadable")),
            ("avif", 0.5, UNREADABLE),
        )
    ),
    # bits flipped
    *(
        Case(f"flip-{kind}-{seed}", f"flip.{kind}", ANY_READING, _flip(kind, seed))
        for kind in ("mp4", "mkv", "webm", "avi", "ts", "flv", "mp3", "flac", "wav")
        for seed in (1, 2, 3)
    ),
    *(
        Case(f"flip-{kind}-{seed}", f"flip.{kind}", ANY_READING, _flip(kind, seed))
        for kind in ("jpg", "png", "webp", "gif", "bmp", "avif")
        for seed in (1, 2)
    ),
    # damaged in the middle: the rest must survive
    Case("hole-mp4", "hole.mp4", (OK,), _hole("mp4", 0.4, 0.5, b"\xa5")),
    Case("hole-mkv", "hole.mkv", (OK,), _hole("mkv", 0.4, 0.5, b"\xa5")),
    Case("hole-webm", "hole.webm", (OK,), _hole("webm", 0.4, 0.5, b"\x00")),
    Case("hole-avi", "hole.avi", (OK,), _hole("avi", 0.4, 0.5, b"\xff")),
    Case("garbage-in-ts", "garbage.ts", (OK,), _insert("ts", 1)),
    Case("garbage-in-mkv", "garbage.mkv", (OK,), _insert("mkv", 2)),
    Case("garbage-in-mp3", "garbage.mp3", (OK,), _insert("mp3", 3)),
    Case("garbage-in-flac", "garbage.flac", (OK,), _insert("flac", 4)),
    Case("garbage-behind-mp4", "clip.mp4", (OK,), lambda: original("mp4") + bytes(range(256)) * 40),
    Case("garbage-before-mp4", "clip.mp4", NOT_MEDIA, lambda: b"\x07" * 100 + original("mp4")),
    # nothing to show
    Case("no-frames-mp4", "clip.mp4", ("no_frames",), _no_frames_mp4),
    Case("no-samples-wav", "voice.wav", ("no_frames",), lambda: wav(np.zeros(0))),
    Case("subtitles-only", "words.mkv", ("no_streams",), _whole("mkv-subtitles")),
    Case("one-sample-wav", "voice.wav", (OK,), lambda: wav(np.ones(1) * 900)),
    Case("one-frame-mp4", "clip.mp4", (OK,), _one_frame_mp4),
    Case("unknown-codec", "clip.mkv", (OK,), _data_only_mkv),  # its sound can be judged
    # absurd claims
    Case("png-65535", "photo.png", TOO_BIG, lambda: _png_header(65_535, 65_535)),
    Case("png-2-31", "photo.png", TOO_BIG, lambda: _png_header(2**31 - 1, 2**31 - 1)),
    Case("png-0", "photo.png", UNREADABLE, lambda: _png_header(0, 0)),
    Case("png-thin-bomb", "photo.png", UNREADABLE, lambda: _png_header(1, 60_000_000)),
    Case(
        "jpeg-65535",
        "photo.jpg",
        ("too_big_picture",),
        lambda: _jpeg_size(original("jpg"), 65_535, 65_535),
    ),
    Case("jpeg-0", "photo.jpg", UNREADABLE, lambda: _jpeg_size(original("jpg"), 0, 0)),
    Case(
        "gif-65535",
        "photo.gif",
        ("too_big_picture",),
        lambda: original("gif")[:6] + b"\xff" * 4 + original("gif")[10:],
    ),
    Case(
        "webp-16384",
        "photo.webp",
        ("too_big_picture",),
        _patch("webp", b"VP8 ", 14, b"\xff\x3f\xff\x3f"),
    ),
    Case(
        "bmp-2-31",
        "photo.bmp",
        ("too_big_picture",),
        lambda: original("bmp")[:18] + b"\xff\xff\xff\x7f" * 2 + original("bmp")[26:],
    ),
    Case("avi-65535", "clip.avi", (*TOO_BIG, *UNREADABLE), _absurd_avi_header),
    Case(
        "mjpeg-65500", "clip.avi", ("too_big_picture", "unreadable", OK), _mjpeg_of_absurd_pictures
    ),
    Case(
        "mp4-65535",
        "clip.mp4",
        (OK, "too_big_picture"),
        _patch("mp4", b"avc1", 28, b"\xff\xff\xff\xff"),
    ),
    Case("huge-sample-count", "clip.mp4", (OK,), _huge_sample_count),
    Case("mp4-no-duration", "clip.mp4", (OK,), _patch("mp4", b"mvhd", 20, bytes(4))),
    Case("mp4-endless", "clip.mp4", (OK,), _patch("mp4", b"mdhd", 20, b"\x7f\xff\xff\xff")),
    # times
    Case("negative-times", "clip.avi", (OK,), _shifted("avi", -1)),
    Case("late-times", "clip.mkv", (OK,), _shifted("mkv", 3_600)),
    Case("huge-times", "clip.mp4", (OK,), _shifted("mp4", 100_000_000)),
    Case("no-duration-webm", "clip.webm", (OK,), _whole("webm-live")),
    Case("fragmented-mp4", "clip.mp4", (OK,), _whole("mp4-fragmented")),
    # odd pictures
    Case(
        "1x1",
        "dot.avi",
        (OK,),
        _video("avi", size=(1, 1), codec="ffv1", pixel_format="gray", seconds=0.2),
    ),
    Case(
        "odd-size",
        "clip.mp4",
        (OK,),
        _video("mp4", size=(321, 241), pixel_format="yuv444p", seconds=0.4),
    ),
    Case("very-wide", "clip.mkv", (OK,), _video("mkv", size=(4000, 16), seconds=0.2)),
    Case("grey", "clip.mp4", (OK,), _video("mp4", pixel_format="gray", seconds=0.4)),
    Case(
        "yuv444-10-bit",
        "clip.mkv",
        (OK,),
        _video("mkv", codec="libx264", pixel_format="yuv444p10le", seconds=0.4),
    ),
    Case(
        "yuv422-10-bit-mov",
        "clip.mov",
        (OK,),
        _video("mov", codec="prores_ks", pixel_format="yuv422p10le", seconds=0.2),
    ),
    Case(
        "rgb-video",
        "clip.mkv",
        (OK,),
        _video("mkv", codec="libx264rgb", pixel_format="rgb24", seconds=0.4),
    ),
    Case(
        "png-video",
        "clip.mov",
        (OK,),
        _video("mov", codec="png", pixel_format="rgb24", seconds=0.2),
    ),
    Case("1000-fps", "clip.mkv", (OK,), _video("mkv", fps=1000, seconds=0.2, size=(64, 48))),
    Case("1-fps", "clip.mp4", (OK,), _video("mp4", fps=1, seconds=6)),
    # odd sound
    Case("8-khz", "voice.wav", (OK,), _wav(8_000, "pcm_s16le")),
    Case("192-khz", "voice.wav", (OK,), _wav(192_000, "pcm_s16le")),
    Case("24-bit", "voice.wav", (OK,), _wav(48_000, "pcm_s24le")),
    Case("a-law", "voice.wav", (OK,), _wav(8_000, "pcm_alaw")),
    Case("7.1", "voice.wav", (OK,), lambda: wav(np.repeat(_tone(48_000), 8), 48_000, channels=8)),
    Case("64-channels", "voice.wav", (OK,), lambda: wav(np.zeros(64_000), channels=64)),
    Case("nan-wav", "voice.wav", (OK,), lambda: _float_wav(np.full(16_000, np.nan))),
    Case("infinite-wav", "voice.wav", (OK,), lambda: _float_wav(np.tile([np.inf, -np.inf], 8_000))),
    Case("digital-silence", "voice.wav", (OK,), lambda: wav(np.zeros(16_000))),
    Case("wav-0-hz", "voice.wav", UNREADABLE, _patch("wav", b"fmt ", 12, bytes(4))),
    Case("wav-100-hz", "voice.wav", NO_FRAMES, _patch("wav", b"fmt ", 12, struct.pack("<I", 100))),
    Case(
        "wav-10-mhz", "voice.wav", NO_FRAMES, _patch("wav", b"fmt ", 12, struct.pack("<I", 10**7))
    ),
    Case("flac-1-hz", "voice.flac", NO_FRAMES, _slow_flac),
    Case("cover-mp3", "song.mp3", (OK,), _whole("mp3-cover")),
    Case("cover-m4a", "song.m4a", (OK,), _whole("m4a-cover")),
    # odd stills
    Case("palette-png", "photo.png", (OK,), _still("png", mode="P")),
    Case("1-bit-png", "photo.png", (OK,), _still("png", mode="1")),
    Case("16-bit-png", "photo.png", (OK,), _png_16_bit),
    Case("transparent-png", "photo.png", (OK,), _still("png", mode="RGBA")),
    Case("grey-alpha-png", "photo.png", (OK,), _still("png", mode="LA")),
    Case("cmyk-jpeg", "photo.jpg", (OK,), _still("jpeg", mode="CMYK")),
    Case("progressive-jpeg", "photo.jpg", (OK,), _still("jpeg", progressive=True)),
    Case("1x1-png", "dot.png", (OK,), _still("png", size=(1, 1))),
    Case("animated-gif", "photo.gif", (OK,), _animated("gif")),
    Case("animated-webp", "photo.webp", (OK,), _animated("webp")),
    Case("animated-png", "photo.png", (OK,), _animated("png")),
    Case("avif-named-heic", "IMG_0001.HEIC", UNREADABLE, lambda: _rebranded(b"heic")),
    Case("avif-named-mif1", "photo.avif", (OK,), lambda: _rebranded(b"mif1", b"avif")),
    # the name says nothing
    Case("png-named-mp4", "clip.mp4", (OK,), _whole("png")),
    Case("mp4-named-txt", "notes.txt", (OK,), _whole("mp4")),
    Case("mkv-named-m3u8", "list.m3u8", (OK,), _whole("mkv")),
    Case("no-suffix", "clip", (OK,), _whole("mp4")),
    # names
    Case("300-characters", "n" * 296 + ".mp4", (OK,), _whole("mp4")),
    Case("path-traversal", "../../../../etc/passwd.mp4", (OK,), _whole("mp4")),
    Case("windows-traversal", "..\\..\\boot.mp4", (OK,), _whole("mp4")),
    Case("unicode-name", "Gesicht – 顔 – وجه 🙂.mp4", (OK,), _whole("mp4")),
    Case("pattern-name", "frame%03d.png", (OK,), _whole("png")),
    Case("option-name", "-i.mp4", (OK,), _whole("mp4")),
    Case("protocol-name", "concat:a.mp4|b.mp4", (OK,), _whole("mp4")),
    Case("url-name", "http://127.0.0.1/clip.mp4", (OK,), _whole("mp4")),
    Case("newline-name", "a\r\nX-Evil: 1.mp4", (OK,), _whole("mp4")),
)
