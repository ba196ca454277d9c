"""Editing, proving and publishing flows; opening hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.flows import calendars, customer_classes, editing, flow_tests, prompt_library, sub_flows
from zhiyin.apps.flows.errors import (
    BadHours,
    BadTemplate,
    DraftOutdated,
    FlowHasHoles,
    FlowInUse,
    FlowTestsFail,
)
from zhiyin.apps.flows.models import Flow, FlowVersion, Hours
from zhiyin.apps.flows.panel_options import known_of, options_of
from zhiyin.apps.flows.templates import TEMPLATES, Graph
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import (
    postponed_publication,
    publish_settings,
    published_flows_using,
    published_values,
)
from zhiyin.contracts.expressions import BadExpression, check_expression
from zhiyin.domain.flows.check import PERSON_WITHIN, find_problems, find_warnings
from zhiyin.domain.flows.graph import BadFlow, FlowProblem, read_flow
from zhiyin.domain.flows.graph import Flow as DrawnFlow
from zhiyin.domain.flows.nodes import expressions_of
from zhiyin.domain.flows.nodes.panel import FieldKind


@transaction.atomic
def create_flow(*, actor: Actor, name: str, graph: Mapping[str, Any]) -> Flow:
    """Make a flow with ``graph`` as its draft; nothing is in force before it is published."""
    row = Flow(tenant=actor.tenant, name=name, draft=dict(graph))
    return settings_changes.create(actor=actor, row=row)


@transaction.atomic
def save_draft(
    *, actor: Actor, flow_id: int, name: str | None, graph: Mapping[str, Any], draft_version: int, now: datetime
) -> Flow:
    """Save the draft, holes and all. Raises ``NotFound``, ``DraftOutdated`` where it was saved meanwhile, and
    ``EditedByAnother``."""
    flow = get_flow(tenant=actor.tenant, flow_id=flow_id, is_locked=True)
    editing.check_free(actor=actor, flow_id=flow_id, now=now)
    if flow.draft_version != draft_version:
        raise DraftOutdated(facts={"draft_version": flow.draft_version})
    flow.draft, flow.draft_version = dict(graph), flow.draft_version + 1
    if name is not None:
        flow.name = name
    flow.save()
    audit.record(actor=actor, action="flow.draft_saved", kind="flow", subject=flow.pk, name=flow.name)
    return flow


@transaction.atomic
def publish_flow(*, actor: Actor, flow_id: int, now: datetime) -> Flow:
    """Put the draft in force for the next call; calls in progress end on their version.

    Raises ``NotFound``, ``FlowHasHoles`` naming every hole, and ``FlowTestsFail`` where its tests must hold. Safe to
    repeat: an unchanged draft stays the version it is.
    """
    flow = get_flow(tenant=actor.tenant, flow_id=flow_id, is_locked=True)
    problems = prove_draft(tenant=actor.tenant, graph=flow.draft, flow_id=flow.pk).problems
    if problems:
        raise FlowHasHoles(problems)
    if flow.needs_tests and (failed := flow_tests.failing(flow)):
        raise FlowTestsFail(failed)
    inlined = sub_flows.inline_draft(tenant=actor.tenant, flow_id=flow.pk, graph=flow.draft)
    uses = sub_flows.to_rows(inlined)
    current = FlowVersion.objects.of(actor.tenant).filter(flow=flow, version=flow.version).first()
    if current is not None and current.graph == flow.draft and current.uses == uses:
        return flow
    flow.version += 1
    flow.save()
    FlowVersion.objects.of(actor.tenant).create(
        flow=flow,
        version=flow.version,
        graph=flow.draft,
        inlined=inlined.graph if uses else None,
        uses=uses,
        published_at=now,
        published_by=actor.name,
    )
    audit.record(
        actor=actor,
        action="flow.published",
        kind="flow",
        subject=flow.pk,
        name=flow.name,
        after={"version": flow.version},
    )
    publish_settings(tenant=actor.tenant)
    return flow


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands against publishing a flow, and what is better seen to."""

    problems: tuple[FlowProblem, ...]
    warnings: tuple[FlowProblem, ...] = ()


@transaction.atomic
def set_rules(*, actor: Actor, flow_id: int, needs_tests: bool, person_within: int | None) -> Flow:
    """Say what a flow must hold besides its proof. Raises ``NotFound``."""
    flow = get_flow(tenant=actor.tenant, flow_id=flow_id, is_locked=True)
    fields = {"needs_tests": needs_tests, "person_within": person_within}
    with postponed_publication():  # calls do not ask for them
        return settings_changes.update(actor=actor, row=flow, fields=fields)


def check_draft(*, tenant: Tenant, graph: Mapping[str, Any]) -> tuple[FlowProblem, ...]:
    """Return every hole of a graph, measured against what the company has; nothing means it may be published."""
    return prove_draft(tenant=tenant, graph=graph).problems


def prove_draft(
    *,
    tenant: Tenant,
    graph: Mapping[str, Any],
    flow_id: int | None = None,
    person_within: int | None = PERSON_WITHIN,
) -> Proof:
    """Prove a graph against what the company has; ``flow_id``: whose draft it is, which it must not use itself."""
    try:
        inlined = sub_flows.inline_draft(tenant=tenant, flow_id=flow_id, graph=graph)
        flow = read_flow(graph if inlined.problems else inlined.graph)
    except BadFlow as error:
        return Proof(error.problems)
    voices = prompt_library.voices(tenant=tenant)
    known = known_settings(tenant=tenant)
    problems = inlined.problems + _unreadable_expressions(flow) + find_problems(flow, prompts=voices, known=known)
    warnings = find_warnings(flow, voices=voices, languages=(tenant.language,), person_within=person_within)
    return Proof(sub_flows.as_drawn(problems), sub_flows.as_drawn(warnings))


def known_settings(*, tenant: Tenant) -> dict[FieldKind, Collection[object]]:
    """Return what the company has that a flow may name, by the kind of field that names it."""
    return {
        FieldKind.QUEUE: set(queues.list_queues(tenant=tenant).values_list("pk", flat=True)),
        FieldKind.HOURS: set(Hours.objects.of(tenant).values_list("pk", flat=True)),
        **known_of(options_of(tenant=tenant)),
        FieldKind.CUSTOMER_CLASSES: customer_classes.class_ids(tenant),
        FieldKind.CONTACT_CLASS: published_values(tenant=tenant, section="routing/classes", field="code"),
    }


def draw_template(*, tenant: Tenant, code: str, choices: Mapping[str, int]) -> Graph:
    """Return the graph of a template with the company's own queues, hours, ... Raises ``BadTemplate``."""
    template = TEMPLATES.get(code)
    if template is None:
        raise BadTemplate("template", "unknown_reference")
    known = known_settings(tenant=tenant)
    slots = {slot.name: slot for slot in template.slots}
    for name, slot in slots.items():
        if slot.is_required and name not in choices:
            raise BadTemplate(f"choices.{name}", "missing")
    for name, chosen in choices.items():
        if name not in slots or chosen not in known[slots[name].kind]:
            raise BadTemplate(f"choices.{name}", "unknown_reference")
    return template.draw(choices)


def _unreadable_expressions(flow: DrawnFlow) -> tuple[FlowProblem, ...]:
    """Return the nodes with an expression that can never be judged."""
    problems = []
    for name, node in flow.nodes.items():
        for expression in expressions_of(node):
            try:
                check_expression(expression)
            except BadExpression as error:
                problems.append(FlowProblem("bad_expression", name, detail=str(error)))
    return tuple(problems)


def remove_flow(*, actor: Actor, flow_id: int) -> None:
    """Raises ``NotFound``, and ``FlowInUse`` while a queue asks its customers by it or a flow uses it; a number that
    leads to it protects it (``ProtectedError``)."""
    row = get_flow(tenant=actor.tenant, flow_id=flow_id)
    users = queues.queues_asking_by(tenant=actor.tenant, flow_id=flow_id)
    users += [flow.name for flow in sub_flows.users_of(tenant=actor.tenant, flow_id=flow_id) if flow.pk != flow_id]
    if users:
        raise FlowInUse(users)
    settings_changes.remove(actor=actor, row=row)


def get_flow(*, tenant: Tenant, flow_id: int, is_locked: bool = False) -> Flow:
    rows = Flow.objects.of(tenant).filter(pk=flow_id)
    flow = (rows.select_for_update() if is_locked else rows).first()
    if flow is None:
        raise NotFound
    return flow


def create_hours(*, actor: Actor, fields: Mapping[str, Any]) -> Hours:
    """Raises ``BadHours``."""
    _check_hours(fields)
    return settings_changes.create(actor=actor, row=Hours(tenant=actor.tenant, **fields))


def update_hours(*, actor: Actor, hours_id: int, fields: Mapping[str, Any]) -> Hours:
    """Raises ``NotFound`` and ``BadHours``."""
    _check_hours(fields)
    return settings_changes.update(actor=actor, row=get_hours(tenant=actor.tenant, hours_id=hours_id), fields=fields)


def remove_hours(*, actor: Actor, hours_id: int) -> None:
    """Raises ``NotFound``, and ``FlowInUse`` while a published flow or a queue asks for them."""
    row = get_hours(tenant=actor.tenant, hours_id=hours_id)
    users = published_flows_using(tenant=actor.tenant, node_kind="hours", setting="hours", value=row.pk)
    users += queues.queues_using_hours(tenant=actor.tenant, hours_id=row.pk)
    if users:
        raise FlowInUse(users)
    settings_changes.remove(actor=actor, row=row)


def get_hours(*, tenant: Tenant, hours_id: int) -> Hours:
    row = Hours.objects.of(tenant).filter(pk=hours_id).first()
    if row is None:
        raise NotFound
    return row


def _check_hours(fields: Mapping[str, Any]) -> None:
    calendars.check_zone(fields.get("time_zone", ""))
    for day in fields.get("weekly", ()):
        _check_spans(day, "weekly")
    for spans in fields.get("dates", {}).values():
        _check_spans(spans, "dates")


def _check_spans(spans: list[tuple[str, str]], field: str) -> None:
    last = -1
    for begins, ends in sorted(spans):
        start_min, end_min = _minutes(begins), _minutes(ends)
        if not last <= start_min < end_min:
            raise BadHours(field)
        last = end_min


def _minutes(text: str) -> int:
    if text == "24:00":
        return 24 * 60
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute
