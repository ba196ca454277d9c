"""A company's settings as the scene in which a flow's scripts are run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiyin.contracts.expressions import judge
from zhiyin.contracts.queue_rules import queue_rule_of
from zhiyin.contracts.routing_rules import class_rules_of
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.business_hours import Hours, is_open
from zhiyin.domain.flow_scripts.scene import Scene
from zhiyin.domain.flows.graph import Flow

#: How long a prompt takes whose length nobody told.
PLAIN_PROMPT_S = 2.0


def scene_of(
    settings: TenantSettings,
    flow: Flow,
    *,
    seconds: Mapping[str, float] | None = None,
    customer_classes: Mapping[str, int] | None = None,
) -> Scene:
    """Return the scene of a flow: the company's queues, hours and classes as they stand. ``seconds``: of the prompts;
    ``customer_classes``: their ids by name.

    Where two queues are called alike, the name means the first.
    """
    plain = _zone(settings.time_zone) or ZoneInfo("Asia/Shanghai")
    hours = {one.id: Hours(one.weekly, one.dates) for one in settings.hours}
    zones = {one.id: (_zone(one.time_zone) if one.time_zone else None) or plain for one in settings.hours}
    lengths = seconds or {}
    return Scene(
        flow=flow,
        queues={one.id: queue_rule_of(one) for one in settings.queues},
        queue_names={one.name: one.id for one in reversed(settings.queues)},
        hours_names={one.name: one.id for one in reversed(settings.hours)},
        is_open=lambda which, at: is_open(hours[which], at.astimezone(zones[which])),
        moment=lambda local: local.replace(tzinfo=plain).astimezone(UTC),
        local=lambda at: at.astimezone(plain),
        classes=class_rules_of(settings),
        judge=judge,
        seconds_of=lambda prompt: lengths.get(prompt, PLAIN_PROMPT_S),
        prompts={one.key: one.files for one in settings.prompts},
        customer_classes=customer_classes or {},
        language=settings.language,
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
