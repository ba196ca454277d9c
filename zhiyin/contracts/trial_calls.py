"""What came of a real call of a flow's draft, as the engine tells it."""

from __future__ import annotations

import msgspec

from zhiyin.contracts.frames import TelephoneIdentity

#: The pages of who tries are hinted by this topic that something came of the call.
TOPIC = "trial_call"


class TrialCallOpened(msgspec.Struct, frozen=True):
    trial: str
    identity: TelephoneIdentity


class TrialTrace(msgspec.Struct, frozen=True):
    at_s: float
    what: str
    name: str
    through: str = ""


class TrialTurn(msgspec.Struct, frozen=True):
    """``act``: a command of caller scripts and its arguments; None: the call comes in."""

    act: tuple[str, ...] | None
    traces: tuple[TrialTrace, ...]


class TrialCallTold(msgspec.Struct, frozen=True):
    """``state``: "open" (nobody has called yet), "live", "over". ``rest`` and ``node``: where the call stands, or what
    a real caller would do now. ``given``: what a test must be given to go the same way, as ``act`` is told.
    """

    flow: int
    state: str
    turns: tuple[TrialTurn, ...] = ()
    rest: str = "flow"
    node: str = ""
    values: dict[str, str] = {}
    #: names of what a masked step collected
    secrets: tuple[str, ...] = ()
    lasted_s: float = 0.0
    given: tuple[tuple[str, ...], ...] = ()
    #: the classes of the customer who seems to call
    customer_classes: tuple[int, ...] = ()
