"""Drafts of the rules: made, asked in shadow, tried on a share, taken back, adopted; and what their reports say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.queues import services as queues
from zhiyin.apps.surveys.projection import SurveyProjection
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.apps.trials import services
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.apps.trials.projection import ReturnedRules
from zhiyin.contracts.events import Event, RulesReturned, agent_stream
from zhiyin.contracts.snapshots import DraftClassSetting
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import (
    EndedBy,
    InteractionEnded,
    Offered,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
    SurveyAnswered,
    SurveyStarted,
    TransferStarted,
)

JSON = "application/json"
RING = {"after_s": 15, "lower_by": 0, "drop": [], "add_queues": []}


def post(client: Client, path: str, body: object | None = None) -> Any:
    return client.post(f"/api/rule-trials{path}", body or {}, content_type=JSON)


def a_queue(company: Company, **fields: object) -> int:
    agent = company.users["agent"].pk
    return queues.create_queue(actor=company.system, fields={"name": "售后", **fields}, members=[agent]).pk


def a_draft(client: Client, queue: int, **fields: object) -> int:
    draft = {"id": queue, "agent_choice": "fewest_contacts", "rings": [RING]}
    answer = post(client, "", {"name": "更早加圈", "changes": {"queues": [draft]}, **fields})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_a_draft_is_asked_tried_and_adopted_and_can_be_put_back(company: Company) -> None:
    client, queue = company.browser("administrator"), a_queue(company)
    trial = a_draft(client, queue)
    assert build_settings(tenant=company.tenant).trial is None
    assert post(client, f"/{trial}/shadow").json()["state"] == "shadow"
    published = build_settings(tenant=company.tenant).trial
    assert published is not None
    assert (published.stage, published.queues) == ("shadow", (queue,))
    assert published.draft_queues[0].agent_choice == "fewest_contacts"
    assert published.draft_queues[0].memberships is None
    assert post(client, f"/{trial}/canary", {"share_pct": 20}).json()["share_pct"] == 20
    published = build_settings(tenant=company.tenant).trial
    assert published is not None
    assert (published.stage, published.share_pct, published.drop_pct) == ("canary", 20, 10)
    assert post(client, f"/{trial}/adopt").json()["state"] == "adopted"
    settings = build_settings(tenant=company.tenant)
    assert settings.trial is None
    assert (settings.queues[0].agent_choice, settings.queues[0].rings[0].after_s) == ("fewest_contacts", 15)
    asked = {"kind": "queue", "subject": str(queue)}
    change = client.get("/api/routing/history", asked).json()["items"][0]
    assert change["before"]["agent_choice"] == "longest_idle"
    assert client.post(f"/api/routing/history/{change['id']}/put-back", content_type=JSON).status_code == 204
    assert build_settings(tenant=company.tenant).queues[0].agent_choice == "longest_idle"
    acts = Entry.objects.of(company.tenant).filter(subject_kind="ruletrial").order_by("pk")
    assert [entry.action for entry in acts] == ["ruletrial.created", *["ruletrial.changed"] * 3]


def test_points_of_a_class_concern_every_queue_and_are_adopted(company: Company) -> None:
    client = company.browser("administrator")
    first, second = a_queue(company), a_queue(company, name="销售")
    gold = {"code": "gold", "name": "金卡", "points": 5}
    assert client.put("/api/routing/classes", {"classes": [gold]}, content_type=JSON).status_code == 200
    trial = post(client, "", {"name": "x", "changes": {"classes": [{"code": "gold", "points": 60}]}}).json()["id"]
    assert post(client, f"/{trial}/canary", {"share_pct": 5}).status_code == 200
    published = build_settings(tenant=company.tenant).trial
    assert published is not None
    assert (published.queues, published.draft_classes) == ((first, second), (DraftClassSetting("gold", 60.0),))
    assert post(client, f"/{trial}/adopt").status_code == 200
    assert client.get("/api/routing/classes").json()["classes"][0]["points"] == 60


def test_what_cannot_be_is_refused(company: Company) -> None:
    client, queue = company.browser("administrator"), a_queue(company)
    trial = a_draft(client, queue)
    unknown = post(client, "", {"name": "y", "changes": {"queues": [{"id": queue + 999}]}})
    assert (unknown.status_code, unknown.json()["fields"]) == (400, {"changes.queues.0": "unknown_reference"})
    stranger = {"id": queue, "memberships": [{"agent": company.users["lead"].pk, "tier": 2}]}
    refused = post(client, "", {"name": "y", "changes": {"queues": [stranger]}})
    assert refused.json()["fields"] == {"changes.queues.0.memberships": "unknown_reference"}
    empty = post(client, "", {"name": "leer"}).json()["id"]
    assert post(client, f"/{empty}/shadow").json()["code"] == "nothing_changed"
    rule = post(client, "", {"name": "rule", "changes": {"contact_choice": "longest_waiting"}}).json()["id"]
    assert post(client, f"/{rule}/canary", {"share_pct": 10}).json()["code"] == "no_share_of_contacts"
    assert post(client, f"/{rule}/shadow").status_code == 200
    assert post(client, f"/{trial}/shadow").json()["code"] == "other_trial_runs"
    changed = client.patch(f"/api/rule-trials/{rule}", {"changes": {}}, content_type=JSON)
    assert (changed.status_code, changed.json()["code"]) == (409, "wrong_state")
    assert post(client, f"/{rule}/drop").json()["state"] == "dropped"
    assert post(client, f"/{rule}/drop").json()["code"] == "wrong_state"
    assert post(client, "", {"name": "更早加圈"}).status_code == 409


def test_bounds_may_be_taken_away(company: Company) -> None:
    client = company.browser("administrator")
    trial = a_draft(client, a_queue(company), wait_p90_s=120)
    changed = client.patch(f"/api/rule-trials/{trial}", {"drop_pct": None, "name": "anders"}, content_type=JSON).json()
    assert (changed["drop_pct"], changed["wait_p90_s"], changed["name"]) == (None, 120, "anders")


@pytest.fixture
def house(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def begun(house: Company, as_engine: Database, stage: str) -> tuple[int, int]:
    """A draft that runs since an hour; returns (trial, queue)."""
    with connected_as(as_engine.web), inside(house.tenant):
        queue = a_queue(house)
        owner = house.actor("administrator")
        changes = {"queues": [{"id": queue, "rings": [RING]}]}
        trial = services.create_trial(actor=owner, fields={"name": "更早加圈", "changes": changes}).pk
        hour_ago = timezone.now() - timedelta(hours=1)
        if stage == "shadow":
            services.begin_shadow(actor=owner, trial_id=trial, now=hour_ago)
        else:
            services.begin_canary(actor=owner, trial_id=trial, share_pct=30, now=hour_ago)
    return trial, queue


def test_what_the_engine_took_back_is_told_to_the_owner_once(house: Company, as_engine: Database) -> None:
    trial, _ = begun(house, as_engine, "canary")
    event = RulesReturned(trial, "service_level", 14.2, 10.0, 61)
    with inside(house.tenant):
        log_events(house.tenant, "s:trials", [(datetime.now(UTC), event)])
    for _ in range(2):
        Projector([ReturnedRules()], database_url="").catch_up()
    with inside(house.tenant):
        row = RuleTrial.objects.of(house.tenant).get(pk=trial)
        assert (row.state, row.breach) == (
            "returned",
            {"reason": "service_level", "value": 14.2, "bound": 10.0, "contacts": 61},
        )
        assert build_settings(tenant=house.tenant).trial is None
        told = Notification.objects.of(house.tenant).get()
        assert (told.user_id, told.code) == (house.users["administrator"].pk, "rules_returned_service_level")
        assert Entry.objects.of(house.tenant).filter(action="ruletrial.returned").count() == 1


def log_day(house: Company, queue: int, *, trial: int | None, arm: str, waits_s: list[float], lost: int = 0) -> None:
    """Contacts one after the other; the last ``lost`` give up, every second answered one is transferred."""
    agent, at = house.users["agent"].pk, timezone.now() - timedelta(minutes=50)
    for number, wait_s in enumerate(waits_s):
        gone = number >= len(waits_s) - lost
        ends = QueueEnd.ABANDONED if gone else QueueEnd.ANSWERED
        talk: list[tuple[float, Event]] = [
            (1 + wait_s, SegmentStarted(segment=1, agent=agent, leg="l")),
            (31 + wait_s, TransferStarted(kind="queue", by_agent=agent, target=queue)),
            (31 + wait_s, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.TRANSFERRED)),
        ]
        then: list[tuple[float, Event]] = [
            (1, QueueEntered(queue, trial=trial, arm=arm)),
            (1 + wait_s, QueueLeft(queue=queue, outcome=ends)),
        ]
        then += [] if gone else talk if number % 2 else [talk[0], talk[2]]
        then += [(40 + wait_s, InteractionEnded(EndedBy.CUSTOMER, "hangup"))]
        log_contact(house.tenant, at=at + timedelta(seconds=100 * number), then=then)


def test_the_canarys_arms_stand_beside_each_other_with_intervals(house: Company, as_engine: Database) -> None:
    trial, queue = begun(house, as_engine, "canary")
    with inside(house.tenant):
        log_day(house, queue, trial=trial, arm="draft", waits_s=[5.0, 5, 5, 30, 60], lost=1)
        log_day(house, queue, trial=trial, arm="present", waits_s=[5.0, 5, 5, 5])
        log_day(house, queue, trial=None, arm="", waits_s=[500.0])
    Projector([ContactProjection()], database_url="").catch_up()
    with connected_as(as_engine.web):
        report = house.browser("administrator").get(f"/api/rule-trials/{trial}/report").json()
    assert report["shadow"] is None
    found = report["canary"]
    assert (found["draft"], found["present"]) == (
        {
            "contacts": 5,
            "service_level_pct": 60.0,
            "asa_s": 11.2,
            "wait_p90_s": 60.0,
            "abandoned_pct": 20.0,
            "transferred_pct": 50.0,
            "responded": 0,
            "score_pct": None,
        },
        {
            "contacts": 4,
            "service_level_pct": 100.0,
            "asa_s": 5.0,
            "wait_p90_s": 5.0,
            "abandoned_pct": 0.0,
            "transferred_pct": 50.0,
            "responded": 0,
            "score_pct": None,
        },
    )
    assert found["service_level"]["value"] == -40.0
    assert found["service_level"]["low"] < -40 < found["service_level"]["high"]
    assert found["transferred"]["value"] == 0.0


def log_judged(house: Company, queue: int, trial: int | None, arm: str, *scores: int, stays: int = 1) -> None:
    """A contact that was talked with after so many stays in line, and answered so many questions about it."""
    agent, at = house.users["agent"].pk, timezone.now() - timedelta(minutes=30)
    waits: list[list[tuple[float, Event]]] = [
        [
            (10 * number, QueueEntered(queue, trial=trial, arm=arm)),
            (10 * number + 5, QueueLeft(queue=queue, outcome=QueueEnd.ANSWERED)),
            (10 * number + 5, SegmentStarted(segment=number, agent=agent, leg="l")),
            (10 * number + 9, SegmentEnded(segment=number, agent=agent, outcome=SegmentEnd.AGENT_LEFT)),
        ]
        for number in range(1, stays + 1)
    ]
    asked: list[tuple[float, Event]] = [
        (100, SurveyStarted(flow=1, flow_version=1, queue=queue, agent=agent, segment=stays)),
        *((101.0 + place, SurveyAnswered("rate", f"q{place}", score, 5)) for place, score in enumerate(scores)),
        (120, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
    ]
    log_contact(house.tenant, at=at, then=[*(one for stay in waits for one in stay), *asked])


def test_the_arms_customers_satisfaction_counts_each_contact_once(house: Company, as_engine: Database) -> None:
    """Two answers of one contact are their mean; two stays in line are one customer; silence is no score."""
    trial, queue = begun(house, as_engine, "canary")
    with inside(house.tenant):
        log_judged(house, queue, trial, "draft", 5, 3, stays=2)
        log_judged(house, queue, trial, "draft", 1)
        log_judged(house, queue, trial, "draft")
        log_judged(house, queue, trial, "present", 5)
        log_judged(house, queue, trial + 1, "present", 1)
        log_judged(house, queue, None, "", 1)
    Projector([ContactProjection(), SurveyProjection()], database_url="").catch_up()
    with connected_as(as_engine.web):
        found = house.browser("administrator").get(f"/api/rule-trials/{trial}/report").json()["canary"]
    assert [found["draft"][name] for name in ("contacts", "responded", "score_pct")] == [4, 2, 50.0]
    assert [found["present"][name] for name in ("contacts", "responded", "score_pct")] == [1, 1, 100.0]
    assert (found["score"], found["least_scores"]) == (None, 30)


def test_the_shadows_report_says_who_would_have_gained_and_lost(house: Company, as_engine: Database) -> None:
    trial, queue = begun(house, as_engine, "shadow")
    agent, lead = house.users["agent"].pk, house.users["lead"].pk

    def offered(**answer: object) -> None:
        shadow = {"trial": trial, "queue": queue, "agent": agent, "contact": None, "sooner_s": 0.0, "later_s": 0.0}
        then: list[tuple[float, Any]] = [
            (1, QueueEntered(queue)),
            (
                2,
                Offered(
                    offer="o",
                    agent=agent,
                    leg="l",
                    expires_at=timezone.now(),
                    why={"shadow": shadow | answer, "class": "gold"},
                ),
            ),
        ]
        contact = log_contact(house.tenant, at=timezone.now() - timedelta(minutes=9), then=then[:1])
        if answer.get("contact") == "same":
            then[1][1].why["shadow"]["contact"] = contact
        log_events(house.tenant, f"i:{contact}", [(timezone.now() - timedelta(minutes=8), then[1][1])])

    with inside(house.tenant):
        offered(contact="same")
        offered(contact="same", agent=lead, sooner_s=12.0)
        offered(contact="another")
        offered(contact=None, later_s=None)
    with connected_as(as_engine.web):
        found = house.browser("administrator").get(f"/api/rule-trials/{trial}/report").json()["shadow"]
    assert (found["decisions"], found["different"]) == (4, 3)
    assert (found["other_agent"], found["other_contact"], found["sooner"], found["later"]) == (1, 1, 1, 1)
    assert found["mean_sooner_s"] == 12.0
    assert [(one["agent"], one["gained"], one["lost"]) for one in found["agents"]] == [(lead, 1, 0), (agent, 0, 1)]
    assert [(one["name"], one["decisions"], one["different"]) for one in found["queues"]] == [("售后", 4, 3)]
    assert len(found["examples"]) == 3


def test_the_last_hours_are_played_again_by_both_rules(house: Company, as_engine: Database) -> None:
    """Callers who come together, one agent: by the draft a helper of another queue is asked after 15 s."""
    trial, queue = begun(house, as_engine, "shadow")
    lead = house.users["lead"].pk
    with connected_as(as_engine.web), inside(house.tenant):
        other = queues.create_queue(actor=house.system, fields={"name": "销售"}, members=[lead]).pk
        row = RuleTrial.objects.of(house.tenant).get(pk=trial)
        row.changes = {"queues": [{"id": queue, "rings": [RING | {"add_queues": [other]}]}]}
        row.save()
    began = timezone.now() - timedelta(hours=2)
    with inside(house.tenant):
        for agent in (house.users["agent"].pk, lead):
            ready = AgentStateChanged(agent, AgentState.READY)
            log_events(house.tenant, agent_stream(agent, began), [(began, ready)])
        log_day(house, queue, trial=None, arm="", waits_s=[5.0] * 4)
        for number in range(3):
            at = timezone.now() - timedelta(minutes=20) + timedelta(seconds=number)
            then: list[tuple[float, Event]] = [
                (1, QueueEntered(queue)),
                (90, QueueLeft(queue=queue, outcome=QueueEnd.ANSWERED)),
                (90, SegmentStarted(segment=1, agent=house.users["agent"].pk, leg="l")),
                (180, SegmentEnded(segment=1, agent=house.users["agent"].pk, outcome=SegmentEnd.CUSTOMER_LEFT)),
            ]
            log_contact(house.tenant, at=at, then=then)
    Projector([ContactProjection()], database_url="").catch_up()
    with connected_as(as_engine.web):
        found = house.browser("administrator").get(f"/api/rule-trials/{trial}/replay?hours=4").json()
    assert (found["contacts"], found["left_out"]) == (7, 0)
    everybody = found["everybody"]
    assert everybody["contacts"] == 7
    assert (everybody["present_p90_s"], everybody["draft_p90_s"]) == (178.0, 88.0)
    assert everybody["draft_mean_s"] < everybody["present_mean_s"]
    assert [(one["key"], one["name"]) for one in found["queues"]] == [(str(queue), "售后")]
