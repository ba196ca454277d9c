"""Sending one message by a service: mail by SMTP, text messages by the provider's HTTP interface."""

from __future__ import annotations

import base64
import json
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr

from django.conf import settings as installation

from zhiyin.apps.external_services.models import ExternalService
from zhiyin.apps.outgoing import BadTarget, NoAnswer, post
from zhiyin.apps.tenancy.vault import open_secret
from zhiyin.contracts.numbers import BadNumber, dial_string, normalise_number
from zhiyin.contracts.sealing import SERVICE_SECRET, CannotOpen
from zhiyin.domain.flows.filling import CannotFill, fill_body, read_body
from zhiyin.domain.json_pointers import resolve
from zhiyin.domain.security.egress import RefusedTarget, choose_address

_WITHIN_S = 10.0
_LOGGED_IN = 235
_MAIL = re.compile(r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]{1,189}")
#: what will be no other the next time
_FINAL_STATUS = frozenset({400, 401, 403, 404, 410, 422})


class NotSent(Exception):
    """``code`` says why; ``is_final``: another try would come to the same."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message; ``key`` is the same at each try."""

    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


def send(service: ExternalService, message: Outgoing) -> None:
    """Hand the message to its provider. Raises ``NotSent``; who repeats it gives the same ``key``."""
    try:
        secret = open_secret(service.sealed_secret, tenant=service.tenant, purpose=SERVICE_SECRET)
    except CannotOpen as error:
        raise NotSent("secret_unreadable") from error
    if service.kind == ExternalService.Kind.MAIL:
        _send_mail(service, message, secret)
    else:
        _send_text(service, message, secret)


def _send_text(service: ExternalService, message: Outgoing, secret: str) -> None:
    given = service.settings
    try:
        number = normalise_number(message.to, service.tenant.region)
        values = {"to": dial_string(number, service.tenant.region), "to_e164": number}
        body = json.dumps(fill_body(read_body(given["body"]), values | {"text": message.text, "key": message.key}))
    except (BadNumber, CannotFill) as error:
        raise NotSent("bad_address", is_final=True) from error
    headers = {**given.get("headers", {}), "Content-Type": "application/json", "Idempotency-Key": message.key}
    if given.get("secret_header") and secret:
        headers[given["secret_header"]] = secret
    try:
        answer = post(given["base_url"], body=body.encode(), headers=headers)
    except NoAnswer as why:
        raise NotSent(why.code) from why
    except BadTarget as why:
        raise NotSent(why.code, is_final=True) from why
    if not answer.is_taken:
        raise NotSent(f"http_{answer.status}", is_final=answer.status in _FINAL_STATUS)
    if given.get("ok_pointer") and not _is_ok(answer.body, given["ok_pointer"], given.get("ok_values", ())):
        raise NotSent("refused", is_final=True)


def _is_ok(body: bytes, pointer: str, values: list[str]) -> bool:
    try:
        return str(resolve(json.loads(body), pointer)) in values
    except (ValueError, RecursionError):
        return False


def _send_mail(service: ExternalService, message: Outgoing, password: str) -> None:
    given = service.settings
    if not _MAIL.fullmatch(message.to):
        raise NotSent("bad_address", is_final=True)
    mail = EmailMessage()
    mail["From"] = formataddr((given.get("from_name", ""), given["from_address"]))
    mail["To"] = message.to
    mail["Subject"] = " ".join(message.subject.split())
    mail["Message-ID"] = f"<{re.sub('[^A-Za-z0-9-]', '-', message.key)}@{given['from_address'].rpartition('@')[2]}>"
    mail.set_content(message.text)
    host, port = given["host"].strip("[]"), given["port"]
    try:
        address = _address_of(host, port)
        with _connected(host, address, port, given["security"]) as server:
            if given.get("username"):
                _log_in(server, given["username"], password)
            server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent("refused_login") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("bad_address", is_final=True) from error
    except ssl.SSLError as error:
        raise NotSent("tls") from error
    except TimeoutError as error:
        raise NotSent("late") from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent("unreachable") from error


def _log_in(server: smtplib.SMTP, username: str, password: str) -> None:
    """Log in by what the server offers. ``smtplib`` takes ASCII alone, and PLAIN is UTF-8 (RFC 4616)."""
    if username.isascii() and password.isascii():
        server.login(username, password)
        return
    server.ehlo_or_helo_if_needed()
    plain = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
    code, said = server.docmd("AUTH", f"PLAIN {plain}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _address_of(host: str, port: int) -> str:
    try:
        found = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        return choose_address(host, port, found, internal_hosts=installation.INTERNAL_HOSTS)
    except (OSError, UnicodeError) as error:
        raise NotSent("unresolved") from error
    except RefusedTarget as refused:
        raise NotSent(refused.code) from refused


def _connected(host: str, address: str, port: int, security: str) -> smtplib.SMTP:
    """Return a connection to the very address that was looked at, its certificate checked by the host's name."""
    context = ssl.create_default_context()
    if security == "tls":
        server: smtplib.SMTP = _PinnedTls(address, host, port, context)
    else:
        server = smtplib.SMTP(timeout=_WITHIN_S)
        server.connect(address, port)
        if security == "starttls":
            vars(server)["_host"] = host  # by what starttls checks the certificate
            try:
                server.starttls(context=context)
            except smtplib.SMTPNotSupportedError as error:
                raise NotSent("tls") from error
    return server


class _PinnedTls(smtplib.SMTP_SSL):
    """SMTP over TLS to an address, for a host's name."""

    def __init__(self, address: str, host: str, port: int, context: ssl.SSLContext) -> None:
        self._address = address
        super().__init__(host, port, timeout=_WITHIN_S, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._address, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=host)
