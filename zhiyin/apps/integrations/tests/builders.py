"""Rows that tests of many apps need."""

from __future__ import annotations

import uuid

from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.integrations import inbound, webhooks
from zhiyin.apps.integrations.connectors import services as connectors
from zhiyin.apps.integrations.models import Connector, ConnectorTask, Delivery, InboundHook, Webhook


def make_webhook(company: Company, name: str = "W") -> Webhook:
    """A webhook that hears nothing by itself."""
    fields = {"name": name, "url": "https://example.com/hook", "events": [], "rights": [], "is_enabled": False}
    return webhooks.create_webhook(actor=company.actor("administrator"), fields=fields)[0]


def make_delivery(company: Company, name: str = "W") -> Delivery:
    """A message that was never sent."""
    return Delivery.objects.of(company.tenant).create(
        webhook=make_webhook(company, name),
        event_id=uuid.uuid4(),
        type="customer.created",
        subject_kind="customer",
        subject_id="1",
        at=timezone.now(),
    )


def make_inbound(company: Company, name: str = "I") -> InboundHook:
    """An inbound address that makes customers of their numbers."""
    fields = {"name": name, "mapping": [{"pointer": "/number", "field": "number"}]}
    return inbound.create_hook(actor=company.actor("administrator"), fields=fields)[0]


def make_connector(company: Company, name: str = "C") -> Connector:
    """A connector that is switched off."""
    fields = {"name": name, "kind": "espocrm", "url": "https://crm.example.com", "secret": "x", "is_enabled": False}
    return connectors.create_connector(actor=company.actor("administrator"), fields=fields, now=timezone.now())


def make_connector_task(company: Company, name: str = "C") -> ConnectorTask:
    """A contact that the other system does not take."""
    return ConnectorTask.objects.of(company.tenant).create(
        connector=make_connector(company, name),
        kind="push",
        contact_id="c",
        state="failed",
        at=timezone.now(),
        tries=[{"at": timezone.now().isoformat(), "fault": "unacceptable", "status": 400}],
    )
