"""Each flow that is ready for a trade: nothing stands against publishing it, and callers come where they should."""

from __future__ import annotations

import pytest

from tests.engine.world import company
from zhiyin.apps.flows.templates import TEMPLATES
from zhiyin.config.prompts.texts import standard_texts
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.contracts.snapshots import HoursSetting
from zhiyin.domain.flow_scripts.run import run_script
from zhiyin.domain.flow_scripts.script import read_script
from zhiyin.domain.flows.check import find_problems
from zhiyin.domain.flows.graph import Flow, read_flow
from zhiyin.domain.flows.nodes.panel import FieldKind

WORKDAYS = (*([(("09:00", "18:00"),)] * 5), (), ())
SETTINGS = company(hours=(HoursSetting(1, "工作时间", WORKDAYS),))
#: of the world's queues 售后 is 1, 销售 2
CHOICES = {
    "queue": {"queue": 1, "hours": 1},
    "hotline": {"queue": 1, "hours": 1},
    "hospital": {"ask": 1, "book": 2, "hours": 1},
    "property": {"repair": 1, "ask": 2, "complaint": 1, "hours": 1},
    "after_sales": {"queue": 1, "service": 7, "hours": 1},
    "voice": {"ask": 2, "after_sales": 1, "complaint": 1, "hours": 1},
    "survey": {},
}


def flow_of(template: str) -> Flow:
    return read_flow(TEMPLATES[template].draw(CHOICES[template]))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_with_its_choices_can_be_published(template: str) -> None:
    known = {FieldKind.QUEUE: {1, 2}, FieldKind.HOURS: {1}, FieldKind.HTTP_SERVICE: {7}, FieldKind.CONTACT_CLASS: ()}
    slots = TEMPLATES[template].slots
    assert {slot.name for slot in slots if slot.is_required} <= CHOICES[template].keys() <= {s.name for s in slots}
    assert find_problems(flow_of(template), prompts=standard_texts(), known=known) == ()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_stands_without_what_may_stay_empty(template: str) -> None:
    least = {slot.name: CHOICES[template][slot.name] for slot in TEMPLATES[template].slots if slot.is_required}
    known = {FieldKind.QUEUE: {1, 2}, FieldKind.HOURS: {1}, FieldKind.HTTP_SERVICE: {7}}
    assert find_problems(read_flow(TEMPLATES[template].draw(least)), prompts=standard_texts(), known=known) == ()


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("queue", "expect say welcome\nexpect queue 售后"),
        ("hotline", "expect say recording_notice\nexpect 售后\nanswer\nexpect talking"),
        ("hotline", "closed 工作时间\nexpect say closed\nexpect node message"),
        ("hotline", "unstaffed 售后\nexpect say all_busy_message\nexpect node message"),
        ("hotline", "unstaffed 售后\nfull 售后\nexpect say mailbox_full\nexpect end"),
        ("hospital", "expect say hospital_emergency\npress 1\nexpect 售后"),
        ("hospital", 'press 2\nexpect say patient_card\npress "20261122#"\nexpect value card 20261122\nexpect 销售'),
        ("hospital", 'press 2\npress "#"\npress "#"\nexpect 销售'),
        ("hospital", "press 3\nexpect node follow_up\nexpect 售后"),
        ("hospital", "wait\nwait\nwait\nexpect 售后"),
        ("property", 'press 1\npress "1203#"\nexpect value home 1203\nexpect 售后'),
        ("property", "press 2\nexpect 销售"),
        ("property", "unstaffed 售后\ncaller 13800138000\npress 3\nexpect node call_back"),
        ("property", 'closed 工作时间\nexpect say property_night\npress 1\npress "9#"\nexpect 售后'),
        ("property", "closed 工作时间\npress 2\nexpect node message"),
        ("after_sales", "press 2\nexpect 售后"),
        (
            "after_sales",
            (
                'lookup look_up found status=shipped\npress 1\npress "2026#"\nexpect say order_shipped\npress 1\n'
                'press "2026#"\nexpect node shipped\npress 0\nexpect 售后'
            ),
        ),
        ("after_sales", 'lookup look_up missing\npress 1\npress "2026#"\nexpect say order_missing\nexpect node order'),
        ("after_sales", 'lookup look_up failed\npress 1\npress "2026#"\nexpect say order_unknown\nexpect 售后'),
        (
            "after_sales",
            'lookup look_up found status=lost\npress 1\npress "2026#"\nexpect say order_unknown\nexpect 售后',
        ),
        ("voice", "说 我要咨询\n应 排队 销售\n应 数据 said 我要咨询"),
        ("voice", "说 我的洗衣机坏了，要维修\n应 排队 售后"),
        ("voice", "说 我要投诉售后\n应 到达 after_sales"),
        ("voice", "press 2\nexpect node complaint\nexpect 售后"),
        (
            "voice",
            "caller 13800138000\nsays my number\nexpect say 您的来电号码是13800138000。\nsays agent\nexpect 销售",
        ),
        ("voice", "说 今天天气很好\n应 听到 not_understood\n说 ?\n应 排队 销售"),
        ("voice", "wait\nwait\nexpect 销售"),
        ("voice", "closed\nexpect say closed\nexpect node message"),
        ("survey", "press 5\nexpect say survey_thanks\nexpect end"),
    ],
)
def test_a_caller_comes_where_the_template_says(template: str, text: str) -> None:
    outcome = run_script(read_script(text), scene_of(SETTINGS, flow_of(template)))
    assert outcome.is_passed, outcome
