"""What Django and ``live`` ask of the engine. How it is sent and answered stands in ``contracts.frames``."""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.snapshots import QueueSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode
from zhiyin.domain.rests import RestRefusal


class _Command(msgspec.Struct, frozen=True, tag_field="do", tag=True):
    pass


class SignIn(_Command, frozen=True):
    """签入. The agent becomes not ready with reason "signed_in"."""

    agent: int


class SignOut(_Command, frozen=True):
    """签出. Refused with "busy" while a contact occupies the agent."""

    agent: int


class SetReady(_Command, frozen=True):
    """示闲. During a contact it is remembered for afterwards; during wrap-up it ends the wrap-up."""

    agent: int


class SetNotReady(_Command, frozen=True):
    """示忙 or 小休, by the reason's code. During a contact it is remembered for afterwards.

    A rest is asked for: the company's rule grants it, puts it on the waiting list, or lets a lead decide; the agent's
    row says which. Refused: "rest_blocked" (facts ``until``), "rest_minutes_used" (facts ``left``, minutes),
    "rest_quota_full", "already_resting".
    """

    agent: int
    reason: str


class WithdrawRest(_Command, frozen=True):
    """撤回小休申请: one that is asked for, waits, or is granted and has not begun; a refused one is read. Repeatable.

    Refused: "already_resting".
    """

    agent: int


class OpenTelephone(_Command, frozen=True):
    """Make (or renew) the SIP identity of an agent's browser; one per agent, the newest tab owns it.

    Result: ``TelephoneIdentity``. ``holder`` names the login and tab.
    """

    agent: int
    holder: str


class CloseTelephone(_Command, frozen=True):
    agent: int
    holder: str


class DeskConnected(_Command, frozen=True):
    """``live`` reports that the agent has (or no longer has) a desk open."""

    agent: int
    is_connected: bool


class RejectOffer(_Command, frozen=True):
    agent: int
    offer: str


class HangUp(_Command, frozen=True):
    agent: int
    interaction: str


class Hold(_Command, frozen=True):
    agent: int
    interaction: str


class Resume(_Command, frozen=True):
    agent: int
    interaction: str


class SendDigits(_Command, frozen=True):
    """Keypad: 0-9 * # A-D, at most 32."""

    agent: int
    interaction: str
    digits: str


class Transfer(_Command, frozen=True):
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


class Consult(_Command, frozen=True):
    """咨询: the customer hears music, the second party is rung. ``kind``, ``target``, ``number``, ``note`` as above.

    Errors: "not_your_call", "already_consulting", "agent_not_ready", "queue_unstaffed", and those of ``Dial``.
    """

    agent: int
    interaction: str
    kind: str
    target: int | None = None
    number: str | None = None
    note: str | None = None


class CompleteTransfer(_Command, frozen=True):
    """转出: the customer goes to the second party; the agent is free. "not_answered" while it still rings."""

    agent: int
    interaction: str
    note: str | None = None


class Conference(_Command, frozen=True):
    """三方通话: all three hear each other."""

    agent: int
    interaction: str


class SwapParties(_Command, frozen=True):
    """切换: talk to the other of the two, who waits hears music."""

    agent: int
    interaction: str


class EndConsult(_Command, frozen=True):
    """取消咨询: let the second party go; the customer is back with the agent."""

    agent: int
    interaction: str


class AttachData(_Command, frozen=True):
    """随路数据: merged into what the contact has. At most 20 keys of 40 characters, values of 200 ("bad_data")."""

    agent: int
    interaction: str
    data: dict[str, str]


class Park(_Command, frozen=True):
    """驻留: the customer hears music on a slot, the agent is free. Result: {"slot": number}."""

    agent: int
    interaction: str


class Unpark(_Command, frozen=True):
    """取回: ring this agent's telephone (the browser answers by itself) and connect it with the parked customer.

    One of ``slot`` and ``interaction``. Errors: "nothing_parked", "busy", "no_telephone".
    """

    agent: int
    slot: int | None = None
    interaction: str | None = None


class Dial(_Command, frozen=True):
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


# --- contacts that go on without their caller -------------------------------------------------------------------------


class CallBack(_Command, frozen=True):
    """回拨: the agent who has a voice message calls its customer, on the same contact.

    Refused: "no_number", "already_connected", "already_dialling", and what ``Dial`` says of the number.
    """

    agent: int
    interaction: str


class CallLater(_Command, frozen=True):
    """稍后回呼: end the conversation, and let the customer be called back from its queue's line."""

    agent: int
    interaction: str


class ToVoicemail(_Command, frozen=True):
    """转留言: let the customer leave a message for ``queue`` (None: the contact's own). Refused: "mailbox_full"."""

    agent: int
    interaction: str
    queue: int | None = None


class RequestCallback(_Command, frozen=True):
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


class CancelCallback(_Command, frozen=True):
    """Take a waiting callback or message off the line for ever. Refused: "not_waiting", "being_worked"."""

    interaction: str
    actor: int | None = None


class ReassignCallback(_Command, frozen=True):
    """Let it wait in another queue, or for one agent of it alone. Refused as above, "unknown_queue", "not_an_agent"."""

    interaction: str
    queue: int
    agent: int | None = None
    actor: int | None = None


# --- supervision (监管): ``agent`` is the supervisor, who needs the right ``calls.supervise`` and is signed in ------


class Monitor(_Command, frozen=True):
    """Be put beside a conversation: the supervisor's own telephone rings and answers by itself. Repeatable.

    ``mode``: "listen" (监听, heard by nobody), "whisper" (耳语, heard by the agent alone), "barge" (强插, heard by
    both), "take_over" (as ``TakeOver``).
    Refused: "no_conversation", "own_call", "already_monitored" (facts ``by``), "busy", "not_signed_in", "no_telephone".
    """

    agent: int
    interaction: str
    mode: MonitoringMode


class ChangeMonitoring(_Command, frozen=True):
    """Go on in another mode. Refused with "not_monitoring" for whoever does not monitor this contact."""

    agent: int
    interaction: str
    mode: MonitoringMode


class StopMonitoring(_Command, frozen=True):
    agent: int
    interaction: str


class TakeOver(_Command, frozen=True):
    """拦截: the supervisor becomes the contact's agent, the agent goes into after-call work."""

    agent: int
    interaction: str


class Disconnect(_Command, frozen=True):
    """强拆: end a contact, whatever it is in."""

    agent: int
    interaction: str


class ForceState(_Command, frozen=True):
    """Force another agent's state; ``agent`` is the supervisor, who needs the right ``agents.force``.

    ``state``: "not_ready" (强制示忙), "ready" (强制示闲): during a contact remembered for afterwards; "logged_out"
    (强制签出): refused with "busy" during a contact.
    """

    agent: int
    target: int
    state: AgentState


# --- interventions (干预排队) in a contact that waits: ``agent`` is the lead, ``in_queue`` where the lead saw it ------
#
# Refused: "already_answered", "not_in_line" and "moved_meanwhile" where it has gone on since, "call_ended".


class Requeue(_Command, frozen=True):
    """改派队列: wait in ``queue`` instead; the wait so far counts there unless ``keeps_wait`` is False.

    Refused: "unknown_queue", "same_queue", "queue_unstaffed".
    """

    agent: int
    interaction: str
    in_queue: int
    queue: int
    keeps_wait: bool = True


class ChangePriority(_Command, frozen=True):
    """调整优先级 (-100 to 100) and class; None: as before. Refused: "unknown_class"."""

    agent: int
    interaction: str
    in_queue: int
    priority: int | None = None
    class_code: str | None = None


class Assign(_Command, frozen=True):
    """指派座席: keep it for ``target``, offered now or next, for ``for_s`` (10 to 1800 s); then it waits for the queue.

    Refused: "not_an_agent", "agent_not_at_work", "rings_there".
    """

    agent: int
    interaction: str
    in_queue: int
    target: int
    for_s: int = 120


class Pull(_Command, frozen=True):
    """抢接: ring the lead's own telephone for it at once. Refused: "busy", "not_signed_in", "no_telephone"."""

    agent: int
    interaction: str
    in_queue: int


class EndWaiting(_Command, frozen=True):
    """结束等待: say ``prompt`` ("": nothing) and hang up. ``reason`` (at most 500 characters) stands in the record.

    Refused: "reason_missing", "unknown_prompt".
    """

    agent: int
    interaction: str
    in_queue: int
    reason: str
    prompt: str = ""


class AnswerRest(_Command, frozen=True):
    """批准 or 不批准 another agent's rest; ``agent`` is the lead, who needs the right ``agents.force``.

    Without ``refusal`` it is granted: at once, after the contact, or as soon as the quotas have a place.
    Refused: "rest_not_asked" where nothing is asked any more.
    """

    agent: int
    target: int
    refusal: RestRefusal | None = None


class TakeWrapUp(_Command, frozen=True):
    """开始整理: after-call work that the queue leaves to the agent. Refused: "no_wrap_up_to_take", "busy"."""

    agent: int
    interaction: str


class CompleteWrapUp(_Command, frozen=True):
    """完成: end after-call work. ``then_ready`` False keeps the agent not ready afterwards."""

    agent: int
    interaction: str
    then_ready: bool = True


class ExtendWrapUp(_Command, frozen=True):
    """继续整理: add ``by_s`` seconds, as many as the rule of the queue gives at most.

    Refused: "not_in_wrap_up", "wrap_up_not_extendable", "no_extension_left".
    """

    agent: int
    interaction: str
    by_s: int = 60


class OpenGuestLine(_Command, frozen=True):
    """A one-call SIP identity for the "call us" page; it can reach only ``entry`` and dies after one call or 120 s.

    Result: ``TelephoneIdentity``. Errors: "unknown_number", "guest_calling_off", "too_many_calls".
    """

    entry: str
    remote: str


class TestTrunk(_Command, frozen=True):
    """Result: {"state": "ok", "unreachable", "refused" or "unknown", "detail": words, "rtt_ms": number or null}."""

    trunk: int


class CallTest(_Command, frozen=True):
    """Ring the agent's telephone and play the test prompt, then echo. No result."""

    agent: int


class GetHealth(_Command, frozen=True):
    """Result: ``EngineHealth``."""


class Drain(_Command, frozen=True):
    """Take no new calls; result: {"live_calls": n}. Repeatable; reports the number still live."""


class DrainNode(_Command, frozen=True):
    """Let one of several Asterisk nodes take no new calls, or take them again; result: ``NodeHealth``. Repeatable."""

    node: str
    is_draining: bool


class ListBans(_Command, frozen=True):
    """Whose SIP requests are refused now; result: ``[BanRow]``, newest first."""


class LiftBan(_Command, frozen=True):
    """End a ban now, by its row's id. No result; refused with "unknown_ban"."""

    ban: str


class Nudge(_Command, frozen=True):
    """Hint to the desks of ``users`` (None: everybody's) that ``topic`` shall be fetched again. Holds no data.

    Losing one harms nobody: pages also fetch on focus, after a reconnect, and every minute.
    """

    users: tuple[int, ...] | None
    topic: str


class TryRouting(_Command, frozen=True):
    """试一试: what the router would do with a made-up caller of ``queue`` now. Changes nothing. Result: ``Rehearsal``.

    ``number``: whose records are looked up; ``class_code``: its class, None by the company's rules; ``skills``: what it
    asks for, None as the queue does; ``entry``: the number called; ``at``: when it calls, for the calendar alone.
    ``changed``: the queue's settings as they would be. Refused: "unknown_queue", "unknown_class", "bad_number".
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


class Subscribe(_Command, frozen=True):
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
    | CallTest
    | GetHealth
    | Drain
    | DrainNode
    | ListBans
    | LiftBan
    | Nudge
    | TryRouting
    | Subscribe
)
