"""Identity providers for tests: an OpenID provider that answers over real HTTP, and a SAML one that signs."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from zhiyin.apps.testing.receiver import Asked, Receiver, Said, receiving

CLIENT, SECRET = "zhiyin", "a client's secret"
ENTITY = "https://idp.example/saml"
Key = rsa.RSAPrivateKey


@cache
def key_of(name: str) -> Key:  # noqa: ARG001 - by which it is remembered
    """Return the key of that name, the same for the whole test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class OpenIdProvider:
    """``claims`` are overlaid on a right ID token, None takes one away; ``token`` replaces it whole."""

    receiver: Receiver
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    key: str = "right"
    nonce: str = ""
    challenge: str = ""
    redeemed: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return self.receiver.url

    def log_in(self, address: str) -> str:
        """Read the address to which the browser was sent, as the provider's page does; return the state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        return asked["state"]

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/.well-known/openid-configuration":
            return _json(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "userinfo_endpoint": f"{self.issuer}/me",
                    **self.metadata,
                }
            )
        if asked.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key_of("right").public_key()))
            return _json({"keys": [{**public, "kid": "k1", "use": "sig"}]})
        if asked.path == "/me":
            return _json(self.userinfo)
        self.redeemed.append({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        return _json({"access_token": "at", "token_type": "Bearer", "id_token": self.token or self.sign()})

    def sign(self) -> str:
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "sub": "s-1", "iat": now, "exp": now + 300, "nonce": self.nonce}
        named = {"preferred_username": "agent", "name": "李雷"}
        claims = {name: value for name, value in {**right, **named, **self.claims}.items() if value is not None}
        return jwt.encode(claims, key_of(self.key), algorithm="RS256", headers={"kid": "k1"})


def _json(content: object) -> Said:
    return Said(200, json.dumps(content).encode(), {"Content-Type": "application/json"})


@contextmanager
def open_id_provider() -> Iterator[OpenIdProvider]:
    with receiving() as receiver:
        provider = OpenIdProvider(receiver)
        receiver.answer = provider.answer
        yield provider


def certificate_of(name: str) -> str:
    """Return the key's own certificate as PEM."""
    return _certificate(name)


@cache
def _certificate(name: str) -> str:
    key, subject = key_of(name), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a SAML response says; the defaults are right but for the four that every test must give."""

    request_id: str
    consumer: str
    audience: str
    name_id: str = "agent"
    issuer: str = ENTITY
    recipient: str = ""
    lives_s: int = 300
    signed_by: str | None = "saml"
    attributes: tuple[tuple[str, str], ...] = (("displayName", "李雷"),)

    def xml(self) -> str:
        """Return the whole response; its assertion is signed where ``signed_by`` names a key."""
        return self.wrap(self.sign(self.assertion_xml()))

    def encoded(self) -> str:
        return base64.b64encode(self.xml().encode()).decode()

    def assertion_xml(self) -> str:
        now, ends = _instant(0), _instant(self.lives_s)
        recipient = self.recipient or self.consumer
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes
        )
        return (
            '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
            f' ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{now}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f"<saml:Subject><saml:NameID>{self.name_id}</saml:NameID>"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient="{recipient}"'
            f' InResponseTo="{self.request_id}"/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{_instant(-600)}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
            f"<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_1"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
            "</saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )

    def sign(self, xml: str) -> str:
        from onelogin.saml2.utils import OneLogin_Saml2_Utils  # noqa: PLC0415 - heavy

        if self.signed_by is None:
            return xml
        private = key_of(self.signed_by).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed = OneLogin_Saml2_Utils.add_sign(xml, private.decode(), certificate_of(self.signed_by))
        return str(signed.decode() if isinstance(signed, bytes) else signed)

    def wrap(self, assertions: str) -> str:
        return (
            '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
            ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
            f' ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{_instant(0)}" Destination="{self.consumer}"'
            f' InResponseTo="{self.request_id}"><saml:Issuer>{self.issuer}</saml:Issuer>'
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f"{assertions}</samlp:Response>"
        )


def _instant(from_now_s: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=from_now_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
