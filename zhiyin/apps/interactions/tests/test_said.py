"""What a caller said to the flow, on the desk of whoever takes the contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.models import FlowVersion, PromptVersion
from zhiyin.apps.flows.templates import empty_flow
from zhiyin.apps.interactions.said import SaidOut
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.events import Event, interaction_stream
from zhiyin.contracts.numbers import mask_numbers_in
from zhiyin.domain.interactions import DigitsCollected, NodeEntered, Offered, UtteranceHeard

CHOICES = [
    {"exit": "repair", "name": "售后", "phrases": "维修,坏了", "key": "1"},
    {"exit": "bill", "name": "账单", "phrases": "账单", "key": "2"},
]
LISTENS = NodeEntered("ask", "recognise", "next")
Then = list[tuple[float, Event]]


@pytest.fixture
def flow(company: Company) -> int:
    """A flow of which one version was in force, with a step that asks and listens."""
    ask = {"id": "ask", "kind": "recognise", "config": {"prompt": {"key": "what_about"}, "choices": CHOICES}}
    drawn = empty_flow()
    made = flows.create_flow(actor=company.system, name="语音热线", graph=drawn)
    FlowVersion.objects.of(company.tenant).create(
        flow=made,
        version=1,
        graph={**drawn, "nodes": [*drawn["nodes"], ask]},
        published_at=timezone.now(),
        published_by="x",
    )
    PromptVersion(
        tenant=company.tenant,
        key="what_about",
        language="zh",
        source="spoken",
        text="请说您要办什么",
        sound="s",
        duration_s=2,
        made_at=timezone.now(),
        is_in_force=True,
    ).save()
    return made.pk


def came(company: Company, flow: int, said: dict[str, str], then: Sequence[tuple[float, Event]]) -> str:
    """A contact with these words behind their references."""
    contact = log_contact(company.tenant, at=timezone.now(), flow=(flow, 1), then=then)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, 'words', %s)",
            [(company.tenant.pk, ref, interaction_stream(contact), words) for ref, words in said.items()],
        )
    return contact


def said_to(company: Company, contact: str, role: str = "agent") -> list[dict[str, Any]]:
    answer = company.browser(role).get(f"/api/interactions/{contact}/pop")
    assert answer.status_code == 200, answer.content
    told: list[dict[str, Any]] = answer.json()["said"]
    return told


def offered(company: Company, role: str = "agent") -> Offered:
    return Offered(offer="o", agent=company.users[role].pk, leg="l", expires_at=timezone.now())


def test_who_is_offered_a_contact_sees_what_the_caller_said(company: Company, flow: int) -> None:
    """In order, with what was asked and as what it was understood; what meant no choice stands there too."""
    then: Then = [
        (1, LISTENS),
        (3, UtteranceHeard("ask", "w-1")),
        (6, UtteranceHeard("ask", "w-2")),
        (6, NodeEntered("queue", "queue", "repair")),
        (7, offered(company)),
    ]
    contact = came(company, flow, {"w-1": "你好", "w-2": "洗衣机坏了"}, then)
    first, second = said_to(company, contact)
    assert [first[name] for name in ("words", "step", "asked", "choice")] == ["你好", "语音识别", "请说您要办什么", ""]
    assert (second["words"], second["choice"]) == ("洗衣机坏了", "售后")
    assert first["at"] < second["at"]


def test_a_key_after_words_that_meant_nothing_is_no_understanding(company: Company, flow: int) -> None:
    then: Then = [
        (1, LISTENS),
        (3, UtteranceHeard("ask", "w-1")),
        (4, DigitsCollected("ask", "bill", key="2")),
        (4, NodeEntered("queue", "queue", "bill")),
        (5, offered(company)),
    ]
    (said,) = said_to(company, came(company, flow, {"w-1": "嗯"}, then))
    assert said["choice"] == ""


def test_erased_words_are_not_told_and_silence_is_nothing(company: Company, flow: int) -> None:
    then: Then = [(1, LISTENS), (3, UtteranceHeard("ask", "w-1")), (5, offered(company))]
    assert said_to(company, came(company, flow, {}, then)) == []
    assert said_to(company, came(company, flow, {}, [(5, offered(company))])) == []


def test_words_are_told_to_those_of_the_contact_and_to_whom_the_right_reaches(company: Company, flow: int) -> None:
    """An agent who was never asked has the pop by its address, as before, but nobody's words."""
    then: Then = [(1, LISTENS), (3, UtteranceHeard("ask", "w-1")), (5, offered(company, "lead"))]
    contact = came(company, flow, {"w-1": "洗衣机坏了"}, then)
    assert said_to(company, contact, "agent") == []
    assert [len(said_to(company, contact, role)) for role in ("lead", "administrator")] == [1, 1]


def test_a_said_number_is_masked_for_who_sees_none(company: Company, flow: int) -> None:
    then: Then = [(1, LISTENS), (3, UtteranceHeard("ask", "w-1")), (5, offered(company))]
    contact = came(company, flow, {"w-1": "我的电话是13912345678，订单20260302"}, then)
    (by_agent,), (by_lead,) = said_to(company, contact, "agent"), said_to(company, contact, "lead")
    assert by_agent["words"] == "我的电话是139****5678，订单20260302"
    assert by_lead["words"] == "我的电话是13912345678，订单20260302"


def test_a_contact_whose_flow_is_gone_keeps_its_words(company: Company) -> None:
    then: Then = [(1, LISTENS), (3, UtteranceHeard("ask", "w-1")), (5, offered(company))]
    (said,) = said_to(company, came(company, 10**6, {"w-1": "洗衣机坏了"}, then))
    told = SaidOut(**said)
    assert (told.words, told.step, told.asked, told.choice) == ("洗衣机坏了", "语音识别", "", "")


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("我要找售后", "我要找售后"),
        ("打 139 1234 5678 找我", "打 139****5678 找我"),
        ("13912345678或者13812345678", "139****5678或者138****5678"),
        ("订单 A-17，三台", "订单 A-17，三台"),
        ("", ""),
    ],
)
def test_numbers_in_words_are_masked_where_they_stand(words: str, masked: str) -> None:
    assert mask_numbers_in(words) == masked
