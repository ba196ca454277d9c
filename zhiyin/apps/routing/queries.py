"""Reading the router's rules, and what the engine needs of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet

from zhiyin.apps.routing import rests
from zhiyin.apps.routing.models import ContactClass, RoutingPolicy, plain_channels
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.read_once import read_once
from zhiyin.contracts.snapshots import ChannelSetting, ContactClassSetting, RoutingSetting


def list_classes(*, tenant: Tenant) -> QuerySet[ContactClass]:
    """Return the classes in the order in which they are tried."""
    return ContactClass.objects.of(tenant).order_by("position", "pk")


def policy_of(*, tenant: Tenant) -> RoutingPolicy:
    """Return the company's rules; where it said nothing, the plain ones, which stand in no table."""
    policy = RoutingPolicy.objects.of(tenant).first() or RoutingPolicy(tenant=tenant)
    policy.channels = all_channels(policy.channels)
    return policy


def all_channels(named: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules of every channel: those named, and the plain ones of the others."""
    by_name = {one["channel"]: dict(one) for one in named}
    return [by_name.get(plain["channel"], plain) for plain in plain_channels()]


@read_once
def class_names(*, tenant: Tenant) -> dict[str, tuple[str, str]]:
    """Return (Chinese, English) names by code."""
    rows = ContactClass.objects.of(tenant).values_list("code", "name", "name_en")
    return {code: (name, name_en or name) for code, name, name_en in rows}


def classes_for_customer_classes(tenant: Tenant, class_ids: Collection[int]) -> list[str]:
    """Return the names of the contact classes that are for one of these classes of customers."""
    rows = list_classes(tenant=tenant).filter(customer_classes__overlap=list(class_ids))
    return list(rows.values_list("name", flat=True))


def engine_section(tenant: Tenant) -> dict[str, Any]:
    policy = policy_of(tenant=tenant)
    return {
        "routing": RoutingSetting(
            contact_choice=policy.contact_choice,
            classes=tuple(
                ContactClassSetting(
                    code=row.code,
                    points=float(row.points),
                    per_minute=row.per_minute,
                    at_most=float(row.at_most),
                    target_s=row.target_s,
                    target_pct=row.target_pct if row.target_s is not None else 0,
                    is_hard=row.is_hard,
                    is_for_vips=row.is_for_vips,
                    customer_classes=tuple(row.customer_classes),
                    entries=tuple(row.entries),
                )
                for row in list_classes(tenant=tenant)
            ),
            talk_weight=policy.talk_weight_pct / 100,
            count_weight=policy.count_weight_pct / 100,
            hard_per_shift=policy.hard_per_shift,
            hard_gap_s=policy.hard_gap_s,
            hard_waits_s=policy.hard_waits_s,
            is_inbound_only=policy.is_inbound_only,
            channels=msgspec.convert(policy.channels, tuple[ChannelSetting, ...]),
        ),
        "rests": rests.engine_setting(tenant),
    }
