"""Commands of real calls of a flow's draft (试拨电话)."""

from __future__ import annotations

import msgspec

from zhiyin.contracts.command_base import CommandBase


class OpenTrialCall(CommandBase, frozen=True):
    """Make a telephone for one call of a draft; it dies after the call, or unused after 120 s.

    ``graph`` is the draft as it stands, sub-flows within it. ``number``: who seems to call. ``may_change``: requests
    are made too that change something elsewhere. Who has a trial call already loses it.
    Result: ``TrialCallOpened``. Errors: "too_many_calls", "unreadable_flow".
    """

    user: int
    flow: int
    graph: msgspec.Raw
    number: str = ""
    is_vip: bool = False
    may_change: bool = False


class TellTrialCall(CommandBase, frozen=True):
    """What came of it so far. Result: ``TrialCallTold``. Errors: "unknown_trial_call" (also another user's)."""

    user: int
    trial: str
