"""Whether a recording is locked: what a key opens looks like damage to every decoder."""

from pathlib import Path
from typing import BinaryIO, Final

from assay.errors import AssayError
from assay.media.io.boxes import children, descend

_LOCKED_ENTRIES: Final = frozenset({b"encv", b"enca", b"drms", b"drmi", b"p608"})
"""Sample entries of protected tracks (ISO/IEC 14496-12, 8.12), and of iTunes."""
_ASF_HEADER_BYTES: Final = 65_536
_ASF_OBJECTS: Final = tuple(
    bytes.fromhex(name)
    for name in (
        "fbb3112223bdd211b4b700a0c955fc6e",  # content encryption
        "14e68a292226174cb935dae07ee9289c",  # extended content encryption
        "338505438169e6499b74ad12cb86d58c",  # advanced content encryption
    )
)
_TS_PACKETS: Final = 500


def refuse_encrypted(path: Path, family: str) -> None:
    """Refuse a recording that cannot be read without a key.

    Raises:
        AssayError: `encrypted`.
    """
    is_locked = _CHECKS.get(family)
    if is_locked is None:
        return
    with path.open("rb") as file:
        if is_locked(file):
            raise AssayError(
                "encrypted",
                "The recording is encrypted (DRM); please upload a copy that plays without a key.",
            )


def _mp4_is_locked(file: BinaryIO) -> bool:
    """Every track is: one that is not can still be judged."""
    end = file.seek(0, 2)
    entries = [
        entry.kind
        for box in descend(file, 0, end, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
        for entry in children(file, box.start + 8, min(box.end, end))
    ]
    return bool(entries) and all(kind in _LOCKED_ENTRIES for kind in entries)


def _asf_is_locked(file: BinaryIO) -> bool:
    head = file.read(_ASF_HEADER_BYTES)
    return any(name in head for name in _ASF_OBJECTS)


def _ts_is_locked(file: BinaryIO) -> bool:
    """Most packets that carry something are scrambled (ISO/IEC 13818-1, 2.4.3.3)."""
    data = file.read(188 * _TS_PACKETS)
    for start in range(min(188, len(data))):
        heads = data[start::188]
        if len(heads) >= 5 and heads.count(0x47) == len(heads):
            flags = data[start + 3 :: 188]
            scrambled = sum(flag >> 6 >= 2 for flag in flags)
            return scrambled > len(flags) / 2
    return False


_CHECKS: Final = {"mov": _mp4_is_locked, "asf": _asf_is_locked, "mpegts": _ts_is_locked}
