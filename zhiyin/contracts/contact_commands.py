"""What agents ask about a contact that they have, or are to have."""

from __future__ import annotations

from zhiyin.contracts.command_base import CommandBase


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
    """驻留: the customer hears music on a slot, the agent is free. Result: {"slot": number}.

    ``note`` is for whoever fetches it.
    """

    agent: int
    interaction: str
    note: str | None = None


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
