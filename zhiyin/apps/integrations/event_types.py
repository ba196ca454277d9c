"""The catalogue of events that other systems may hear of: their names, versions, rights, and where each comes from.

A version changes when the shape of ``data`` changes in a way that a reader would notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.contracts.events import CustomerLinked, RecordingDeleted, RecordingReady, WrapUpSaved
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.domain.interactions import InteractionEnded, InteractionStarted, QueueEntered, SegmentStarted


@dataclass(frozen=True, slots=True)
class EventType:
    """``right``: without it nobody hears of such an event at all."""

    code: str
    right: str
    zh: str
    en: str
    version: int = 1


CATALOGUE: dict[str, EventType] = {
    each.code: each
    for each in (
        EventType("contact.started", "figures.read", "联络开始", "A contact began"),
        EventType("contact.queued", "figures.read", "联络进入排队", "A contact joined a queue"),
        EventType("contact.answered", "figures.read", "座席接听", "An agent answered"),
        EventType("contact.ended", "figures.read", "联络结束", "A contact ended"),
        EventType("contact.wrapped_up", "figures.read", "话后小结已提交", "A contact was wrapped up"),
        EventType("contact.linked", "figures.read", "联络已关联客户", "A contact was linked to a customer"),
        EventType("recording.ready", "recordings.read", "录音可用", "A recording is ready"),
        EventType("recording.failed", "recordings.read", "录音失败", "A recording could not be made"),
        EventType("recording.empty", "recordings.read", "录音无内容", "A recording holds nothing"),
        EventType("recording.deleted", "recordings.read", "录音已删除", "A recording was deleted"),
        EventType("agent.state_changed", "live.read", "座席状态变化", "An agent's state changed"),
        EventType("customer.created", "customers.read", "新建客户", "A customer was created"),
        EventType("customer.changed", "customers.read", "客户资料修改", "A customer was changed"),
        EventType("customer.merged", "customers.read", "客户合并", "Customers were merged"),
        EventType("customer.removed", "customers.read", "客户已删除", "A customer was removed"),
        EventType("follow_up.created", "customers.read", "新建跟进", "A follow-up was planned"),
        EventType("follow_up.done", "customers.read", "跟进完成", "A follow-up was done"),
    )
}

#: sent by the test button alone
TEST = EventType("test", "", "测试", "Test")

#: the audit's action -> the event that it is
AUDITED: dict[str, str] = {
    "customer.created": "customer.created",
    "customer.changed": "customer.changed",
    "customer.merged": "customer.merged",
    "customer.removed": "customer.removed",
    "follow_up.planned": "follow_up.created",
    "follow_up.done": "follow_up.done",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to which thing. ``facts`` hold ids and codes only, never personal data."""

    type: str
    subject_kind: str
    subject_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def fact_of(logged: LoggedEvent) -> Fact | None:  # noqa: PLR0911 - one for each kind
    """Return what an event of the log tells others; None: it is the product's own matter."""
    match logged.event:
        case InteractionStarted(direction=direction, channel=channel, entry=entry):
            facts = {"direction": direction.value, "channel": channel, "entry": entry}
            return Fact("contact.started", "contact", logged.subject, facts)
        case QueueEntered(queue=queue, priority=priority):
            return Fact("contact.queued", "contact", logged.subject, {"queue": queue, "priority": priority})
        case SegmentStarted(agent=agent, segment=segment):
            return Fact("contact.answered", "contact", logged.subject, {"agent": agent, "segment": segment})
        case InteractionEnded(by=by, reason=reason):
            return Fact("contact.ended", "contact", logged.subject, {"ended_by": by.value, "reason": reason})
        case WrapUpSaved(interaction=contact, agent=agent, disposition=disposition):
            return Fact("contact.wrapped_up", "contact", contact, {"agent": agent, "disposition": disposition})
        case CustomerLinked(interaction=contact, customer=customer):
            return Fact("contact.linked", "contact", contact, {"customer": customer})
        case RecordingReady(recording=recording, interaction=contact, failed=failed, empty=empty):
            what = "recording.empty" if empty else "recording.failed" if failed else "recording.ready"
            return Fact(what, "recording", recording, {"contact": contact})
        case RecordingDeleted(recording=recording, interaction=contact):
            return Fact("recording.deleted", "recording", recording, {"contact": contact})
        case AgentStateChanged(agent=agent, state=state, reason=reason, interaction=contact):
            facts = {"state": state.value, "reason": reason, "contact": contact}
            return Fact("agent.state_changed", "agent", str(agent), facts)
        case _:
            return None
