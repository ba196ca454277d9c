"""Trying the router on a made-up caller of a queue (试一试), also with settings that are not saved."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.queues import services
from zhiyin.apps.queues.schemas import QueuePatchIn, Skills
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.contracts.commands import TryRouting
from zhiyin.contracts.rehearsals import Rehearsal
from zhiyin.contracts.snapshots import QueueSetting

router = Router(tags=["routing"], auth=Needs("admin"))

Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)]


class RehearsalIn(Schema):
    """Who calls, made up. ``class_code`` null: by the company's rules; ``skills`` null: as the queue asks.

    ``at``: when, for the calendar; ``changes``: of the queue, not saved, tried beside the present settings.
    """

    number: Number = ""
    entry: Number = ""
    customer_class: int | None = None
    class_code: Annotated[str, StringConstraints(max_length=40)] | None = None
    skills: Annotated[Skills, Field(max_length=50)] | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    at: datetime | None = None
    changes: QueuePatchIn | None = None
    channel: Literal["voice", "chat", "mail"] = "voice"


class RehearsalRingOut(Schema):
    after_s: float
    queues: list[int]
    skills: dict[str, int]
    able: int
    ready: int


class RehearsalAgentOut(Schema):
    agent: int
    name: str
    verdict: str
    after_s: float | None
    missing: dict[str, int]
    #: contacts that the agent has, by channel
    load: dict[str, int]


class RehearsalStepOut(Schema):
    condition: str
    threshold: int
    action: str
    queue: int | None
    prompt: str
    at_s: float | None
    is_reached: bool


class RehearsalOutcomeOut(Schema):
    """See ``contracts.rehearsals.RehearsalOutcome``."""

    class_code: str
    priority: int
    is_open: bool
    opens_at: datetime | None
    offered_to: list[int]
    rule: str
    contact_rule: str
    points: float
    what_if: dict[str, int]
    preferred: list[int]
    preferred_for_s: float
    before: int
    p50_s: float | None
    p90_s: float | None
    max_wait_s: int
    rings: list[RehearsalRingOut]
    agents: list[RehearsalAgentOut]
    steps: list[RehearsalStepOut]


class RehearsalOut(Schema):
    at: datetime
    is_vip: bool
    is_blocked: bool
    is_known: bool
    present: RehearsalOutcomeOut
    changed: RehearsalOutcomeOut | None
    #: of everybody named
    names: dict[int, str]


@router.post(
    "/{int:queue_id}/try", operation_id="tryRouting", response={200: RehearsalOut, **problems(400, 404, 409, 503)}
)
def try_routing(request: TenantRequest, queue_id: int, body: RehearsalIn) -> Any:
    """What the router would do with this caller now. Changes nothing."""
    tenant = request.actor.tenant
    services.get_queue(tenant=tenant, queue_id=queue_id)
    changed = _draft(request, queue_id, body.changes) if body.changes is not None else None
    command = TryRouting(queue=queue_id, changed=changed, **body.dict(exclude={"changes"}))
    rehearsal = ask_engine(command, tenant_id=tenant.pk, actor_id=request.actor.user_id, result=Rehearsal)
    outcomes = [outcome for outcome in (rehearsal.present, rehearsal.changed) if outcome is not None]
    people = {one.agent for outcome in outcomes for one in outcome.agents}
    people |= {agent for outcome in outcomes for agent in (*outcome.preferred, *outcome.what_if.values())}
    names = accounts.names_of(tenant=tenant, user_ids=people)
    told = msgspec.to_builtins(rehearsal)
    for outcome in (told["present"], told["changed"]):
        for one in outcome["agents"] if outcome is not None else ():
            one["name"] = names.get(one["agent"], "")
    return {**told, "names": names}


def _draft(request: TenantRequest, queue_id: int, changes: QueuePatchIn) -> QueueSetting:
    return services.draft_of_queue(
        tenant=request.actor.tenant,
        queue_id=queue_id,
        fields=changes.named(),
        members=changes.members,
        memberships=changes.dict()["memberships"],
    )
