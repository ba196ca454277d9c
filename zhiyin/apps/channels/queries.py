"""Reading numbers, trunks and telephones."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.channels import services
from zhiyin.apps.channels.models import Number, Telephone, Trunk
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import NumberSetting, OutboundSetting, SipAccountSetting, TrunkSetting


def list_numbers(*, tenant: Tenant, search: str = "") -> QuerySet[Number]:
    rows: QuerySet[Number] = Number.objects.of(tenant)
    return rows.filter(Q(number__contains=search) | Q(name__icontains=search)) if search else rows


def list_trunks(*, tenant: Tenant, search: str = "") -> QuerySet[Trunk]:
    rows: QuerySet[Trunk] = Trunk.objects.of(tenant)
    return rows.filter(Q(name__icontains=search) | Q(host__icontains=search)) if search else rows


def list_telephones(*, tenant: Tenant, search: str = "") -> QuerySet[Telephone]:
    rows: QuerySet[Telephone] = Telephone.objects.of(tenant)
    return rows.filter(Q(account__icontains=search) | Q(label__icontains=search)) if search else rows


def accounts_by_user(*, tenant: Tenant) -> dict[int, str]:
    """Return each agent's SIP account, where the agent has a telephone."""
    rows = Telephone.objects.of(tenant).filter(user_id__isnull=False)
    return {user_id: account for user_id, account in rows.values_list("user_id", "account") if user_id is not None}


def entries(*, tenant: Tenant) -> list[tuple[str, str]]:
    """Return (number, name) of what the company can be called on."""
    return list(Number.objects.of(tenant).order_by("pk").values_list("number", "name"))


def engine_section(tenant: Tenant) -> dict[str, Any]:
    policy = services.get_policy(tenant=tenant)
    trunk_fields = [
        "id",
        "name",
        "host",
        "port",
        "transport",
        "username",
        "does_register",
        "caller_number",
        "is_enabled",
        "is_encrypted",
    ]
    return {
        "numbers": tuple(
            NumberSetting(number=row.number, flow=row.flow_id, name=row.name, is_vip=row.is_vip)
            for row in list_numbers(tenant=tenant).order_by("pk")
        ),
        "trunks": tuple(
            TrunkSetting(secret=row.sealed_secret, **{name: getattr(row, name) for name in trunk_fields})
            for row in list_trunks(tenant=tenant).order_by("pk")
        ),
        "sip_accounts": tuple(
            SipAccountSetting(
                name=row.account,
                secret=row.sealed_secret,
                agent=row.user_id,
                extension=row.account.removeprefix(f"{tenant.code}-"),
            )
            for row in list_telephones(tenant=tenant).order_by("pk")
        ),
        "outbound": OutboundSetting(
            allowed_prefixes=tuple(policy.allowed_prefixes),
            denied_prefixes=tuple(policy.denied_prefixes),
            max_concurrent=policy.max_concurrent,
            max_per_hour_per_agent=policy.max_per_hour_per_agent,
            caller_number=policy.caller_number,
            wrap_up_s=policy.wrap_up_s,
            wrap_up_mode=policy.wrap_up_mode,
            wrap_up_extensions=policy.wrap_up_extensions,
            wrap_up_extension_s=policy.wrap_up_extension_s,
            is_recorded=policy.is_recorded,
            is_internal_recorded=policy.is_internal_recorded,
            trunks=tuple(policy.trunks),
            max_minutes_per_day=policy.max_minutes_per_day,
            max_international_minutes_per_day=policy.max_international_minutes_per_day,
            max_premium_minutes_per_day=policy.max_premium_minutes_per_day,
        ),
    }
