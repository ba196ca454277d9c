"""Messages that flows ordered: taken from the log, and sent at least once by a key that is the same at each try."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection

from zhiyin.apps.external_services import reminders
from zhiyin.apps.external_services.models import ExternalService, FlowMessage
from zhiyin.apps.external_services.providers import NotSent, Outgoing, send
from zhiyin.apps.external_services.tasks import order_sending
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.booking_reminders import REMINDER
from zhiyin.domain.interactions import MessageOrdered

log = structlog.get_logger(__name__)

#: one job sends for so long at most, then others have their turn
WITHIN_S = 10.0
#: after each failure so long; then it has failed for good: an hour later nobody waits for what was said in a call
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30))

Clock = Callable[[], datetime]


class FlowMessages:
    """The projection of messages ordered: a row each, and the order to send them."""

    name = "flow_messages"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        rows = [_row(logged) for logged in events if isinstance(logged.event, MessageOrdered)]
        if not rows:
            return
        FlowMessage._base_manager.bulk_create(rows, ignore_conflicts=True)
        for tenant_id in {row.tenant_id for row in rows}:
            order_sending(tenant_id=tenant_id)


def _row(logged: LoggedEvent) -> FlowMessage:
    event: MessageOrdered = logged.event
    return FlowMessage(
        tenant_id=logged.tenant_id,
        ref=event.message_ref,
        interaction_id=logged.subject,
        node=event.node,
        service_id=event.service,
        ordered_at=logged.at,
        due_at=logged.at,
    )


def send_due(*, tenant: Tenant, clock: Clock) -> bool:
    """Send what is due, oldest first, for a few seconds; return whether more waits.

    What came of each is written before the next begins: a crash repeats one message at most, by the same key.
    """
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        row = FlowMessage.objects.of(tenant).filter(due_at__lte=clock()).order_by("due_at", "pk").first()
        if row is None:
            return False
        _send(tenant, row, clock())
    return True


def _send(tenant: Tenant, row: FlowMessage, now: datetime) -> None:
    message = _read(row)
    service = ExternalService.objects.of(tenant).filter(pk=row.service_id, is_enabled=True).first()
    if message is None:
        _end(row, FlowMessage.State.ERASED, now)
        return
    row.tries += 1
    try:
        if service is None:
            raise NotSent("unknown_service", is_final=True)
        send(service, reminders.completed(row, service, message) if row.node == REMINDER else message)
    except NotSent as why:
        row.cause = why.code
        if why.is_final or row.tries > len(WAITS):
            _end(row, FlowMessage.State.FAILED, now)
        else:
            row.due_at = now + WAITS[row.tries - 1]
            row.save()
    except Exception as error:  # one message must not hold up the others; its words may be personal
        log.error("message_broke", message=row.pk, why=type(error).__name__)
        row.cause = "broken"
        _end(row, FlowMessage.State.FAILED, now)
    else:
        row.cause = ""
        _end(row, FlowMessage.State.SENT, now)


def _end(row: FlowMessage, state: FlowMessage.State, now: datetime) -> None:
    row.state, row.due_at, row.ended_at = state, None, now
    row.save()


def _read(row: FlowMessage) -> Outgoing | None:
    """Return what is to be sent; None where its person was forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM event_personal WHERE tenant_id = %s AND ref = %s", [row.tenant_id, row.ref])
        found = cursor.fetchone()
    if found is None or not found[0]:
        return None
    words = json.loads(found[0])
    return Outgoing(key=row.ref, to=words["to"], subject=words.get("subject", ""), text=words["text"])


def tenants_with_due(*, now: datetime) -> list[int]:
    """Return the companies for which something waits, whoever forgot to order its sending."""
    return list(FlowMessage._base_manager.filter(due_at__lte=now).values_list("tenant_id", flat=True).distinct())
