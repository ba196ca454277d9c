"""Refusals about notes and follow-ups."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class UnknownPerson(Invalid):
    code = "unknown_reference"
    title = "This user does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class NoSubject(Invalid):
    """A note is on a customer or on a contact."""

    code = "missing"
    title = "Say which customer or contact the note is on."

    def __init__(self) -> None:
        super().__init__(fields={"customer_id": "missing"})


class NotTheAuthor(NotAllowed):
    code = "not_the_author"
    title = "Only the author changes a note."


class AlreadyClosed(Conflict):
    code = "already_closed"
    title = "This follow-up is done or cancelled already."
