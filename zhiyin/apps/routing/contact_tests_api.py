"""HTTP of the test channel (测试联络): contacts without customers, which show the rules of capacity at work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from ninja import Router, Schema, Status
from pydantic import Field

from zhiyin.apps.accounts.queries import names_of
from zhiyin.apps.audit import services as audit
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.queues.services import get_queue
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import EndTestContacts, ListTestContacts, PutTestContacts
from zhiyin.contracts.rehearsals import ContactTestRow

router = Router(tags=["routing"], auth=Needs("admin"))


class TestContactsIn(Schema):
    queue: int
    channel: Literal["chat", "mail"]
    count: Annotated[int, Field(ge=1, le=20)] = 1
    lasts_s: Annotated[int, Field(ge=10, le=900)] = 120


class TestContactOut(Schema):
    """``agent``: who has it, since ``taken_at``; null: it waits."""

    id: str
    queue: int
    channel: str
    since: datetime
    agent: int | None
    agent_name: str
    taken_at: datetime | None


class TestContactsOut(Schema):
    items: list[TestContactOut]


@router.get("", operation_id="getTestContacts", response={200: TestContactsOut, **problems(404, 409, 503)})
def list_tests(request: TenantRequest) -> Any:
    """The test contacts that are there, and who has them."""
    actor = request.actor
    rows = ask_engine(
        ListTestContacts(), tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=list[ContactTestRow]
    )
    return _shape(actor.tenant, rows)


@router.post("", operation_id="putTestContacts", response={201: TestContactsOut, **problems(404, 409, 503)})
@transaction.atomic
def put_tests(request: TenantRequest, body: TestContactsIn) -> Any:
    """Put some into a queue's line; they are given out like contacts of their channel, and over after a while."""
    actor = request.actor
    queue = get_queue(tenant=actor.tenant, queue_id=body.queue)
    command = PutTestContacts(**body.dict())
    rows = ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=list[ContactTestRow])
    audit.record(
        actor=actor,
        action="test_contacts.put",
        kind="queue",
        subject=queue.pk,
        name=queue.name,
        after={"channel": body.channel, "count": body.count, "lasts_s": body.lasts_s},
    )
    return Status(201, _shape(actor.tenant, rows))


@router.delete("", operation_id="endTestContacts", response={204: None, **problems(404, 409, 503)})
def end_tests(request: TenantRequest) -> Any:
    """End all; whoever had one is free for others again. Safe to repeat."""
    actor = request.actor
    ask_engine(EndTestContacts(), tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=type(None))
    return Status(204, None)


def _shape(tenant: Tenant, rows: Sequence[ContactTestRow]) -> dict[str, Any]:
    names = names_of(tenant=tenant, user_ids={row.agent for row in rows if row.agent is not None})
    return {
        "items": [
            TestContactOut(
                id=row.id,
                queue=row.queue,
                channel=row.channel,
                since=row.since,
                agent=row.agent,
                agent_name=names.get(row.agent or 0, ""),
                taken_at=row.taken_at,
            )
            for row in rows
        ]
    }
