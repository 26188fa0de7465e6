"""What a file claims to be, from its first bytes alone: no decoder runs, no byte is trusted.

The name that is found here also *chooses* the demuxer. FFmpeg never guesses, so a playlist, a
concat script or a session description cannot make it open other files or the network.
"""

import re
from typing import Final

from assay.errors import AssayError
from assay.media.io.boxes import brands
from assay.media.io.sync import frame_family, id3_size, is_transport_stream, program_stream_at
from assay.media.io.unread import described

HEAD_BYTES: Final = 65_536
"""How much of a file's beginning `sniff` wants to see."""

STILLS: Final = frozenset(
    {"jpeg", "png", "webp", "gif", "bmp", "avif", "heif", "tiff", "jpeg2000", "jxl"}
)
"""Families that are pictures; all others are streams and named as FFmpeg names their demuxer."""

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    # stills
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00\x08\x00", "tiff"),
    (b"MM\x00+\x00\x08", "tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\xff\x0a", "jxl"),
    # video, with or without sound
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS\x00", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
    (b"\x1f\x07\x00\x3f", "dv"),
    (b"\x1f\x07\x00\xbf", "dv"),
    (b"DKIF\x00\x00", "ivf"),
    (b"nut/multimedia container", "nut"),
    (b".RMF\x00\x00\x00", "rm"),
    (b"YUV4MPEG2 ", "yuv4mpegpipe"),
    (b"DHAV", "dhav"),
    (b"\x00\x00\x00\x00\x01\xbc", "gxf"),
    (b"\xb7\xd8\x00\x20\x37\x49\xda\x11\xa6\x4e\x00\x07\xe9\x5e\xad\x8d", "wtv"),
    # sound
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
    (b"caff\x00\x01", "caf"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b".snd\x00\x00", "au"),
    (b"wvpk", "wv"),
    (b"TTA1", "tta"),
    (b"DSD \x1c\x00\x00\x00", "dsf"),
    (b"MPCK", "mpc8"),
    (b"MP+\x07", "mpc"),
    (b"MP+\x17", "mpc"),
    (b"Creative Voice File\x1a", "voc"),
    (b"\x7f\xfe\x80\x01", "dts"),
)
_QUICKTIME_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"moof")
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEIF_MAJOR_BRANDS: Final = _HEIF_BRANDS | {
    *(b"mif1", b"mif2", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs", b"avci", b"avcs")
}
"""Videos may name these too as compatible, so they count only as what a file is first of all."""
_RIFF_FORMS: Final = {b"AVI ": "avi", b"AVIX": "avi", b"WAVE": "wav", b"WEBP": "webp"}
_BMP_HEADER_SIZES: Final = (12, 40, 52, 56, 64, 108, 124)
_START_CODES: Final = {  # what may follow 00 00 01 in a stream without a container
    0xBA: "mpeg",
    0xB3: "mpegvideo",
    0xB0: "m4v",
    0x0F: "vc1",
}
_H264_SETS: Final = re.compile(
    rb"\x00\x00\x01[\x67\x47\x27].{3,512}?\x00\x00\x01[\x68\x48\x28]", re.S
)
_H265_SETS: Final = re.compile(rb"\x00\x00\x01\x42\x01.{3,512}?\x00\x00\x01\x44\x01", re.S)
"""Parameters of a sequence and then of a picture (ISO/IEC 14496-10 and 23008-2, tables 7-1)."""


def looks_like_media(head: bytes) -> bool:
    """Whether the first bytes are those of a picture, a video or a sound.

    Pictures that we cannot read count: in a folder, people should hear of them.

    Args:
        head: The first `HEAD_BYTES` of the file, or all of it.
    """
    named = described(head)
    return sniff(head) is not None or (named is not None and named.is_media)


def not_media(head: bytes) -> AssayError:
    """Why a file is refused of which `sniff` names no family."""
    named = described(head)
    if named is None:
        message = "This is not a video, picture or sound file that we know; please choose another."
    elif named.is_media:
        message = f"This is {named.name}; it cannot be read here, {named.advice}."
    else:
        message = f"This is {named.name}, not a video, picture or sound; please choose another."
    return AssayError("not_media", message)


def sniff(head: bytes) -> str | None:
    """The family of a file, by its first `HEAD_BYTES`; None if it is no media we know.

    A stream that was cut anywhere, or that stands behind zeros, is known by what follows.
    """
    if described(head) is not None:
        return None
    return _by_signature(head) or _by_frames(head)


def _by_signature(head: bytes) -> str | None:
    for signature, family in _SIGNATURES:
        if head.startswith(signature):
            return family
    if _is_quicktime(head):
        return _quicktime_family(head)
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF_FORMS.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:4] == b"MAC " and head[5:6] == b"\x0f":  # of versions 3.84 to 4.09
        return "ape"
    return "bmp" if _is_bmp(head) else None


def _by_frames(head: bytes) -> str | None:
    tag = id3_size(head)
    if tag:
        # A cover picture may push the sound out of sight, and MPEG audio is what ID3 is for.
        tagged = head[tag:]
        return "flac" if tagged.startswith(b"fLaC") else frame_family(tagged) or "mp3"
    stream = head.lstrip(b"\x00")
    if is_transport_stream(stream):
        return "mpegts"
    # A start code's own zeros were taken away with those before it.
    if stream[:1] == b"\x01" and len(stream) + 2 <= len(head) and stream[1:2]:
        known = _START_CODES.get(stream[1])
        if known is not None:
            return known
    if program_stream_at(head) is not None:
        return "mpeg"
    for family, sets in (("h264", _H264_SETS), ("hevc", _H265_SETS)):
        if sets.search(head):
            return family
    return frame_family(stream)


def _is_quicktime(head: bytes) -> bool:
    """A box that a file may begin with, of a size that text in its place would not give."""
    box, size = head[4:8], int.from_bytes(head[:4])
    return box in _QUICKTIME_BOXES and (size < 1 << 29 or box == b"mdat")


def _quicktime_family(head: bytes) -> str:
    named = brands(head)
    if _AVIF_BRANDS.intersection(named):
        return "avif"
    if named and (named[0] in _HEIF_MAJOR_BRANDS or not _HEIF_BRANDS.isdisjoint(named)):
        return "heif"
    return "mov"


def _is_bmp(head: bytes) -> bool:
    if len(head) < 18 or head[:2] != b"BM" or any(head[6:10]):
        return False
    return int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES
