"""Contacts as their shapes at HTTP: names in the reader's language, numbers masked for whoever may not see them."""

from collections.abc import Sequence
from typing import Any, cast

from zhiyin.apps.interactions import belongings, queries
from zhiyin.apps.interactions.log import personal_values, personal_values_asked
from zhiyin.apps.interactions.models import Interaction, Recording, Segment, WrapUp
from zhiyin.apps.interactions.naming import NameQuestions, Names, names_for
from zhiyin.apps.interactions.said import data_for
from zhiyin.apps.interactions.schemas import (
    InteractionCustomerOut,
    InteractionDetailOut,
    InteractionOut,
    InteractionRecordingOut,
    RecordingState,
    SegmentKind,
    SegmentOut,
    WrapUpRecordOut,
)
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import ask
from zhiyin.contracts.numbers import mask_number


def shape_interactions(actor: Actor, rows: Sequence[Interaction]) -> list[InteractionOut]:
    """Return contacts with all that a list shows of them; what belongs to them is read in one statement.

    Of recordings those are told that the actor may hear.
    """
    if not rows:
        return []
    of: dict[str, Any] = {"tenant": actor.tenant, "interaction_ids": [row.pk for row in rows]}
    asked = NameQuestions(actor, {row.agent_id for row in rows} | {row.caller_agent_id for row in rows})
    numbers_asked = personal_values_asked(tenant=actor.tenant, refs=[row.customer_ref for row in rows])
    recordings_asked, wrap_ups_asked = belongings.recordings_asked(**of), belongings.wrap_ups_asked(**of)
    linked_asked, people_asked = belongings.links_asked(**of), belongings.linked_names_asked(**of)
    handled_asked = belongings.handled_asked(**of)
    told = ask(*asked.all(), numbers_asked, recordings_asked, wrap_ups_asked, linked_asked, people_asked, handled_asked)
    names, numbers, handled = asked.names(told), told[numbers_asked], told[handled_asked]
    recordings, wrap_ups = told[recordings_asked], told[wrap_ups_asked]
    linked, people = told[linked_asked], told[people_asked]
    heard = queries.conversations_in_reach(actor=actor, interaction_ids=recordings, right="recordings.read")
    return [
        InteractionOut(
            **_plain(row),
            queue=row.queue_id,
            queue_name=names.queue(row.queue_id),
            agent=row.agent_id,
            agent_name=names.agent(row.agent_id),
            caller_agent=row.caller_agent_id,
            caller_agent_name=names.agent(row.caller_agent_id),
            **_number(actor, numbers.get(row.customer_ref or "")),
            customer=_customer(linked.get(row.pk), people),
            **_written(names, wrap_ups.get(row.pk, [])),
            recordings=[_recording(one) for one in recordings.get(row.pk, []) if row.pk in heard],
            is_handled=row.pk in handled,
            handled_by=handled.get(row.pk, ""),
        )
        for row in rows
    ]


_COMPUTED = frozenset(
    {"queue", "queue_name", "agent", "agent_name", "number", "masked", "customer", "disposition", "result", "note"}
    | {"recordings", "is_handled", "handled_by", "caller_agent", "caller_agent_name"}
)
_PLAIN = [name for name in InteractionOut.model_fields if name not in _COMPUTED]


def _plain(row: Interaction) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN}


def _number(actor: Actor, number: str | None) -> dict[str, Any]:
    return {"number": number if actor.sees_numbers else None, "masked": mask_number(number) if number else ""}


def _customer(customer_id: int | None, names: dict[int, str]) -> InteractionCustomerOut | None:
    if customer_id is None or customer_id not in names:
        return None
    return InteractionCustomerOut(id=customer_id, name=names[customer_id])


def _written(names: Names, wrap_ups: Sequence[WrapUp]) -> dict[str, Any]:
    """What the last agent wrote stands for the contact in lists."""
    last = wrap_ups[-1] if wrap_ups else WrapUp()
    return {"disposition": names.disposition(last.disposition_id), "result": last.result, "note": last.note}


def _recording(row: Recording) -> InteractionRecordingOut:
    duration_s = (row.ended_at - row.started_at).total_seconds() if row.ended_at else None
    state = cast(RecordingState, row.state)
    return InteractionRecordingOut(id=row.pk, state=state, started_at=row.started_at, duration_s=duration_s)


def shape_detail(actor: Actor, row: Interaction) -> InteractionDetailOut:
    segments = queries.list_segments(tenant=actor.tenant, interaction_id=row.pk)
    wrap_ups = belongings.wrap_ups_of(tenant=actor.tenant, interaction_ids=[row.pk]).get(row.pk, [])
    agents = {segment.agent_id for segment in segments} | {wrap_up.user_id for wrap_up in wrap_ups}
    names = names_for(actor, agents)
    return InteractionDetailOut(
        **shape_interactions(actor, [row])[0].dict(),
        segments=[_segment(names, segment) for segment in segments],
        data=data_for(actor, row.data_refs, personal_values(tenant=actor.tenant, refs=row.data_refs)),
        wrap_ups=[
            WrapUpRecordOut(
                agent=wrap_up.user_id,
                agent_name=names.agent(wrap_up.user_id),
                disposition=names.disposition(wrap_up.disposition_id),
                result=wrap_up.result,
                note=wrap_up.note,
                completed_at=wrap_up.completed_at,
            )
            for wrap_up in wrap_ups
        ],
    )


def _segment(names: Names, segment: Segment) -> SegmentOut:
    return SegmentOut(
        kind=cast(SegmentKind, segment.kind),
        number=segment.number,
        queue=segment.queue_id,
        queue_name=names.queue(segment.queue_id),
        agent=segment.agent_id,
        agent_name=names.agent(segment.agent_id),
        started_at=segment.started_at,
        ended_at=segment.ended_at,
        outcome=segment.outcome,
        hold_s=segment.hold_s,
    )
