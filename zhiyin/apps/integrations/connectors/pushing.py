"""Telling another system of contacts: what is noted when one is wrapped up, and what is told of it then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from zhiyin.apps.integrations.connectors.port import Away, ContactRecord
from zhiyin.apps.integrations.connectors.services import actor_of
from zhiyin.apps.integrations.event_types import Fact
from zhiyin.apps.integrations.models import Connector, ConnectorLink, ConnectorTask
from zhiyin.apps.integrations.tasks import order_connector
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.queries import ContactFilter
from zhiyin.apps.interactions.schemas import InteractionOut
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.tenancy.models import Tenant

_WORDS = {
    "zh": {
        "inbound": "呼入电话 {number}",
        "outbound": "呼出电话 {number}",
        "agent": "座席：{0}",
        "queue": "技能组：{0}",
        "disposition": "小结：{0}",
    },
    "en": {
        "inbound": "Inbound call {number}",
        "outbound": "Outbound call {number}",
        "agent": "Agent: {0}",
        "queue": "Queue: {0}",
        "disposition": "Disposition: {0}",
    },
}


def note_contacts(*, tenant: Tenant, facts: Sequence[tuple[Fact, datetime]]) -> None:
    """Have contacts told that were wrapped up; one that was told before is told again as it is now.

    A connector that switched itself off catches up later. Belongs into the transaction of the facts.
    """
    wrapped_up = {fact.subject_id: at for fact, at in facts if fact.type == "contact.wrapped_up"}
    if not wrapped_up:
        return
    now = timezone.now()
    told = Connector.objects.of(tenant).filter(Q(is_enabled=True) | ~Q(disabled_why=""), pushes_contacts=True)
    for connector_id in told.values_list("pk", flat=True):
        tasks = [
            ConnectorTask(
                tenant=tenant, connector_id=connector_id, kind=ConnectorTask.Kind.PUSH,
                contact_id=contact_id, at=at, due_at=now,
            )
            for contact_id, at in wrapped_up.items()
        ]  # fmt: skip
        known = ConnectorTask.objects.of(tenant).filter(
            connector_id=connector_id, kind=ConnectorTask.Kind.PUSH, contact_id__in=wrapped_up
        )
        known.update(state=ConnectorTask.State.WAITING, due_at=now, tries=[], ended_at=None)
        ConnectorTask.objects.of(tenant).bulk_create(tasks, ignore_conflicts=True)
        order_connector(tenant_id=tenant.pk, connector_id=connector_id)


def record_of(connector: Connector, task: ConnectorTask) -> ContactRecord | None:
    """Return what is told of a contact; None: nothing, it was between colleagues or is gone.

    Raises ``Away`` where the contact has not ended yet for its readers.
    """
    actor = actor_of(connector)
    rows = interactions.list_contacts(actor=actor, wanted=ContactFilter()).filter(pk=task.contact_id)
    shaped = shape_interactions(actor, list(rows))
    if not shaped:
        return None
    contact = shaped[0]
    if contact.ended_at is None:
        raise Away("contact_goes_on")
    if contact.direction == "internal":
        return None
    customer = contact.customer.id if contact.customer else None
    words = _WORDS[actor.language if actor.language in _WORDS else "zh"]
    return ContactRecord(
        contact_id=contact.id,
        title=words[contact.direction].format(number=contact.number or contact.masked),
        text=_text(contact, words),
        direction=contact.direction,
        number=contact.number or "",
        is_answered=contact.answered_at is not None,
        started_at=contact.started_at,
        ended_at=contact.ended_at,
        customer_id=_linked(connector, customer),
        record_id=task.remote_id or None,
    )


def _text(contact: InteractionOut, words: dict[str, str]) -> str:
    lines = [
        words[name].format(value)
        for name, value in (
            ("queue", contact.queue_name),
            ("agent", contact.agent_name),
            ("disposition", contact.disposition),
        )
        if value
    ]
    return "\n".join([*lines, *([contact.note] if contact.note else [])])


def _linked(connector: Connector, customer_id: int | None) -> str | None:
    if customer_id is None:
        return None
    rows = ConnectorLink.objects.of(connector.tenant).filter(connector=connector, customer_id=customer_id)
    return rows.order_by("-pk").values_list("remote_id", flat=True).first()
