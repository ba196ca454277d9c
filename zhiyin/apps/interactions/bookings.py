"""The public page of booked callbacks (预约回呼): free hours, booking one, moving or cancelling it by a secret link.

Nothing of it is stored here: a booking is a callback of the queue, and its link is that callback's id, sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.channels import guests
from zhiyin.apps.engine_client import EngineRefused, ask_engine
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.interactions import deferred
from zhiyin.apps.interactions.errors import NumberNotCalled, SlotGone, TooLateToChange, TooManyBookings
from zhiyin.apps.interactions.log import personal_values
from zhiyin.apps.interactions.models import DeferredContact
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.queues.queries import PublicQueue
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import CancelCallback
from zhiyin.contracts.numbers import BadNumber, mask_number, normalise_number
from zhiyin.domain.booking_slots import DAYTIME, OF_A_NUMBER, SLOT, bookable, booked_in
from zhiyin.domain.business_hours import Hours

_SALT = "booking"
State = DeferredContact.State


@dataclass(frozen=True, slots=True)
class Slot:
    begins_at: datetime
    ends_at: datetime
    is_free: bool


@dataclass(frozen=True, slots=True)
class Booking:
    """``token``: the secret by which it is found again. ``state`` as of callbacks; ``number`` is masked."""

    token: str
    queue: PublicQueue
    begins_at: datetime
    ends_at: datetime
    state: str
    number: str


def zone_of(*, tenant: Tenant, queue: PublicQueue) -> str:
    """Return the zone of the queue's calendar, in which its slots are full hours."""
    return _calendar(tenant, queue)[1]


def _calendar(tenant: Tenant, queue: PublicQueue) -> tuple[Hours, str]:
    found = flows.opening_hours(tenant=tenant, hours_id=queue.hours_id) if queue.hours_id is not None else None
    return (DAYTIME, tenant.time_zone) if found is None else (found[0], found[1] or tenant.time_zone)


def list_slots(*, tenant: Tenant, queue_id: int, now: datetime) -> tuple[PublicQueue, dict[date, list[Slot]]]:
    """Return the hours of the next days, by day on the queue's clock. Raises ``NotFound`` for one not public."""
    queue = next((one for one in queues.public_queues(tenant=tenant) if one.id == queue_id), None)
    if queue is None:
        raise NotFound
    hours, zone = _calendar(tenant, queue)
    taken = sorted(_open(tenant, queue_id).filter(placed_at__gte=now - SLOT).values_list("placed_at", flat=True))

    def is_free(begins_at: datetime) -> bool:
        return booked_in(taken, begins_at) < queue.bookings_per_hour

    return queue, {
        day: [Slot(at, at + SLOT, is_free(at)) for at in slots] for day, slots in bookable(hours, ZoneInfo(zone), now)
    }


def _open(tenant: Tenant, queue_id: int) -> QuerySet[DeferredContact]:
    return DeferredContact.objects.of(tenant).filter(queue_id=queue_id, asked_by="booking", state__in=deferred.OPEN)


def book(*, tenant: Tenant, queue_id: int, number: str, begins_at: datetime, address: str, now: datetime) -> Booking:
    """Book a slot for a number.

    Raises ``NotFound``, ``SlotGone``, ``TooManyBookings``, ``NumberNotCalled``, ``TooManyGuestCalls`` and
    ``EngineAway``.
    """
    guests.check_address(address, now)
    queue = _free_slot(tenant, queue_id, begins_at, now)
    try:
        canonical = normalise_number(number, tenant.region)
    except BadNumber as error:
        raise NumberNotCalled(fields={"number": "bad_number"}) from error
    refs = _open(tenant, queue_id).values_list("number_ref", flat=True)
    if list(personal_values(tenant=tenant, refs=list(refs)).values()).count(canonical) >= OF_A_NUMBER:
        raise TooManyBookings(facts={"limit": OF_A_NUMBER})
    guests.count_address(address, now)
    return _place(tenant, queue, canonical, begins_at, now)


def _place(tenant: Tenant, queue: PublicQueue, number: str, begins_at: datetime, now: datetime) -> Booking:
    try:
        callback = deferred.request(
            actor=system(tenant),
            queue=queue.id,
            number=number,
            due_at=begins_at,
            until=begins_at + SLOT,
            now=now,
        )
    except EngineRefused as refused:  # which list a number stands on is nobody's business
        raise NumberNotCalled(fields={"number": "bad_number"} if refused.code == "bad_number" else {}) from refused
    token = _seal(tenant, callback, queue.id, begins_at)
    return Booking(token, queue, begins_at, begins_at + SLOT, State.WAITING.value, mask_number(number))


def _seal(tenant: Tenant, callback: str, queue_id: int, begins_at: datetime) -> str:
    return signing.dumps([tenant.pk, callback, queue_id, begins_at.isoformat()], salt=_SALT)


def token_of(*, tenant: Tenant, callback: str) -> str | None:
    """Return the secret of a booking that still waits, by which its customer changes it; None where it is over."""
    row = DeferredContact.objects.of(tenant).filter(pk=callback, state=State.WAITING, asked_by="booking").first()
    return None if row is None else _seal(tenant, row.pk, row.queue_id, row.placed_at)


def number_of(*, tenant: Tenant, callback: str) -> str:
    """Return the number that a booking is for; "" where it was forgotten."""
    ref = DeferredContact.objects.of(tenant).filter(pk=callback).values_list("number_ref", flat=True).first()
    return personal_values(tenant=tenant, refs=[ref]).get(ref or "", "") if ref else ""


def find(*, tenant: Tenant, token: str) -> Booking:
    """Return a booking by its secret. Raises ``NotFound``."""
    callback, queue_id, begins_at = _read(tenant, token)
    row = DeferredContact.objects.of(tenant).filter(pk=callback).first()
    number = ""
    if row is not None and row.number_ref:
        number = mask_number(personal_values(tenant=tenant, refs=[row.number_ref]).get(row.number_ref, ""))
    state = row.state if row is not None else State.WAITING.value  # just booked, and not folded yet
    queue = queues.queue_once_public(tenant=tenant, queue_id=queue_id)
    if queue is None:
        raise NotFound
    return Booking(token, queue, begins_at, begins_at + SLOT, state, number)


def move(*, tenant: Tenant, token: str, begins_at: datetime, now: datetime) -> Booking:
    """Book another slot in its stead; the old link ends. Raises as ``book`` does, and ``TooLateToChange``."""
    callback, queue_id, _ = _read(tenant, token)
    row = DeferredContact.objects.of(tenant).filter(pk=callback, state=State.WAITING).first()
    number = personal_values(tenant=tenant, refs=[row.number_ref]).get(row.number_ref or "", "") if row else ""
    if row is None or not number:
        raise TooLateToChange
    queue = _free_slot(tenant, queue_id, begins_at, now)
    moved = _place(tenant, queue, number, begins_at, now)
    try:
        cancel(tenant=tenant, token=token)
    except TooLateToChange:
        cancel(tenant=tenant, token=moved.token)  # somebody dials it just now
        raise
    return moved


@transaction.atomic
def cancel(*, tenant: Tenant, token: str) -> None:
    """Give the slot back. Raises ``NotFound`` and ``TooLateToChange``."""
    callback, _, _ = _read(tenant, token)
    actor = system(tenant)
    try:
        ask_engine(CancelCallback(callback, None), tenant_id=tenant.pk, actor_id=None, result=type(None))
    except EngineRefused as refused:
        raise TooLateToChange from refused
    audit.record(actor=actor, action="callback.cancelled", kind="callback", subject=callback, after={"by": "customer"})


def _read(tenant: Tenant, token: str) -> tuple[str, int, datetime]:
    try:
        owner, callback, queue_id, begins_at = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound from error
    if owner != tenant.pk:
        raise NotFound
    return callback, queue_id, datetime.fromisoformat(begins_at)


def _free_slot(tenant: Tenant, queue_id: int, begins_at: datetime, now: datetime) -> PublicQueue:
    queue, days = list_slots(tenant=tenant, queue_id=queue_id, now=now)
    free: Mapping[datetime, bool] = {slot.begins_at: slot.is_free for slots in days.values() for slot in slots}
    if not free.get(begins_at.astimezone(UTC), False):
        raise SlotGone
    return queue
