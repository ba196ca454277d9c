"""The devices behind automatic service (IVR设备): telephone nodes that carry calls, and trunks by which they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.apps.channels.health import interfaces_of
from zhiyin.apps.engine_client import EngineAway, EngineRefused, ask_engine
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import GetHealth
from zhiyin.contracts.frames import EngineHealth
from zhiyin.domain.interface_health import Condition, Interface, worst_first

#: a page that only looks does not wait longer for an engine that is gone
HEALTH_WITHIN_S = 2.0
_STATES = {"ok": "works", "draining": "draining", "away": "away"}


@dataclass(frozen=True, slots=True)
class Device:
    """``kind``: "telephone_node" (``name`` "" where there is but one) or "trunk"; the others as of ``DeviceOut``."""

    kind: str
    id: int | None
    name: str
    state: str
    reason: str = ""
    seen_at: datetime | None = None
    unseen_since: datetime | None = None
    lost_at: datetime | None = None
    contacts: int = 0


def devices_of(tenant: Tenant) -> list[Device]:
    """Return the telephone nodes, then the company's trunks, what has to be mended first.

    What the engine does not tell, because it is away itself, is told as not known.
    """
    trunks = [_trunk(each) for each in worst_first(interfaces_of(tenant))]
    return [*_telephone_nodes(tenant), *trunks]


def _telephone_nodes(tenant: Tenant) -> list[Device]:
    try:
        health = ask_engine(
            GetHealth(), tenant_id=tenant.pk, actor_id=None, result=EngineHealth, timeout_s=HEALTH_WITHIN_S
        )
    except (EngineAway, EngineRefused):
        return [Device("telephone_node", None, "", "unproven")]
    if not health.nodes:
        return [Device("telephone_node", None, "", _STATES.get(health.asterisk, "unproven"))]
    return [
        Device(
            "telephone_node",
            None,
            name,
            "unseen" if node.unseen_since is not None else _STATES.get(node.state, "unproven"),
            unseen_since=node.unseen_since,
            lost_at=node.lost_at,
            contacts=node.contacts,
        )
        for name, node in sorted(health.nodes.items())
    ]


def _trunk(trunk: Interface) -> Device:
    state = "failing" if trunk.condition is Condition.STOPPED else trunk.condition.value
    return Device("trunk", trunk.id, trunk.name, state, trunk.reason, trunk.failed_at or trunk.succeeded_at)
