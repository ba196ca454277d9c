"""Refusals about customers."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid


class BadCustomerNumber(Invalid):
    """The number at ``index`` of the list is no telephone number."""

    code = "bad_number"
    title = "This is not a telephone number."

    def __init__(self, index: int) -> None:
        super().__init__(fields={f"numbers.{index}.number": "bad_number"})


class BadCustomerEmail(Invalid):
    """The mail address at ``index`` of the list is none."""

    code = "bad_email"
    title = "This is not a mail address."

    def __init__(self, index: int) -> None:
        super().__init__(fields={f"emails.{index}": "bad_email"})


class UnknownOwner(Invalid):
    code = "unknown_reference"
    title = "This owner does not exist any more. Reload and choose again."

    def __init__(self) -> None:
        super().__init__(fields={"owner_id": "unknown_reference"})


class UnknownReference(Invalid):
    """What ``field`` names is not there, or not any more."""

    code = "unknown_reference"
    title = "This does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class BadBirthday(Invalid):
    code = "bad_birthday"
    title = "This day does not exist. Give month and day, the year only if it is known."

    def __init__(self) -> None:
        super().__init__(fields={"birthday": "bad_birthday"})


class StaleVersion(Conflict):
    """``changes``: who changed what since the version that the editor saw, the last first."""

    code = "stale_version"
    title = "Somebody else changed this customer meanwhile. Look at what changed, then save again."

    def __init__(self, *, version: int, changes: list[dict[str, object]]) -> None:
        super().__init__(facts={"version": version, "changes": changes})
