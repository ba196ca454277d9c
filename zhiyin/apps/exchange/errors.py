"""Refusals about imports and exports."""

from __future__ import annotations

from zhiyin.apps.refusals import Conflict, Invalid, NotAllowed, NotFound


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


class NoList(Invalid):
    """What was named is no list that can be exported."""

    code = "no_list"
    title = "This is no list that can be exported."


class UnknownFilter(Invalid):
    """A filter that the list does not know: it would be left out, and more sent than was meant."""

    code = "unknown_filter"
    title = "The list knows no such filter."


class TooManyRows(Conflict):
    """More than is sent at once: it has to be ordered."""

    code = "export_too_large"
    title = "The list is too long to be sent at once. Order the export with POST /api/exports."


class BeyondLimit(Conflict):
    """More than this company lets leave, and nobody may approve more."""

    code = "export_limit"
    title = "This is more than may be exported. Filter the list, or ask an administrator to raise the limit."


class OwnExport(NotAllowed):
    code = "own_export"
    title = "Somebody else has to decide about your own export."


class RightsChanged(NotAllowed):
    code = "rights_changed"
    title = "What you may see has changed since this file was made. Make the export anew."


class NoFile(NotFound):
    code = "no_file"
    title = "The file is not there: not made yet, or its time is over."


class UnknownPlan(NotFound):
    """No such plan, or it is another company's."""


class BadPlan(Invalid):
    """``fields``: what of the plan cannot be, and why."""

    code = "bad_plan"
    title = "Some entries of the plan need correction."


class RunGoesOn(Conflict):
    code = "run_goes_on"
    title = "A run of this plan goes on already. Wait until it has ended."


class ColumnsMissing(Invalid):
    """``facts["columns"]``: titles that the plan assigns and the file does not have."""

    code = "columns_missing"
    title = "The file lacks columns that the plan assigns."
