"""Media with Content Credentials, signed on the spot by a certificate that nobody trusts."""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ISSUER = "Assay's tests"
SIGNER = "Test camera"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def created(source_type: str, **more: Any) -> dict[str, Any]:
    """A manifest that tells how its file came to be; `more` goes into the action."""
    action = {"action": "c2pa.created", "digitalSourceType": SOURCE_TYPE + source_type, **more}
    return {
        "claim_generator_info": [{"name": "Assay tests", "version": "1.0"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
    }


def signed(
    content: bytes,
    mime_type: str,
    manifest: dict[str, Any],
    *,
    ingredient: bytes | None = None,
    remote: str | None = None,
    issuer: str = ISSUER,
) -> bytes:
    """A file with credentials.

    Args:
        content, mime_type: The file without.
        manifest: What it states, as the library's Builder takes it.
        ingredient: Another file, of the same type, that it is said to be made from.
        remote: Where the manifest store is said to lie, instead of in the file.
        issuer: Organisation in the certificate.
    """
    certificates, key = _identity(issuer)
    info = c2pa.C2paSignerInfo(b"es256", certificates, key, None)  # type: ignore[arg-type]
    bare = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    output = io.BytesIO()
    with (
        c2pa.Signer.from_info(info) as signer,
        c2pa.Context.from_dict(bare) as context,
        c2pa.Builder(manifest, context=context) as builder,
    ):
        if ingredient is not None:
            described = {"title": "source", "relationship": "parentOf"}
            builder.add_ingredient(described, mime_type, io.BytesIO(ingredient))
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        if remote is not None:
            builder.set_remote_url(remote)
            builder.set_no_embed()
        builder.sign(signer, mime_type, io.BytesIO(content), output)
    return output.getvalue()


@lru_cache
def _identity(issuer: str) -> tuple[bytes, bytes]:
    """Certificates, the signer's first, and the signer's key; PEM. C2PA allows no self-signed."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name("Nobody's authority", "Root")
    root = (
        _certificate(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    own = (
        _certificate(_name(issuer, SIGNER), root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_only_signatures(), critical=True)
        .add_extension(purpose, critical=False)
        .add_extension(authority, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM), secret


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )


def _name(organisation: str, common_name: str) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _only_signatures() -> x509.KeyUsage:
    allowed = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(digital_signature=True, **allowed)
