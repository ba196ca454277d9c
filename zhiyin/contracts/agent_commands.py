"""What agents ask about themselves: their state, their rest, their after-call work and their telephone."""

from __future__ import annotations

from zhiyin.contracts.command_base import CommandBase


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


class CallTest(CommandBase, frozen=True):
    """Ring the agent's telephone and play the test prompt, then echo. No result."""

    agent: int
