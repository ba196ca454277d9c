"""HTTP of trial calls: administration alone."""

from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema
from pydantic import StringConstraints

from zhiyin.apps.flows import services, trials
from zhiyin.apps.flows.api import GraphIn
from zhiyin.apps.flows.tests_api import ScriptTraceOut
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.domain.flow_scripts.caller import Trace
from zhiyin.domain.flow_scripts.trial import Rest

flow_trials_router = Router(tags=["flows"], auth=Needs("admin"))

MOST_ACTS = 90
Act = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class TrialIn(Schema):
    """``graph``: the draft as it stands on the page, null for the saved one. ``acts``: lines of a caller's script
    without expectations, what is given first. ``language``: that of the ``script`` told back."""

    graph: GraphIn | None = None
    acts: list[Act] = Field(max_length=MOST_ACTS)
    language: Literal["zh", "en"] = "zh"


class TrialTurnOut(Schema):
    """``act``: null, the call comes in."""

    act: str | None
    traces: list[ScriptTraceOut]


class TrialValueOut(Schema):
    """``text``: null, a masked step collected it."""

    name: str
    text: str | None


class TrialRefusedOut(Schema):
    """The act (its line, from 1; null: the call's beginning) that could not be done, and why."""

    line: int | None
    text: str
    why: str


class TrialOut(Schema):
    """``node``: where the call stands; ``rest``: what it does there until the next act; ``is_listening``: what the
    caller says is heard. ``script`` keeps the trial as a test."""

    turns: list[TrialTurnOut]
    rest: Rest
    is_listening: bool
    node: str
    values: list[TrialValueOut]
    lasted_s: float
    refused: TrialRefusedOut | None
    script: str


def _trace(trace: Trace) -> ScriptTraceOut:
    return ScriptTraceOut(at_s=trace.at_s, what=trace.what, name=trace.name, through=trace.through)


@flow_trials_router.post("/{int:flow_id}/trial", operation_id="tryFlow", response={200: TrialOut, **problems(400, 404)})
def try_flow(request: TenantRequest, flow_id: int, body: TrialIn) -> Any:
    """Call the draft in virtual time: play the acts from the beginning, and say what came of each. Nothing is kept."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    graph = body.graph.model_dump(by_alias=True) if body.graph is not None else None
    told = trials.play(flow=flow, graph=graph, acts=body.acts, language=body.language)
    trial = told.trial
    values = [TrialValueOut(name=name, text=text) for name, text in sorted(trial.values.items())]
    at = trial.refused_at
    return TrialOut(
        turns=[
            TrialTurnOut(act=turn.line.text if turn.line else None, traces=[_trace(one) for one in turn.traces])
            for turn in trial.turns
        ],
        rest=trial.rest,
        is_listening=trial.is_listening,
        node=trial.node,
        values=values + [TrialValueOut(name=name, text=None) for name in trial.secrets],
        lasted_s=trial.lasted_s,
        refused=TrialRefusedOut(line=at.number if at else None, text=at.text if at else "", why=trial.why)
        if trial.why
        else None,
        script=told.script,
    )
