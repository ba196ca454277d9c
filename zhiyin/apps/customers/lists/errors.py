"""Refusals about the lists."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid


class BadListedNumber(Invalid):
    code = "bad_number"
    title = "This is not a telephone number."

    def __init__(self) -> None:
        super().__init__(fields={"number": "bad_number"})


class ExpiryPassed(Invalid):
    code = "expiry_passed"
    title = "The expiry lies in the past. Choose a later time, or none."

    def __init__(self) -> None:
        super().__init__(fields={"expires_at": "expiry_passed"})


class AlreadyListed(Conflict):
    code = "already_listed"
    title = "This stands on the list already. End the present entry first to change reason or expiry."

    def __init__(self, list_code: str) -> None:
        super().__init__(facts={"list": list_code})
