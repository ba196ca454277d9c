"""Refusals about help at the desk."""

from __future__ import annotations

from zhiyin.apps.refusals import Invalid, NotAllowed


class UnknownChoice(Invalid):
    """An id in the request names nothing of this company. ``field``: where it stood."""

    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class NotYours(NotAllowed):
    """What everybody uses is changed by administrators."""

    code = "shared"
    title = "Everybody uses this. Ask an administrator to change it, or make one of your own."


class NoCustomer(Invalid):
    """An answer belongs to a customer, and whose contact this is is not known yet."""

    code = "no_customer"
    title = "Say first whose contact it is."


class EndsBeforeItBegins(Invalid):
    code = "ends_before"
    title = "The last day lies before the first."

    def __init__(self) -> None:
        super().__init__(fields={"ends_on": "ends_before"})
