"""Logging in at a SAML provider: the right response, and those that attackers send."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from zhiyin.apps.conftest import Company
from zhiyin.apps.signin.models import Identity
from zhiyin.apps.testing.identity_providers import ENTITY, Assertion, certificate_of

JSON = "application/json"
PROVIDERS = "/api/sign-in/providers"
BAD = "/login?problem=not_believed"


def add(company: Company, **fields: object) -> dict[str, Any]:
    body = {
        "kind": "saml",
        "name": "集团",
        "issuer": ENTITY,
        "login_url": "https://idp.example/login",
        "certificates": [certificate_of("saml")],
        "links_existing": True,
        "origin": "https://cc.example",
    }
    answer = company.browser("administrator").post(PROVIDERS, {**body, **fields}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    return {**row, "path": urlsplit(row["consumer"]).path.split("/")[3]}


class Visit:
    """A browser on its way to the provider and back."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.client, self.row = Client(), row
        address = self.client.post(f"/api/sign-in/{row['path']}/begin", {"next": "/live"}, content_type=JSON)
        query = {name: values[0] for name, values in parse_qs(urlsplit(address.json()["address"]).query).items()}
        self.state = query["RelayState"]
        request = ElementTree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15))
        self.assertion = Assertion(request.attrib["ID"], row["consumer"], row["entity_id"])

    def post(self, encoded: str, state: str | None = None) -> str:
        """Hand a response in as the provider's page does, which brings no cookie of ours; return where it leads."""
        form = {"SAMLResponse": encoded, "RelayState": self.state if state is None else state}
        answer = Client().post(f"/api/sign-in/{self.row['path']}/acs", form)
        assert answer.status_code == 303
        return str(answer["Location"])

    def post_xml(self, xml: str) -> str:
        return self.post(base64.b64encode(xml.encode()).decode())

    def follow(self, place: str, client: Client | None = None) -> str:
        return str((client or self.client).get(place)["Location"])


def test_who_is_named_by_a_signed_assertion_comes_in(company: Company) -> None:
    visit = Visit(add(company))
    place = visit.post(visit.assertion.encoded())
    assert visit.follow(place) == "/live"
    assert visit.client.get("/api/session").json()["user"]["username"] == "agent"


def test_an_account_is_made_from_attributes(company: Company) -> None:
    row = add(company, does_create=True, user_claim="uid", name_claim="displayName")
    visit = Visit(row)
    named = replace(visit.assertion, name_id="_opaque", attributes=(("uid", "hanmei"), ("displayName", "韩梅")))
    assert visit.follow(visit.post(named.encoded())) == "/live"
    user = visit.client.get("/api/session").json()["user"]
    assert (user["username"], user["name"], user["role"]) == ("hanmei", "韩梅", "agent")


def wrapped(assertion: Assertion) -> str:
    """A forged assertion before the signed one, under the response."""
    forged = replace(assertion, name_id="administrator", signed_by=None).assertion_xml()
    return assertion.wrap(forged + assertion.sign(assertion.assertion_xml()))


def wrapped_inside(assertion: Assertion) -> str:
    """The signed assertion hidden inside a forged one that repeats its id (XSW)."""
    signed = assertion.sign(assertion.assertion_xml())
    own_id = signed.split('ID="', 1)[1].split('"', 1)[0]
    forged = replace(assertion, name_id="administrator", signed_by=None).assertion_xml()
    forged_id = forged.split('ID="', 1)[1].split('"', 1)[0]
    hidden = f"<saml:Advice>{signed}</saml:Advice></saml:Assertion>"
    return assertion.wrap(forged.replace(forged_id, own_id).replace("</saml:Assertion>", hidden))


def renamed(assertion: Assertion) -> str:
    return assertion.xml().replace(">agent<", ">administrator<")


def comment_in_name(assertion: Assertion) -> str:
    """Signed as "administrator.evil": a reader that stops at the comment reads "administrator"."""
    signed = replace(assertion, name_id="administrator.evil").xml()
    return signed.replace("administrator.evil", "administrator<!---->.evil")


def with_entities(assertion: Assertion) -> str:
    return '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + assertion.xml()


HOSTILE: dict[str, Callable[[Assertion], str]] = {
    "unsigned": lambda good: replace(good, signed_by=None).xml(),
    "signed by another key": lambda good: replace(good, signed_by="wrong").xml(),
    "for somebody else": lambda good: replace(good, audience="https://other.example").xml(),
    "sent elsewhere": lambda good: replace(good, consumer="https://other.example/acs").xml(),
    "for another recipient": lambda good: replace(good, recipient="https://other.example/acs").xml(),
    "of another issuer": lambda good: replace(good, issuer="https://evil.example").xml(),
    "expired": lambda good: replace(good, lives_s=-400).xml(),
    "to another request": lambda good: replace(good, request_id="_another").xml(),
    "without a name": lambda good: replace(good, name_id="").xml(),
    "changed after signing": renamed,
    "wrapped": wrapped,
    "wrapped inside": wrapped_inside,
    "with entities": with_entities,
    "no XML": lambda _good: "hello",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_response_that_is_not_right_in_everything_lets_nobody_in(company: Company, kind: str) -> None:
    visit = Visit(add(company))
    assert visit.post_xml(HOSTILE[kind](visit.assertion)) == BAD
    assert not Identity.objects.of(company.tenant).exists()
    assert visit.client.get("/api/session").json()["user"] is None


def test_a_comment_cuts_no_name_short(company: Company) -> None:
    """Canonical XML leaves comments out, so the signature holds; the name must then be read whole."""
    visit = Visit(add(company))
    place = visit.post_xml(comment_in_name(visit.assertion))
    assert place == BAD or visit.follow(place) == "/login?problem=no_account"


def test_what_is_no_base64_is_no_response(company: Company) -> None:
    visit = Visit(add(company))
    assert visit.post("%%%") == BAD
    assert visit.post("") == BAD


def test_a_response_counts_once(company: Company) -> None:
    visit = Visit(add(company))
    encoded = visit.assertion.encoded()
    place = visit.post(encoded)
    assert visit.post(encoded) == "/login?problem=sign_in_over"
    assert visit.follow(place) == "/live"
    assert visit.follow(place) == "/login?problem=sign_in_over"
    other = Visit(visit.row)
    assert other.post(encoded) == BAD  # an answer to another request


def test_nobody_is_logged_in_by_a_response_that_nobody_asked_for(company: Company) -> None:
    visit = Visit(add(company))
    assert visit.post(visit.assertion.encoded(), state="") == "/login?problem=sign_in_over"


def test_the_browser_that_began_alone_comes_in(company: Company) -> None:
    """Else an attacker could hand in the own response in somebody's browser, and read along."""
    visit = Visit(add(company))
    place = visit.post(visit.assertion.encoded())
    assert visit.follow(place, Client()) == "/login?problem=sign_in_over"


def test_the_hosts_header_of_a_request_changes_nothing(company: Company) -> None:
    """An assertion for another service whose name an attacker sends as Host is for another service still."""
    row = add(company)
    visit = Visit(row)
    elsewhere = {name: row[name].replace("cc.example", "evil.example") for name in ("consumer", "entity_id")}
    stolen = replace(visit.assertion, consumer=elsewhere["consumer"], audience=elsewhere["entity_id"])
    form = {"SAMLResponse": stolen.encoded(), "RelayState": visit.state}
    answer = Client(headers={"host": "evil.example"}).post(f"/api/sign-in/{row['path']}/acs", form, secure=True)
    assert answer["Location"] == BAD


def test_our_metadata_say_where_and_who_we_are(company: Company) -> None:
    row = add(company)
    answer = Client().get(f"/api/sign-in/{row['path']}/metadata")
    assert answer["Content-Type"].startswith("application/samlmetadata+xml")
    assert row["consumer"] in answer.content.decode()
    assert row["entity_id"] in answer.content.decode()


def test_a_providers_metadata_fill_the_form_in(company: Company) -> None:
    certificate = "".join(certificate_of("saml").splitlines()[1:-1])
    xml = (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}"><md:IDPSSODescriptor'
        ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">'
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>'
        f"{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService"
        ' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/login"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
    browser = company.browser("administrator")
    read = browser.post(f"{PROVIDERS}/read-metadata", {"xml": xml}, content_type=JSON)
    assert read.json() == {"issuer": ENTITY, "login_url": "https://idp.example/login", "certificates": [certificate]}
    refused = browser.post(f"{PROVIDERS}/read-metadata", {"xml": "<a/>"}, content_type=JSON)
    assert (refused.status_code, refused.json()["fields"]) == (400, {"xml": "bad_metadata"})


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("certificates", ["nonsense"], "bad_certificate"),
        ("certificates", [], "blank"),
        ("login_url", "javascript:alert(1)", "bad_url"),
        ("default_role", "boss", "unknown_role"),
    ],
)
def test_a_provider_that_cannot_work_is_refused(company: Company, field: str, value: object, code: str) -> None:
    row = add(company)
    answer = company.browser("administrator").patch(f"{PROVIDERS}/{row['id']}", {field: value}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {field: code})
