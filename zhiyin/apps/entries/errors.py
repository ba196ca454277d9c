"""Refusals about entry rules."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid


class UnknownReference(Invalid):
    """A flow, calendar or class of customers is none of this company's. ``field``: which one."""

    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class BadNumbers(Invalid):
    """What was written is no telephone number."""

    code = "bad_number"
    title = "This is not a telephone number."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "bad_number"})


class OrderOutdated(Conflict):
    """The order names other rules than there are."""

    code = "order_outdated"
    title = "Somebody added or removed a rule meanwhile. Reload, then put them in order."
