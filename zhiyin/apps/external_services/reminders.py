"""What a reminder of a booked callback lacks until it is sent: its link's secret, and whom a mail goes to."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.external_services.models import ExternalService, FlowMessage
from zhiyin.apps.external_services.providers import NotSent, Outgoing
from zhiyin.apps.interactions import bookings
from zhiyin.domain.booking_reminders import TOKEN


def completed(row: FlowMessage, service: ExternalService, message: Outgoing) -> Outgoing:
    """Return the message as it goes out.

    Raises ``NotSent``, for good, where the booking is over by now ("booking_over"), or where a mail has no one to go
    to: no customer, or several, with this number, or one without an address ("no_address").
    """
    token = bookings.token_of(tenant=row.tenant, callback=row.interaction_id)
    if token is None:
        raise NotSent("booking_over", is_final=True)
    if service.kind == ExternalService.Kind.MAIL:
        message = replace(message, to=_mail_address(row, message.to))
    return replace(message, text=message.text.replace(TOKEN, quote(token, safe=":")))


def _mail_address(row: FlowMessage, number: str) -> str:
    found = customers.match_number(tenant=row.tenant, number=number, limit=2)
    if len(found) != 1:
        raise NotSent("no_address", is_final=True)
    addresses = customers.emails_of(tenant=row.tenant, customer_ids=[found[0].pk]).get(found[0].pk, [])
    if not addresses:
        raise NotSent("no_address", is_final=True)
    return addresses[0]
