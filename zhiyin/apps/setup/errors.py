"""Refusals about setting up."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class AlreadySetUp(NotAllowed):
    """A company works here already; further ones are not made by strangers."""

    code = "already_set_up"
    title = "This installation is set up already. Log in instead."


class SetupCodeNeeded(NotAllowed):
    """There is no company yet, and who asks does not sit at the machine itself."""

    code = "setup_code_needed"
    title = (
        "Give the setup code. It stands where Zhiyin was started: in the terminal, in the service's journal "
        "(journalctl -u zhiyin), or where `zhiyin prepare` was run. Starting again says a new one."
    )

    def __init__(self) -> None:
        super().__init__(fields={"setup_code": self.code})


class SetupCodeWrong(SetupCodeNeeded):
    """Another start's, mistyped, or guessed. Also where none was made: the demo was removed and nothing is there."""

    code = "setup_code_wrong"
    title = (
        "This is not the setup code of the last start. It stands in the terminal, in the service's journal "
        "(journalctl -u zhiyin), or where `zhiyin prepare` was run. Starting again says a new one."
    )
    keeps_writes = True


class CodeTaken(Conflict):
    """The demo company has this code; it goes with the demo."""

    code = "taken"
    title = "The demo company has this code. Choose another, or remove the demo first."

    def __init__(self) -> None:
        super().__init__(fields={"company.code": "taken"})


class NoDemo(Conflict):
    code = "no_demo"
    title = "There is no demo company any more."


class UnknownTimeZone(Invalid):
    code = "unknown_time_zone"
    title = "Choose a time zone such as Asia/Shanghai."

    def __init__(self) -> None:
        super().__init__(fields={"time_zone": "unknown_time_zone"})
