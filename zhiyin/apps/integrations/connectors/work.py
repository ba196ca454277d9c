"""Doing what is due with one other system, a few seconds at a time, whatever kind it is.

No transaction is open while the other system is waited for; what came of a try is written before the next begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from zhiyin.apps.integrations.connectors.port import Busy, ConnectorFault, CustomerSystem, Refused, Unacceptable
from zhiyin.apps.integrations.connectors.pulling import take_over
from zhiyin.apps.integrations.connectors.pushing import record_of
from zhiyin.apps.integrations.connectors.services import open_system
from zhiyin.apps.integrations.models import Connector, ConnectorTask
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.outgoing import Resolve
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.domain.security.webhooks import is_dead, wait_before_next

WITHIN_S = 10.0
#: where a system asks for time and does not say how much
_REST_S = 60.0
_LONGEST_REST_S = 3600.0

State = ConnectorTask.State
Clock = Callable[[], datetime]


def connectors_with_due(*, now: datetime) -> list[tuple[int, int]]:
    """Return (company, connector) of all that something is to be done with now."""
    awake = Connector._base_manager.filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now), is_enabled=True)
    due = ConnectorTask._base_manager.filter(due_at__lte=now).values("connector_id")
    rows = awake.filter(Q(pk__in=due) | Q(pulls_customers=True, pull_due_at__lte=now))
    return list(rows.values_list("tenant_id", "pk"))


def work_due(*, tenant: Tenant, connector_id: int, clock: Clock, resolve: Resolve | None = None) -> bool:
    """Do what is due, the longest due first, for a few seconds; return whether more waits.

    After a failure nothing else is tried: the system is asked again with the next job, a minute later.
    """
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        with inside(tenant):
            connector = _awake(tenant, connector_id, clock())
            task = _next(tenant, connector, clock()) if connector else None
        if connector is None or task is None:
            return False
        try:
            is_done = _do(connector, task, open_system(connector, resolve))
        except ConnectorFault as fault:
            with inside(tenant):
                _failed(connector, task, fault, clock())
            if isinstance(fault, Unacceptable):
                continue
            return False
        with inside(tenant):
            _succeeded(connector, task, is_done=is_done, now=clock())
    return True


def _awake(tenant: Tenant, connector_id: int, now: datetime) -> Connector | None:
    rows = Connector.objects.of(tenant).select_related("tenant").filter(pk=connector_id, is_enabled=True)
    return rows.filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now)).first()


def _next(tenant: Tenant, connector: Connector, now: datetime) -> ConnectorTask | None:
    """Return the task that is longest due, after noting that customers are to be asked for."""
    if connector.pulls_customers and connector.pull_due_at is not None and connector.pull_due_at <= now:
        pull = ConnectorTask(tenant=tenant, connector=connector, kind=ConnectorTask.Kind.PULL, at=now, due_at=now)
        ConnectorTask.objects.of(tenant).bulk_create([pull], ignore_conflicts=True)
        _set(connector, pull_due_at=now + timedelta(minutes=connector.pull_every_min))
    rows = ConnectorTask.objects.of(tenant).select_related("tenant").filter(connector=connector, due_at__lte=now)
    return rows.order_by("due_at", "pk").first()


def _do(connector: Connector, task: ConnectorTask, system: CustomerSystem) -> bool:
    """Do a task, or the next page of it; return whether it is done. Raises ``ConnectorFault``."""
    if task.kind == ConnectorTask.Kind.PULL:
        page = system.changed_customers(connector.cursor)
        with inside(connector.tenant):
            take_over(connector, task, page)
        return not page.is_more
    with inside(connector.tenant):
        record = record_of(connector, task)
    if record is None:
        return True
    if record.customer_id is None and record.number:
        record = replace(record, customer_id=system.find_customer(record.number))
    task.remote_id = system.save_contact(record)
    return True


def _succeeded(connector: Connector, task: ConnectorTask, *, is_done: bool, now: datetime) -> None:
    if is_done:
        _settle(task, State.DONE, tries=_tries(task, now), ended_at=now)
    else:
        _settle(task, State.WAITING, due_at=now)
    _set(connector, failing_since=None, last_fault="", succeeded_at=now)


def _failed(connector: Connector, task: ConnectorTask, fault: ConnectorFault, now: datetime) -> None:
    """Write down a failure and when the task is tried again. What waiting does not mend is given up."""
    tries = _tries(task, now, fault)
    if isinstance(fault, Unacceptable) and task.kind == ConnectorTask.Kind.PUSH:
        _settle(task, State.FAILED, tries=tries, ended_at=now)
        _set(connector, last_fault=fault.code)
        return
    _set(connector, failing_since=connector.failing_since or now, last_fault=fault.code)
    if isinstance(fault, Refused):
        _settle(task, State.WAITING, tries=tries, due_at=task.due_at)
        _disable(connector, "refused")
        return
    if isinstance(fault, Busy):
        rest = timedelta(seconds=min(fault.retry_after_s or _REST_S, _LONGEST_REST_S))
        _set(connector, rests_until=now + rest)
        _settle(task, State.WAITING, tries=tries, due_at=now + rest)
        return
    # a system that asks for time has not failed
    wait = wait_before_next(sum(1 for each in tries if each["fault"] not in ("", "busy")))
    if wait is None:
        _settle(task, State.FAILED, tries=tries, ended_at=now)
    else:
        _settle(task, State.WAITING, tries=tries, due_at=now + wait)
    if is_dead(failing_since=connector.failing_since, now=now):
        _disable(connector, "failing")


def _tries(task: ConnectorTask, now: datetime, fault: ConnectorFault | None = None) -> list[dict[str, Any]]:
    made = {"at": now.isoformat(), "fault": fault.code if fault else "", "status": fault.status if fault else None}
    return [*task.tries, made]


def _settle(task: ConnectorTask, state: str, *, due_at: datetime | None = None, **changes: Any) -> None:
    """Write what became of a task, unless it was ordered again meanwhile: then it is done once more."""
    rows = ConnectorTask.objects.of(task.tenant).filter(pk=task.pk)
    rows.update(remote_id=task.remote_id, counts=task.counts, problems=task.problems)
    rows.filter(due_at=task.due_at).update(state=state, due_at=due_at, **changes)


def _set(connector: Connector, **values: Any) -> None:
    """Write what is known of a system now; it may have been removed or changed meanwhile."""
    for name, value in values.items():
        setattr(connector, name, value)
    Connector.objects.of(connector.tenant).filter(pk=connector.pk).update(**values)


def _disable(connector: Connector, why: str) -> None:
    """Switch a connector off and tell who made it; what waits is done once it is switched on again."""
    _set(connector, is_enabled=False, disabled_why=why)
    if connector.made_by is not None:
        notifications.notify(
            tenant=connector.tenant,
            user_ids=[connector.made_by],
            category=notifications.Category.SYSTEM,
            code="connector_disabled",
            facts={"name": connector.name, "why": why},
            link=f"/admin/connectors?open={connector.pk}",
        )
