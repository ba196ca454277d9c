"""HTTP of the company's identity providers."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.signin import attempts, providers, saml
from zhiyin.apps.signin.models import IdentityProvider

router = Router(tags=["sign-in"], auth=NeedsPerson("admin", why="It decides who gets in as whom."))

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Role = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Domain = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^\s@/]+\.[^\s@/]+$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s?#@]+$", max_length=200)]
Kind = Literal["oidc", "saml"]


class GroupRoleIn(Schema):
    """Who is in ``group`` gets the role and team when the account is made; with ``follows_groups`` at every log-in."""

    group: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    role: Role
    team: int | None = None


class ProviderPatchIn(Schema):
    """What is left out stays. ``client_secret`` is written only. ``origin``: where people open this installation."""

    name: Name | None = None
    origin: Origin | None = None
    is_enabled: bool | None = None
    issuer: Address | None = None
    client_id: Text | None = None
    client_secret: Annotated[str, StringConstraints(max_length=400)] | None = None
    scopes: Text | None = None
    login_url: Address | None = None
    certificates: Annotated[list[Annotated[str, StringConstraints(max_length=10_000)]], Field(max_length=5)] | None = (
        None
    )
    user_claim: Text | None = None
    name_claim: Text | None = None
    group_claim: Text | None = None
    mail_domains: Annotated[list[Domain], Field(max_length=50)] | None = None
    links_existing: bool | None = None
    does_create: bool | None = None
    default_role: Role | None = None
    default_team: int | None = None
    group_roles: Annotated[list[GroupRoleIn], Field(max_length=100)] | None = None
    follows_groups: bool | None = None


class ProviderIn(ProviderPatchIn):
    kind: Kind
    name: Name
    issuer: Address


class ProviderOut(Schema):
    """``redirect``, ``consumer``, ``entity_id`` and ``metadata``: what to tell the provider of us."""

    id: int
    kind: Kind
    name: str
    origin: str
    is_enabled: bool
    issuer: str
    client_id: str
    has_secret: bool
    scopes: str
    login_url: str
    certificates: list[str]
    user_claim: str
    name_claim: str
    group_claim: str
    mail_domains: list[str]
    links_existing: bool
    does_create: bool
    default_role: str
    default_team: int | None
    group_roles: list[GroupRoleIn]
    follows_groups: bool
    redirect: str
    consumer: str
    entity_id: str


class ProvidersOut(Schema):
    items: list[ProviderOut]


class ProviderTriedOut(Schema):
    """The addresses at which people will log in and we shall ask."""

    addresses: list[str]


class MetadataIn(Schema):
    xml: Annotated[str, StringConstraints(min_length=1, max_length=300_000)]


class MetadataOut(Schema):
    issuer: str
    login_url: str
    certificates: list[str]


@router.get("", operation_id="getProviders", response={200: ProvidersOut, **problems()})
def get_providers(request: TenantRequest) -> Any:
    """The company's identity providers."""
    rows = providers.list_providers(tenant=request.actor.tenant).order_by("name")
    return {"items": [_shape(row) for row in rows]}


@router.post("", operation_id="createProvider", response={201: ProviderOut, **problems(400, 409)})
def create_provider(request: TenantRequest, body: ProviderIn) -> Any:
    """Add an identity provider. ``origin`` left out: the address at which this page is open."""
    given = {"origin": _origin(request), **_given(body)}
    kind = given.pop("kind")
    if kind == "oidc":
        given = {"user_claim": "preferred_username", "name_claim": "name", **given}
    return Status(201, _shape(providers.create_provider(actor=request.actor, kind=kind, fields=given)))


@router.patch(
    "/{int:provider_id}", operation_id="updateProvider", response={200: ProviderOut, **problems(400, 404, 409)}
)
def update_provider(request: TenantRequest, provider_id: int, body: ProviderPatchIn) -> Any:
    """Change what is named of a provider."""
    row = providers.update_provider(actor=request.actor, provider_id=provider_id, fields=_given(body))
    return _shape(row)


@router.delete("/{int:provider_id}", operation_id="removeProvider", response={204: None, **problems(404, 409)})
def remove_provider(request: TenantRequest, provider_id: int) -> Any:
    """Remove a provider; accounts stay, and need a password."""
    providers.remove_provider(actor=request.actor, provider_id=provider_id)
    return Status(204, None)


@router.post(
    "/{int:provider_id}/test", operation_id="testProvider", response={200: ProviderTriedOut, **problems(400, 404)}
)
def test_provider(request: TenantRequest, provider_id: int) -> Any:
    """Ask the provider what it publishes; 400 says what is wrong."""
    row = providers.get_provider(tenant=request.actor.tenant, provider_id=provider_id)
    return {"addresses": providers.try_provider(row)}


@router.post("/read-metadata", operation_id="readMetadata", response={200: MetadataOut, **problems(400)})
def read_metadata(request: TenantRequest, body: MetadataIn) -> Any:
    """Read a SAML provider's metadata, to fill the form in."""
    return saml.read_metadata(body.xml)


def _given(body: ProviderPatchIn) -> dict[str, Any]:
    """Null stands for "left out" but for the team, where it means none."""
    sent = body.dict(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name == "default_team"}


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _shape(row: IdentityProvider) -> dict[str, Any]:
    own = attempts.addresses_of(row)
    named = {name: getattr(row, name) for name in ProviderOut.model_fields if hasattr(row, name)}
    return {
        **named,
        "default_team": row.default_team_id,
        "has_secret": bool(row.sealed_secret),
        "redirect": attempts.address_of(row, "callback"),
        "consumer": own.consumer,
        "entity_id": own.entity_id,
    }
