"""What was sent to other systems about one customer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.integrations.models import ConnectorLink, Delivery
from zhiyin.apps.interactions.erasing import contacts_of
from zhiyin.apps.tenancy.models import Tenant


def _sent(tenant: Tenant, customer_id: int) -> QuerySet[Delivery]:
    contacts = contacts_of(tenant=tenant, customer_id=customer_id)
    about = Q(subject_kind="customer", subject_id=str(customer_id)) | Q(subject_kind="contact", subject_id__in=contacts)
    rows: QuerySet[Delivery] = Delivery.objects.of(tenant).filter(about).exclude(body="")
    return rows


def _links(tenant: Tenant, customer_id: int) -> QuerySet[ConnectorLink]:
    """Return in which other systems the customer is known, and by what id."""
    rows: QuerySet[ConnectorLink] = ConnectorLink.objects.of(tenant).filter(customer_id=customer_id)
    return rows


def count_of_customer(*, tenant: Tenant, customer_id: int) -> int:
    return _sent(tenant, customer_id).count() + _links(tenant, customer_id).count()


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Empty what was sent and answered; that it was sent stays. What waits is not sent any more.

    Who the customer is in other systems is forgotten; they are asked to erase themselves by people.
    """
    waiting = _sent(tenant, customer_id).filter(state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.DROPPED, due_at=None)
    unlinked, _ = _links(tenant, customer_id).delete()
    return _sent(tenant, customer_id).update(body="", answer="") + unlinked


def export_customer(*, tenant: Tenant, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return to whom data of the customer were handed on, and where else the customer is known."""
    return {
        "known_in": [dict(row) for row in _links(tenant, customer_id).values("connector__name", "remote_id")],
        "handed_on": [dict(row) for row in _sent(tenant, customer_id).values("webhook__name", "type", "at", "state")],
    }
