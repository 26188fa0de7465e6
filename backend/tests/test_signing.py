"""Who is handed a report can tell that it is the service's, and unchanged."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from assay.errors import AssayError
from assay.signing import KEY_FILE, Signer, verify

REPORT = b'{"verdict": "Deepfake"}'


def signed(signer: Signer, content: bytes = REPORT) -> bytes:
    return signer.sign(content).model_dump_json(by_alias=True).encode()


def test_a_report_that_was_signed_verifies_also_after_a_restart(tmp_path: Path) -> None:
    signature = signed(Signer(tmp_path))
    assert verify(REPORT, signature, Signer(tmp_path).public_pem) is None


def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    Signer(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("position", range(len(REPORT)))
def test_any_changed_byte_is_noticed(tmp_path: Path, position: int) -> None:
    signer = Signer(tmp_path)
    changed = bytearray(REPORT)
    changed[position] ^= 1
    assert "changed" in str(verify(bytes(changed), signed(signer), signer.public_pem))


def test_another_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    signer, other = Signer(tmp_path), Signer(tmp_path / "other")
    assert "another key" in str(verify(REPORT, signed(other), signer.public_pem))
    forged = other.sign(REPORT).model_copy(update={"key_id": signer.sign(REPORT).key_id})
    content = forged.model_dump_json(by_alias=True).encode()
    assert "changed" in str(verify(REPORT, content, signer.public_pem))


@pytest.mark.parametrize(
    "signature",
    [b"", b"[]", b"{", b'{"keyId": 1}', b'{"keyId": "", "signature": "?"}', b"\xff\x00"],
)
def test_what_is_no_signature_is_told(tmp_path: Path, signature: bytes) -> None:
    assert "no signature" in str(verify(REPORT, signature, Signer(tmp_path).public_pem))


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    signature = signed(Signer(tmp_path))
    for key in (b"", b"x", (tmp_path / KEY_FILE).read_bytes()):
        assert "no Ed25519" in str(verify(REPORT, signature, key))


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = {signer.public_pem for signer in threads.map(Signer, [tmp_path] * 8)}
    assert len(keys) == 1


def test_a_key_that_is_none_is_not_replaced_in_silence(tmp_path: Path) -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"x", pem):
        (tmp_path / KEY_FILE).write_bytes(content)
        with pytest.raises(AssayError) as caught:
            Signer(tmp_path)
        assert caught.value.code == "storage_failed"
        assert (tmp_path / KEY_FILE).read_bytes() == content
