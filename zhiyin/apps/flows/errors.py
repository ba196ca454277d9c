"""Refusals about flows, hours and prompts."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.refusals import Conflict, Invalid, PartAway
from zhiyin.domain.flow_scripts.script import Slip
from zhiyin.domain.flows.graph import FlowProblem


class FlowHasHoles(Invalid):
    """A caller could get stuck or hear nothing; ``problems`` say where, all of them."""

    code = "flow_has_holes"
    title = "The flow has holes. Close them, then publish."

    def __init__(self, problems: Sequence[FlowProblem]) -> None:
        super().__init__(facts={"problems": _facts(problems)})
        self.problems = tuple(problems)


class FlowCannotBeTried(Invalid):
    """Steps cannot be read or a sub-flow is missing; ``problems`` say which."""

    code = "flow_cannot_be_tried"
    title = "Some steps are not filled in, so the draft cannot be called yet. Complete them, then try again."

    def __init__(self, problems: Sequence[FlowProblem]) -> None:
        nodes = ", ".join(dict.fromkeys(p.node or p.code for p in problems))
        super().__init__(facts={"problems": _facts(problems), "nodes": nodes})


class BadTrialNumber(Invalid):
    code = "bad_number"
    title = "This is no telephone number. Enter one as it would be dialled, or leave it empty."

    def __init__(self) -> None:
        super().__init__(fields={"number": "bad_number"})


class TooManyTrialCalls(Conflict):
    code = "too_many_trial_calls"
    title = "Several people are trying flows by telephone at the moment. Try again when one of them is done."


def _facts(problems: Sequence[FlowProblem]) -> list[dict[str, object]]:
    return [
        {
            "code": p.code,
            "node": p.node,
            "field": p.field,
            "detail": p.detail,
            "path": [list(step) for step in p.path],
        }
        for p in problems
    ]


class FlowTestsFail(Invalid):
    """The flow's tests must hold before it is published; ``tests`` are those that do not, by name."""

    code = "flow_tests_fail"
    title = "Tests of this flow fail. Correct the flow or the tests, then publish."

    def __init__(self, tests: Sequence[str]) -> None:
        super().__init__(facts={"tests": list(tests)})


class BadScriptText(Invalid):
    """The text is no caller's script; ``slips`` say which lines and why."""

    code = "bad_script"
    title = "Some lines of the script cannot be read."

    def __init__(self, slips: Sequence[Slip]) -> None:
        facts = {"slips": [{"line": slip.number, "code": slip.code, "text": slip.text} for slip in slips]}
        super().__init__(facts=facts, fields={"script": "bad_script"})


class TooManyTests(Conflict):
    code = "too_many_tests"
    title = "A flow has 200 tests at most. Remove one that is not needed."


class BadFlowFile(Invalid):
    code = "bad_flow_file"
    title = "This is not a flow's file of a format that is known. Export one to see its form."

    def __init__(self) -> None:
        super().__init__(fields={"file": "bad_flow_file"})


class DraftOutdated(Conflict):
    """Somebody else saved the draft since it was loaded."""

    code = "outdated"
    title = "Somebody else saved this flow meanwhile. Reload it before you change it."


class EditedByAnother(Conflict):
    """Somebody has the draft open; ``name`` is who."""

    code = "edited_by_another"

    def __init__(self, *, name: str) -> None:
        super().__init__(title=f"{name} is editing this flow. Take it over first, or wait.", facts={"name": name})


class FlowInUse(Conflict):
    code = "in_use"

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(title=f"Still used by: {', '.join(users)}. Change that first.", facts={"used_by": list(users)})


class BadHours(Invalid):
    """``field``: which part; a span must end after it starts."""

    code = "bad_hours"
    title = "Opening hours are spans like 09:00 to 18:00, each ending after it starts."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "bad_hours"})


class UnknownZone(Invalid):
    code = "unknown_time_zone"
    title = "There is no such time zone. Choose one from the list."

    def __init__(self) -> None:
        super().__init__(fields={"time_zone": "unknown_time_zone"})


class BadDays(Invalid):
    """A file of holidays that says no days. ``rows``: (number, "date", "kind" or "hours"); none: it is empty."""

    code = "bad_days"
    title = "Each row is a date, holiday or workday, a name, and for a workday its hours."

    def __init__(self, rows: Sequence[tuple[int, str]]) -> None:
        numbers = ", ".join(str(number) for number, _ in rows[:20])
        facts = {"rows": [{"row": number, "code": code} for number, code in rows[:100]], "numbers": numbers or "-"}
        super().__init__(facts=facts, fields={"csv": "bad_days"})


class BadAudio(Invalid):
    """A file that cannot become a prompt; ``code`` names what is wrong with it."""

    def __init__(self, code: str, title: str, **facts: object) -> None:
        super().__init__(code, title=title, facts=facts, fields={"file": code})


class ReadersBusy(PartAway):
    """Others' files are being read just now."""

    code = "sound_readers_busy"
    title = "Other recordings are being read at the moment. Try again in a few seconds."


class SpeechAway(PartAway):
    code = "speech_away"
    title = "No voice can be made on this machine. Upload or make a recording instead."


class BadTemplate(Invalid):
    """``field`` of what was chosen for a template is missing or does not exist."""

    code = "bad_template"
    title = "Something that this template needs is missing, or does not exist any more. Choose it again."

    def __init__(self, field: str, why: str) -> None:
        super().__init__(fields={field: why})
