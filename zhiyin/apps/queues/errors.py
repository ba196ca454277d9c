"""Refusals about queues and lists."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.refusals import Conflict, Invalid


class UnknownReference(Invalid):
    """An id in the request names nothing of this company. ``field``: where it stood."""

    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class InUse(Conflict):
    """Published flows still lead to it."""

    code = "in_use"

    def __init__(self, flows: Sequence[str]) -> None:
        super().__init__(title=f"Still used by: {', '.join(flows)}. Change that first.", facts={"used_by": list(flows)})


class BadOverflow(Invalid):
    """A step of the overflow chain cannot stand: ``ChainProblem`` of the domain, or "incomplete"."""

    code = "bad_overflow"
    title = "A step of the overflow chain cannot stand. Change or remove it."

    def __init__(self, code: str, step: int) -> None:
        field = {"unknown_prompt": "prompt", "never_reached": "condition", "incomplete": "action"}.get(code, "queue")
        super().__init__(fields={f"overflow.{step}.{field}": code}, facts={"step": step + 1})


class BadReminder(Invalid):
    """A reminder's text names what there is not, or a link that leads nowhere."""

    code = "bad_reminder"
    title = "A reminder may name {{day}}, {{time}}, {{company}}, {{queue}} and {{link}}; a link needs the address."

    def __init__(self, field: str, code: str) -> None:
        super().__init__(fields={f"callback.reminder.{field}": code})


class DispositionLoop(Invalid):
    code = "loop"
    title = "A disposition cannot stand below itself."


class LoanOver(Conflict):
    """The agent is back already."""

    code = "loan_over"
    title = "This loan is over already; the agent is back."


class ReservedReason(Invalid):
    code = "reserved"
    title = "The system gives this reason itself. Choose another code."

    def __init__(self) -> None:
        super().__init__(fields={"code": "reserved"})


class ExtensionTaken(Invalid):
    """A telephone that dials the number means something else by it already."""

    code = "extension_taken"
    title = "This number already leads elsewhere. Choose another."

    def __init__(self) -> None:
        super().__init__(fields={"extension": "taken"})
