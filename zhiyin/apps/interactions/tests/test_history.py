"""A contact's history, told to people: names, masked numbers, and why each agent was chosen."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.interactions import services as interactions
from zhiyin.apps.queues import services as queues
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.domain.interactions import (
    DigitsCollected,
    EndedBy,
    InteractionEnded,
    Offered,
    OfferEnd,
    OfferEnded,
    QueueEntered,
    TransferStarted,
)


def test_the_history_names_agents_queues_and_the_reason_of_an_offer(company: Company) -> None:
    agent, lead = company.users["agent"], company.users["lead"]
    queue = queues.create_queue(actor=company.system, fields={"name": "售后", "name_en": "After-sales"})
    why: dict[str, object] = {
        "rule": "longest_idle",
        "version": 1,
        "waited_s": 1.5,
        "idle_s": 24.0,
        "able": 2,
        "unskilled": 0,
        "refused": 0,
        "next": [{"agent": lead.pk, "idle_s": 3.0}],
    }
    contact = log_contact(
        company.tenant,
        at=timezone.now(),
        number="+8613812345678",
        then=[
            (1, DigitsCollected("n3", "1", key="1")),
            (1, QueueEntered(queue=queue.pk)),
            (2, Offered(offer="o", agent=agent.pk, leg="l", expires_at=timezone.now(), why=why)),
            (22, OfferEnded(offer="o", agent=agent.pk, outcome=OfferEnd.NO_ANSWER, cause="no_answer")),
            (30, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
        ],
    )
    entries = company.browser("lead").get(f"/api/interactions/{contact}/history").json()["items"]
    told = {entry["type"]: entry for entry in entries}
    assert told["DigitsCollected"]["key"] == "1"
    assert told["QueueEntered"]["queue_name"] == "售后"
    assert told["Offered"]["agent_name"] == agent.name
    assert told["Offered"]["why"]["next"] == [{"agent": lead.pk, "agent_name": lead.name, "idle_s": 3.0}]
    assert (told["OfferEnded"]["outcome"], told["OfferEnded"]["why"]) == ("no_answer", None)
    assert (told["InteractionEnded"]["by"], told["InteractionEnded"]["cause"]) == ("customer", "hangup")


def test_a_transfer_names_its_target(company: Company) -> None:
    agent, lead = company.users["agent"], company.users["lead"]
    transfer = TransferStarted(kind="agent", by_agent=agent.pk, target=lead.pk)
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678", then=[(5, transfer)])
    entries = company.browser("agent").get(f"/api/interactions/{contact}/history").json()["items"]
    assert (entries[-1]["agent_name"], entries[-1]["target_name"]) == (agent.name, lead.name)


def test_another_companys_history_is_not_found(company: Company, other_company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678")
    assert other_company.browser("lead").get(f"/api/interactions/{contact}/history").status_code == 404


def test_the_last_contact_of_each_customer_is_told(company: Company) -> None:
    changes = [customers.NumberChange(number="13812345678")]
    often = customers.create_customer(actor=company.system, fields={"name": "张三"}, numbers=changes).pk
    never = customers.create_customer(actor=company.system, fields={"name": "李四"}).pk
    now = timezone.now()
    for hours in (48, 1):
        at = now - timedelta(hours=hours)
        contact = log_contact(company.tenant, at=at, number="+8613812345678")
        interactions.link_customer(actor=company.system, interaction_id=contact, customer_id=often, fields={}, now=at)
    answer = company.browser("agent").get(f"/api/customers/last-contacts?customer={often}&customer={never}").json()
    last = now - timedelta(hours=1)
    assert [(item["customer"], item["at"]) for item in answer["items"]] == [
        (often, last.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    ]


def test_a_new_customers_note_is_kept(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613900000000")
    body = {"name": "新客户", "note": "周末联系"}
    answer = company.browser("agent").post(
        f"/api/interactions/{contact}/customer", body, content_type="application/json"
    )
    assert answer.json()["note"] == "周末联系"
