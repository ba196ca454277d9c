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


class ClaimedAlready(Conflict):
    code = "claimed_already"
    title = "Somebody else has this task already. Take another one."


class NeedsReason(Invalid):
    """A care task is skipped for a reason: whoever looks at a rule's figures wants to know it."""

    code = "missing"
    title = "Say why the task is skipped."

    def __init__(self) -> None:
        super().__init__(fields={"result": "missing"})


class BadCareRule(Invalid):
    """A rule that could never be carried out as it is."""

    def __init__(self, **fields: str) -> None:
        super().__init__(fields=fields)
