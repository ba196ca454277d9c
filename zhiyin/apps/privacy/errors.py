"""Refusals about erasing a person's data."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed, NotFound


class UnknownErasure(NotFound):
    """No such erasure, or it is another company's."""


class NotConfirmed(Invalid):
    """What was typed is not the customer's name."""

    code = "not_confirmed"
    title = "Type the customer's name exactly as it stands to confirm."

    def __init__(self) -> None:
        super().__init__(fields={"confirmation": "not_confirmed"})


class ContactIsOpen(Conflict):
    code = "contact_is_open"
    title = "A contact with this customer is going on. Erase when it has ended."


class ErasureGoesOn(Conflict):
    code = "erasure_goes_on"
    title = "The erasure of this customer's data was ordered already."


class OwnErasure(NotAllowed):
    code = "own_erasure"
    title = "Somebody else has to decide about an erasure that you asked for."


class ErasureWrongStage(Conflict):
    code = "erasure_wrong_stage"
    title = "The erasure has gone on meanwhile. Reload the page."
