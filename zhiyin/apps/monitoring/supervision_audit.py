"""The audit of what the engine let people do: supervision, and calls in spite of a list. Written from the log, once.

The engine's event is the fact, durable before anything happens; the row follows it in the transaction that moves the
cursor, so no act is lost and none is written twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.audit import services as audit
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.domain.interactions import (
    Assigned,
    Disconnected,
    EndedWithMessage,
    InteractionStarted,
    InterventionEvent,
    MonitoringAnswered,
    MonitoringChanged,
    PriorityChanged,
    Pulled,
    Requeued,
    TakenOver,
)
from zhiyin.domain.rests import Rest


@dataclass(frozen=True, slots=True)
class Act:
    """One privileged act: who did what to which contact or agent."""

    supervisor: int
    action: str
    kind: str
    subject: str
    agent: int | None
    details: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


class SupervisionAudit:
    """Writes one audit entry for each act of a supervisor."""

    name = "supervision_audit"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        acts: dict[int, list[tuple[LoggedEvent, Act]]] = defaultdict(list)
        for logged in events:
            if (act := act_of(logged)) is not None:
                acts[logged.tenant_id].append((logged, act))
        for tenant in Tenant.objects.filter(pk__in=acts):
            mine = acts[tenant.pk]
            names = accounts.names_of(
                tenant=tenant, user_ids={i for _, act in mine for i in (act.supervisor, act.agent)}
            )
            for logged, act in mine:
                who = Actor(tenant, act.supervisor, names.get(act.supervisor, ""), "")
                audit.record(
                    actor=who,
                    action=act.action,
                    kind=act.kind,
                    subject=act.subject,
                    name=names.get(act.agent or 0, ""),
                    before=act.before,
                    after={"agent": act.agent, **act.details},
                    at=logged.at,
                )


def act_of(logged: LoggedEvent) -> Act | None:  # noqa: PLR0911 - one arm an act
    """Return the privileged act that the event is, if it is one."""
    if isinstance(logged.event, InteractionStarted):
        return _override_of(logged, logged.event)
    if isinstance(logged.event, InterventionEvent):
        return _intervention_of(logged, logged.event)
    match logged.event:
        case MonitoringAnswered(supervisor=who, agent=agent, mode=mode):
            return _of_call(logged, who, "call.monitored", agent, mode=mode.value)
        case MonitoringChanged(supervisor=who, agent=agent, mode=mode):
            return _of_call(logged, who, "call.monitoring_changed", agent, mode=mode.value)
        case TakenOver(supervisor=who, agent=agent):
            return _of_call(logged, who, "call.taken_over", agent)
        case Disconnected(supervisor=who, agent=agent):
            return _of_call(logged, who, "call.disconnected", agent)
        case AgentStateChanged(agent=agent, actor=actor) as change if actor is not None and actor != agent:
            if change.is_rest_answer and change.rest is not None:
                return _rest_answer(actor, agent, change.rest)
            remembered = change.next_state.value if change.next_state is not None else None
            details = {"state": remembered or change.state.value, "is_afterwards": remembered is not None}
            return Act(actor, "agent.forced", "user", str(agent), agent, details)
        case _:
            return None


def _rest_answer(lead: int, agent: int, rest: Rest) -> Act:
    """Return that a lead granted or refused an agent's rest."""
    details: dict[str, Any] = {"reason": rest.reason}
    if rest.refusal is None:
        return Act(lead, "agent.rest_granted", "user", str(agent), agent, details)
    return Act(lead, "agent.rest_refused", "user", str(agent), agent, details | {"refusal": rest.refusal.value})


def _override_of(logged: LoggedEvent, started: InteractionStarted) -> Act | None:
    """Return that an agent called a number in spite of the list on which it stands."""
    if started.agent is None or started.overridden_list is None:
        return None
    return _of_call(logged, started.agent, "call.list_overridden", started.agent, list=started.overridden_list)


def _intervention_of(logged: LoggedEvent, event: InterventionEvent) -> Act:
    """What a lead did to a contact in line; why one was ended stands with the contact, where it can be erased."""
    match event:
        case Requeued(supervisor=who):
            return _of_call(
                logged,
                who,
                "call.requeued",
                None,
                before={"queue": event.from_queue},
                queue=event.queue,
                keeps_wait=event.keeps_wait,
            )
        case PriorityChanged(supervisor=who):
            before = {"priority": event.priority_before, "class_code": event.class_before}
            now = {"priority": event.priority, "class_code": event.class_code}
            return _of_call(logged, who, "call.reprioritised", None, before=before, **now)
        case Assigned(supervisor=who, agent=agent, until=until):
            return _of_call(logged, who, "call.assigned", agent, until=until.isoformat())
        case Pulled(supervisor=who, agent=agent):
            return _of_call(logged, who, "call.pulled", agent)
        case EndedWithMessage(supervisor=who, prompt=prompt):
            return _of_call(logged, who, "call.ended_in_line", None, prompt=prompt)


def _of_call(
    logged: LoggedEvent,
    who: int,
    action: str,
    agent: int | None,
    *,
    before: Mapping[str, Any] | None = None,
    **details: Any,
) -> Act:
    return Act(who, action, "interaction", logged.subject, agent, details, before)
