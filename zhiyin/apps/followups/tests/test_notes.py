"""Notes: who is told, what stays of the old text, and whose they are."""

from __future__ import annotations

import pytest
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.testing.contacts import log_contact, project_contact

JSON = "application/json"


@pytest.fixture
def customer(company: Company) -> int:
    return int(customers.create_customer(actor=company.system, fields={"name": "张小明"}).pk)


def write(company: Company, customer: int, role: str = "agent", **more: object) -> dict[str, object]:
    body = {"customer_id": customer, "text": "下周回访", **more}
    answer = company.browser(role).post("/api/notes", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def change(
    company: Company, note: dict[str, object], role: str = "agent", **fields: object
) -> tuple[int, dict[str, object]]:
    answer = company.browser(role).patch(f"/api/notes/{note['id']}", fields, content_type=JSON)
    return answer.status_code, answer.json()


def test_whom_a_note_mentions_is_told_once(company: Company, customer: int) -> None:
    lead, agent = company.users["lead"], company.users["agent"]
    note = write(company, customer, text=f"@{lead.name} 请看", mentions=[lead.pk, agent.pk])
    told = Notification.objects.of(company.tenant).get()
    assert (told.user_id, told.code, told.link) == (lead.pk, "mentioned", f"/customers/{customer}")
    assert told.facts == {"by": agent.name, "customer": "张小明"}
    assert change(company, note, text="改了", mentions=[lead.pk])[0] == 200
    assert Notification.objects.of(company.tenant).count() == 1
    change(company, note, mentions=[lead.pk, company.users["administrator"].pk])
    assert Notification.objects.of(company.tenant).count() == 2


def test_what_a_note_said_before_is_kept(company: Company, customer: int) -> None:
    note = write(company, customer, text="第一次")
    change(company, note, text="第二次")
    status, now = change(company, note, text="第三次")
    assert (status, now["text"], now["edited_at"] is not None) == (200, "第三次", True)
    before = company.browser("lead").get(f"/api/notes/{note['id']}/revisions").json()["items"]
    assert [row["text"] for row in before] == ["第二次", "第一次"]


def test_only_the_author_changes_and_everybody_pins(company: Company, customer: int) -> None:
    first, second = write(company, customer), write(company, customer)
    status, problem = change(company, first, "lead", text="别人的话")
    assert (status, problem["code"]) == (403, "not_the_author")
    assert change(company, first, "lead", is_pinned=True)[0] == 200
    listed = company.browser("agent").get(f"/api/notes?customer={customer}").json()["items"]
    assert [row["id"] for row in listed] == [first["id"], second["id"]]
    assert company.browser("lead").delete(f"/api/notes/{first['id']}").status_code == 403
    assert company.browser("administrator").delete(f"/api/notes/{first['id']}").status_code == 204


def notes_of(company: Company, customer: int) -> tuple[list[str], list[str]]:
    """What the list of a customer's notes and what the timeline show."""
    client = company.browser("lead")
    listed = client.get(f"/api/notes?customer={customer}").json()["items"]
    told = client.get(f"/api/customers/{customer}/timeline", {"kind": "note"}).json()["items"]
    return [row["text"] for row in listed], [row["note"]["text"] for row in told]


def test_a_contacts_note_is_found_with_the_customer_linked_later(company: Company, customer: int) -> None:
    """It was written while nobody knew who called; it goes with the contact when that is linked to somebody else."""
    other = int(customers.create_customer(actor=company.system, fields={"name": "李小红"}).pk)
    client = company.browser("agent")
    agent = company.users["agent"].pk
    contact = log_contact(company.tenant, at=timezone.now(), agent=agent)
    project_contact(company.tenant, contact, at=timezone.now(), fields={"agent_id": agent})
    said = {"interaction_id": contact, "text": "问了发票"}
    written = client.post("/api/notes", said, content_type=JSON)
    assert written.status_code == 201, written.content
    assert notes_of(company, customer) == ([], [])
    for linked, before in ((customer, other), (other, customer)):
        client.post(f"/api/interactions/{contact}/customer", {"customer_id": linked}, content_type=JSON)
        assert notes_of(company, linked) == (["问了发票"], ["问了发票"])
        assert notes_of(company, before) == ([], [])


def test_a_stranger_cannot_be_mentioned(company: Company, other_company: Company, customer: int) -> None:
    body = {"customer_id": customer, "text": "x", "mentions": [other_company.users["agent"].pk]}
    answer = company.browser("agent").post("/api/notes", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"mentions": "unknown_reference"})


def test_the_audit_says_that_a_note_changed_and_not_what_it_said(company: Company, customer: int) -> None:
    change(company, write(company, customer, text="他的身份证号是秘密"), text="另一个秘密")
    entries = Entry.objects.of(company.tenant).filter(subject_kind="note")
    assert [entry.action for entry in entries.order_by("pk")] == ["note.written", "note.changed"]
    assert not any("秘密" in f"{entry.before}{entry.after}" for entry in entries)


@pytest.mark.parametrize("search", ["王", "wxf", "wangxiaof", "WXF"])
def test_colleagues_are_found_by_name_and_pinyin(company: Company, search: str) -> None:
    user = company.users["lead"]
    user.name = "王小芳"
    user.save()
    found = company.browser("agent").get("/api/colleagues", {"search": search}).json()["items"]
    assert found == [{"id": user.pk, "name": "王小芳"}]
