"""HTTP of real calls of drafts: administration alone."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from ninja import Router, Schema, Status
from pydantic import StringConstraints

from zhiyin.apps.flows import services, trial_calls
from zhiyin.apps.flows.api import GraphIn
from zhiyin.apps.flows.tests_api import ScriptTraceOut
from zhiyin.apps.flows.trials_api import TrialOut, TrialTurnOut, TrialValueOut
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import TelephoneIdentityOut, problems
from zhiyin.contracts.trial_calls import TrialTurn
from zhiyin.domain.flow_scripts.script import to_line
from zhiyin.domain.flow_scripts.trial import Rest

trial_calls_router = Router(tags=["flows"], auth=Needs("admin"))


class TrialState(StrEnum):
    OPEN = "open"
    LIVE = "live"
    OVER = "over"


class TrialCallIn(Schema):
    """``graph``: the draft as it stands on the page, null for the saved one. ``number``: who seems to call.
    ``may_change``: requests are made too that change something elsewhere; a payment never is."""

    graph: GraphIn | None = None
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""
    is_vip: bool = False
    may_change: bool = False


class TrialCallOpenedOut(Schema):
    """``telephone`` makes this one call, within 120 s, and is nobody's afterwards."""

    trial: str
    telephone: TelephoneIdentityOut


class TrialCallOut(TrialOut):
    """``state`` "open": nobody has called yet. ``acts``: what leads the same way in virtual time, for
    a trial there that is kept as a test; ``script`` is empty here."""

    state: TrialState
    acts: list[str]


@trial_calls_router.post(
    "/{int:flow_id}/trial-calls",
    operation_id="openTrialCall",
    response={201: TrialCallOpenedOut, **problems(400, 404, 409, 503)},
)
def open_trial_call(request: TenantRequest, flow_id: int, body: TrialCallIn) -> Any:
    """A telephone that calls the draft. An earlier trial call of the same person ends."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    opened = trial_calls.open_call(
        actor=request.actor,
        flow=flow,
        graph=body.graph.model_dump(by_alias=True) if body.graph is not None else None,
        number=body.number,
        is_vip=body.is_vip,
        may_change=body.may_change,
    )
    return Status(201, {"trial": opened.trial, "telephone": msgspec.structs.asdict(opened.identity)})


@trial_calls_router.get(
    "/{int:flow_id}/trial-calls/{trial_call}",
    operation_id="getTrialCall",
    response={200: TrialCallOut, **problems(404, 409, 503)},
)
def get_trial_call(request: TenantRequest, flow_id: int, trial_call: str, language: Literal["zh", "en"] = "zh") -> Any:
    """What came of one's own trial call so far; it is forgotten a while after its end."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    told = trial_calls.tell(actor=request.actor, flow=flow, trial=trial_call)
    values = [TrialValueOut(name=name, text=text) for name, text in sorted(told.values.items())]
    return TrialCallOut(
        state=TrialState(told.state),
        turns=[_turn(turn, language) for turn in told.turns],
        rest=Rest(told.rest),
        is_listening=False,  # what is said here is spoken, and not typed
        node=told.node,
        values=values + [TrialValueOut(name=name, text=None) for name in told.secrets],
        lasted_s=told.lasted_s,
        refused=None,
        script="",
        acts=trial_calls.acts_of(told, flow=flow, language=language),
    )


def _turn(turn: TrialTurn, language: str) -> TrialTurnOut:
    return TrialTurnOut(
        act=to_line(*turn.act, language=language) if turn.act else None,
        traces=[
            ScriptTraceOut(at_s=one.at_s, what=one.what, name=one.name, through=one.through) for one in turn.traces
        ],
    )
