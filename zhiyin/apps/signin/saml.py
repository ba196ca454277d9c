"""SAML 2.0: where to send the browser, and whom a signed response names. python3-saml reads and checks the XML.

Only answers to a request of ours are taken (``InResponseTo``), each once; only what a signed assertion says counts.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.x509 import load_der_x509_certificate

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.signin.errors import SignInFailed
from zhiyin.apps.signin.models import IdentityProvider

log = structlog.get_logger(__name__)

NAME_ID = ""
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
MAX_RESPONSE_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the provider is told of us."""

    entity_id: str
    consumer: str


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    issuer: str
    login_url: str
    certificates: list[str]


def login_address(provider: IdentityProvider, addresses: Addresses, *, state: str) -> tuple[str, str]:
    """Return where to send the browser, and the request's id."""
    from onelogin.saml2.auth import OneLogin_Saml2_Auth  # noqa: PLC0415 - heavy, and only where SAML is used

    auth = OneLogin_Saml2_Auth(_request(addresses), old_settings=_settings(provider, addresses))
    address = str(auth.login(return_to=state))
    return address, str(auth.get_last_request_id())


def read_response(
    provider: IdentityProvider, addresses: Addresses, *, response: str, request_id: str
) -> dict[str, Any]:
    """Return the claims of a response: "sub" is the NameID. Raises ``SignInFailed``."""
    from lxml.etree import LxmlError  # noqa: PLC0415 - as above
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError  # noqa: PLC0415
    from onelogin.saml2.response import OneLogin_Saml2_Response  # noqa: PLC0415
    from onelogin.saml2.settings import OneLogin_Saml2_Settings  # noqa: PLC0415

    try:
        settings = OneLogin_Saml2_Settings(_settings(provider, addresses), sp_validation_only=False)
        read = OneLogin_Saml2_Response(settings, response)
        read.is_valid(_request(addresses), request_id=request_id, raise_exceptions=True)
        subject = str(read.get_nameid())
        attributes = {name: list(values) for name, values in read.get_attributes().items()}
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, LxmlError, ValueError) as error:
        log.warning("sign_in_not_believed", why=type(error).__name__, code=getattr(error, "code", None))
        title = "The identity provider's answer is not believed."
        raise SignInFailed("not_believed", title=title, facts={"why": type(error).__name__}) from error
    if not 0 < len(subject) <= 255:
        raise SignInFailed("not_believed", title="The identity provider named nobody.")
    single = {name: values[0] if len(values) == 1 else values for name, values in attributes.items()}
    return {**single, "sub": subject}


def own_metadata(provider: IdentityProvider, addresses: Addresses) -> str:
    """Return the XML to hand over to the provider."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings  # noqa: PLC0415 - as above

    told = OneLogin_Saml2_Settings(_settings(provider, addresses), sp_validation_only=True).get_sp_metadata()
    return told.decode() if isinstance(told, bytes) else str(told)


def read_metadata(xml: str) -> ProviderFacts:
    """Return what a provider's metadata say. Raises ``Invalid``."""
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser  # noqa: PLC0415 - as above

    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(xml, required_sso_binding=_REDIRECT).get("idp", {})
    except Exception as error:
        raise _bad_metadata() from error
    certificates = found.get("x509certMulti", {}).get("signing") or [found.get("x509cert")]
    login_url = found.get("singleSignOnService", {}).get("url", "")
    if not found.get("entityId") or not login_url or not any(certificates):
        raise _bad_metadata()
    return ProviderFacts(found["entityId"], login_url, [str(each) for each in certificates if each])


def check_certificate(text: str) -> str:
    """Return a certificate as one line of base64. Raises ``Invalid``."""
    plain = "".join(line.strip() for line in text.strip().splitlines() if "CERTIFICATE" not in line)
    try:
        load_der_x509_certificate(base64.b64decode(plain, validate=True))
    except ValueError as error:
        fields = {"certificates": "bad_certificate"}
        raise Invalid("bad_certificate", title="This is no certificate (PEM).", fields=fields) from error
    return plain


def _bad_metadata() -> Invalid:
    title = "These are no metadata of a SAML identity provider."
    return Invalid("bad_metadata", title=title, fields={"xml": "bad_metadata"})


def _request(addresses: Addresses) -> dict[str, Any]:
    """Return the request as if it came to the address that the provider was told, whatever its headers say."""
    parts = urlsplit(addresses.consumer)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _settings(provider: IdentityProvider, addresses: Addresses) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": addresses.entity_id,
            "assertionConsumerService": {"url": addresses.consumer, "binding": _POST},
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "idp": {
            "entityId": provider.issuer,
            "singleSignOnService": {"url": provider.login_url, "binding": _REDIRECT},
            "x509certMulti": {"signing": provider.certificates},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
        },
    }
