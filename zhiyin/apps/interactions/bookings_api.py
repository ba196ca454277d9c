"""HTTP of the public page of booked callbacks: open to everybody, limited by address like the "call us" page."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.channels import guests
from zhiyin.apps.interactions import bookings
from zhiyin.apps.interactions.bookings import Booking
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import remote_address
from zhiyin.apps.rest.schemas import Instant, ProblemOut
from zhiyin.apps.tenancy.models import Tenant

router = Router(tags=["public"], auth=None)
PROBLEMS = dict.fromkeys((400, 404, 409, 422, 429, 503), ProblemOut)
Token = Annotated[str, StringConstraints(max_length=400)]


class BookableQueue(Schema):
    id: int
    name: str
    name_en: str


class BookablePageOut(Schema):
    """The queues of which anybody books a callback; none: the company takes no bookings here."""

    company: str
    queues: list[BookableQueue]


class BookingSlot(Schema):
    begins_at: datetime
    ends_at: datetime
    is_free: bool


class BookingDay(Schema):
    day: date
    slots: list[BookingSlot]


class BookingDaysOut(Schema):
    """Full hours on the clock of ``time_zone``, the queue's."""

    time_zone: str
    days: list[BookingDay]


class BookingIn(Schema):
    queue: int
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=40)]
    begins_at: Instant


class BookingMoveIn(Schema):
    begins_at: Instant


class BookingOut(Schema):
    """``token``: by which the booking is found, moved and cancelled; whoever knows it may."""

    token: str
    company: str
    queue: BookableQueue
    time_zone: str
    begins_at: datetime
    ends_at: datetime
    state: Annotated[str, Field(description="waiting, working, done, failed, expired or cancelled")]
    number: str


def _shape(tenant: Tenant, booking: Booking) -> BookingOut:
    queue = booking.queue
    return BookingOut(
        token=booking.token,
        company=tenant.name,
        queue=BookableQueue(id=queue.id, name=queue.name, name_en=queue.name_en),
        time_zone=bookings.zone_of(tenant=tenant, queue=queue),
        begins_at=booking.begins_at,
        ends_at=booking.ends_at,
        state=booking.state,
        number=booking.number,
    )


@router.get("/{company}/bookings", operation_id="getBookableQueues", response={200: BookablePageOut, 404: ProblemOut})
def list_queues(request: HttpRequest, company: str) -> Any:
    """Of which queues a callback can be booked."""
    tenant = guests.find_company(company)
    found = queues.public_queues(tenant=tenant)
    return {
        "company": tenant.name,
        "queues": [BookableQueue(id=one.id, name=one.name, name_en=one.name_en) for one in found],
    }


@router.get(
    "/{company}/bookings/slots", operation_id="getBookingSlots", response={200: BookingDaysOut, 404: ProblemOut}
)
def list_slots(request: HttpRequest, company: str, queue: int) -> Any:
    """The hours of the next days in which the queue calls back, and which of them are free."""
    tenant = guests.find_company(company)
    public, days = bookings.list_slots(tenant=tenant, queue_id=queue, now=timezone.now())
    return {
        "time_zone": bookings.zone_of(tenant=tenant, queue=public),
        "days": [
            BookingDay(
                day=day,
                slots=[BookingSlot(begins_at=s.begins_at, ends_at=s.ends_at, is_free=s.is_free) for s in slots],
            )
            for day, slots in days.items()
        ],
    }


@router.post("/{company}/bookings", operation_id="bookCallback", response={201: BookingOut, **PROBLEMS})
def book(request: HttpRequest, company: str, body: BookingIn) -> Any:
    """Book a callback. The answer's link is the only way back to it."""
    tenant = guests.find_company(company)
    booking = bookings.book(
        tenant=tenant,
        queue_id=body.queue,
        number=body.number,
        begins_at=body.begins_at,
        address=remote_address(request),
        now=timezone.now(),
    )
    return Status(201, _shape(tenant, booking))


@router.get("/{company}/bookings/{token}", operation_id="getBooking", response={200: BookingOut, 404: ProblemOut})
def get_booking(request: HttpRequest, company: str, token: Token) -> Any:
    """A booking, by its secret."""
    tenant = guests.find_company(company)
    return _shape(tenant, bookings.find(tenant=tenant, token=token))


@router.post("/{company}/bookings/{token}/move", operation_id="moveBooking", response={200: BookingOut, **PROBLEMS})
def move(request: HttpRequest, company: str, token: Token, body: BookingMoveIn) -> Any:
    """Another time instead; the answer has the new link, and the old one says that it was cancelled."""
    tenant = guests.find_company(company)
    return _shape(tenant, bookings.move(tenant=tenant, token=token, begins_at=body.begins_at, now=timezone.now()))


@router.post("/{company}/bookings/{token}/cancel", operation_id="cancelBooking", response={204: None, **PROBLEMS})
def cancel(request: HttpRequest, company: str, token: Token) -> Any:
    """Give the time back."""
    tenant = guests.find_company(company)
    bookings.cancel(tenant=tenant, token=token)
    return Status(204, None)
