"""When a queue can still call somebody back at a time of its own (预约回呼), as flows ask: out of what is live now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.booking_slots import (
    CLOSED,
    DAYTIME,
    NO_NUMBER,
    OF_A_NUMBER,
    TOO_MANY,
    FreeTimes,
    free_times,
    opens_by,
)
from zhiyin.domain.calls.booking_turns import ASKED_BY
from zhiyin.domain.interactions import Phase
from zhiyin.domain.routing.queues import CallbackRule
from zhiyin.engine.deferred_contacts import number_problem

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant


def times_of(board: Switchboard, tenant: Tenant, queue: int, number: str, now: datetime) -> FreeTimes:
    """Return when the queue can call this number back, as somebody wrote it."""
    company = tenant.company
    rule = company.queues.get(queue)
    if rule is None:
        return FreeTimes(CLOSED)
    try:
        canonical = normalise_number(number, company.settings.region)
    except BadNumber:
        return FreeTimes(NO_NUMBER)
    if number_problem(tenant, canonical, now) is not None:
        return FreeTimes(NO_NUMBER)
    taken, of_number = _bookings(board, tenant, queue, canonical)
    if of_number >= OF_A_NUMBER:
        return FreeTimes(TOO_MANY)
    zone = company.zone if rule.hours is None else company.zone_of(rule.hours)
    hours = DAYTIME if rule.hours is None else company.hours.get(rule.hours, DAYTIME)
    per_hour = (rule.callback or CallbackRule()).bookings_per_hour
    return free_times(opens_by(hours, zone), zone, now, taken=taken, per_hour=per_hour)


def _bookings(board: Switchboard, tenant: Tenant, queue: int, number: str) -> tuple[list[datetime], int]:
    """Return when the queue's bookings begin, sorted, and how many of them are for the number."""
    taken, of_number = [], 0
    for session in board.sessions.values():
        callback = session.call.callback
        is_open = session.tenant is tenant and callback is not None and session.call.phase is not Phase.ENDED
        if not is_open or callback is None or callback.queue != queue or callback.asked_by != ASKED_BY:
            continue
        taken.append(callback.place_at)
        of_number += session.personal.get(callback.number_ref) == number
    return sorted(taken), of_number
