"""The certificate: a self-signed one made on demand, and what can be said about any."""

from __future__ import annotations

import ipaddress
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


def ensure_self_signed(folder: Path, addresses: tuple[str, ...], *, now: datetime) -> tuple[Path, Path]:
    """Return certificate and key for this machine's name and ``addresses``, making them when missing or nearly over."""
    cert_file, key_file = folder / "self-signed.crt", folder / "self-signed.key"
    names = tuple(sorted({"localhost", socket.gethostname(), "127.0.0.1", *addresses}))
    if key_file.exists() and cert_file.exists():
        certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
        if certificate.not_valid_after_utc - now > _RENEW_BEFORE and set(names) <= _names_of(certificate):
            return cert_file, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Zhiyin on {socket.gethostname()}"[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.touch(mode=0o600)
    key_file.write_bytes(pem)
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return cert_file, key_file


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
