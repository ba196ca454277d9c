"""Which class a contact gets, and whom it is kept for at first. Pure.

A company names its classes (联络等级: VIP, ordinary, in arrears); the first one that fits gives a contact its claim
(``policy.ContactClass``). What is known of the caller is looked up once, as the call arrives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class PreferredAgent(StrEnum):
    """For whom a queue keeps a contact at first (上次座席优先)."""

    NOBODY = "nobody"
    LAST_AGENT = "last_agent"  # who talked with this caller last
    OWNER = "owner"  # who owns the customer
    OWNER_THEN_LAST = "owner_then_last"


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """What the company's records say of a number: its customers' classes and owners, and who talked with it last."""

    customer_classes: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    last_agent: int | None = None
    last_talk_at: datetime | None = None


NOBODY_KNOWN = KnownCaller()


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Whom a class is for: whoever fits any of it; without any condition everybody fits."""

    code: str
    is_for_vips: bool = False
    customer_classes: frozenset[int] = frozenset()
    entries: frozenset[str] = frozenset()  # numbers that were called, canonical

    def fits(self, *, is_vip: bool, customer_classes: Iterable[int], entry: str | None) -> bool:
        if not (self.is_for_vips or self.customer_classes or self.entries):
            return True
        return (
            (self.is_for_vips and is_vip)
            or not self.customer_classes.isdisjoint(customer_classes)
            or (entry is not None and entry in self.entries)
        )


def choose_class(
    rules: Iterable[ClassRule], *, is_vip: bool, customer_classes: Iterable[int], entry: str | None
) -> str:
    """Return the code of the first class that fits, "" where none does."""
    known = tuple(customer_classes)
    return next((r.code for r in rules if r.fits(is_vip=is_vip, customer_classes=known, entry=entry)), "")


@dataclass(frozen=True, slots=True)
class Preference:
    """A queue's rule: whom a contact waits for first, and how long where that agent is at work and not free.

    ``within_days``: a last talk that is longer ago counts no more. ``waits_for_away``: also where that agent is signed
    in and not ready (示忙, 小休).
    """

    who: PreferredAgent = PreferredAgent.NOBODY
    wait_s: int = 30
    within_days: int = 30
    waits_for_away: bool = False


NO_PREFERENCE = Preference()


def choose_preferred(
    preference: Preference, known: KnownCaller, *, members: Collection[int], now: datetime
) -> tuple[int, ...]:
    """Return the agents for whom a contact is kept, the most wanted first.

    Who talked with the caller last counts only as a member of the queue: he or she may do something else by now.
    """
    owners = known.owners
    last: tuple[int, ...] = ()
    if known.last_agent in members and known.last_agent is not None and known.last_talk_at is not None:
        is_lately = now - known.last_talk_at <= timedelta(days=preference.within_days)
        last = (known.last_agent,) if is_lately else ()
    match preference.who:
        case PreferredAgent.NOBODY:
            return ()
        case PreferredAgent.LAST_AGENT:
            return last
        case PreferredAgent.OWNER:
            return owners
        case PreferredAgent.OWNER_THEN_LAST:
            return (*owners, *(agent for agent in last if agent not in owners))
