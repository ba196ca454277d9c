"""Commands of leads: about a conversation, about contacts that wait, about agents (监管与干预)."""

from __future__ import annotations

from zhiyin.contracts.command_base import CommandBase
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode
from zhiyin.domain.rests import RestRefusal

# --- supervision (监管): ``agent`` is the supervisor, who needs the right ``calls.supervise`` and is signed in ------


class Monitor(CommandBase, frozen=True):
    """Be put beside a conversation: the supervisor's own telephone rings and answers by itself. Repeatable.

    ``mode``: "listen" (监听, heard by nobody), "whisper" (耳语, heard by the agent alone), "barge" (强插, heard by
    both), "take_over" (as ``TakeOver``).
    Refused: "no_conversation", "own_call", "already_monitored" (facts ``by``), "busy", "not_signed_in", "no_telephone".
    """

    agent: int
    interaction: str
    mode: MonitoringMode


class ChangeMonitoring(CommandBase, frozen=True):
    """Go on in another mode. Refused with "not_monitoring" for whoever does not monitor this contact."""

    agent: int
    interaction: str
    mode: MonitoringMode


class StopMonitoring(CommandBase, frozen=True):
    agent: int
    interaction: str


class TakeOver(CommandBase, frozen=True):
    """拦截: the supervisor becomes the contact's agent, the agent goes into after-call work."""

    agent: int
    interaction: str


class Disconnect(CommandBase, frozen=True):
    """强拆: end a contact, whatever it is in."""

    agent: int
    interaction: str


class ForceState(CommandBase, frozen=True):
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


class Requeue(CommandBase, frozen=True):
    """改派队列: wait in ``queue`` instead; the wait so far counts there unless ``keeps_wait`` is False.

    Refused: "unknown_queue", "same_queue", "queue_unstaffed".
    """

    agent: int
    interaction: str
    in_queue: int
    queue: int
    keeps_wait: bool = True


class ChangePriority(CommandBase, frozen=True):
    """调整优先级 (-100 to 100) and class; None: as before. Refused: "unknown_class"."""

    agent: int
    interaction: str
    in_queue: int
    priority: int | None = None
    class_code: str | None = None


class Assign(CommandBase, frozen=True):
    """指派座席: keep it for ``target``, offered now or next, for ``for_s`` (10 to 1800 s); then it waits for the queue.

    Refused: "not_an_agent", "agent_not_at_work", "rings_there".
    """

    agent: int
    interaction: str
    in_queue: int
    target: int
    for_s: int = 120


class Pull(CommandBase, frozen=True):
    """抢接: ring the lead's own telephone for it at once. Refused: "busy", "not_signed_in", "no_telephone"."""

    agent: int
    interaction: str
    in_queue: int


class EndWaiting(CommandBase, frozen=True):
    """结束等待: say ``prompt`` ("": nothing) and hang up. ``reason`` (at most 500 characters) stands in the record.

    Refused: "reason_missing", "unknown_prompt".
    """

    agent: int
    interaction: str
    in_queue: int
    reason: str
    prompt: str = ""


class AnswerRest(CommandBase, frozen=True):
    """批准 or 不批准 another agent's rest; ``agent`` is the lead, who needs the right ``agents.force``.

    Without ``refusal`` it is granted: at once, after the contact, or as soon as the quotas have a place.
    Refused: "rest_not_asked" where nothing is asked any more.
    """

    agent: int
    target: int
    refusal: RestRefusal | None = None
