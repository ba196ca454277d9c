"""Refusals about customers."""

from __future__ import annotations

from collections.abc import Iterable

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed, NotFound


class CustomerErased(NotFound):
    """The customer's data were erased; what was counted stays and names nobody."""

    code = "customer_erased"
    title = "This customer's data were erased."


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


class ClassInUse(Conflict):
    """Other settings name a class that would be removed: without it they might mean everybody."""

    code = "class_in_use"

    def __init__(self, users: Iterable[str]) -> None:
        names = ", ".join(users)
        super().__init__(title=f"Still used by: {names}. Change that first.", facts={"names": names})


class SomebodyElsesCustomer(NotAllowed):
    """The customer is seen, but owned by somebody beyond the actor's scope, or in the public pool."""

    code = "somebody_elses_customer"
    title = "This customer is not yours to change. Claim it from the public pool, or ask its owner or a lead."


class BadBirthday(Invalid):
    code = "bad_birthday"
    title = "This day does not exist. Give month and day, the year only if it is known."

    def __init__(self) -> None:
        super().__init__(fields={"birthday": "bad_birthday"})


class BadRule(Invalid):
    """A class's condition compares what cannot be compared; ``why`` says so."""

    code = "bad_rule"
    title = "This condition fits nobody. Compare words with words and amounts with amounts."

    def __init__(self, field: str, why: str) -> None:
        super().__init__(fields={field: why})


class NothingToClaim(Conflict):
    """``limit``: claims_per_day or max_held where a limit is reached, "" where somebody else was faster."""

    code = "nothing_to_claim"
    title = "None of these can be claimed: your limit is reached, or somebody else was faster."

    def __init__(self, *, limit: str) -> None:
        super().__init__(facts={"limit": limit})


class StaleVersion(Conflict):
    """``changes``: who changed what since the version that the editor saw, the last first."""

    code = "stale_version"
    title = "Somebody else changed this customer meanwhile. Look at what changed, then save again."

    def __init__(self, *, version: int, changes: list[dict[str, object]]) -> None:
        super().__init__(facts={"version": version, "changes": changes})


class CustomerInUse(Conflict):
    """``tables``: what refers to the customer, who therefore cannot be removed."""

    code = "customer_in_use"
    title = "This customer has contacts or other records and cannot be removed."

    def __init__(self, tables: list[str]) -> None:
        super().__init__(facts={"tables": tables})
