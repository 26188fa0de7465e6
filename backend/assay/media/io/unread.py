"""What we do not read, by name: people should hear what their file is, and what to do with it."""

from typing import Final, NamedTuple

from assay.media.io.boxes import brands


class Unread(NamedTuple):
    """A kind of file. advice: what to do; empty where it holds no picture or sound at all."""

    name: str
    advice: str = ""

    @property
    def is_media(self) -> bool:
        """Whether it is a picture, a video or a sound all the same."""
        return bool(self.advice)


_AS_PNG: Final = "export it as PNG"
_AS_JPEG: Final = "export it as JPEG or TIFF"
_RAW: Final = Unread("a camera's raw photo", _AS_JPEG)

_SIGNATURES: Final[tuple[tuple[bytes, Unread], ...]] = (
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"IIU\x00", _RAW),
    (b"FOVb", _RAW),
    (b"8BPS", Unread("a Photoshop document", _AS_PNG)),
    (b"gimp xcf", Unread("a GIMP document", _AS_PNG)),
    (b"II\xbc\x01", Unread("a JPEG XR picture", _AS_PNG)),
    (b"v/1\x01", Unread("an OpenEXR picture", _AS_PNG)),
    (b"#?RADIANCE", Unread("a Radiance picture", _AS_PNG)),
    (b"DDS ", Unread("a DirectDraw picture", _AS_PNG)),
    (b"qoif", Unread("a QOI picture", _AS_PNG)),
    (b"\x00\x00\x01\x00", Unread("an icon", _AS_PNG)),
    (b"MThd", Unread("a MIDI score, which holds no sound")),
    (b"#EXTM3U", Unread("a playlist")),
    (b"%PDF-", Unread("a PDF document")),
    (b"%!PS", Unread("a PostScript document")),
    (b"PK\x03\x04", Unread("a ZIP archive or an office document")),
    (b"Rar!\x1a\x07", Unread("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Unread("a 7-Zip archive")),
    (b"\x1f\x8b\x08", Unread("a gzip archive")),
    (b"\x28\xb5\x2f\xfd", Unread("a Zstandard archive")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unread("an office document")),
    (b"MZ", Unread("a program")),
    (b"\x7fELF", Unread("a program")),
    (b"SQLite format 3\x00", Unread("a database")),
    (b"<!doctype html", Unread("a web page")),
    (b"<html", Unread("a web page")),
    (b"<svg", Unread("a drawing (SVG)", _AS_PNG)),
    (b"<?xml", Unread("an XML document")),
)
_TEXT: Final = (b"<!doctype html", b"<html", b"<svg", b"<?xml")


def described(head: bytes) -> Unread | None:
    """The kind of a file that we do not read, by its first bytes; None if it is none of these."""
    if b"crx " in brands(head)[:1] or (head[:4] == b"II*\x00" and head[8:10] == b"CR"):
        return _RAW
    text = head[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, unread in _SIGNATURES:
        if (text if signature in _TEXT else head).startswith(signature):
            return unread
    return None
