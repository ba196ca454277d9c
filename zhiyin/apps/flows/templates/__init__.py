"""Flows that a company starts with, as graphs that can be published once their slots are filled. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhiyin.apps.flows.templates import industries
from zhiyin.apps.flows.templates.basic import empty_flow, menu_flow, queue_flow, survey_flow
from zhiyin.apps.flows.templates.drawing import Graph
from zhiyin.domain.flows.nodes.panel import FieldKind

__all__ = ["TEMPLATES", "Graph", "Slot", "Template", "empty_flow", "menu_flow", "queue_flow", "survey_flow"]


@dataclass(frozen=True, slots=True)
class Slot:
    """What a company chooses for a template: a queue, hours, an external service. Words in Chinese and English."""

    name: str
    kind: FieldKind
    words: tuple[str, str]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """``draw`` takes the ids that were chosen, by slot; those of slots that may stay empty may be missing."""

    code: str
    words: tuple[str, str]
    hint: tuple[str, str]
    slots: tuple[Slot, ...]
    draw: Callable[[Mapping[str, int]], Graph]


def _queue(name: str, zh: str, en: str, *, is_required: bool = True) -> Slot:
    return Slot(name, FieldKind.QUEUE, (zh, en), is_required)


def _hours(*, is_required: bool = True) -> Slot:
    return Slot("hours", FieldKind.HOURS, ("工作时间", "Opening hours"), is_required)


TEMPLATES: Mapping[str, Template] = {
    template.code: template
    for template in (
        Template(
            "queue",
            ("直达技能组", "Straight to a queue"),
            (
                "问候后直接排队；下班时播放提示。",
                "A greeting, then the queue; the closed message outside of the hours.",
            ),
            (_queue("queue", "技能组", "Queue"), _hours(is_required=False)),
            lambda choices: queue_flow(queue=choices["queue"], hours=choices.get("hours")),
        ),
        Template(
            "hotline",
            ("服务热线", "Hotline"),
            ("问候、转人工；座席全忙或下班时请客户留言。", "A greeting, then an agent; else a message to leave."),
            (_queue("queue", "技能组", "Queue"), _hours()),
            industries.hotline,
        ),
        Template(
            "hospital",
            ("医院", "Hospital"),
            (
                "咨询、预约挂号（收就诊卡号）、随访，并告知急救电话。",
                "Questions, appointments (with the patient's card), follow-up; the emergency number is told.",
            ),
            (
                _queue("ask", "咨询技能组", "Queue for questions"),
                _queue("book", "预约技能组", "Queue for appointments"),
                _queue(
                    "follow_up", "随访技能组（不选则同咨询）", "Queue for follow-up (else questions)", is_required=False
                ),
                _hours(),
            ),
            industries.hospital,
        ),
        Template(
            "property",
            ("物业公司", "Property company"),
            (
                "报修（收房号，夜间也受理）、咨询、投诉（优先，并可回呼）。",
                "Repairs (by day and night), questions, complaints that go first and are called back.",
            ),
            (
                _queue("repair", "报修技能组", "Queue for repairs"),
                _queue("ask", "咨询技能组", "Queue for questions"),
                _queue(
                    "complaint",
                    "投诉技能组（不选则同咨询）",
                    "Queue for complaints (else questions)",
                    is_required=False,
                ),
                _hours(),
            ),
            industries.property_company,
        ),
        Template(
            "after_sales",
            ("售后（查订单）", "After-sales with order look-up"),
            (
                "按订单号从贵公司的接口查询状态并播报，随时可转人工。",
                "Tells an order's state by its number, from your own interface; an agent at any time.",
            ),
            (
                _queue("queue", "售后技能组", "After-sales queue"),
                Slot("service", FieldKind.HTTP_SERVICE, ("订单接口（外部服务）", "Order interface (external service)")),
                _hours(is_required=False),
            ),
            industries.after_sales,
        ),
        Template(
            "voice",
            ("语音导航热线", "Voice-navigated hotline"),
            (
                "直接说出要办的事，可随时打断，也可按键；听不懂就转人工。中文识别须先在外部服务里登记语音识别。",
                "Callers say what it is about, or press a key; else they come to a person. Needs speech recognition.",
            ),
            (
                _queue("ask", "咨询技能组", "Queue for questions"),
                _queue("after_sales", "售后技能组（不选则同咨询）", "After-sales (else questions)", is_required=False),
                _queue("complaint", "投诉技能组（不选则同咨询）", "Complaints (else questions)", is_required=False),
                _hours(),
            ),
            industries.voice_hotline,
        ),
        Template(
            "survey",
            ("满意度评价", "Satisfaction survey"),
            (
                "座席挂机后请客户打分；在技能组里选用。",
                "Asks who was served for a score when the agent has hung up; chosen in a queue.",
            ),
            (),
            lambda _choices: survey_flow(),
        ),
    )
}
