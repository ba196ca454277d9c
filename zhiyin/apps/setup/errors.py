"""Refusals about setting up."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed


class AlreadySetUp(NotAllowed):
    """A company works here already; further ones are not made by strangers."""

    code = "already_set_up"
    title = "This installation is set up already. Log in instead."


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
