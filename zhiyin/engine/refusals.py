"""A command that cannot be met."""

from __future__ import annotations

from zhiyin.contracts.frames import Problem


class Refused(Exception):
    """``code`` is a stable word the desk translates, ``facts`` fill its sentence."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, facts)


class DeskRefused(Exception):
    """An agent's wish cannot be met; ``code`` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
