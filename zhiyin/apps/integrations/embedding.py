"""The telephone inside another system's page: which origins a company allows to show it and to speak with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.errors import BadEmbeddingOrigin
from zhiyin.apps.integrations.models import TelephoneEmbedding
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.domain.origins import BadOrigin, read_origin

#: they all stand in one header
MOST_ORIGINS = 30
_TITLES = {
    "bad_origin": "Give a page's address as the browser shows it, for instance https://crm.example.com.",
    "needs_https": "Give an address that begins with https://: others cannot use the microphone, and are not secure.",
    "credentials_in_url": "An address must not hold a user name or password.",
    "wildcard": "Name each origin in full: a wildcard would let in pages that you do not know.",
}


def get_origins(*, tenant: Tenant) -> list[str]:
    """Return who may embed the company's telephone; nobody at first."""
    row = TelephoneEmbedding.objects.filter(tenant=tenant).first()
    return list(row.origins) if row else []


def find_origins(*, company: str) -> list[str]:
    """The same by a company's code, for the page before anybody is logged in; nobody where there is no such company."""
    tenant = Tenant.objects.filter(code=company.strip().lower()).first()
    if tenant is None:
        return []
    enter_tenant(tenant.pk)
    return get_origins(tenant=tenant)


@transaction.atomic
def save_origins(*, actor: Actor, origins: Sequence[str]) -> list[str]:
    """Allow these and no others; return them as browsers write them, each once. Raises ``BadEmbeddingOrigin``."""
    read = list(dict.fromkeys(_read(position, text) for position, text in enumerate(origins)))
    before = get_origins(tenant=actor.tenant)
    if read == before:
        return read
    TelephoneEmbedding.objects.update_or_create(tenant=actor.tenant, defaults={"origins": read})
    audit.record(
        actor=actor,
        action="embedding.changed",
        kind="embedding",
        subject=actor.tenant.pk,
        name=actor.tenant.name,
        before={"origins": before},
        after={"origins": read},
    )
    return read


def _read(position: int, text: str) -> str:
    try:
        return read_origin(text, plain_hosts=settings.INTERNAL_HOSTS)
    except BadOrigin as error:
        fields = {f"origins.{position}": error.code}
        raise BadEmbeddingOrigin(error.code, title=_TITLES[error.code], fields=fields, facts={"value": text}) from error
