"""Refusals about imports and exports."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotFound


class UnreadableFile(Invalid):
    """The file is no table that can be read; ``code`` says why."""

    code = "not_a_table"
    title = "This file is no table. Send CSV or XLSX."

    def __init__(self, code: str, title: str, **facts: object) -> None:
        super().__init__(code, title=title, facts=facts, fields={"file": code})


class UnknownImport(NotFound):
    """No such import, or it is another's."""


class UnknownExport(NotFound):
    """No such export, or it is another's."""


class WrongStage(Conflict):
    """The import is not at a stage where this can be asked of it."""

    code = "wrong_stage"
    title = "The import has gone on meanwhile. Reload the page."


class BadMapping(Invalid):
    """``fields``: which columns or fields are wrong, and why."""

    code = "bad_mapping"
    title = "Assign every required field to one column."
