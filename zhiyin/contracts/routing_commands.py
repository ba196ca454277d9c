"""Commands that try the router: a made-up caller, and contacts of the test channel."""

from __future__ import annotations

from datetime import datetime

from zhiyin.contracts.command_base import CommandBase
from zhiyin.contracts.snapshots import QueueSetting
from zhiyin.domain.routing.policy import VOICE


class TryRouting(CommandBase, frozen=True):
    """试一试: what the router would do with a made-up caller of ``queue`` now. Changes nothing. Result: ``Rehearsal``.

    ``number``: whose records are looked up; ``class_code``: its class, None by the company's rules; ``skills``: what it
    asks for, None as the queue does; ``entry``: the number called; ``at``: when it calls, for the calendar alone.
    ``changed``: the queue's settings as they would be; ``channel``: of the contact. Refused: "unknown_queue",
    "unknown_class", "bad_number".
    """

    queue: int
    number: str = ""
    entry: str = ""
    customer_class: int | None = None
    class_code: str | None = None
    skills: dict[str, int] | None = None
    priority: int = 0
    at: datetime | None = None
    changed: QueueSetting | None = None
    channel: str = VOICE


class PutTestContacts(CommandBase, frozen=True):
    """测试联络: let ``count`` contacts without customers stand in the queue's line, each over after ``lasts_s``.

    Result: ``[ContactTestRow]``, those made. Refused: "unknown_queue", "unknown_channel", "too_many_tests".
    """

    queue: int
    channel: str
    count: int
    lasts_s: int


class ListTestContacts(CommandBase, frozen=True):
    """Result: ``[ContactTestRow]``."""


class EndTestContacts(CommandBase, frozen=True):
    """End one of the company's test contacts, or (None) all. One that is over already is no error."""

    contact: str | None = None
