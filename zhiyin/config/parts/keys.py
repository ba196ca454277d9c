"""The certificate that all parts of an installation share; see ``contracts/links.py``."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from zhiyin.contracts.links import LinkKeys

_LIFETIME = timedelta(days=3650)


def make_link_keys(folder: Path, *, now: datetime) -> LinkKeys:
    """Make the parts' certificate and its issuer. The issuer's key is forgotten: nobody can make another part's."""
    issuer_key, part_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer_name, part_name = _name("Zhiyin installation"), _name("Zhiyin part")
    issuer = (
        _certificate(issuer_name, issuer_name, issuer_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    part = (
        _certificate(part_name, issuer_name, part_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("part.zhiyin.invalid")]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    keys = LinkKeys(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    keys.key.touch(mode=0o600)
    keys.key.write_bytes(part_key.private_bytes(pem, form, serialization.NoEncryption()))
    keys.certificate.write_bytes(part.public_bytes(pem))
    keys.ca.write_bytes(issuer.public_bytes(pem))
    return keys


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
