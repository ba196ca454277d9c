"""HTTP of flows: administration alone."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, StringConstraints

from zhiyin.apps.flows import queries, services, sub_flows, templates
from zhiyin.apps.flows.models import Flow
from zhiyin.apps.flows.panel_options import Option, Options, options_of
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.domain.flows.graph import FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField

router = Router(tags=["flows"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class NodeIn(BaseModel):
    """One node; ``config`` depends on ``kind``. Unknown members (colours, notes) are kept."""

    model_config = ConfigDict(extra="allow")
    id: str = Field(min_length=1, max_length=60)
    kind: str = Field(min_length=1, max_length=40)
    config: dict[str, Any] = {}
    position: dict[str, float] = {}


class EdgeIn(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True)
    source: str = Field(alias="from")
    exit: str
    to: str


class GraphIn(BaseModel):
    """A flow's graph, format 1; holes are allowed in a draft."""

    model_config = ConfigDict(extra="allow")
    format: Literal[1]
    start: str
    nodes: list[NodeIn] = Field(max_length=1000)
    edges: list[EdgeIn] = Field(max_length=5000)


class FlowOut(Schema):
    id: int
    name: str
    #: the version in force; 0: never published
    version: int
    draft_version: int
    changed_at: datetime


class FlowPathStepOut(Schema):
    """A step passed, and the exit it was left by."""

    node: str
    exit: str


class FlowProblemOut(Schema):
    """``path``: the shortest way on which a caller meets it, from the start; of a loop, also once around."""

    code: str
    node: str | None
    field: str | None
    detail: str
    path: list[FlowPathStepOut]


class SubFlowOut(Schema):
    """What a step of the version in force uses: ``version`` of a flow, of which ``newest`` is in force by now."""

    node: str
    flow: int
    name: str
    version: int
    newest: int


class FlowUserOut(Schema):
    id: int
    name: str


class FlowDetailOut(FlowOut):
    sub_flows: list[SubFlowOut]
    #: flows that use this one, in force or in their draft
    used_by: list[FlowUserOut]
    draft: dict[str, Any]
    #: what stands against publishing
    problems: list[FlowProblemOut]
    #: what does not, and is better seen to
    warnings: list[FlowProblemOut]
    #: whether a test that fails keeps the draft from being published
    needs_tests: bool
    person_within: int | None


class FlowPage(Page[FlowOut]):
    pass


class FlowIn(Schema):
    """``graph`` to begin with; or a ``template`` with what was chosen for its slots; or nothing but a goodbye."""

    name: Name
    graph: GraphIn | None = None
    template: str | None = Field(None, max_length=40)
    choices: dict[str, int] = Field(default_factory=dict, max_length=20)


class FlowChoiceOut(Schema):
    choice: str | int
    name: str
    name_en: str


class FlowSlotOut(Schema):
    """What is chosen for a template: a queue, hours, an external service."""

    slot: str
    kind: Literal["queue", "hours", "http_service"]
    name: str
    name_en: str
    is_required: bool
    #: of an external service; queues and hours have lists of their own
    choices: list[FlowChoiceOut]


class FlowTemplateOut(Schema):
    code: str
    name: str
    name_en: str
    hint: str
    hint_en: str
    slots: list[FlowSlotOut]


class DraftIn(Schema):
    name: Name | None = None
    graph: GraphIn
    #: the version that was loaded
    draft_version: int


class FlowVersionOut(Schema):
    version: int
    published_at: datetime
    published_by: str
    graph: dict[str, Any]


class FlowFieldOut(Schema):
    """What a panel asks: ``kind`` says how it is chosen (``domain/flows/nodes/panel.py``)."""

    name: str
    kind: FieldKind
    label: str
    label_en: str
    hint: str
    hint_en: str
    is_required: bool
    least: int
    most: int
    default: int | str | None
    unit: str
    #: of a choice, and of what is chosen among the company's external services, statements and customers' fields
    choices: list[FlowChoiceOut]
    #: of rows
    columns: "list[FlowFieldOut]"
    #: asked only where the field beside it of this name has one of these values; "": always
    shown_by: str
    shown_for: list[str]


class FlowExitOut(Schema):
    exit: str
    name: str
    name_en: str


class FlowKindOut(Schema):
    """A kind of node. ``exits_by``: the field whose keys, or rows (``exit``, ``name``), are exits too, before
    those that every such node has."""

    kind: str
    name: str
    name_en: str
    exits: list[FlowExitOut]
    exits_by: str
    fields: list[FlowFieldOut]


_PANEL = ("name", "kind", "is_required", "least", "most", "default", "unit", "shown_by")
FLOW_COLUMNS = {"name": ("流程", "Flow"), "version": ("版本", "Version"), "changed_at": ("修改时间", "Changed")}


def _shape(rows: Sequence[Flow]) -> list[FlowOut]:
    return [FlowOut.from_orm(row) for row in rows]


def _field(field: PanelField, options: Options) -> dict[str, Any]:
    choices = options.get(field.kind) or [(code, *words) for code, words in field.choices.items()]
    return {
        "label": field.words[0],
        "label_en": field.words[1],
        "hint": field.hint[0],
        "hint_en": field.hint[1],
        "choices": _choices(choices),
        "columns": [_field(column, options) for column in field.columns],
        "shown_for": list(field.shown_for),
        **{name: getattr(field, name) for name in _PANEL},
    }


def _detail(flow: Flow) -> FlowDetailOut:
    found = services.prove_draft(
        tenant=flow.tenant, graph=flow.draft, flow_id=flow.pk, person_within=flow.person_within
    )
    return FlowDetailOut(
        sub_flows=[SubFlowOut(**asdict(use)) for use in sub_flows.uses_of(flow)],
        used_by=[FlowUserOut(id=u.pk, name=u.name) for u in sub_flows.users_of(tenant=flow.tenant, flow_id=flow.pk)],
        **FlowOut.from_orm(flow).dict(),
        draft=flow.draft,
        needs_tests=flow.needs_tests,
        person_within=flow.person_within,
        problems=[_problem(one) for one in found.problems],
        warnings=[_problem(one) for one in found.warnings],
    )


def _problem(problem: FlowProblem) -> FlowProblemOut:
    path = [FlowPathStepOut(node=node, exit=exit_) for node, exit_ in problem.path]
    return FlowProblemOut(code=problem.code, node=problem.node, field=problem.field, detail=problem.detail, path=path)


@router.get("", operation_id="listFlows", response={200: FlowPage, **problems()})
def list_flows(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Flows of the company."""
    rows = queries.list_flows(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("name", "version", "changed_at")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="name", shape=_shape, columns=FLOW_COLUMNS
    )


@router.post("", operation_id="createFlow", response={201: FlowDetailOut, **problems(400, 409)})
def create_flow(request: TenantRequest, body: FlowIn) -> Any:
    """Make a flow; publish it to put it in force."""
    graph: dict[str, Any]
    if body.graph is not None:
        graph = body.graph.model_dump(by_alias=True)
    elif body.template is not None:
        graph = services.draw_template(tenant=request.actor.tenant, code=body.template, choices=body.choices)
    else:
        graph = templates.empty_flow()
    return Status(201, _detail(services.create_flow(actor=request.actor, name=body.name, graph=graph)))


@router.get("/templates", operation_id="getFlowTemplates", response={200: list[FlowTemplateOut], **problems()})
def list_templates(request: TenantRequest) -> Any:
    """What a new flow may begin with, and what is chosen for it."""
    options = options_of(tenant=request.actor.tenant)
    return [
        {
            **_words(template.words),
            "code": template.code,
            "hint": template.hint[0],
            "hint_en": template.hint[1],
            "slots": [
                {
                    **_words(slot.words),
                    "slot": slot.name,
                    "kind": slot.kind,
                    "is_required": slot.is_required,
                    "choices": _choices(options.get(slot.kind, ())),
                }
                for slot in template.slots
            ],
        }
        for template in templates.TEMPLATES.values()
    ]


def _choices(options: Iterable[Option]) -> list[dict[str, object]]:
    return [{"choice": code, "name": zh, "name_en": en} for code, zh, en in options]


def _words(words: tuple[str, str]) -> dict[str, str]:
    return {"name": words[0], "name_en": words[1]}


@router.get("/kinds", operation_id="getFlowKinds", response={200: list[FlowKindOut], **problems()})
def list_kinds(request: TenantRequest) -> Any:
    """The kinds of node a flow is drawn from, and what each panel asks."""
    options = options_of(tenant=request.actor.tenant)
    return [
        {
            "kind": kind,
            "name": known.words[0],
            "name_en": known.words[1],
            "exits": [{"exit": name, "name": words[0], "name_en": words[1]} for name, words in known.exits.items()],
            "exits_by": known.exits_by,
            "fields": [_field(field, options) for field in known.fields],
        }
        for kind, known in KINDS.items()
    ]


@router.get("/{int:flow_id}", operation_id="getFlow", response={200: FlowDetailOut, **problems(404)})
def get_flow(request: TenantRequest, flow_id: int) -> Any:
    """One flow with its draft, and what stands against publishing it."""
    return _detail(services.get_flow(tenant=request.actor.tenant, flow_id=flow_id))


@router.put("/{int:flow_id}/draft", operation_id="saveFlowDraft", response={200: FlowDetailOut, **problems(404, 409)})
def save_draft(request: TenantRequest, flow_id: int, body: DraftIn) -> Any:
    """Save the draft, holes and all."""
    flow = services.save_draft(
        actor=request.actor,
        flow_id=flow_id,
        name=body.name,
        graph=body.graph.model_dump(by_alias=True),
        draft_version=body.draft_version,
        now=timezone.now(),
    )
    return _detail(flow)


@router.post("/{int:flow_id}/publish", operation_id="publishFlow", response={200: FlowDetailOut, **problems(400, 404)})
def publish_flow(request: TenantRequest, flow_id: int) -> Any:
    """Put the draft in force for the next call. 400 ``flow_has_holes`` names every hole."""
    return _detail(services.publish_flow(actor=request.actor, flow_id=flow_id, now=timezone.now()))


@router.get(
    "/{int:flow_id}/versions", operation_id="listFlowVersions", response={200: list[FlowVersionOut], **problems(404)}
)
def list_versions(request: TenantRequest, flow_id: int) -> Any:
    """What was published, newest first."""
    services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    return queries.list_versions(tenant=request.actor.tenant, flow_id=flow_id).order_by("-version")[:100]


@router.delete("/{int:flow_id}", operation_id="removeFlow", response={204: None, **problems(404, 409)})
def remove_flow(request: TenantRequest, flow_id: int) -> Any:
    """Remove a flow that no number leads to."""
    services.remove_flow(actor=request.actor, flow_id=flow_id)
    return Status(204, None)
