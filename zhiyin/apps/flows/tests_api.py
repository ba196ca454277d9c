"""HTTP of flows' tests and files: administration alone."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Router, Schema, Status
from pydantic import StringConstraints

from zhiyin.apps.flows import files, flow_tests, services
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.contracts.script_runs import ScriptRun
from zhiyin.domain.flow_scripts.caller import Trace

flow_tests_router = Router(tags=["flows"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class FlowTestIn(Schema):
    """``script``: a step a line, in Chinese or English words (guide: administration of flows)."""

    name: Name
    script: str = Field(max_length=20_000)


class ScriptIn(Schema):
    script: str = Field(max_length=20_000)


class ScriptTraceOut(Schema):
    """What happened in virtual time: ``what`` is say, node, queue, voicemail, callback, booking, talking, value or
    end. ``through``: the exit by which the node before was left, of a node alone."""

    at_s: float
    what: str
    name: str
    through: str


class ScriptRunOut(Schema):
    """``line`` is the one that does not hold, and ``why``; ``instead`` what happened since the act before it."""

    is_passed: bool
    line: int | None
    text: str
    why: str
    instead: list[ScriptTraceOut]
    traces: list[ScriptTraceOut]
    lasted_s: float


class FlowTestOut(Schema):
    id: int
    name: str
    script: str
    run: ScriptRunOut


class FlowRulesIn(Schema):
    """``needs_tests``: publishing is refused while a test fails. ``person_within``: warn where a caller has heard so
    many steps and was offered no person; null: never."""

    needs_tests: bool
    person_within: int | None = Field(ge=1, le=50)


class FlowFileIn(Schema):
    file: dict[str, Any]


class FlowNamedOut(Schema):
    id: int
    name: str


class FlowMissingOut(Schema):
    what: str
    name: str


class FlowImportedOut(Schema):
    """``missing``: what the file names and the company does not have."""

    flow: FlowNamedOut
    missing: list[FlowMissingOut]


def _traces(traces: tuple[Trace, ...]) -> list[ScriptTraceOut]:
    return [
        ScriptTraceOut(at_s=one.at_s, what=one.what, name=one.name, through=one.through)
        for one in traces[:_MOST_TRACES]
    ]


_MOST_TRACES = 200


def _run(run: ScriptRun) -> ScriptRunOut:
    return ScriptRunOut(
        is_passed=run.is_passed,
        line=run.line,
        text=run.text,
        why=run.why,
        instead=_traces(run.instead),
        traces=_traces(run.traces),
        lasted_s=run.lasted_s,
    )


@flow_tests_router.get(
    "/{int:flow_id}/tests", operation_id="runFlowTests", response={200: list[FlowTestOut], **problems(404)}
)
def run_tests(request: TenantRequest, flow_id: int) -> Any:
    """The flow's tests, and what comes of each against the draft, just now."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    return [
        FlowTestOut(id=test.pk, name=test.name, script=test.script, run=_run(outcome))
        for test, outcome in flow_tests.run_all(flow)
    ]


@flow_tests_router.post(
    "/{int:flow_id}/tests", operation_id="createFlowTest", response={201: FlowTestOut, **problems(400, 404, 409)}
)
def create_test(request: TenantRequest, flow_id: int, body: FlowTestIn) -> Any:
    """Keep a test beside the flow."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    test = flow_tests.create_test(actor=request.actor, flow=flow, name=body.name, script=body.script)
    (outcome,) = flow_tests.run(flow, [(test.name, test.script)])
    return Status(201, FlowTestOut(id=test.pk, name=test.name, script=test.script, run=_run(outcome)))


@flow_tests_router.post(
    "/{int:flow_id}/tests/try", operation_id="tryFlowScript", response={200: ScriptRunOut, **problems(400, 404)}
)
def try_script(request: TenantRequest, flow_id: int, body: ScriptIn) -> Any:
    """Run a script against the draft, and keep nothing."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    flow_tests.check_script(body.script)
    (outcome,) = flow_tests.run(flow, [("", body.script)])
    return _run(outcome)


@flow_tests_router.put(
    "/{int:flow_id}/tests/{int:test_id}",
    operation_id="updateFlowTest",
    response={200: FlowTestOut, **problems(400, 404, 409)},
)
def update_test(request: TenantRequest, flow_id: int, test_id: int, body: FlowTestIn) -> Any:
    """Change a test."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    test = flow_tests.update_test(actor=request.actor, flow=flow, test_id=test_id, name=body.name, script=body.script)
    (outcome,) = flow_tests.run(flow, [(test.name, test.script)])
    return FlowTestOut(id=test.pk, name=test.name, script=test.script, run=_run(outcome))


@flow_tests_router.delete(
    "/{int:flow_id}/tests/{int:test_id}", operation_id="removeFlowTest", response={204: None, **problems(404)}
)
def remove_test(request: TenantRequest, flow_id: int, test_id: int) -> Any:
    """Remove a test."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    flow_tests.remove_test(actor=request.actor, flow=flow, test_id=test_id)
    return Status(204, None)


@flow_tests_router.put("/{int:flow_id}/rules", operation_id="setFlowRules", response={204: None, **problems(404)})
def set_rules(request: TenantRequest, flow_id: int, body: FlowRulesIn) -> Any:
    """Say whether its tests must hold before it is published, and how soon a caller should be offered a person."""
    services.set_rules(
        actor=request.actor, flow_id=flow_id, needs_tests=body.needs_tests, person_within=body.person_within
    )
    return Status(204, None)


@flow_tests_router.get(
    "/{int:flow_id}/file", operation_id="exportFlow", response={200: dict[str, Any], **problems(404)}
)
def export_flow(request: TenantRequest, flow_id: int) -> Any:
    """The draft and its tests as a file: names stand for ids, and the order stays, so that it lives well in git."""
    flow = services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    answer = HttpResponse(files.export_flow(flow), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="flow-{flow.pk}.flow.json"'
    return answer


@flow_tests_router.post("/import", operation_id="importFlow", response={200: FlowImportedOut, **problems(400, 409)})
def import_flow(request: TenantRequest, body: FlowFileIn) -> Any:
    """Make a file the draft of the flow of its name, or of a new one; what is in force stays."""
    flow, missing = files.import_flow(actor=request.actor, document=body.file)
    return FlowImportedOut(
        flow=FlowNamedOut(id=flow.pk, name=flow.name),
        missing=[FlowMissingOut(what=one.what, name=one.name) for one in missing],
    )
