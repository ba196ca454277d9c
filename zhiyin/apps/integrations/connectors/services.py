"""Making and changing connectors, trying them, and their log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.connectors.kinds import KINDS
from zhiyin.apps.integrations.connectors.port import Access, ConnectorFault, CustomerSystem
from zhiyin.apps.integrations.errors import (
    BadMessage,
    RightsBeyond,
    SecretNeeded,
    UnknownConnector,
    UnknownConnectorTask,
)
from zhiyin.apps.integrations.inbound import check_mapping
from zhiyin.apps.integrations.models import Connector, ConnectorTask
from zhiyin.apps.integrations.tasks import order_connector
from zhiyin.apps.outgoing import Resolve, check_url
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.vault import open_secret, seal_secret
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.permissions import Permissions, Scope

_PURPOSE = "connector"
#: what a connector reads and writes here; nobody makes one who may not do that
RIGHTS = frozenset({"customers.read", "customers.write", "figures.read", "numbers.clear"})
_SHOWN = ("name", "kind", "url", "pushes_contacts", "pulls_customers", "mapping", "pull_every_min", "is_enabled")
#: a change of these may mend what failed
_ACCESS = ("url", "is_enabled")


def list_connectors(*, tenant: Tenant, search: str = "") -> QuerySet[Connector]:
    rows: QuerySet[Connector] = Connector.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_connector(*, tenant: Tenant, connector_id: int) -> Connector:
    """Raises ``UnknownConnector``."""
    found = Connector.objects.of(tenant).filter(pk=connector_id).first()
    if found is None:
        raise UnknownConnector
    return found


@transaction.atomic
def create_connector(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> Connector:
    """Make one; its ``secret`` is sealed and never shown.

    Raises ``BadTarget``, ``BadMapping`` and ``RightsBeyond``; a taken name violates ``connector_name_taken``.
    """
    given = dict(fields)
    _check(actor, given)
    sealed = seal_secret(given.pop("secret"), tenant=actor.tenant, purpose=_PURPOSE)
    given["mapping"] = given.get("mapping") or [dict(pair) for pair in KINDS[given["kind"]].mapping]
    connector = Connector(tenant=actor.tenant, sealed_secret=sealed, made_by=actor.user_id, pull_due_at=now, **given)
    connector.save(force_insert=True)
    _audit(actor, connector, "connector.created", after=shown(connector))
    order_connector(tenant_id=actor.tenant.pk, connector_id=connector.pk)
    return connector


@transaction.atomic
def update_connector(*, actor: Actor, connector_id: int, fields: Mapping[str, Any], now: datetime) -> Connector:
    """Change one. What waits is tried at once where that may help now; customers are asked for when it is switched on.

    Raises as ``create_connector``, ``SecretNeeded`` and ``UnknownConnector``.
    """
    connector = get_connector(tenant=actor.tenant, connector_id=connector_id)
    given = dict(fields)
    _check(actor, given)
    before = shown(connector)
    was_pulling = connector.is_enabled and connector.pulls_customers
    secret = given.pop("secret", None)
    if given.get("url", connector.url) != connector.url and secret is None:
        raise SecretNeeded(fields={"secret": "secret_needed"})
    if secret is not None:
        connector.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=_PURPOSE)
    for name, value in given.items():
        setattr(connector, name, value)
    changed = [*given, "sealed_secret"]
    if connector.is_enabled and connector.pulls_customers and not was_pulling:
        connector.pull_due_at = now
        changed.append("pull_due_at")
    is_access_new = secret is not None or any(before[name] != getattr(connector, name) for name in _ACCESS)
    if connector.is_enabled and is_access_new:
        connector.disabled_why, connector.failing_since, connector.rests_until = "", None, None
        changed += ["disabled_why", "failing_since", "rests_until"]
        waiting = ConnectorTask.objects.of(actor.tenant).filter(connector=connector, state=ConnectorTask.State.WAITING)
        waiting.update(due_at=now)
        order_connector(tenant_id=actor.tenant.pk, connector_id=connector.pk)
    connector.save(update_fields=changed)
    after = shown(connector) | ({"secret": "changed"} if secret is not None else {})
    _audit(actor, connector, "connector.changed", before=before, after=after)
    return connector


@transaction.atomic
def remove_connector(*, actor: Actor, connector_id: int) -> None:
    """Remove one with its log; customers stay on both sides. Raises ``UnknownConnector``."""
    connector = get_connector(tenant=actor.tenant, connector_id=connector_id)
    _audit(actor, connector, "connector.removed", before=shown(connector))
    connector.delete()


@transaction.atomic
def read_anew(*, actor: Actor, connector_id: int, now: datetime) -> Connector:
    """Ask for all customers from the beginning, now. Raises ``UnknownConnector``."""
    connector = get_connector(tenant=actor.tenant, connector_id=connector_id)
    connector.cursor, connector.pull_due_at = {}, now
    connector.save(update_fields=["cursor", "pull_due_at"])
    _audit(actor, connector, "connector.read_anew")
    order_connector(tenant_id=actor.tenant.pk, connector_id=connector.pk)
    return connector


@dataclass(frozen=True, slots=True)
class TriedConnector:
    """``fault`` "": it works. ``remote_id``: the customer with the number that was asked for, if there is one."""

    fault: str = ""
    status: int | None = None
    remote_id: str | None = None


def try_connector(*, actor: Actor, connector_id: int, number: str = "") -> TriedConnector:
    """Ask the other system now, perhaps for the customer with a number; within half a minute.

    Raises ``UnknownConnector`` and ``BadMessage`` for what is no number.
    """
    connector = get_connector(tenant=actor.tenant, connector_id=connector_id)
    try:
        canonical = normalise_number(number, actor.tenant.region) if number else ""
    except BadNumber as error:
        raise BadMessage("bad_number", title="This is no telephone number.", fields={"number": "bad_number"}) from error
    try:
        system = open_system(connector)
        system.check()
        tried = TriedConnector(remote_id=system.find_customer(canonical) if canonical else None)
    except ConnectorFault as fault:
        tried = TriedConnector(fault=fault.code, status=fault.status)
    _audit(actor, connector, "connector.tested", after={"fault": tried.fault, "status": tried.status})
    return tried


def list_tasks(*, tenant: Tenant, connector_id: int | None = None, state: str = "") -> QuerySet[ConnectorTask]:
    """Return the log, of one connector or of all."""
    rows: QuerySet[ConnectorTask] = ConnectorTask.objects.of(tenant).select_related("connector")
    if connector_id is not None:
        rows = rows.filter(connector_id=connector_id)
    return rows.filter(state=state) if state else rows


@transaction.atomic
def do_again(*, actor: Actor, task_id: int, now: datetime) -> ConnectorTask:
    """Try a task now that waits or was given up, or tell of a contact once more. Raises ``UnknownConnectorTask``."""
    task = list_tasks(tenant=actor.tenant).select_for_update(of=("self",)).filter(pk=task_id).first()
    if task is None:
        raise UnknownConnectorTask
    if task.kind == ConnectorTask.Kind.PULL and task.state != ConnectorTask.State.WAITING:
        Connector.objects.of(actor.tenant).filter(pk=task.connector_id).update(pull_due_at=now)
    else:
        task.state, task.due_at, task.ended_at = ConnectorTask.State.WAITING, now, None
        task.save(update_fields=["state", "due_at", "ended_at"])
    _audit(actor, task.connector, "connector.tried_again", after={"task": task.pk})
    order_connector(tenant_id=actor.tenant.pk, connector_id=task.connector_id)
    return task


def open_system(connector: Connector, resolve: Resolve | None = None) -> CustomerSystem:
    secret = open_secret(connector.sealed_secret, tenant=connector.tenant, purpose=_PURPOSE)
    access = Access(url=connector.url, secret=secret, region=connector.tenant.region, resolve=resolve)
    return KINDS[connector.kind].open(access)


def actor_of(connector: Connector) -> Actor:
    """Return who reads and writes for a connector."""
    return Actor(
        tenant=connector.tenant,
        user_id=None,
        name=f"Connector: {connector.name}",
        role="connector",
        permissions=Permissions(dict.fromkeys(RIGHTS, Scope.ALL)),
        language=connector.tenant.language,
    )


def shown(connector: Connector) -> dict[str, Any]:
    """Return what the audit may show of a connector."""
    return {name: getattr(connector, name) for name in _SHOWN}


def _check(actor: Actor, fields: Mapping[str, Any]) -> None:
    if "url" in fields:
        check_url(fields["url"])
    if fields.get("mapping"):
        check_mapping(fields["mapping"])
    beyond = sorted(right for right in RIGHTS if not actor.may(right))
    if beyond:
        raise RightsBeyond(
            title="A connector reads and writes customers and whole numbers: only who may do that can make one.",
            facts={"rights": beyond},
        )


def _audit(actor: Actor, connector: Connector, action: str, **parts: Any) -> None:
    audit.record(actor=actor, action=action, kind="connector", subject=connector.pk, name=connector.name, **parts)
