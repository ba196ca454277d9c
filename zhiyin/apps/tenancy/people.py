"""Whether an id, or a number dialled, is of the company's people: for apps below ``accounts``."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings

from zhiyin.apps.tenancy.models import Tenant


def are_users(*, tenant: Tenant, user_ids: Iterable[int]) -> bool:
    """Return whether every id is a user of ``tenant`` who was not removed."""
    wanted = set(user_ids)
    users = apps.get_model(settings.AUTH_USER_MODEL)._base_manager
    found: int = users.filter(tenant_id=tenant.pk, pk__in=wanted, removed_at__isnull=True).count()
    return found == len(wanted)


def is_dialled(*, tenant: Tenant, number: str) -> bool:
    """Return whether a telephone inside means somebody by ``number``: a user's name, or a SIP telephone's extension."""
    users = apps.get_model(settings.AUTH_USER_MODEL)._base_manager
    telephones = apps.get_model("channels", "Telephone")._base_manager
    is_name: bool = users.filter(tenant_id=tenant.pk, username=number, removed_at__isnull=True).exists()
    is_extension: bool = telephones.filter(tenant_id=tenant.pk, account=f"{tenant.code}-{number}").exists()
    return is_name or is_extension
