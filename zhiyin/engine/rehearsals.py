"""Trying the router on a made-up caller (试一试), by the settings as they are and as they would be. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from zhiyin.contracts.commands import TryRouting
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.rehearsals import Rehearsal, RehearsalAgent, RehearsalOutcome, RehearsalRing, RehearsalStep
from zhiyin.domain.agents import BUSY, AgentState
from zhiyin.domain.dialing.lists import ListCode
from zhiyin.domain.routing.capacity import can_take
from zhiyin.domain.routing.classes import NOBODY_KNOWN, KnownCaller, choose_class, choose_preferred
from zhiyin.domain.routing.contacts import AgentProfile, Contact, is_rested, slope_of
from zhiyin.domain.routing.overflow import ACTION_WORDS, AddQueue, EndWith, MoveTo, Outlook, OverflowStep, PlayPrompt
from zhiyin.domain.routing.rehearsals import asked_agents, reach_of, rings_of, steps_of
from zhiyin.domain.routing.requirements import NeedsAll, NeedsSkill, Requirement, levels_of
from zhiyin.domain.routing.router import Offer
from zhiyin.engine import callers, loans
from zhiyin.engine.company import Company, read_company
from zhiyin.engine.distribution import profiles_of
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

#: No contact's id: the one who does not exist.
NOBODY = "?"
_AWAY = {
    AgentState.LOGGED_OUT: "signed_out",
    AgentState.LOST: "lost",
    AgentState.NOT_READY: "not_ready",
    AgentState.REST: "rest",
}


@dataclass(frozen=True, slots=True)
class _Caller:
    """What is known of who is made up."""

    known: KnownCaller
    is_vip: bool = False
    is_blocked: bool = False
    is_known: bool = False


async def answer(board: Switchboard, tenant: Tenant, asked: TryRouting) -> Rehearsal:
    """Decide it at this moment. Raises ``Refused``."""
    company = tenant.company
    if asked.queue not in company.queues:
        raise Refused("unknown_queue")
    if asked.class_code and all(rule.code != asked.class_code for rule in company.classes):
        raise Refused("unknown_class")
    caller = await _look_up(board, tenant, asked)
    now = board.clock.now()
    changed = None
    if asked.changed is not None:
        changed = _outcome(tenant, _changed(company, asked, now), asked, caller, now)
    return Rehearsal(
        at=now,
        is_vip=caller.is_vip,
        is_blocked=caller.is_blocked,
        is_known=caller.is_known,
        present=_outcome(tenant, company, asked, caller, now),
        changed=changed,
    )


async def _look_up(board: Switchboard, tenant: Tenant, asked: TryRouting) -> _Caller:
    classes = () if asked.customer_class is None else (asked.customer_class,)
    if not asked.number:
        return _Caller(KnownCaller(customer_classes=classes) if classes else NOBODY_KNOWN)
    try:
        number = normalise_number(asked.number, tenant.company.settings.region)
    except BadNumber as error:
        raise Refused("bad_number") from error
    lists = tenant.company.lists_of(number, board.clock.now())
    found = await callers.look_up(board.records, tenant.id, number) if board.records is not None else None
    known = found or NOBODY_KNOWN
    if classes:
        known = KnownCaller(classes, known.owners, known.last_agent, known.last_talk_at)
    return _Caller(known, ListCode.VIP in lists, ListCode.BLOCK in lists, found is not None)


def _changed(company: Company, asked: TryRouting, now: datetime) -> Company:
    """Return the company as it would be with the queue's settings that were given."""
    queues = tuple(asked.changed if queue.id == asked.queue else queue for queue in company.settings.queues)
    settings = replace(company.settings, queues=tuple(queue for queue in queues if queue is not None))
    return read_company(loans.in_force(settings, now), company)


def _outcome(tenant: Tenant, company: Company, asked: TryRouting, caller: _Caller, now: datetime) -> RehearsalOutcome:
    rule, at = company.queues[asked.queue], asked.at or now
    contact = _contact(company, asked, caller, now)
    offers = tenant.desk.rehearse(company, contact, now)
    outlook = tenant.promises.of_made_up(
        company, asked.queue, priority=asked.priority, class_code=contact.class_code, now=now
    )
    is_open = rule.hours is None or rule.hours not in company.hours or company.is_open(rule.hours, at)
    opens_at = company.opens_at(rule.hours, at) if rule.hours is not None and not is_open else None
    queue_policy = company.policy.queue(asked.queue)
    offered_to = tuple(agent for offer in offers for agent in offer.agents)
    is_for_own = any(offer.queue is None for offer in offers)
    is_waiting = not offered_to
    return RehearsalOutcome(
        queue=asked.queue,
        class_code=contact.class_code,
        priority=asked.priority,
        is_open=is_open,
        opens_at=opens_at,
        offered_to=offered_to,
        rule="preferred_agent" if is_for_own else queue_policy.agent_choice.value,
        contact_rule=company.policy.contact_choice.value,
        points=round(slope_of(company.policy, queue_policy, contact).base, 1),
        what_if=_what_if(offers),
        preferred=contact.preferred,
        preferred_for_s=contact.preferred_for_s,
        before=outlook.before,
        p50_s=outlook.estimate.p50_s if outlook.estimate and is_waiting else None,
        p90_s=outlook.estimate.p90_s if outlook.estimate and is_waiting else None,
        max_wait_s=rule.max_wait_s,
        rings=_rings(tenant, company, contact),
        agents=_agents(tenant, company, contact, offered_to, now),
        steps=_steps(rule.overflow, outlook, is_open=is_open),
    )


def _contact(company: Company, asked: TryRouting, caller: _Caller, now: datetime) -> Contact:
    rule = company.queues[asked.queue]
    class_code = asked.class_code
    if class_code is None:
        known_classes = caller.known.customer_classes
        entry = _canonical(company, asked.entry)
        class_code = choose_class(company.classes, is_vip=caller.is_vip, customer_classes=known_classes, entry=entry)
    preferred = choose_preferred(rule.preference, caller.known, members=rule.members, now=now)
    skills = dict(rule.skills) if asked.skills is None else asked.skills
    return Contact(
        id=NOBODY,
        since=now.timestamp(),
        queue=asked.queue,
        requirement=levels_of(skills),
        class_code=class_code,
        preferred=preferred,
        preferred_for_s=float(rule.preference.wait_s) if preferred else 0.0,
        channel=asked.channel,
        is_hard=class_code in company.hard_classes,
        points=float(asked.priority),
        waits_for_away=bool(preferred) and rule.preference.waits_for_away,
    )


def _canonical(company: Company, entry: str) -> str | None:
    if not entry:
        return None
    try:
        return normalise_number(entry, company.settings.region)
    except BadNumber as error:
        raise Refused("bad_number") from error


def _what_if(offers: Iterable[Offer]) -> dict[str, int]:
    return {choice.value: agent for offer in offers for choice, agent in offer.by_other_rules}


def _rings(tenant: Tenant, company: Company, contact: Contact) -> tuple[RehearsalRing, ...]:
    return tuple(
        RehearsalRing(
            ring.stage.after_s,
            ring.stage.queues,
            _levels(ring.stage.requirement),
            len(ring.able),
            sum(tenant.desk.is_ready(agent) for agent in ring.able),
        )
        for ring in rings_of(company.policy, contact, profiles_of(company))
    )


def _levels(requirement: Requirement) -> dict[str, int]:
    """Return the skills of what a queue asks for: all of them, each at a level."""
    parts = requirement.of if isinstance(requirement, NeedsAll) else (requirement,)
    return {part.skill: part.level for part in parts if isinstance(part, NeedsSkill)}


def _agents(
    tenant: Tenant, company: Company, contact: Contact, offered_to: tuple[int, ...], now: datetime
) -> tuple[RehearsalAgent, ...]:
    members = {queue: rule.members for queue, rule in company.queues.items()}
    asked = asked_agents(company.policy, contact, members) & company.agents.keys()
    found = [_agent(tenant, company, contact, agent, now=now, is_chosen=agent in offered_to) for agent in asked]
    order = ("chosen", "next", "later")
    return tuple(
        sorted(
            found,
            key=lambda one: (
                order.index(one.verdict) if one.verdict in order else len(order),
                one.after_s or 0.0,
                company.agents[one.agent].name,
                one.agent,
            ),
        )
    )


def _agent(
    tenant: Tenant, company: Company, contact: Contact, agent: int, *, now: datetime, is_chosen: bool
) -> RehearsalAgent:
    desk, setting = tenant.desk, company.agents[agent]
    profile = AgentProfile(agent, setting.skills, company.memberships.get(agent, ()))
    state = desk.agent(agent)
    standing = desk.standings.of(agent, state.idle_since or state.since or now)
    reach = reach_of(company.policy, contact, profile, is_rested=is_rested(company.policy, standing, now.timestamp()))
    missing = {lack.skill: lack.level for lack in reach.lacks}
    verdict = _verdict(tenant, agent, contact.channel)
    load = desk.test_contacts.load_of(agent)
    if not verdict and not can_take(load, contact.channel, company.policy.channels, setting.channel_limits):
        verdict = "full"
    if is_chosen:
        verdict = "chosen"
    elif not verdict and reach.is_tired:
        verdict = "unrested"
    elif not verdict and reach.after_s is None:
        verdict = "unskilled"
    elif not verdict:
        verdict = "later" if reach.after_s else "next"
    return RehearsalAgent(agent, verdict, reach.after_s, missing, {one: count for one, count in load.items() if count})


def _verdict(tenant: Tenant, agent: int, channel: str) -> str:
    """Return what keeps the agent from any contact of the channel now; "" for one who is ready, or has room for it."""
    desk = tenant.desk
    state = desk.agent(agent).state
    if desk.is_ready(agent) or desk.test_contacts.takes(agent, channel):
        return ""
    if state in _AWAY:
        return _AWAY[state]
    if state in BUSY or desk.is_occupied(agent):
        return "busy"
    return "no_telephone"


def _steps(chain: tuple[OverflowStep, ...], outlook: Outlook, *, is_open: bool) -> tuple[RehearsalStep, ...]:
    return tuple(
        RehearsalStep(
            condition=step.condition.value,
            threshold=step.threshold,
            action=ACTION_WORDS[type(step.action)],
            queue=step.action.queue if isinstance(step.action, AddQueue | MoveTo) else None,
            prompt=step.action.prompt if isinstance(step.action, PlayPrompt | EndWith) else "",
            at_s=at_s,
            is_reached=is_reached,
        )
        for step, at_s, is_reached in steps_of(chain, outlook, is_open=is_open)
    )
