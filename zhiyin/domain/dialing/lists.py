"""Numbers that are treated apart: VIP (VIP 名单), blocked (黑名单), not to be called (免打扰). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ListCode(StrEnum):
    VIP = "vip"
    BLOCK = "block"
    DO_NOT_CALL = "do_not_call"


#: who stands on one of these is not called, save by who may override it
NOT_CALLED = (ListCode.DO_NOT_CALL, ListCode.BLOCK)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list on which a number stands, until an instant (None: until it is taken off)."""

    code: ListCode
    until: datetime | None = None


def lists_at(listings: Iterable[Listing], now: datetime) -> frozenset[ListCode]:
    """Return the lists that count at ``now``; at its end an entry counts no more."""
    return frozenset(one.code for one in listings if one.until is None or one.until > now)


def why_not_called(lists: frozenset[ListCode]) -> ListCode | None:
    """Return the list for whose sake a number is not called, if there is one."""
    return next((code for code in NOT_CALLED if code in lists), None)
