"""Commands about contacts that go on without their caller (docs/decisions/0050)."""

from __future__ import annotations

from datetime import datetime

from zhiyin.contracts.command_base import CommandBase


class CallBack(CommandBase, frozen=True):
    """回拨: the agent who has a voice message calls its customer, on the same contact.

    Refused: "no_number", "already_connected", "already_dialling", and what ``Dial`` says of the number.
    """

    agent: int
    interaction: str


class CallLater(CommandBase, frozen=True):
    """稍后回呼: end the conversation, and let the customer be called back from its queue's line.

    ``note`` is for who calls. Refused: "no_queue", "no_number", "note_too_long", "not_your_call", "consulting",
    "already_deferred", and what ``Dial`` says of numbers.
    """

    agent: int
    interaction: str
    note: str | None = None


class InviteSurvey(CommandBase, frozen=True):
    """邀评: end the conversation, and let the customer be asked how it was.

    Refused: "no_survey", "asked_lately", "not_your_call", "consulting", "not_connected".
    """

    agent: int
    interaction: str


class ToVoicemail(CommandBase, frozen=True):
    """转留言: let the customer leave a message for ``queue`` (None: the contact's own).

    ``note`` is for who listens to it. Refused: "mailbox_full", "note_too_long".
    """

    agent: int
    interaction: str
    queue: int | None = None
    note: str | None = None


class RequestCallback(CommandBase, frozen=True):
    """A callback that was not asked in a call: it stands in the queue's line from now on. Result: {"interaction": id}.

    ``request`` names it for ever: asked twice, it is made once. ``asked_by``: "agent", "page", "api" or "booking".
    ``agent`` alone is to call where set. Refused: "unknown_queue", "not_an_agent", and what ``Dial`` says of numbers.
    预约回呼: with ``due_at`` it stands in line from then on, and not after ``until``.
    """

    request: str
    queue: int
    number: str
    asked_by: str
    agent: int | None = None
    due_at: datetime | None = None
    until: datetime | None = None


class CancelCallback(CommandBase, frozen=True):
    """Take a waiting callback or message off the line for ever. Refused: "not_waiting", "being_worked"."""

    interaction: str
    actor: int | None = None


class ReassignCallback(CommandBase, frozen=True):
    """Let it wait in another queue, or for one agent of it alone. Refused as above, "unknown_queue", "not_an_agent"."""

    interaction: str
    queue: int
    agent: int | None = None
    actor: int | None = None
