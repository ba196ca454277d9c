"""A queue's settings as the rule its contacts go by: for the engine, and for what runs a flow without one."""

from __future__ import annotations

import msgspec

from zhiyin.contracts import routing_rules
from zhiyin.contracts.routing_rules import known_rule
from zhiyin.contracts.snapshots import CallbackSetting, OutboundSetting, QueueSetting
from zhiyin.domain.booking_reminders import ReminderRule
from zhiyin.domain.missed_offers import MissedRule
from zhiyin.domain.routing.queues import CallbackRule, QueueRule, VoicemailRule
from zhiyin.domain.wrap_up import WrapUpMode, WrapUpRule


def queue_rule_of(queue: QueueSetting) -> QueueRule:
    return QueueRule(
        id=queue.id,
        members=frozenset(queue.members),
        skills=dict(queue.skills),
        offer_timeout_s=queue.offer_timeout_s,
        wrap_up=wrap_up_of(queue),
        missed=missed_of(queue),
        service_level_s=queue.service_level_s,
        announce_every_s=queue.announce_every_s,
        max_wait_s=queue.max_wait_s,
        is_recorded=queue.is_recorded,
        agent_choice=routing_rules.agent_choice_of(queue),
        rings=routing_rules.rings_of(queue),
        preference=routing_rules.preference_of(queue),
        announces_place=queue.announces_place,
        announces_wait=queue.announces_wait,
        hours=queue.hours,
        overflow=routing_rules.overflow_of(queue),
        voicemail=VoicemailRule(**msgspec.structs.asdict(queue.voicemail)) if queue.voicemail else None,
        callback=_callback_of(queue.callback) if queue.callback else None,
    )


def _callback_of(callback: CallbackSetting) -> CallbackRule:
    given = msgspec.structs.asdict(callback)
    reminder = callback.reminder
    given["reminder"] = ReminderRule(**msgspec.structs.asdict(reminder)) if reminder is not None else None
    return CallbackRule(**given)


def wrap_up_of(setting: QueueSetting | OutboundSetting) -> WrapUpRule:
    return WrapUpRule(
        known_rule(WrapUpMode, setting.wrap_up_mode, WrapUpMode.EXTENDABLE),
        setting.wrap_up_s,
        setting.wrap_up_extensions,
        setting.wrap_up_extension_s,
    )


def missed_of(queue: QueueSetting) -> MissedRule:
    return MissedRule(queue.missed_limit, queue.missed_pause_s, queue.missed_back_after_s)
