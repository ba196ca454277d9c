"""When customers were last spoken with: for rules that go by a contact, or by its absence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from zhiyin.apps.interactions.models import CustomerLink, Interaction, WrapUp
from zhiyin.apps.tenancy.models import Tenant


def contacts_ended(
    *,
    tenant: Tenant,
    since: datetime,
    until: datetime,
    queues: Sequence[int] = (),
    outcomes: Sequence[str] = (),
    dispositions: Sequence[int] = (),
) -> list[tuple[str, int, datetime]]:
    """Return the contacts with customers that ended from ``since`` to ``until``: id, customer, end.

    Of each list that is not empty one must fit. ``outcomes`` are ``Interaction.Outcome``'s.
    """
    rows = Interaction.objects.of(tenant).filter(ended_at__gte=since, ended_at__lt=until)
    if queues:
        rows = rows.filter(queue_id__in=queues)
    if outcomes:
        rows = rows.filter(outcome__in=outcomes)
    if dispositions:
        written = WrapUp.objects.of(tenant).filter(interaction_id=OuterRef("pk"), disposition_id__in=dispositions)
        rows = rows.filter(Exists(written))
    ended = {pk: at for pk, at in rows.values_list("pk", "ended_at") if at is not None}
    links = CustomerLink.objects.of(tenant).filter(interaction_id__in=list(ended))
    return [
        (interaction, customer, ended[interaction])
        for interaction, customer in links.order_by("at", "pk").values_list("interaction_id", "customer_id")
    ]


def last_contacts(*, tenant: Tenant, since: datetime, until: datetime) -> dict[int, datetime]:
    """Return the customers whose last contact began from ``since`` to ``until``, with its beginning."""
    later = CustomerLink.objects.of(tenant).filter(customer_id=OuterRef("customer_id"), at__gte=until)
    rows = CustomerLink.objects.of(tenant).filter(~Exists(later), at__gte=since, at__lt=until)
    return dict(rows.order_by().values_list("customer_id").annotate(last=Max("at")))
