"""Figures of a day of the company, from the stored facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultEnd, QueueEnd, SegmentEnd
from zhiyin.domain.metrics.definitions import AgentFigures, QueueFigures, tally
from zhiyin.domain.metrics.facts import AgentSpan, ConsultedStay, Conversation, QueueVisit

READ = "figures.read"


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the company's clock; ``until`` is now, while the day lasts."""

    since: datetime
    until: datetime


def company_day(tenant: Tenant, now: datetime) -> Day:
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    since = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Day(since, min(now, since + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What happened on a day, as the domain counts it."""

    visits: list[QueueVisit]
    conversations: list[Conversation]
    consults: list[ConsultedStay]
    spans: list[AgentSpan]
    #: queue -> contacts that wait now
    waiting: dict[int, int]
    #: agent -> offers let ring, refused, or that could not reach the telephone
    missed_offers: dict[int, int]
    #: calls between colleagues
    internal: frozenset[str] = frozenset()


def read_facts(*, tenant: Tenant, day: Day) -> DayFacts:
    """Return the day's facts. A contact belongs to the day on which it entered the queue or began to talk."""
    internal = interactions.internal_contacts(tenant=tenant, since=day.since)
    facts = DayFacts([], [], [], [], {}, {}, frozenset(internal))
    for row in interactions.segments_since(tenant=tenant, since=day.since, until=day.until):
        match row.kind:
            case "queue" if row.ended_at is None and row.queue_id is not None:
                facts.waiting[row.queue_id] = facts.waiting.get(row.queue_id, 0) + 1
            case "queue" if row.ended_at is not None and row.queue_id is not None:
                outcome = QueueEnd(row.outcome)
                facts.visits.append(QueueVisit(row.interaction_id, row.queue_id, row.started_at, row.ended_at, outcome))
            case "talk" if row.ended_at is not None and row.agent_id is not None:
                facts.conversations.append(
                    Conversation(
                        interaction=row.interaction_id,
                        segment=row.number,
                        agent=row.agent_id,
                        queue=row.queue_id,
                        started_at=row.started_at,
                        ended_at=row.ended_at,
                        hold_s=row.hold_s,
                        outcome=SegmentEnd(row.outcome),
                    )
                )
            case "consult" if row.ended_at is not None and row.agent_id is not None:
                end = ConsultEnd(row.outcome)
                facts.consults.append(
                    ConsultedStay(row.interaction_id, row.agent_id, row.started_at, row.ended_at, end)
                )
            case "offer" if row.agent_id is not None:
                facts.missed_offers[row.agent_id] = facts.missed_offers.get(row.agent_id, 0) + 1
            case _:
                pass
    for span in interactions.state_spans_within(tenant=tenant, since=day.since, until=day.until):
        facts.spans.append(
            AgentSpan(
                agent=span.agent_id,
                state=AgentState(span.state),
                reason=span.reason,
                interaction=span.interaction_id,
                started_at=span.started_at,
                ended_at=span.ended_at or day.until,
                until=span.until_at,
            )
        )
    return facts


def queues_in_reach(actor: Actor) -> frozenset[int] | None:
    """Return the queues that somebody within the scope of the figures serves; ``None``: all."""
    users = users_in_reach(actor, READ)
    return None if users is None else frozenset(queues.queues_served_by(tenant=actor.tenant, user_ids=users))


def figures_by_queue(
    *, tenant: Tenant, facts: DayFacts, within: frozenset[int] | None = None
) -> dict[int, QueueFigures]:
    """Return each queue's figures, those of queues without a contact too; ``within``: of these queues alone."""
    in_service = list(queues.list_queues(tenant=tenant).values_list("pk", "service_level_s"))
    wrap_ups = [span for span in facts.spans if span.state is AgentState.WRAP_UP and span.interaction]
    queue_of = interactions.queue_of_contacts(
        tenant=tenant, interaction_ids={span.interaction for span in wrap_ups if span.interaction}
    )
    figures = tally(
        facts.visits,
        facts.conversations,
        [(queue_of[span.interaction], span) for span in wrap_ups if span.interaction in queue_of],
        targets_s={queue_id: float(target_s) for queue_id, target_s in in_service},
    )
    for queue_id, _ in in_service:
        figures.setdefault(queue_id, QueueFigures())
    for queue_id, waiting in facts.waiting.items():
        figures.setdefault(queue_id, QueueFigures()).waiting = waiting
    return {queue: each for queue, each in figures.items() if within is None or queue in within}


def sum_of(figures: list[QueueFigures]) -> QueueFigures:
    """Return the figures of several queues together."""
    total = QueueFigures()
    for each in figures:
        total.add(each)
        total.waiting += each.waiting
    return total


def figures_by_agent(*, facts: DayFacts, day: Day) -> dict[int, AgentFigures]:
    """Return each agent's figures; stays that began before the day count from its beginning."""
    figures: dict[int, AgentFigures] = {}
    for span in facts.spans:
        within = replace(span, started_at=max(span.started_at, day.since), ended_at=min(span.ended_at, day.until))
        is_internal = span.interaction in facts.internal
        figures.setdefault(span.agent, AgentFigures()).add_span(within, is_internal=is_internal)
    for conversation in facts.conversations:
        figures.setdefault(conversation.agent, AgentFigures()).add_conversation(conversation)
    for stay in facts.consults:
        figures.setdefault(stay.agent, AgentFigures()).add_consult(stay)
    for agent_id, missed in facts.missed_offers.items():
        figures.setdefault(agent_id, AgentFigures()).missed += missed
    return figures
