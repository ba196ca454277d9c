"""Whether a user id is one of the company's: asked by apps that stand below ``accounts`` and may not import it."""

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
