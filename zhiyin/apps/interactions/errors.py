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


class NotInAFlow(Invalid):
    """The contact met no flow, or the version it met is not there any more."""

    code = "not_in_a_flow"
    title = "This contact went through no flow that is still there, so no test can be made of it."


class BadWindow(Invalid):
    """A callback is booked for a time that is over, too far ahead, or ends before it begins."""

    code = "bad_window"
    title = "Book a callback for a time to come, within 60 days."


class WindowFull(Conflict):
    """As many callbacks are booked for this hour as the queue takes. ``limit``: how many."""

    code = "window_full"
    title = "This hour is booked out. Choose another."


class SlotGone(Conflict):
    """The hour is booked out meanwhile, over, or not one of the queue's."""

    code = "slot_gone"
    title = "This time is not free any more. Choose another."


class TooManyBookings(Conflict):
    """``limit``: how many bookings one number has at the same time."""

    code = "too_many_bookings"
    title = "This number has been booked already. Change or cancel that booking by its link."


class NumberNotCalled(Invalid):
    """It is no number, or none that the company calls; which of its rules says so is not told."""

    code = "number_not_called"
    title = "This number cannot be called back. Give another, or call us."


class TooLateToChange(Conflict):
    """The callback is being made, is over, or was cancelled."""

    code = "too_late_to_change"
    title = "This booking cannot be changed any more."
