"""Signs reports, so that whoever is handed one can tell that it is the service's and unchanged.

Ed25519 (RFC 8032) over the very bytes of the report, in base64 beside it: any tool that knows
Ed25519 can verify it, `assay verify` among them.
"""

import base64
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import Field, ValidationError

from assay.errors import AssayError
from assay.evidence import Record

KEY_FILE: Final = "signing-key.pem"


class Signature(Record):
    """A signature beside a report."""

    algorithm: Literal["Ed25519"] = "Ed25519"
    key_id: str = Field(description="Of the key at /signing-key: which of several it was")
    signature: str = Field(description="Base64, over the bytes of the report as they are served")


class Signer:
    """The key of an installation."""

    def __init__(self, folder: Path) -> None:
        """Read the key from a folder, or make one there that only we can read.

        Raises:
            AssayError: `storage_failed`.
        """
        path = folder / KEY_FILE
        try:
            if not path.exists():
                _make(path)
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _no_key() from error
        if not isinstance(key, Ed25519PrivateKey):
            raise _no_key()
        self._key = key
        public = key.public_key()
        self._key_id = key_id(public)
        self.public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        """For those who verify."""

    def sign(self, content: bytes) -> Signature:
        signature = base64.b64encode(self._key.sign(content)).decode()
        return Signature(key_id=self._key_id, signature=signature)


def verify(content: bytes, signature: bytes, public_pem: bytes) -> str | None:
    """Check a report.

    Args:
        content: Its bytes, as they were served.
        signature: A `Signature` as JSON.
        public_pem: The key that is trusted.

    Returns:
        What is wrong, in a sentence; None if nothing is.
    """
    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        return "The key is no Ed25519 public key in PEM."
    try:
        told = Signature.model_validate_json(signature)
        raw = base64.b64decode(told.signature, validate=True)
    except (ValidationError, ValueError):
        return "The signature is no signature of a report."
    if told.key_id != key_id(key):
        return f"It was signed with another key ({told.key_id})."
    try:
        key.verify(raw, content)
    except InvalidSignature:
        return "The report was changed after it was signed."
    return None


def key_id(key: Ed25519PublicKey) -> str:
    """The first half of the sha256 of the key's bytes."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def _make(path: Path) -> None:
    """Whole or not at all; where two processes make one at once, the first one's stays."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        Path(draft).unlink()


def _no_key() -> AssayError:
    return AssayError(
        "storage_failed",
        f"{KEY_FILE} in the data folder cannot be used; restore it, or remove it for a new one.",
    )
