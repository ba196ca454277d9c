"""Refusals about customers."""

from __future__ import annotations

from zhiyin.apps.refusals import Invalid


class BadCustomerNumber(Invalid):
    """The number at ``index`` of the list is no telephone number."""

    code = "bad_number"
    title = "This is not a telephone number."

    def __init__(self, index: int) -> None:
        super().__init__(fields={f"numbers.{index}.number": "bad_number"})


class UnknownOwner(Invalid):
    code = "unknown_reference"
    title = "This owner does not exist any more. Reload and choose again."

    def __init__(self) -> None:
        super().__init__(fields={"owner_id": "unknown_reference"})
