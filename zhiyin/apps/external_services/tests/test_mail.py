"""Mail by TLS and STARTTLS, handed to a real SMTP server that proves who it is, or fails to."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.external_services.messages import send_due
from zhiyin.apps.external_services.models import FlowMessage
from zhiyin.apps.external_services.tests.builders import make_messages

HOST, OTHER_HOST = "127.0.0.1", "127.0.0.2"
USER, PASSWORD = "service", "p@ss 词"


@dataclass
class Inbox:
    """What the server took, and how: over TLS or not."""

    taken: list[tuple[bytes, bool]] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the library's
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.content, session.ssl is not None))
        return "250 ok"


def certificate(folder: Path, host: str) -> Path:
    """Make a certificate of its own for a host, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")]), timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain))
    return file


def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    is_known = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)


@contextmanager
def server(security: str, file: Path) -> Iterator[tuple[int, Inbox]]:
    """A server that takes mail from who logs in; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    tls: dict[str, dict[str, Any]] = {
        "tls": {"ssl_context": context},
        "starttls": {"tls_context": context, "require_starttls": True},
    }
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    inbox = Inbox()
    logs_in: dict[str, Any] = {"authenticator": knows, "auth_require_tls": security == "starttls"}
    controller = Controller(inbox, hostname=HOST, port=port, **tls.get(security, {}), **logs_in)
    controller.start()
    try:
        yield port, inbox
    finally:
        controller.stop()


def sent(company: Company, port: int, security: str, *, password: str = PASSWORD) -> FlowMessage:
    """Send one mail by the server, and return what became of it."""
    given = {"kind": "mail", "host": HOST, "port": port, "security": security, "username": USER}
    given |= {"from_address": "service@example.com", "from_name": "知音"}
    make_messages(
        company, {"name": "邮件", "settings": given, "secret": password, "is_enabled": True}, "li@example.com"
    )
    moment = timezone.now() + timedelta(seconds=1)
    send_due(tenant=company.tenant, clock=lambda: moment)
    return FlowMessage.objects.of(company.tenant).get()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this machine trusts."""
    file = certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({HOST}))
    return file


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_is_handed_over_in_secret_after_a_log_in(company: Company, trusted: Path, security: str) -> None:
    with server(security, trusted) as (port, inbox):
        row = sent(company, port, security)
    assert (row.state, row.cause) == ("sent", "")
    ((mail, is_secret),) = inbox.taken
    assert is_secret or security == "tls", "where all of the connection is TLS, the session knows of none"
    assert b"To: li@example.com" in mail


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_is_another_gets_neither_password_nor_mail(
    company: Company,
    trusted: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    """Its certificate is trusted, and another host's."""
    stranger = certificate(tmp_path, OTHER_HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
    with server(security, stranger) as (port, inbox):
        row = sent(company, port, security)
    assert (row.state, row.cause, inbox.taken) == ("waiting", "tls", [])


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    company: Company, trusted: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with server(security, trusted) as (port, inbox):
        row = sent(company, port, security)
    assert (row.state, row.cause, inbox.taken) == ("waiting", "tls", [])


def test_a_server_without_starttls_gets_nothing_in_clear(company: Company, trusted: Path) -> None:
    with server("none", trusted) as (port, inbox):
        row = sent(company, port, "starttls")
    assert (row.state, row.cause, inbox.taken) == ("waiting", "tls", [])


def test_a_wrong_password_is_told(company: Company, trusted: Path) -> None:
    with server("starttls", trusted) as (port, inbox):
        row = sent(company, port, "starttls", password="another")
    assert (row.state, row.cause, inbox.taken) == ("waiting", "refused_login", [])
