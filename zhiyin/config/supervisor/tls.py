"""The certificate: one made on demand and signed by an authority of our own, and what can be said about any."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: browsers refuse certificates that live longer
_LIFETIME = timedelta(days=397)
_RENEW_BEFORE = timedelta(days=30)
_AUTHORITY_LIFETIME = timedelta(days=3650)
#: what telephones and browsers are told to trust
AUTHORITY = "authority.crt"
_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def ensure_own_certificate(folder: Path, addresses: tuple[str, ...], *, now: datetime) -> tuple[Path, Path]:
    """Return a certificate chain and its key for this machine's name and ``addresses``.

    They are signed by an authority of this installation's own (``AUTHORITY`` in the folder), which stays when they are
    renewed: telephones and browsers that were told once to trust it need not be told again.
    """
    cert_file, key_file = folder / "server.crt", folder / "server.key"
    authority, authority_key = _ensure_authority(folder, now=now)
    names = tuple(sorted({"localhost", socket.gethostname(), "127.0.0.1", *addresses}))
    if key_file.exists() and cert_file.exists():
        certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
        is_ours = certificate.issuer == authority.subject and certificate.not_valid_after_utc - now > _RENEW_BEFORE
        if is_ours and set(names) <= _names_of(certificate):
            return cert_file, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(f"Zhiyin on {socket.gethostname()}", key, issuer=authority.subject, now=now, lifetime=_LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_key(key_file, key)
    cert_file.write_bytes(_pem(certificate) + _pem(authority))
    return cert_file, key_file


def _ensure_authority(folder: Path, *, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    cert_file, key_file = folder / AUTHORITY, folder / "authority.key"
    if cert_file.exists() and key_file.exists():
        certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc - now > 2 * _LIFETIME:
            return certificate, key
    key = ec.generate_private_key(ec.SECP256R1())
    # The number keeps a renewed authority apart from the one before it.
    name = f"Zhiyin authority {secrets.token_hex(4)} on {socket.gethostname()}"
    certificate = (
        _builder(name, key, issuer=None, now=now, lifetime=_AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    cert_file.write_bytes(_pem(certificate))
    return certificate, key


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, *, issuer: x509.Name | None, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def days_left(cert_file: Path, *, now: datetime | None = None) -> int:
    """Return the whole days until it ends; negative when it is over. Raises ``ValueError``, ``OSError``."""
    return (ends_at(cert_file) - (now or datetime.now(UTC))).days


def ends_at(cert_file: Path) -> datetime:
    """Return when it is over. Raises ``ValueError``, ``OSError``."""
    return x509.load_pem_x509_certificate(cert_file.read_bytes()).not_valid_after_utc


def does_key_fit(cert_file: Path, key_file: Path) -> bool:
    """Whether the private key belongs to the certificate. Raises ``ValueError``, ``TypeError``, ``OSError``."""
    certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names_of(certificate: x509.Certificate) -> set[str]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}
