"""Reading queues, members, reasons and dispositions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiyin.apps.queues.models import Disposition, Loan, Queue, QueueMember, Reason
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import json_pairs
from zhiyin.contracts.snapshots import (
    CallbackSetting,
    LoanSetting,
    MemberSetting,
    OverflowSetting,
    PreferenceSetting,
    QueueSetting,
    ReasonSetting,
    RingSetting,
    SurveySetting,
    VoicemailSetting,
)

#: How an agent serves a queue where nobody says otherwise.
PLAIN = {"order": 1, "delay_s": 0, "tier": 1, "share": 1}

_QUEUE_NAMES = """
SELECT json_agg(json_build_array(id, json_build_array(name, name_en))) FROM queues_queue WHERE tenant_id = $1
"""
_DISPOSITIONS = """
SELECT json_agg(json_build_array(id, json_build_array(parent_id, name, name_en)))
FROM queues_disposition WHERE tenant_id = $1
"""


def list_queues(*, tenant: Tenant, search: str = "") -> QuerySet[Queue]:
    rows: QuerySet[Queue] = Queue.objects.of(tenant).filter(removed_at__isnull=True)
    return rows.filter(Q(name__icontains=search) | Q(name_en__icontains=search)) if search else rows


def has_extension(*, tenant: Tenant, extension: str) -> bool:
    """Return whether colleagues reach a queue by this number."""
    return list_queues(tenant=tenant).filter(extension=extension).exists()


def list_reasons(*, tenant: Tenant, search: str = "") -> QuerySet[Reason]:
    rows: QuerySet[Reason] = Reason.objects.of(tenant)
    return rows.filter(Q(name__icontains=search) | Q(code__icontains=search)) if search else rows


def reason_names(*, tenant: Tenant) -> dict[str, tuple[str, str]]:
    """Return the names of not-ready reasons, Chinese and English, by code."""
    rows = Reason.objects.of(tenant).values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows}


def list_dispositions(*, tenant: Tenant, search: str = "") -> QuerySet[Disposition]:
    rows: QuerySet[Disposition] = Disposition.objects.of(tenant).filter(removed_at__isnull=True)
    return rows.filter(Q(name__icontains=search) | Q(name_en__icontains=search)) if search else rows


def queues_using_hours(*, tenant: Tenant, hours_id: int) -> list[str]:
    """Return the names of the queues whose calendar it is."""
    return list(list_queues(tenant=tenant).filter(hours_id=hours_id).order_by("name").values_list("name", flat=True))


def queues_asking_by(*, tenant: Tenant, flow_id: int) -> list[str]:
    """Return the names of the queues whose customers are asked by this flow."""
    rows = list_queues(tenant=tenant).filter(survey__flow=flow_id)
    return list(rows.order_by("name").values_list("name", flat=True))


def queues_reminding_by(*, tenant: Tenant, service_id: int) -> list[str]:
    """Return the names of the queues whose customers are reminded by this service."""
    rows = list_queues(tenant=tenant).filter(callback__reminder__service=service_id)
    return list(rows.order_by("name").values_list("name", flat=True))


def prompts_of_queues(*, tenant: Tenant) -> list[tuple[int, str, set[str]]]:
    """Return the queues whose overflow chain says prompts: id, name, keys."""
    rows = list_queues(tenant=tenant).exclude(overflow=[]).order_by("name").values_list("pk", "name", "overflow")
    found = [(pk, name, {step["prompt"] for step in chain if step.get("prompt")}) for pk, name, chain in rows]
    return [(pk, name, keys) for pk, name, keys in found if keys]


def members_of(*, tenant_id: int, queue_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the user ids of each queue."""
    pairs = _memberships(tenant_id).filter(queue_id__in=list(queue_ids)).order_by("user_id")
    found: dict[int, list[int]] = defaultdict(list)
    for queue_id, user_id in pairs.values_list("queue_id", "user_id"):
        found[queue_id].append(user_id)
    return found


def memberships_of(*, tenant: Tenant, queue_ids: Iterable[int]) -> dict[int, list[dict[str, int]]]:
    """Return, by queue, how those serve it who do not serve it the plain way."""
    rows = QueueMember.objects.of(tenant).filter(queue_id__in=list(queue_ids)).exclude(**PLAIN).order_by("user_id")
    found: dict[int, list[dict[str, int]]] = defaultdict(list)
    for row in rows:
        found[row.queue_id].append({"agent": row.user_id} | {name: getattr(row, name) for name in PLAIN})
    return found


def memberships_by_user(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, dict[int, dict[str, int]]]:
    """Return how each user serves each of its queues."""
    found: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
    rows = QueueMember.objects.of(tenant).filter(user_id__in=list(user_ids)).order_by("queue_id")
    for row in rows:
        found[row.user_id][row.queue_id] = {name: getattr(row, name) for name in PLAIN}
    return found


def queues_by_user(*, tenant_id: int, user_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the queue ids that each user serves."""
    pairs = _memberships(tenant_id).filter(user_id__in=list(user_ids)).order_by("queue_id")
    found: dict[int, list[int]] = defaultdict(list)
    for queue_id, user_id in pairs.values_list("queue_id", "user_id"):
        found[user_id].append(queue_id)
    return found


def queues_served_by(*, tenant: Tenant, user_ids: Iterable[int] | QuerySet[Any]) -> list[int]:
    """Return the queues that at least one of the users serves; the users may come as a subquery."""
    wanted = user_ids if isinstance(user_ids, QuerySet) else list(user_ids)
    found = _memberships(tenant.pk).filter(user_id__in=wanted)
    return sorted(found.values_list("queue_id", flat=True).order_by().distinct())


def queue_names_asked(*, tenant: Tenant) -> Question[dict[int, tuple[str, str]]]:
    """Ask for the (Chinese, English) names of all queues, removed ones too: records outlive them."""
    return Question(_QUEUE_NAMES, (tenant.pk,), _read_names)


def queue_names(*, tenant: Tenant) -> dict[int, tuple[str, str]]:
    return answer(queue_names_asked(tenant=tenant))


def _read_names(text: str | None) -> dict[int, tuple[str, str]]:
    return {pk: (name, name_en or name) for pk, (name, name_en) in json_pairs(text)}


def disposition_paths_asked(*, tenant: Tenant) -> Question[dict[int, tuple[str, str]]]:
    """Ask for each disposition's full name ("产品 / 故障"), (Chinese, English), removed ones too."""
    return Question(_DISPOSITIONS, (tenant.pk,), _read_paths)


def disposition_paths(*, tenant: Tenant) -> dict[int, tuple[str, str]]:
    return answer(disposition_paths_asked(tenant=tenant))


def _read_paths(text: str | None) -> dict[int, tuple[str, str]]:
    rows = dict(json_pairs(text))
    paths: dict[int, tuple[str, str]] = {}

    def path(pk: int) -> tuple[str, str]:
        if pk not in paths:
            parent, name, name_en = rows[pk]
            above = tuple(f"{words} / " for words in path(parent)) if parent else ("", "")
            paths[pk] = (above[0] + name, above[1] + (name_en or name))
        return paths[pk]

    return {pk: path(pk) for pk in rows}


def _memberships(tenant_id: int) -> QuerySet[QueueMember]:
    return QueueMember.objects.of(Tenant(pk=tenant_id))


_AS_THEY_ARE = (
    "id",
    "name",
    "name_en",
    "skills",
    "offer_timeout_s",
    "wrap_up_s",
    "service_level_s",
    "service_level_pct",
    "announce_every_s",
    "max_wait_s",
    "is_recorded",
    "extension",
    "agent_choice",
    "ring_at_most",
    "announces_place",
    "announces_wait",
    "weight",
    "wrap_up_mode",
    "wrap_up_extensions",
    "wrap_up_extension_s",
    "missed_limit",
    "missed_pause_s",
    "missed_back_after_s",
)


def setting_of(queue: Queue, *, members: Iterable[int], memberships: Iterable[Mapping[str, int]]) -> QueueSetting:
    """Return a queue as the engine knows it, saved or not."""
    return QueueSetting(
        members=tuple(members),
        rings=msgspec.convert(queue.rings, tuple[RingSetting, ...]),
        hours=queue.hours_id,
        voicemail=msgspec.convert(queue.voicemail, VoicemailSetting | None),
        callback=msgspec.convert(queue.callback, CallbackSetting | None),
        survey=msgspec.convert(queue.survey, SurveySetting | None),
        overflow=msgspec.convert(queue.overflow, tuple[OverflowSetting, ...]),
        memberships=msgspec.convert(list(memberships), tuple[MemberSetting, ...]),
        preference=msgspec.convert(queue.preference, PreferenceSetting),
        **{name: getattr(queue, name) for name in _AS_THEY_ARE},
    )


def engine_section(tenant: Tenant) -> dict[str, Any]:
    queues = list(list_queues(tenant=tenant).order_by("pk"))
    ids = [queue.pk for queue in queues]
    members, memberships = members_of(tenant_id=tenant.pk, queue_ids=ids), memberships_of(tenant=tenant, queue_ids=ids)
    return {
        "queues": tuple(
            setting_of(queue, members=members.get(queue.pk, ()), memberships=memberships.get(queue.pk, ()))
            for queue in queues
        ),
        "loans": tuple(
            LoanSetting(row.user_id, row.queue_id, row.from_at, row.until, row.is_instead)
            for row in Loan.objects.of(tenant)
            .filter(ended_at__isnull=True, until__gt=timezone.now(), queue__removed_at__isnull=True)
            .order_by("pk")
        ),
        "reasons": tuple(
            ReasonSetting(row.code, row.name, row.name_en or row.name, row.is_rest, row.planned_min)
            for row in list_reasons(tenant=tenant).order_by("position", "pk")
        ),
    }


@dataclass(frozen=True, slots=True)
class PublicQueue:
    """A queue that anybody may book a callback of."""

    id: int
    name: str
    name_en: str
    hours_id: int | None
    bookings_per_hour: int


def public_queues(*, tenant: Tenant) -> list[PublicQueue]:
    """Return the queues whose callbacks are booked on the public page."""
    rows = list_queues(tenant=tenant).filter(callback__is_public=True).order_by("name", "pk")
    return [_public(row) for row in rows]


def queue_once_public(*, tenant: Tenant, queue_id: int) -> PublicQueue | None:
    """Return a queue of which something was booked, whatever became of it since."""
    row = Queue.objects.of(tenant).filter(pk=queue_id).first()
    return None if row is None else _public(row)


def _public(row: Queue) -> PublicQueue:
    setting = msgspec.convert(row.callback, CallbackSetting | None) or CallbackSetting()
    return PublicQueue(row.pk, row.name, row.name_en or row.name, row.hours_id, setting.bookings_per_hour)


def bookings_per_hour(*, tenant: Tenant, queue_id: int) -> int:
    """Return how many callbacks the queue takes for one hour."""
    callback = list_queues(tenant=tenant).filter(pk=queue_id).values_list("callback", flat=True).first()
    setting = msgspec.convert(callback, CallbackSetting | None)
    return (setting or CallbackSetting()).bookings_per_hour
