"""Taking over customers that changed in another system."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zhiyin.apps.customers import services as customers
from zhiyin.apps.integrations.connectors.port import ChangedCustomers, RemoteCustomer
from zhiyin.apps.integrations.connectors.services import actor_of
from zhiyin.apps.integrations.inbound_customers import put_customer
from zhiyin.apps.integrations.models import Connector, ConnectorLink, ConnectorTask
from zhiyin.apps.refusals import NotFound, Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.json_pointers import MISSING, resolve

#: of the refused so many are named in the log
_NAMED = 20


def take_over(connector: Connector, task: ConnectorTask, page: ChangedCustomers) -> None:
    """Write a page of customers with its cursor, and what became of each. Belongs into one transaction.

    One that is refused holds up no other: it is counted, and comes again when it is changed there.
    """
    actor = actor_of(connector)
    counts = {"made": 0, "changed": 0, "refused": 0} | task.counts
    for each in page.items:
        try:
            with transaction.atomic():
                is_new = _take_one(actor, connector, each)
        except Refusal as refusal:
            counts["refused"] += 1
            if len(task.problems) < _NAMED:
                problem = {"remote_id": each.id, "code": refusal.code, "fields": refusal.fields}
                task.problems = [*task.problems, problem]
            continue
        counts["made" if is_new else "changed"] += 1
    task.counts = counts
    # whoever has all read anew meanwhile is not overridden
    rows = Connector.objects.of(connector.tenant).filter(pk=connector.pk, cursor=connector.cursor)
    rows.update(cursor=dict(page.cursor))


def _take_one(actor: Actor, connector: Connector, remote: RemoteCustomer) -> bool:
    """Return whether a customer was made. Raises what ``put_customer`` raises."""
    values: dict[str, Any] = {}
    for pair in connector.mapping:
        value = resolve(remote.document, pair["pointer"])
        if value is not MISSING and value not in (None, ""):
            values[pair["field"]] = value
    link = ConnectorLink.objects.of(actor.tenant).filter(connector=connector, remote_id=remote.id).first()
    done = put_customer(actor=actor, values=values, known=_still_there(actor, link))
    if link is None or link.customer_id != done["customer"]:
        ConnectorLink.objects.of(actor.tenant).update_or_create(
            connector=connector, remote_id=remote.id, defaults={"customer_id": done["customer"]}
        )
    return bool(done["is_new"])


def _still_there(actor: Actor, link: ConnectorLink | None) -> int | None:
    """Return the linked customer, or whose part it is since a merge."""
    if link is None:
        return None
    try:
        return customers.get_customer(actor=actor, customer_id=link.customer_id).pk
    except NotFound:
        return None
