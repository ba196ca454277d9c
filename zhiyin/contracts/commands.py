"""What Django and ``live`` ask of the engine. How it is sent and answered stands in ``contracts.frames``."""

from __future__ import annotations

from zhiyin.contracts.command_base import CommandBase
from zhiyin.contracts.deferred_commands import (
    CallBack,
    CallLater,
    CancelCallback,
    InviteSurvey,
    ReassignCallback,
    RequestCallback,
    ToVoicemail,
)
from zhiyin.contracts.lead_commands import (
    AnswerRest,
    Assign,
    ChangeMonitoring,
    ChangePriority,
    Disconnect,
    EndWaiting,
    ForceState,
    Monitor,
    Pull,
    Requeue,
    StopMonitoring,
    TakeOver,
)
from zhiyin.contracts.routing_commands import EndTestContacts, ListTestContacts, PutTestContacts, TryRouting
from zhiyin.contracts.speech_commands import TrySynthesis

__all__ = [
    "AnswerRest",
    "Assign",
    "AttachData",
    "CallBack",
    "CallLater",
    "CallTest",
    "CancelCallback",
    "ChangeMonitoring",
    "ChangePriority",
    "CloseTelephone",
    "Command",
    "CompleteTransfer",
    "CompleteWrapUp",
    "Conference",
    "Consult",
    "DeskConnected",
    "Dial",
    "Disconnect",
    "Drain",
    "DrainNode",
    "EndConsult",
    "EndTestContacts",
    "EndWaiting",
    "ExtendWrapUp",
    "ForceState",
    "GetHealth",
    "HangUp",
    "Hold",
    "InviteSurvey",
    "LiftBan",
    "ListBans",
    "ListTestContacts",
    "Monitor",
    "Nudge",
    "OpenGuestLine",
    "OpenTelephone",
    "Park",
    "Pull",
    "PutTestContacts",
    "ReassignCallback",
    "RejectOffer",
    "RequestCallback",
    "Requeue",
    "Resume",
    "SendDigits",
    "SetNotReady",
    "SetReady",
    "SignIn",
    "SignOut",
    "StopMonitoring",
    "Subscribe",
    "SwapParties",
    "TakeOver",
    "TakeWrapUp",
    "TestTrunk",
    "ToVoicemail",
    "Transfer",
    "TryExternalService",
    "TryRouting",
    "TrySynthesis",
    "Unpark",
    "WithdrawRest",
]


class SignIn(CommandBase, frozen=True):
    """签入. The agent becomes not ready with reason "signed_in"."""

    agent: int


class SignOut(CommandBase, frozen=True):
    """签出. Refused with "busy" while a contact occupies the agent."""

    agent: int


class SetReady(CommandBase, frozen=True):
    """示闲. During a contact it is remembered for afterwards; during wrap-up it ends the wrap-up."""

    agent: int


class SetNotReady(CommandBase, frozen=True):
    """示忙 or 小休, by the reason's code. During a contact it is remembered for afterwards.

    A rest is asked for: the company's rule grants it, puts it on the waiting list, or lets a lead decide; the agent's
    row says which. Refused: "rest_blocked" (facts ``until``), "rest_minutes_used" (facts ``left``, minutes),
    "rest_quota_full", "already_resting".
    """

    agent: int
    reason: str


class WithdrawRest(CommandBase, frozen=True):
    """撤回小休申请: one that is asked for, waits, or is granted and has not begun; a refused one is read. Repeatable.

    Refused: "already_resting".
    """

    agent: int


class OpenTelephone(CommandBase, frozen=True):
    """Make (or renew) the SIP identity of an agent's browser; one per agent, the newest tab owns it.

    Result: ``TelephoneIdentity``. ``holder`` names the login and tab.
    """

    agent: int
    holder: str


class CloseTelephone(CommandBase, frozen=True):
    agent: int
    holder: str


class DeskConnected(CommandBase, frozen=True):
    """``live`` reports that the agent has (or no longer has) a desk open."""

    agent: int
    is_connected: bool


class RejectOffer(CommandBase, frozen=True):
    agent: int
    offer: str


class HangUp(CommandBase, frozen=True):
    agent: int
    interaction: str


class Hold(CommandBase, frozen=True):
    agent: int
    interaction: str


class Resume(CommandBase, frozen=True):
    agent: int
    interaction: str


class SendDigits(CommandBase, frozen=True):
    """Keypad: 0-9 * # A-D, at most 32."""

    agent: int
    interaction: str
    digits: str


class Transfer(CommandBase, frozen=True):
    """Blind transfer (盲转). ``kind``: "agent" (target = agent id), "queue" (target = queue id), "number" (number).

    A queue without target is the one the contact came from (放回队列); it waits at the front. ``note`` (at most 500
    characters) is shown to the next agent with the offer.
    """

    agent: int
    interaction: str
    kind: str
    target: int | None = None
    number: str | None = None
    note: str | None = None


class Consult(CommandBase, frozen=True):
    """咨询: the customer hears music, the second party is rung. ``kind``, ``target``, ``number``, ``note`` as above.

    Errors: "not_your_call", "already_consulting", "agent_not_ready", "queue_unstaffed", and those of ``Dial``.
    """

    agent: int
    interaction: str
    kind: str
    target: int | None = None
    number: str | None = None
    note: str | None = None


class CompleteTransfer(CommandBase, frozen=True):
    """转出: the customer goes to the second party; the agent is free. "not_answered" while it still rings."""

    agent: int
    interaction: str
    note: str | None = None


class Conference(CommandBase, frozen=True):
    """三方通话: all three hear each other."""

    agent: int
    interaction: str


class SwapParties(CommandBase, frozen=True):
    """切换: talk to the other of the two, who waits hears music."""

    agent: int
    interaction: str


class EndConsult(CommandBase, frozen=True):
    """取消咨询: let the second party go; the customer is back with the agent."""

    agent: int
    interaction: str


class AttachData(CommandBase, frozen=True):
    """随路数据: merged into what the contact has. At most 20 keys of 40 characters, values of 200 ("bad_data")."""

    agent: int
    interaction: str
    data: dict[str, str]


class Park(CommandBase, frozen=True):
    """驻留: the customer hears music on a slot, the agent is free. Result: {"slot": number}."""

    agent: int
    interaction: str


class Unpark(CommandBase, frozen=True):
    """取回: ring this agent's telephone (the browser answers by itself) and connect it with the parked customer.

    One of ``slot`` and ``interaction``. Errors: "nothing_parked", "busy", "no_telephone".
    """

    agent: int
    slot: int | None = None
    interaction: str | None = None


class Dial(CommandBase, frozen=True):
    """点击外呼: ring the agent's own telephone, then the customer's number. Result: {"interaction": id}.

    ``number`` as typed or stored; the engine normalises and checks it ("forbidden_destination",
    "no_trunk", "too_many_calls", "bad_number", "busy"). A colleague's or queue's number inside calls that one
    (内部通话), and so does ``kind`` "agent" or "queue" with ``target``: "colleague_away", "colleague_busy",
    "unknown_queue", "queue_unstaffed", "transfer_to_self". "number_listed" with facts ``list`` and ``may_override`` for
    one that is blocked or not to be called, which ``is_override`` calls all the same with the right ``lists.override``.
    """

    agent: int
    number: str = ""
    kind: str = "number"
    target: int | None = None
    is_override: bool = False


class TakeWrapUp(CommandBase, frozen=True):
    """开始整理: after-call work that the queue leaves to the agent. Refused: "no_wrap_up_to_take", "busy"."""

    agent: int
    interaction: str


class CompleteWrapUp(CommandBase, frozen=True):
    """完成: end after-call work. ``then_ready`` False keeps the agent not ready afterwards."""

    agent: int
    interaction: str
    then_ready: bool = True


class ExtendWrapUp(CommandBase, frozen=True):
    """继续整理: add ``by_s`` seconds, as many as the rule of the queue gives at most.

    Refused: "not_in_wrap_up", "wrap_up_not_extendable", "no_extension_left".
    """

    agent: int
    interaction: str
    by_s: int = 60


class OpenGuestLine(CommandBase, frozen=True):
    """A one-call SIP identity for the "call us" page; it can reach only ``entry`` and dies after one call or 120 s.

    Result: ``TelephoneIdentity``. Errors: "unknown_number", "guest_calling_off", "too_many_calls".
    """

    entry: str
    remote: str


class TestTrunk(CommandBase, frozen=True):
    """Result: {"state": "ok", "unreachable", "refused" or "unknown", "detail": words, "rtt_ms": number or null}."""

    trunk: int


class TryExternalService(CommandBase, frozen=True):
    """Ask an external service now, as a flow would. ``kind`` "http": ``path`` below its address; "database": the
    statement of this code with no parameters, or whether it answers at all. Result: {"outcome", "cause"}."""

    service: int
    kind: str
    path: str = "/"
    statement: str = ""


class CallTest(CommandBase, frozen=True):
    """Ring the agent's telephone and play the test prompt, then echo. No result."""

    agent: int


class GetHealth(CommandBase, frozen=True):
    """Result: ``EngineHealth``."""


class Drain(CommandBase, frozen=True):
    """Take no new calls; result: {"live_calls": n}. Repeatable; reports the number still live."""


class DrainNode(CommandBase, frozen=True):
    """Let one of several Asterisk nodes take no new calls, or take them again; result: ``NodeHealth``. Repeatable."""

    node: str
    is_draining: bool


class ListBans(CommandBase, frozen=True):
    """Whose SIP requests are refused now; result: ``[BanRow]``, newest first."""


class LiftBan(CommandBase, frozen=True):
    """End a ban now, by its row's id. No result; refused with "unknown_ban"."""

    ban: str


class Nudge(CommandBase, frozen=True):
    """Hint to the desks of ``users`` (None: everybody's) that ``topic`` shall be fetched again. Holds no data.

    Losing one harms nobody: pages also fetch on focus, after a reconnect, and every minute.
    """

    users: tuple[int, ...] | None
    topic: str


class Subscribe(CommandBase, frozen=True):
    """Stream the board of every company over this connection, one ``BoardUpdate`` with ``board`` set first for each."""


Command = (
    SignIn
    | SignOut
    | SetReady
    | SetNotReady
    | WithdrawRest
    | OpenTelephone
    | CloseTelephone
    | DeskConnected
    | RejectOffer
    | HangUp
    | Hold
    | Resume
    | SendDigits
    | Transfer
    | Consult
    | CompleteTransfer
    | Conference
    | SwapParties
    | EndConsult
    | AttachData
    | Park
    | Unpark
    | Dial
    | CallBack
    | CallLater
    | InviteSurvey
    | ToVoicemail
    | RequestCallback
    | CancelCallback
    | ReassignCallback
    | Monitor
    | ChangeMonitoring
    | StopMonitoring
    | TakeOver
    | Disconnect
    | ForceState
    | Requeue
    | ChangePriority
    | Assign
    | Pull
    | EndWaiting
    | AnswerRest
    | TakeWrapUp
    | CompleteWrapUp
    | ExtendWrapUp
    | OpenGuestLine
    | TestTrunk
    | TryExternalService
    | CallTest
    | GetHealth
    | Drain
    | DrainNode
    | ListBans
    | LiftBan
    | Nudge
    | TryRouting
    | TrySynthesis
    | PutTestContacts
    | ListTestContacts
    | EndTestContacts
    | Subscribe
)
