"""A company's settings as the router's rules. What only a newer web knows counts as the plain rule, and is logged."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

import structlog

from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.snapshots import (
    ChannelSetting,
    ContactClassSetting,
    MemberSetting,
    QueueSetting,
    TenantSettings,
)
from zhiyin.domain.routing.classes import ClassRule, Preference, PreferredAgent
from zhiyin.domain.routing.overflow import Condition, OverflowStep, UnknownAction, read_action
from zhiyin.domain.routing.policy import (
    DEFAULT_CHANNELS,
    AgentChoice,
    ChannelRule,
    ContactChoice,
    ContactClass,
    Fairness,
    Membership,
    Policy,
    QueuePolicy,
    Ring,
)

log = structlog.get_logger(__name__)

Rule = TypeVar("Rule", bound=StrEnum)

#: Contacts of no class go by the priority of their flow, then by their arrival.
NO_CLASS = ContactClass(per_minute=0.0)


def policy_of(settings: TenantSettings) -> Policy:
    """Return the company's rules. What a queue requires of its agents comes with each contact."""
    routing = settings.routing
    classes = {
        one.code: ContactClass(
            one.code, one.points, one.per_minute, one.at_most, one.target_s, target_pct=one.target_pct
        )
        for one in routing.classes
    }
    return Policy(
        version=settings.version,
        contact_choice=known_rule(ContactChoice, routing.contact_choice, ContactChoice.PRIORITY),
        queues={queue.id: _queue_policy(queue) for queue in settings.queues},
        classes={"": NO_CLASS} | classes,
        fairness=Fairness(routing.hard_per_shift, float(routing.hard_gap_s), float(routing.hard_waits_s)),
        channels={**DEFAULT_CHANNELS, **{one.channel: _channel_rule(one) for one in routing.channels}},
        talk_weight=routing.talk_weight,
        count_weight=routing.count_weight,
    )


def _channel_rule(setting: ChannelSetting) -> ChannelRule:
    return ChannelRule(setting.limit, setting.effort, frozenset(setting.interrupts))


def _queue_policy(queue: QueueSetting) -> QueuePolicy:
    return QueuePolicy(
        queue.id,
        agent_choice_of(queue),
        rings=rings_of(queue),
        weight=queue.weight,
        target_s=queue.service_level_s,
        target_pct=queue.service_level_pct,
        ring_at_most=queue.ring_at_most,
    )


def rings_of(queue: QueueSetting) -> tuple[Ring, ...]:
    return tuple(Ring(r.after_s, r.lower_by, frozenset(r.drop), r.add_queues) for r in queue.rings)


def agent_choice_of(queue: QueueSetting) -> AgentChoice:
    return known_rule(AgentChoice, queue.agent_choice, AgentChoice.LONGEST_IDLE)


def preference_of(queue: QueueSetting) -> Preference:
    rule = queue.preference
    who = known_rule(PreferredAgent, rule.who, PreferredAgent.NOBODY)
    return Preference(who, rule.wait_s, rule.within_days, rule.waits_for_away)


def overflow_of(queue: QueueSetting) -> tuple[OverflowStep, ...]:
    """Return the queue's chain; a step that only a newer web knows is left out, and logged."""
    steps = []
    for step in queue.overflow:
        try:
            action = read_action(step.action, queue=step.queue, prompt=step.prompt)
            steps.append(OverflowStep(Condition(step.condition), action, step.threshold))
        except (UnknownAction, ValueError):
            log.error("unknown_overflow_step", queue=queue.id, condition=step.condition, action=step.action)
    return tuple(steps)


def memberships_of(settings: TenantSettings) -> dict[int, tuple[Membership, ...]]:
    """Return how each agent serves its queues."""
    found: dict[int, list[Membership]] = {}
    for queue in settings.queues:
        own = {member.agent: member for member in queue.memberships}
        for agent in queue.members:
            member = own.get(agent, MemberSetting(agent))
            membership = Membership(queue.id, member.order, float(member.delay_s), member.tier, float(member.share))
            found.setdefault(agent, []).append(membership)
    return {agent: tuple(memberships) for agent, memberships in found.items()}


def class_rules_of(settings: TenantSettings) -> tuple[ClassRule, ...]:
    """Return whom the classes are for, in the order of trying."""
    return tuple(
        ClassRule(
            one.code,
            is_for_vips=one.is_for_vips,
            customer_classes=frozenset(one.customer_classes),
            entries=frozenset(_canonical(one, settings)),
        )
        for one in settings.routing.classes
    )


def hard_classes_of(settings: TenantSettings) -> frozenset[str]:
    return frozenset(one.code for one in settings.routing.classes if one.is_hard)


def _canonical(one: ContactClassSetting, settings: TenantSettings) -> Iterator[str]:
    for number in one.entries:
        try:
            yield normalise_number(number, settings.region)
        except BadNumber:
            log.error("number_unreadable", tenant=settings.tenant)


def known_rule(rules: type[Rule], named: str, plain: Rule) -> Rule:
    """Return the rule of this name; one that only a newer web knows counts as the plain one, and is logged."""
    try:
        return rules(named)
    except ValueError:
        log.error("unknown_rule", of=rules.__name__, named=named)
        return plain
