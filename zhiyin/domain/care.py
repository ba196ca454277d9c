"""When a care rule (客户关怀) is due, and whose turn it is. Days are dates of the company's calendar.

A rule goes by an *anchor*, the day that gives the occasion: this year's birthday, the day of a purchase, of a contact.
The task is due a fixed number of days before or after it. A task is known by rule, customer and anchor, so that it is
made once, however often and however late the rule is tried, also after the rule's days were changed.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: how long a task that was not made on its day is made up for; what is older is left, so that nobody is flooded
DAYS_MADE_UP = 14
_LEAP_DAY, _ITS_STAND_IN = (2, 29), (2, 28)


class Occasion(StrEnum):
    BIRTHDAY = "birthday"
    #: each year, by a date of the customer or of a product
    ANNIVERSARY = "anniversary"
    #: once, before a date: the end of a warranty
    BEFORE_DATE = "before_date"
    #: once, after a date: a purchase
    AFTER_DATE = "after_date"
    AFTER_CONTACT = "after_contact"
    #: so many days after the last contact
    NO_CONTACT = "no_contact"
    AFTER_FOLLOW_UP = "after_follow_up"


class Assignment(StrEnum):
    #: whoever owns the customer
    OWNER = "owner"
    TURNS = "turns"
    #: nobody's until somebody of the team claims it
    POOL = "pool"


#: come again each year
YEARLY = frozenset({Occasion.BIRTHDAY, Occasion.ANNIVERSARY})
#: due before their day; all others are due after it
BEFORE = YEARLY | {Occasion.BEFORE_DATE}
#: go by a date that the rule names
DATED = frozenset({Occasion.ANNIVERSARY, Occasion.BEFORE_DATE, Occasion.AFTER_DATE})


@dataclass(frozen=True, slots=True)
class Days:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def moved(self, days: int) -> Days:
        return Days(self.first + timedelta(days), self.last + timedelta(days))


def due_days(*, today: date, begins_on: date) -> Days | None:
    """Return on which days what is made today may be due: today, and the missed days before; None: not begun."""
    if begins_on > today:
        return None
    return Days(max(begins_on, today - timedelta(DAYS_MADE_UP - 1)), today)


def offset_of(occasion: Occasion, days: int) -> int:
    """Return how many days after its anchor a task is due; negative: before."""
    return -days if occasion in BEFORE else days


def anchors_of(due: Days, *, occasion: Occasion, days: int) -> Days:
    """Return which anchors make a task due within ``due``."""
    return due.moved(-offset_of(occasion, days))


def due_on(anchor: date, *, occasion: Occasion, days: int) -> date:
    return anchor + timedelta(offset_of(occasion, days))


def days_of_year(anchors: Days) -> frozenset[tuple[int, int]]:
    """Return the (month, day) that have their day of this year within ``anchors``.

    Who was born on 29 February is thought of on 28 February in a common year. At most a year is looked at.
    """
    found: set[tuple[int, int]] = set()
    for number in range((anchors.last - anchors.first).days + 1):
        day = anchors.first + timedelta(number)
        found.add((day.month, day.day))
        if (day.month, day.day) == _ITS_STAND_IN and not calendar.isleap(day.year):
            found.add(_LEAP_DAY)
    return frozenset(found)


def yearly_anchor(month: int, day: int, *, since_year: int | None, anchors: Days) -> date | None:
    """Return the day within ``anchors`` on which a date comes again, not in the year in which it began."""
    for year in range(anchors.first.year, anchors.last.year + 1):
        if since_year is not None and year <= since_year:
            continue
        this_year = day_in(year, month, day)
        if this_year is not None and this_year in anchors:
            return this_year
    return None


def day_in(year: int, month: int, day: int) -> date | None:
    """Return a date's day in a year; None for one that no calendar has (31 April)."""
    if (month, day) == _LEAP_DAY and not calendar.isleap(year):
        month, day = _ITS_STAND_IN
    try:
        return date(year, month, day)
    except ValueError:
        return None


def choose_owner(
    assignment: Assignment, *, customer_owner: int | None, people: Sequence[int], turn: int
) -> tuple[int | None, int]:
    """Return who gets a task, None: whoever claims it; and whose turn it is next.

    ``people`` take turns; with ``OWNER`` they get what nobody owns.
    """
    if assignment is Assignment.OWNER and customer_owner is not None:
        return customer_owner, turn
    if assignment is Assignment.POOL or not people:
        return None, turn
    return people[turn % len(people)], turn + 1


def is_last_try(*, attempts: int, max_attempts: int) -> bool:
    """Return whether nobody needs to try again after this many attempts."""
    return attempts >= max_attempts
