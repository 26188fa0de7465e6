"""The content types under which uploads are played back.

They follow from the bytes, never from the name or from what the sender claims, and none of them
lets a browser run anything.
"""

from typing import Final

_TYPES: Final = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "matroska": "video/webm",
    "mov": "video/mp4",
    "avi": "video/x-msvideo",
    "flv": "video/x-flv",
    "mpeg": "video/mpeg",
    "mpegts": "video/mp2t",
    "asf": "video/x-ms-wmv",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
}


def media_type(family: str) -> str:
    """The type for a family of `assay.media.io.sniff`; one without a name of its own is opaque."""
    return _TYPES.get(family, "application/octet-stream")
