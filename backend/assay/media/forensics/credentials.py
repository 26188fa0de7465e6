"""Content Credentials (C2PA): what a signer states about a file's origin. Context, never a score.

Ordinary files carry none and pay a look at their header. What a file does carry is read and checked
offline by `c2pa_program`, in a process of its own, and reaches us as JSON that nobody here trusts.
Where each format keeps its manifest store: C2PA technical specification, appendix A.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO, Final

from assay.evidence import CredentialAction, Credentials, CredentialsState
from assay.media.forensics.c2pa_program import MAX_JSON
from assay.media.io.boxes import children, payload
from assay.media.io.sniff import HEAD_BYTES
from assay.media.io.still_header import chunks, jpeg_segments
from assay.media.io.sync import id3_size
from assay.media.io.text import clean

MAX_SECONDS: Final = 30.0
MAX_BYTES: Final = 256 << 20
"""The library takes as much memory as there is to hash, up to half a gigabyte."""
MAX_ACTIONS: Final = 16
MAX_MANIFESTS: Final = 64
MAX_ID3: Final = 16 << 20

_STORE: Final = b"jumdc2pa"
"""How a manifest store begins: a JUMBF description box of the type `c2pa`."""
_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_APP11: Final = 0xEB

ABSENT: Final = Credentials(state=CredentialsState.ABSENT)
_REASONS: Final = {
    "damaged": "The credentials are damaged or of a kind that cannot be read.",
    "too_large": "The file or its credentials are too large to be checked.",
    "gave_up": "Reading the credentials failed or took too long.",
}


def read_credentials(path: Path, family: str) -> Credentials:
    """Read and check the Content Credentials of a file; never raises for what is in it.

    Args:
        path: A local file.
        family: As `sniff` names it; families that cannot hold any are `absent`.
    """
    if family not in _FORMATS:
        return ABSENT
    mime_type, holds_store = _FORMATS[family]
    try:
        with path.open("rb") as file:
            if not holds_store(file):
                return ABSENT
        if path.stat().st_size > MAX_BYTES:
            return _unreadable("too_large")
        return describe(_store(path, mime_type))
    except (OSError, ValueError, RecursionError):
        return _unreadable("gave_up")


def _unreadable(failure: str) -> Credentials:
    reason = _REASONS.get(failure, _REASONS["damaged"])
    return Credentials(state=CredentialsState.UNREADABLE, reason=reason)


# --------------------------------------------------------------------------- is there a store?


def _in_jpeg(file: BinaryIO) -> bool:
    segments = jpeg_segments(file)
    return any(marker == _APP11 and _STORE in data[:64] for marker, data in segments)


def _in_png(file: BinaryIO) -> bool:
    file.seek(8)
    return any(kind == b"caBX" for kind, _ in chunks(file, "big", kind_first=False, trailer=4))


def _in_riff(file: BinaryIO) -> bool:
    file.seek(12)
    return any(kind == b"C2PA" for kind, _ in chunks(file, "little", kind_first=True, padded=True))


def _in_gif(file: BinaryIO) -> bool:
    return b"!\xff\x0bC2PA_GIF" in file.read(65_536)


def _in_boxes(file: BinaryIO) -> bool:
    boxes = children(file, 0, file.seek(0, 2))
    return any(box.kind == b"uuid" and payload(file, box, 16) == _UUID for box in boxes)


def _in_id3(file: BinaryIO) -> bool:
    size = id3_size(file.read(HEAD_BYTES))
    file.seek(0)
    return _STORE in file.read(min(size, MAX_ID3))


_FORMATS: Final[dict[str, tuple[str, Callable[[BinaryIO], bool]]]] = {
    "jpeg": ("image/jpeg", _in_jpeg),
    "png": ("image/png", _in_png),
    "webp": ("image/webp", _in_riff),
    "gif": ("image/gif", _in_gif),
    "avif": ("image/avif", _in_boxes),
    "mov": ("video/mp4", _in_boxes),
    "avi": ("video/avi", _in_riff),
    "wav": ("audio/wav", _in_riff),
    "mp3": ("audio/mpeg", _in_id3),
    "flac": ("audio/flac", _in_id3),
}


def _store(path: Path, mime_type: str) -> dict[str, Any]:
    """What the program prints.

    Raises:
        ValueError: It printed nothing usable: it crashed, or had to be ended.
    """
    command = [
        sys.executable,
        "-P",
        "-m",
        "assay.media.forensics.c2pa_program",
        str(path),
        mime_type,
    ]
    with subprocess.Popen(  # noqa: S603  # our own program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        timer = Timer(MAX_SECONDS, program.kill)
        timer.start()
        try:
            assert program.stdout is not None
            said = program.stdout.read(2 * MAX_JSON)
        finally:
            timer.cancel()
            program.kill()
    store = json.loads(said)
    if not isinstance(store, dict):
        raise ValueError("not a manifest store")
    return store


# ---------------------------------------------------------------------------- what does it say?


def describe(store: dict[str, Any]) -> Credentials:
    """A manifest store, as the library prints it, in our words.

    Args:
        store: Its `manifests`, `active_manifest` and validation, or `failure`. Whatever does not
            look as it should is left out: all of it was written by strangers.
    """
    failure = store.get("failure")
    if failure == "absent":
        return ABSENT
    manifests = _dict(store.get("manifests"))
    active = _dict(manifests.get(str(store.get("active_manifest"))))
    state = store.get("validation_state")
    if failure is not None or not active or state not in ("Valid", "Trusted", "Invalid"):
        return _unreadable(str(failure))
    signature = _dict(active.get("signature_info"))
    every = [_dict(manifest) for manifest in list(manifests.values())[:MAX_MANIFESTS]]
    return Credentials(
        state=CredentialsState.INVALID if state == "Invalid" else CredentialsState.INTACT,
        problems=_problems(_dict(store.get("validation_results"))),
        issuer=_text(signature.get("issuer")),
        common_name=_text(signature.get("common_name")),
        signed_at=_text(signature.get("time")),
        generator=_generator(active),
        actions=[action for action in map(_action, _actions(active)) if action][:MAX_ACTIONS],
        source_types=_source_types(every),
        ingredients=len(_list(active.get("ingredients"))),
    )


def _problems(results: dict[str, Any]) -> list[str]:
    """Codes of failures in the file's own manifest, then in those of its ingredients."""
    ingredients = _list(results.get("ingredientDeltas"))[:MAX_MANIFESTS]
    deltas = [_dict(_dict(delta).get("validationDeltas")) for delta in ingredients]
    parts = [_dict(results.get("activeManifest")), *deltas]
    failures = [_dict(failure) for part in parts for failure in _list(part.get("failure"))]
    codes = [_text(failure.get("code")) for failure in failures]
    return list(dict.fromkeys(code for code in codes if code))[:MAX_ACTIONS]


def _generator(manifest: dict[str, Any]) -> str | None:
    """The first program that the claim names, with its version."""
    for named in _list(manifest.get("claim_generator_info")):
        name, version = _text(_dict(named).get("name")), _text(_dict(named).get("version"))
        if name:
            return clean(f"{name} {version or ''}")
    return _text(manifest.get("claim_generator"))


def _actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in map(_dict, _list(manifest.get("assertions"))):
        if str(assertion.get("label")).startswith("c2pa.actions"):
            yield from map(_dict, _list(_dict(assertion.get("data")).get("actions")))


def _action(told: dict[str, Any]) -> CredentialAction | None:
    name = _text(told.get("action"))
    if name is None:
        return None
    agent = told.get("softwareAgent")
    return CredentialAction(
        action=name,
        source_type=_source_type(told),
        software=_text(agent) or _text(_dict(agent).get("name")),
        when=_text(told.get("when")),
    )


def _source_types(manifests: list[dict[str, Any]]) -> list[str]:
    """All that are named in the history of the file, once each."""
    named = [_source_type(told) for manifest in manifests for told in _actions(manifest)]
    return list(dict.fromkeys(kind for kind in named if kind))[:MAX_ACTIONS]


def _source_type(told: dict[str, Any]) -> str | None:
    """Last part of the address by which IPTC knows it."""
    return _text((_text(told.get("digitalSourceType")) or "").rpartition("/")[2])


def _text(value: object) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
