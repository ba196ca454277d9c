"""Refusals about contacts."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class NotYourContact(NotAllowed):
    """Only an agent who had to do with a contact writes its wrap-up."""

    code = "not_your_contact"
    title = "You had no part in this contact, so its wrap-up is not yours to write."


class StaleVersion(Conflict):
    """Another tab saved meanwhile. ``version``: what is stored."""

    code = "stale_version"
    title = "This was saved elsewhere meanwhile. What you typed is kept; load the other version and merge."

    def __init__(self, version: int) -> None:
        super().__init__(facts={"version": version})


class NoNumber(Invalid):
    """Nothing names whom to call, or the contact's number is hidden or erased."""

    code = "no_number"
    title = "There is no number to call."


class UnknownChoice(Invalid):
    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class BadWindow(Invalid):
    """A callback is booked for a time that is over, too far ahead, or ends before it begins."""

    code = "bad_window"
    title = "Book a callback for a time to come, within 60 days."


class WindowFull(Conflict):
    """As many callbacks are booked for this hour as the queue takes. ``limit``: how many."""

    code = "window_full"
    title = "This hour is booked out. Choose another."
