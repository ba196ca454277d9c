"""Real calls of drafts (试拨电话): the engine makes them, this app says of which draft and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.engine_client import EngineRefused, ask_engine
from zhiyin.apps.flows import customer_classes, sub_flows
from zhiyin.apps.flows.errors import BadTrialNumber, FlowCannotBeTried, TooManyTrialCalls
from zhiyin.apps.flows.models import Flow
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.commands import OpenTrialCall, TellTrialCall
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.trial_calls import TrialCallOpened, TrialCallTold, TrialTurn
from zhiyin.domain.flow_scripts.script import to_line
from zhiyin.domain.flows.graph import BadFlow, read_flow


@transaction.atomic
def open_call(
    *, actor: Actor, flow: Flow, graph: Mapping[str, Any] | None, number: str, is_vip: bool, may_change: bool
) -> TrialCallOpened:
    """Return a telephone for one call of a graph that nobody has saved yet (None: of the flow's draft). Audited.

    Raises ``FlowCannotBeTried``, ``BadTrialNumber``, ``TooManyTrialCalls`` and ``EngineAway``.
    """
    if actor.user_id is None:  # a key has no ears
        raise NotFound
    command = OpenTrialCall(
        user=actor.user_id,
        flow=flow.pk,
        graph=msgspec.Raw(msgspec.json.encode(_whole(flow, graph))),
        number=_canonical(number, flow),
        is_vip=is_vip,
        may_change=may_change,
    )
    try:
        opened = ask_engine(command, tenant_id=flow.tenant_id, actor_id=actor.user_id, result=TrialCallOpened)
    except EngineRefused as refused:
        if refused.code == "too_many_calls":
            raise TooManyTrialCalls from refused
        raise
    audit.record(
        actor=actor,
        action="flow.trial_called",
        kind="flow",
        subject=flow.pk,
        name=flow.name,
        after={"may_change": may_change},
    )
    return opened


def _whole(flow: Flow, graph: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the graph with its sub-flows in it. Raises ``FlowCannotBeTried``."""
    inlined = sub_flows.inline_draft(tenant=flow.tenant, flow_id=flow.pk, graph=graph or flow.draft)
    if inlined.problems:
        raise FlowCannotBeTried(inlined.problems)
    try:
        read_flow(inlined.graph)
    except BadFlow as bad:
        raise FlowCannotBeTried(bad.problems) from bad
    return inlined.graph


def _canonical(number: str, flow: Flow) -> str:
    if not number:
        return ""
    try:
        return normalise_number(number, flow.tenant.region)
    except BadNumber as error:
        raise BadTrialNumber from error


def tell(*, actor: Actor, flow: Flow, trial: str) -> TrialCallTold:
    """Return what came of the actor's own trial. Raises ``NotFound`` (also once it is forgotten) and ``EngineAway``."""
    command = TellTrialCall(user=actor.user_id or 0, trial=trial)
    try:
        told = ask_engine(command, tenant_id=flow.tenant_id, actor_id=actor.user_id, result=TrialCallTold)
    except EngineRefused as refused:
        if refused.code == "unknown_trial_call":
            raise NotFound from refused
        raise
    if told.flow != flow.pk:
        raise NotFound
    return told


def acts_of(told: TrialCallTold, *, flow: Flow, language: str) -> list[str]:
    """Return the lines that lead the same way in virtual time, what is given first; keys of one number are one line."""
    names = {row_id: name for name, row_id in customer_classes.ids_by_name(flow.tenant).items()}
    classes = [("class", names[one]) for one in told.customer_classes if one in names]
    return [to_line(*step, language=language) for step in (*told.given, *classes, *_acts(told.turns))]


def _acts(turns: Sequence[TrialTurn]) -> Iterator[tuple[str, ...]]:
    keys = ""
    for turn in turns:
        if turn.act is None:
            continue
        command, *arguments = turn.act
        if keys and command != "press":
            yield "press", keys
            keys = ""
        if command != "press":
            yield command, *arguments
            continue
        keys += "".join(arguments)
        if turn.traces:
            yield "press", keys
            keys = ""
    if keys:
        yield "press", keys
