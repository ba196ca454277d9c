"""Each event that is made of an audited act really comes when the act is done: a code that nobody writes is found."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import removal
from zhiyin.apps.customers import services as customers
from zhiyin.apps.followups import services as followups
from zhiyin.apps.integrations.event_types import AUDITED, CATALOGUE
from zhiyin.apps.integrations.models import Event, Webhook

JSON = "application/json"


def test_every_audited_act_of_the_table_is_written_by_somebody_and_told(company: Company) -> None:
    Webhook.objects.of(company.tenant).create(
        name="all", url="https://example.com/", events=list(CATALOGUE), rights=["customers.read"]
    )
    actor, now = company.actor("administrator"), timezone.now()
    browser = company.browser("administrator")
    kept, merged, gone = (customers.create_customer(actor=actor, fields={"name": name}).pk for name in "甲乙丙")
    customers.update_customer(actor=actor, customer_id=kept, fields={"company": "某公司"})
    given = {"subject": "回访", "due_at": now + timedelta(days=1), "owner_id": actor.user_id}
    planned = followups.plan_follow_up(actor=actor, customer_id=kept, fields=given, now=now)
    ends = (
        browser.post(f"/api/follow-ups/{planned.pk}/complete", {"outcome": "reached", "result": ""}, content_type=JSON),
        browser.post("/api/merges", {"kept_id": kept, "merged_id": merged, "chosen": {}}, content_type=JSON),
    )
    removal.remove_customer(actor=actor, customer_id=gone)
    assert [answer.status_code < 300 for answer in ends] == [True] * 2, [answer.content for answer in ends]
    written = set(Entry.objects.of(company.tenant).values_list("action", flat=True))
    assert set(AUDITED) <= written, "acts that nobody writes"
    told = Event.objects.of(company.tenant)
    assert set(AUDITED.values()) <= set(told.values_list("type", flat=True))
    merge = told.get(type="customer.merged")
    assert (merge.subject_id, merge.facts["merged"]) == (str(kept), merged)
