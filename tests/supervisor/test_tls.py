"""The certificate that the product makes for itself: signed by an authority that stays when it is renewed."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from zhiyin.config.supervisor.tls import AUTHORITY, days_left, does_key_fit, ensure_own_certificate

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_certificate_is_signed_by_the_authority_that_telephones_trust(tmp_path: Path) -> None:
    cert, key = ensure_own_certificate(tmp_path, ("192.0.2.10",), now=NOW)
    leaf, authority = x509.load_pem_x509_certificates(cert.read_bytes())
    leaf.verify_directly_issued_by(authority)
    assert (tmp_path / AUTHORITY).read_bytes() in cert.read_bytes()
    assert does_key_fit(cert, key)
    assert days_left(cert, now=NOW) in (396, 397)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "192.0.2.10" in {str(name.value) for name in names}
    for file in ("server.key", "authority.key"):
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600


def test_it_is_kept_while_it_fits_and_renewed_under_the_same_authority(tmp_path: Path) -> None:
    cert, _ = ensure_own_certificate(tmp_path, ("192.0.2.10",), now=NOW)
    first, authority = cert.read_bytes(), (tmp_path / AUTHORITY).read_bytes()
    ensure_own_certificate(tmp_path, ("192.0.2.10",), now=NOW + timedelta(days=300))
    assert cert.read_bytes() == first
    ensure_own_certificate(tmp_path, ("192.0.2.10",), now=NOW + timedelta(days=380))
    assert cert.read_bytes() != first
    second = cert.read_bytes()
    ensure_own_certificate(tmp_path, ("192.0.2.10", "192.0.2.11"), now=NOW + timedelta(days=380))
    assert cert.read_bytes() != second
    assert (tmp_path / AUTHORITY).read_bytes() == authority
