"""What a file claims to be, from its first bytes alone: no decoder runs, no byte is trusted.

The name that is found here also *chooses* the demuxer. FFmpeg never guesses, so a playlist, a
concat script or a session description cannot make it open other files or the network.
"""

from typing import Final

from assay.errors import AssayError

HEAD_BYTES: Final = 4096
"""How much of a file's beginning `sniff` wants to see."""

STILLS: Final = frozenset({"jpeg", "png", "webp", "gif", "bmp", "avif"})
"""Families that are pictures; all others are streams and named as FFmpeg names their demuxer."""

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS\x00", "ogg"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"#!AMR", "amr"),
    (b"caff\x00\x01", "caf"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
)
_QUICKTIME_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEIF_MAJOR_BRANDS: Final = _HEIF_BRANDS | {
    *(b"mif1", b"mif2", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs", b"avci", b"avcs")
}
"""Videos may name these too as compatible, so they count only as what a file is first of all."""
_RIFF_FORMS: Final = {b"AVI ": "avi", b"AVIX": "avi", b"WAVE": "wav", b"WEBP": "webp"}
_BMP_HEADER_SIZES: Final = (12, 40, 52, 56, 64, 108, 124)
_BIT_RATES_1: Final = {  # kbit/s of MPEG-1 audio, by layer
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_BIT_RATES_2: Final = {  # kbit/s of MPEG-2 and 2.5 audio, by layer
    1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def looks_like_media(head: bytes) -> bool:
    """Whether the first bytes are those of a picture, a video or a sound.

    HEIC counts although we refuse it: in a folder, people should hear of it.

    Args:
        head: The first `HEAD_BYTES` of the file, or all of it.
    """
    return sniff(head) is not None or _is_heif(head)


def not_media(head: bytes) -> AssayError:
    """Why a file is refused of which `sniff` names no family."""
    if _is_heif(head):
        message = "HEIC photos cannot be read; please export the photo as JPEG."
    else:
        message = "This is not a video, picture or sound file; please choose one."
    return AssayError("not_media", message)


def sniff(head: bytes) -> str | None:
    """The family of a file, by its first `HEAD_BYTES`; None if it is no media we know."""
    for signature, family in _SIGNATURES:
        if head.startswith(signature):
            return family
    if _is_quicktime(head):
        if _AVIF_BRANDS.intersection(_brands(head)):
            return "avif"
        return None if _is_heif(head) else "mov"
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF_FORMS.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if _is_bmp(head):
        return "bmp"
    if _is_transport_stream(head):
        return "mpegts"
    return _sniff_audio_frames(head)


def id3_size(head: bytes) -> int:
    """Bytes that an ID3v2 tag takes at the beginning, 0 without one (id3.org, ID3v2.4 3.1)."""
    if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte
    footer = 10 if head[5] & 0x10 else 0
    return 10 + size + footer


def _is_quicktime(head: bytes) -> bool:
    """A box that a file may begin with, of a size that text in its place would not give."""
    box, size = head[4:8], int.from_bytes(head[:4])
    return box in _QUICKTIME_BOXES and (size < 1 << 29 or box == b"mdat")


def _brands(head: bytes) -> list[bytes]:
    """The major brand and the compatible ones (ISO/IEC 14496-12, 4.3), none without them."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4]), len(head))
    return [head[at : at + 4] for at in (8, *range(16, end - 3, 4))]


def _is_heif(head: bytes) -> bool:
    """Photos that iPhones take, which FFmpeg would play as a video of their tiles."""
    brands = _brands(head)
    if not brands or _AVIF_BRANDS.intersection(brands):
        return False
    return brands[0] in _HEIF_MAJOR_BRANDS or not _HEIF_BRANDS.isdisjoint(brands)


def _is_bmp(head: bytes) -> bool:
    if len(head) < 18 or head[:2] != b"BM" or any(head[6:10]):
        return False
    return int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes at a packet's distance: 188, or 192 with the time code of a camcorder."""
    return any(
        len(head) > start + 2 * step
        and all(head[at] == 0x47 for at in range(start, len(head), step))
        for start, step in ((0, 188), (4, 192))
    )


def _sniff_audio_frames(head: bytes) -> str | None:
    """Formats without a signature: MPEG audio and AAC, told by two frames in a row."""
    tag = id3_size(head)
    if tag:
        # A cover picture often pushes the sound out of sight, and MPEG audio is what ID3 is for.
        tagged = head[tag:]
        return "flac" if tagged.startswith(b"fLaC") else _sniff_audio_frames(tagged[:8]) or "mp3"
    for family, frame_size in (("mp3", _mpeg_audio_frame_size), ("aac", _adts_frame_size)):
        size = frame_size(head)
        if size and (len(head) < size + 7 or frame_size(head[size : size + 7])):
            return family
    return None


def _mpeg_audio_frame_size(head: bytes) -> int:
    """Bytes of the MPEG audio frame that begins here, 0 if none does (ISO 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate_index, sampling, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or sampling == 3 or rate_index in (0, 15):
        return 0
    bit_rate = (_BIT_RATES_1 if version == 3 else _BIT_RATES_2)[layer][rate_index - 1] * 1000
    sample_rate = (44_100, 48_000, 32_000)[sampling] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return (12 * bit_rate // sample_rate + padding) * 4
    samples = 72 if layer == 3 and version != 3 else 144
    return samples * bit_rate // sample_rate + padding


def _adts_frame_size(head: bytes) -> int:
    """Bytes of the ADTS frame of AAC that begins here, 0 if none does (ISO 13818-7, 6.2)."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size > 7 else 0
