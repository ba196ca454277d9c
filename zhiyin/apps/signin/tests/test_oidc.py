"""Logging in at an OpenID provider: the right way in, and every wrong one."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import PASSWORD, Company
from zhiyin.apps.signin import attempts
from zhiyin.apps.signin.models import Identity, IdentityProvider, SignInAttempt
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.testing.identity_providers import CLIENT, SECRET, OpenIdProvider, key_of, open_id_provider

JSON = "application/json"
PROVIDERS = "/api/sign-in/providers"


@pytest.fixture
def idp(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenIdProvider]:
    """A provider inside, which the installation allows."""
    cache.clear()
    with open_id_provider() as provider:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({provider.receiver.host}))
        yield provider


def add(company: Company, idp: OpenIdProvider, **fields: object) -> dict[str, Any]:
    """Add the provider; return it as the API shows it, with the path of its addresses."""
    body = {"kind": "oidc", "name": "总部", "issuer": idp.issuer, "client_id": CLIENT, "client_secret": SECRET}
    answer = company.browser("administrator").post(PROVIDERS, {**body, **fields}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    row: dict[str, Any] = answer.json()
    return {**row, "path": urlsplit(row["redirect"]).path.split("/")[3]}


def begin(client: Client, row: dict[str, Any], idp: OpenIdProvider, next_place: str = "/live") -> str:
    answer = client.post(f"/api/sign-in/{row['path']}/begin", {"next": next_place}, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return idp.log_in(answer.json()["address"])


def come_back(client: Client, row: dict[str, Any], state: str, **query: str) -> Any:
    return client.get(f"/api/sign-in/{row['path']}/callback", {"state": state, "code": "c-1", **query})


def sign_in(row: dict[str, Any], idp: OpenIdProvider) -> tuple[Client, str]:
    client = Client()
    return client, come_back(client, row, begin(client, row, idp))["Location"]


def test_who_has_an_account_by_that_name_comes_in(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, links_existing=True)
    client, place = sign_in(row, idp)
    assert place == "/live"
    assert client.get("/api/session").json()["user"]["username"] == "agent"
    form = idp.redeemed[0]
    assert form["redirect_uri"] == row["redirect"]
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == idp.challenge
    token_request = next(asked for asked in idp.receiver.asked if asked.path == "/token")
    assert {name.lower() for name in token_request.headers} >= {"authorization"}
    entry = Entry.objects.of(company.tenant).filter(action="login").latest("pk")
    assert entry.after == {"way": "总部"}


def test_the_secret_is_neither_shown_nor_kept_in_clear(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp)
    assert row["has_secret"]
    assert SECRET not in str(company.browser("administrator").get(PROVIDERS).json())
    assert SECRET not in str(list(Entry.objects.of(company.tenant).values_list("after", flat=True)))


def test_the_log_in_page_offers_what_is_on_and_tells_nothing_of_unknown_companies(
    company: Company, idp: OpenIdProvider
) -> None:
    row = add(company, idp)
    add(company, idp, name="off", is_enabled=False)
    offered = Client().get("/api/sign-in/offered", {"company": company.tenant.code}).json()
    assert offered == {"items": [{"path": row["path"], "name": "总部"}]}
    assert Client().get("/api/sign-in/offered", {"company": "nobody"}).json() == {"items": []}


def test_who_is_unknown_stays_outside_unless_a_rule_lets_him_in(company: Company, idp: OpenIdProvider) -> None:
    client, place = sign_in(add(company, idp), idp)
    assert place == "/login?problem=no_account"
    assert client.get("/api/session").json()["user"] is None


def test_an_account_is_made_with_the_role_of_the_first_group_that_fits(company: Company, idp: OpenIdProvider) -> None:
    groups = [{"group": "cc-leads", "role": "lead"}, {"group": "cc", "role": "administrator"}]
    row = add(company, idp, does_create=True, group_claim="groups", group_roles=groups)
    idp.claims = {"preferred_username": "hanmei", "name": "韩梅"}
    idp.userinfo = {"sub": "s-1", "groups": ["cc", "cc-leads"]}
    client, _ = sign_in(row, idp)
    user = client.get("/api/session").json()["user"]
    assert (user["username"], user["name"], user["role"]) == ("hanmei", "韩梅", "lead")
    assert not User.objects.of(company.tenant).get(username="hanmei").has_usable_password()
    idp.claims = {"preferred_username": "renamed"}
    again, _ = sign_in(row, idp)
    assert again.get("/api/session").json()["user"]["id"] == user["id"]


def test_what_userinfo_says_of_somebody_else_is_not_believed(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, does_create=True, group_claim="groups")
    idp.userinfo = {"sub": "s-2", "groups": ["admins"]}
    assert sign_in(row, idp)[1] == "/login?problem=not_believed"


def hostile_tokens(idp: OpenIdProvider) -> dict[str, str]:
    now = int(time.time())
    right = {"iss": idp.issuer, "aud": CLIENT, "sub": "s-1", "iat": now, "exp": now + 300, "nonce": idp.nonce}
    named = {**right, "preferred_username": "agent"}

    def signed(key: str = "right", **other: object) -> str:
        claims = {name: value for name, value in {**named, **other}.items() if value is not None}
        return jwt.encode(claims, key_of(key), algorithm="RS256", headers={"kid": "k1"})

    return {
        "another client's": signed(aud="somebody-else"),
        "for many, issued to another": signed(aud=[CLIENT, "other"], azp="other"),
        "for many, issued to nobody named": signed(aud=[CLIENT, "other"]),
        "another issuer's": signed(iss="https://evil.example"),
        "expired": signed(exp=now - 120),
        "without an end": signed(exp=None),
        "without a nonce": signed(nonce=None),
        "with another nonce": signed(nonce="replayed"),
        "without a subject": signed(sub=None),
        "with an empty subject": signed(sub=""),
        "signed by another key": signed("wrong"),
        "unsigned": jwt.encode(named, "", algorithm="none", headers={"kid": "k1"}),
        "signed with the client's secret": jwt.encode(named, SECRET * 3, algorithm="HS256", headers={"kid": "k1"}),
        "no token": "not.a.token",
    }


@pytest.mark.parametrize("kind", range(14))
def test_a_token_that_is_not_right_in_everything_lets_nobody_in(
    company: Company, idp: OpenIdProvider, kind: int
) -> None:
    row, client = add(company, idp, links_existing=True), Client()
    state = begin(client, row, idp)
    name, idp.token = list(hostile_tokens(idp).items())[kind]
    assert come_back(client, row, state)["Location"] == "/login?problem=not_believed", name
    assert client.get("/api/session").json()["user"] is None
    assert not Identity.objects.of(company.tenant).exists()


def test_an_answer_counts_once(company: Company, idp: OpenIdProvider) -> None:
    row, client = add(company, idp, links_existing=True), Client()
    state = begin(client, row, idp)
    assert come_back(client, row, state)["Location"] == "/live"
    assert come_back(client, row, state)["Location"] == "/login?problem=sign_in_over"


def test_an_answer_counts_only_in_the_browser_that_began(company: Company, idp: OpenIdProvider) -> None:
    """Else a link could log its reader in as its writer."""
    row = add(company, idp, links_existing=True)
    state = begin(Client(), row, idp)
    other = Client()
    begin(other, row, idp)
    assert come_back(other, row, state)["Location"] == "/login?problem=sign_in_over"
    assert come_back(Client(), row, state)["Location"] == "/login?problem=sign_in_over"
    assert come_back(Client(), row, "")["Location"] == "/login?problem=sign_in_over"


def test_a_provider_signs_in_nobody_of_another_company(
    company: Company, other_company: Company, idp: OpenIdProvider
) -> None:
    enter_tenant(other_company.tenant.pk)
    theirs = add(other_company, idp, links_existing=True)
    enter_tenant(company.tenant.pk)
    mine, client = add(company, idp, links_existing=True), Client()
    state = begin(client, theirs, idp)
    assert come_back(client, mine, state)["Location"] == "/login?problem=sign_in_over"
    forged = {**theirs, "path": f"{company.tenant.pk}-{theirs['path'].partition('-')[2]}"}
    assert client.post(f"/api/sign-in/{forged['path']}/begin", {}, content_type=JSON).status_code == 404
    client, _ = sign_in(theirs, idp)
    assert client.get("/api/session").json()["company"]["code"] == other_company.tenant.code


def test_another_of_the_companys_providers_cannot_answer(company: Company, idp: OpenIdProvider) -> None:
    first, second, client = add(company, idp, links_existing=True), add(company, idp, name="子公司"), Client()
    state = begin(client, first, idp)
    assert come_back(client, second, state)["Location"] == "/login?problem=sign_in_over"
    state = begin(client, first, idp)
    assert come_back(client, first, state, iss="https://evil.example")["Location"] == "/login?problem=not_believed"


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a b"]
)
def test_nobody_is_sent_to_another_site(company: Company, idp: OpenIdProvider, place: str) -> None:
    row, client = add(company, idp, links_existing=True), Client()
    state = begin(client, row, idp, place)
    assert come_back(client, row, state)["Location"] == "/"


def test_a_subject_stays_whose_it_was(company: Company, idp: OpenIdProvider) -> None:
    """Who renames himself at the provider becomes nobody else; no second subject takes an account over."""
    row = add(company, idp, links_existing=True)
    sign_in(row, idp)
    idp.claims = {"preferred_username": "administrator"}
    client, _ = sign_in(row, idp)
    assert client.get("/api/session").json()["user"]["username"] == "agent"
    idp.claims = {"sub": "s-2"}
    assert sign_in(row, idp)[1] == "/login?problem=username_taken"


def test_a_new_account_never_takes_an_existing_name(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, does_create=True)
    idp.claims = {"preferred_username": "ADMINISTRATOR"}
    assert sign_in(row, idp)[1] == "/login?problem=username_taken"


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        ({"email": "agent@corp.example", "email_verified": True}, "/live"),
        ({"email": "agent@corp.example"}, "/login?problem=mail_unverified"),
        ({"email": "agent@evil.example", "email_verified": True}, "/login?problem=mail_domain"),
        ({"email_verified": True}, "/login?problem=mail_domain"),
    ],
    ids=["verified", "unverified", "another domain", "none"],
)
def test_a_mail_address_counts_verified_and_in_the_companys_domain(
    company: Company, idp: OpenIdProvider, claims: dict[str, Any], place: str
) -> None:
    row = add(company, idp, links_existing=True, user_claim="email", mail_domains=["corp.example"])
    idp.claims, idp.userinfo = {"preferred_username": None, **claims}, {"sub": "s-1"}
    assert sign_in(row, idp)[1] == place


def test_an_address_as_user_name_needs_a_domain_of_the_company(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, links_existing=True)
    idp.claims = {"preferred_username": "administrator@anybody.example"}
    assert sign_in(row, idp)[1] == "/login?problem=mail_domain"


def test_an_account_that_is_off_stays_off(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, links_existing=True)
    sign_in(row, idp)
    User.objects.of(company.tenant).filter(username="agent").update(is_active=False)
    assert sign_in(row, idp)[1] == "/login?problem=account_off"


@pytest.mark.parametrize(
    ("issuer", "code"),
    [("http://10.0.0.5", "needs_https"), ("https://10.0.0.5", "internal_address"), ("https://u:p@x.example", None)],
)
def test_an_issuer_inside_is_refused_unless_the_installation_allows_it(
    company: Company, issuer: str, code: str | None
) -> None:
    body = {"kind": "oidc", "name": "x", "issuer": issuer, "client_id": "c"}
    answer = company.browser("administrator").post(PROVIDERS, body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"issuer": code or "credentials_in_url"})


def test_a_test_says_what_is_wrong(company: Company, idp: OpenIdProvider) -> None:
    row, browser = add(company, idp), company.browser("administrator")
    tried = browser.post(f"{PROVIDERS}/{row['id']}/test")
    assert tried.json()["addresses"][0] == f"{idp.issuer}/authorize"
    idp.metadata = {"issuer": "https://evil.example"}
    wrong = browser.post(f"{PROVIDERS}/{row['id']}/test")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_provider")
    idp.metadata = {"authorization_endpoint": "javascript:alert(1)"}
    assert browser.post(f"{PROVIDERS}/{row['id']}/test").json()["code"] == "bad_provider"


def require_sso(company: Company, **fields: object) -> Any:
    body = {"second_factor_roles": [], "is_sso_only": True, **fields}
    return company.browser("administrator").put("/api/sign-in/policy", body, content_type=JSON)


def password_login(company: Company, username: str) -> Any:
    body = {"company": company.tenant.code, "username": username, "password": PASSWORD}
    return Client().post("/api/session", body, content_type=JSON)


def test_single_sign_on_only_leaves_one_administrator_his_password(company: Company, idp: OpenIdProvider) -> None:
    keeper = company.users["administrator"].pk
    assert require_sso(company, break_glass=keeper).json()["code"] == "no_provider"
    row = add(company, idp, links_existing=True)
    assert require_sso(company).json()["fields"] == {"break_glass": "no_break_glass"}
    assert require_sso(company, break_glass=company.users["lead"].pk).status_code == 400
    assert require_sso(company, break_glass=keeper).status_code == 200
    refused = password_login(company, "agent")
    assert (refused.status_code, refused.json()["code"]) == (403, "sso_only")
    assert password_login(company, "administrator").json()["user"]["username"] == "administrator"
    assert sign_in(row, idp)[1] == "/live"
    gone = company.browser("administrator").delete(f"{PROVIDERS}/{row['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "no_provider")


def test_old_attempts_are_forgotten(company: Company, idp: OpenIdProvider) -> None:
    begin(Client(), add(company, idp), idp)
    assert attempts.forget_old_attempts(now=timezone.now()) == 0
    assert attempts.forget_old_attempts(now=timezone.now() + timedelta(minutes=16)) == 1
    assert not SignInAttempt.objects.of(company.tenant).exists()


GROUPS = [{"group": "cc-admins", "role": "administrator"}, {"group": "cc-leads", "role": "lead"}]


def role_after(row: dict[str, Any], idp: OpenIdProvider, *groups: str) -> str:
    """Log in as somebody who is in these groups by now; return the role."""
    idp.claims = {"preferred_username": "hanmei", "groups": list(groups)}
    client, _ = sign_in(row, idp)
    return str(client.get("/api/session").json()["user"]["role"])


def test_roles_follow_the_groups_at_every_log_in_where_the_company_says_so(
    company: Company, idp: OpenIdProvider
) -> None:
    row = add(company, idp, does_create=True, group_claim="groups", group_roles=GROUPS, follows_groups=True)
    assert role_after(row, idp, "cc-leads") == "lead"
    assert role_after(row, idp, "cc-admins", "cc-leads") == "administrator"
    assert role_after(row, idp, "other") == "agent"
    enter_tenant(company.tenant.pk)
    entries = Entry.objects.of(company.tenant).filter(action="identity.groups_followed").order_by("pk")
    assert [entry.after["role"] for entry in entries if entry.after] == ["administrator", "agent"]
    company.browser("administrator").patch(f"{PROVIDERS}/{row['id']}", {"follows_groups": False}, content_type=JSON)
    assert role_after(row, idp, "cc-admins") == "agent"


def test_who_is_told_of_no_groups_keeps_the_role(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, does_create=True, group_claim="groups", group_roles=GROUPS, follows_groups=True)
    assert role_after(row, idp, "cc-leads") == "lead"
    idp.claims, idp.userinfo = {"preferred_username": "hanmei"}, {"sub": "s-1"}
    client, _ = sign_in(row, idp)
    assert client.get("/api/session").json()["user"]["role"] == "lead"


def test_the_last_administrator_stays_one(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, links_existing=True, group_claim="groups", group_roles=GROUPS, follows_groups=True)
    idp.claims = {"preferred_username": "administrator", "groups": []}
    for _time in range(2):
        client, _ = sign_in(row, idp)
        assert client.get("/api/session").json()["user"]["role"] == "administrator"


def test_nobody_gets_more_by_a_mapping_than_who_made_it_may_do(company: Company, idp: OpenIdProvider) -> None:
    """Neither when it is made, nor later when the role has grown or its maker may do less."""
    company.grant("lead", "admin")
    body = {"kind": "oidc", "name": "分部", "issuer": idp.issuer, "client_id": CLIENT, "client_secret": SECRET}
    mapping = {"group_claim": "groups", "group_roles": GROUPS, "follows_groups": True, "does_create": True}
    refused = company.browser("lead").post(PROVIDERS, {**body, **mapping}, content_type=JSON)
    assert (refused.status_code, refused.json()["fields"]) == (400, {"group_roles": "beyond_own_rights"})
    row = add(company, idp, **mapping)
    assert role_after(row, idp, "cc-leads") == "lead"
    enter_tenant(company.tenant.pk)
    IdentityProvider.objects.of(company.tenant).filter(pk=row["id"]).update(mapped_by=company.users["lead"])
    assert role_after(row, idp, "cc-admins") == "lead"


def test_who_logs_out_is_told_where_to_log_out_at_the_provider_too(company: Company, idp: OpenIdProvider) -> None:
    row = add(company, idp, links_existing=True, origin="https://cc.example.com")
    client, _ = sign_in(row, idp)
    assert client.get("/api/session/provider-log-out").json() == {"address": ""}, "the provider offers nothing"
    cache.clear()
    idp.metadata = {"end_session_endpoint": f"{idp.issuer}/logout?x=1"}
    address = client.get("/api/session/provider-log-out").json()["address"]
    back = "post_logout_redirect_uri=https%3A%2F%2Fcc.example.com%2Flogin"
    assert address == f"{idp.issuer}/logout?x=1&client_id={CLIENT}&{back}"
    by_password = company.browser("administrator")
    assert by_password.get("/api/session/provider-log-out").json() == {"address": ""}


def test_a_provider_that_is_away_holds_up_nobody_who_logs_out(company: Company, idp: OpenIdProvider) -> None:
    client, _ = sign_in(add(company, idp, links_existing=True), idp)
    cache.clear()
    idp.metadata = {"issuer": "https://somebody.else"}
    assert client.get("/api/session/provider-log-out").json() == {"address": ""}
