"""Refusals about rules on trial."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid


class UnknownReference(Invalid):
    """A queue or a class in the draft is none of this company's. ``field``: where it stood."""

    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class NothingChanged(Invalid):
    code = "nothing_changed"
    title = "The draft changes nothing yet. Say what is to be different."

    def __init__(self) -> None:
        super().__init__(fields={"changes": "nothing_changed"})


class OtherTrialRuns(Conflict):
    """Two at once could not be told apart."""

    code = "other_trial_runs"
    title = "Another draft is on trial. Stop it first."


class WrongState(Conflict):
    """What was asked does not follow from where the trial stands."""

    code = "wrong_state"
    title = "This draft is not where it was any more. Reload."


class NoShare(Conflict):
    """Contacts of two rules between contacts cannot be compared: nobody could say whose turn it is."""

    code = "no_share_of_contacts"
    title = "The rule between contacts holds for all or none. Try it in shadow, then adopt it."
