"""What customers answered: kept once, counted by definition, seen by whom it concerns."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.errors import FlowInUse
from zhiyin.apps.flows.templates import survey_flow
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.queues import services as queues
from zhiyin.apps.surveys.projection import SurveyProjection
from zhiyin.apps.tenancy.scope import inside
from zhiyin.domain.interactions import SurveyAnswered, SurveyStarted
from zhiyin.domain.metrics.satisfaction import Satisfaction, response_rate_pct, satisfied_pct

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # in Shanghai


def test_a_score_counts_as_satisfied_and_dissatisfied_by_its_share_of_the_best() -> None:
    figures = Satisfaction(asked=8, responded=6)
    for score, most in ((5, 5), (4, 5), (3, 5), (2, 5), (1, 2), (2, 2)):
        figures.add(score, most)
    assert (figures.answers, figures.satisfied, figures.dissatisfied) == (6, 3, 2)
    assert (satisfied_pct(figures), response_rate_pct(figures)) == (50.0, 75.0)
    assert satisfied_pct(Satisfaction()) is None


@dataclass
class World:
    company: Company
    database: Database
    queue: int = 0
    _contacts: Any = field(default_factory=lambda: itertools.count(1))

    def asked(self, *answers: tuple[str, int], agent: str = "agent", at: datetime = NINE) -> str:
        """A contact of the agent's is asked, and answers each question in turn, also the same one again."""
        contact = f"{self.company.tenant.pk}-{next(self._contacts)}"
        events = [
            SurveyStarted(5, 1, self.queue, self.company.users[agent].pk, 1),
            *(SurveyAnswered("rate", question, score, 5) for question, score in answers),
        ]
        with connected_as(self.database.engine), transaction.atomic():
            for event in events:
                SurveyProjection().fold([LoggedEvent(self.company.tenant.pk, f"i:{contact}", at, event)])
        return contact

    def read(self, path: str, role: str = "administrator") -> Any:
        answer = self.company.browser(role).get(f"/api/surveys/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def world(database: Database, committed_company: Callable[[], Company]) -> World:
    company = committed_company()
    with inside(company.tenant):
        queue = queues.create_queue(actor=company.system, fields={"name": "售后", "name_en": "After-sales"}).pk
    return World(company, database, queue)


def test_the_last_answer_to_a_question_counts_and_is_counted_once(world: World) -> None:
    contact = world.asked(("态度", 2), ("态度", 5))
    page = world.read("answers")
    assert [(row["interaction"], row["score"], row["most"]) for row in page["items"]] == [(contact, 5, 5)]
    assert page["items"][0]["queue_name"] == "售后"


def test_figures_by_queue_agent_question_and_day_of_the_company(world: World) -> None:
    world.asked(("态度", 5), ("速度", 3))
    world.asked(("态度", 1))
    world.asked()
    world.asked(("态度", 4), agent="lead", at=NINE + timedelta(hours=15))  # 00:00 of the next day
    total = world.read("satisfaction")["total"]
    assert (total["asked"], total["responded"], total["answers"]) == (4, 3, 4)
    assert (total["satisfied_pct"], total["dissatisfied_pct"], total["response_rate_pct"]) == (50.0, 25.0, 75.0)
    assert total["average_score_pct"] == pytest.approx(100 * (1 + 0.6 + 0.2 + 0.8) / 4)
    by = {each: world.read(f"satisfaction?by={each}")["groups"] for each in ("queue", "agent", "question", "day")}
    assert [(group["name"], group["name_en"], group["asked"]) for group in by["queue"]] == [("售后", "After-sales", 4)]
    assert sorted(group["asked"] for group in by["agent"]) == [1, 3]
    assert {group["key"]: group["answers"] for group in by["question"]} == {"态度": 3, "速度": 1}
    assert [(group["key"], group["asked"], group["answers"]) for group in by["day"]] == [
        ("2026-11-02", 3, 3),
        ("2026-11-03", 1, 1),
    ]
    later = (NINE + timedelta(hours=15)).isoformat().replace("+00:00", "Z")
    assert world.read(f"satisfaction?from={later}")["total"]["asked"] == 1
    assert world.read(f"satisfaction?to={later}")["total"]["asked"] == 3


def test_agents_see_their_own_answers_and_nobody_elses(world: World) -> None:
    mine = world.asked(("态度", 2))
    other = world.asked(("态度", 5), agent="lead")
    assert {row["interaction"] for row in world.read("answers")["items"]} == {mine, other}
    assert [row["interaction"] for row in world.read("answers", "agent")["items"]] == [mine]
    assert [row["interaction"] for row in world.read("answers?low=true")["items"]] == [mine]
    assert world.company.browser("agent").get("/api/surveys/satisfaction").status_code == 403


def test_a_flow_that_asks_for_a_queue_stays_and_one_that_is_not_in_force_asks_nobody(company: Company) -> None:
    administrator = company.browser("administrator")
    with inside(company.tenant):
        queue = queues.create_queue(actor=company.system, fields={"name": "售后"}).pk
    made = administrator.post("/api/flows", {"name": "评价", "template": "survey"}, "application/json").json()
    assert made["draft"] == survey_flow()
    assert made["problems"] == []
    body = {"survey": {"flow": made["id"], "share_pct": 40}}
    refused = administrator.patch(f"/api/queues/{queue}", body, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_reference")
    administrator.post(f"/api/flows/{made['id']}/publish")
    kept = administrator.patch(f"/api/queues/{queue}", body, "application/json")
    assert kept.json()["survey"] == body["survey"] | {"agents_invite": False, "spare_days": 0}
    with inside(company.tenant), pytest.raises(FlowInUse):
        flows.remove_flow(actor=company.system, flow_id=made["id"])
    assert administrator.patch(f"/api/queues/{queue}", {"survey": None}, "application/json").json()["survey"] is None
