"""Queues and their members, and the lists that agents choose from."""

from __future__ import annotations

import pytest
from django.test import Client

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.queues import queries
from zhiyin.contracts.snapshots import OverflowSetting, RingSetting

JSON = "application/json"


def make(client: Client, noun: str, **body: object) -> int:
    answer = client.post(f"/api/{noun}", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_members_are_the_same_seen_from_the_queue_and_from_the_user(company: Company) -> None:
    client, agent, lead = company.browser("administrator"), company.users["agent"].pk, company.users["lead"].pk
    first, second = make(client, "queues", name="售后", members=[agent, lead]), make(client, "queues", name="销售")
    client.patch(f"/api/users/{agent}", {"queues": [second]}, content_type=JSON)
    assert client.get(f"/api/queues/{first}").json()["members"] == [lead]
    assert client.get(f"/api/users/{agent}").json()["queues"] == [second]
    client.patch(f"/api/queues/{second}", {"members": [lead]}, content_type=JSON)
    users = {user["id"]: user["queues"] for user in client.get("/api/users").json()["items"]}
    assert (users[agent], users[lead]) == ([], [first, second])


@pytest.mark.parametrize(("noun", "key"), [("queues", "members"), ("users", "queues")])
def test_members_of_other_companies_are_refused(company: Company, other_company: Company, noun: str, key: str) -> None:
    client = company.browser("administrator")
    target = make(client, "queues", name="售后") if noun == "queues" else company.users["agent"].pk
    stranger = other_company.users["agent"].pk
    answer = client.patch(
        f"/api/{noun}/{target}", {key: [stranger + 10**6 if noun == "users" else stranger]}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (400, {key: "unknown_reference"})


def test_a_removed_queue_leaves_the_lists_but_keeps_its_name_for_records(company: Company) -> None:
    client = company.browser("administrator")
    queue = make(client, "queues", name="售后", name_en="After-sales", members=[company.users["agent"].pk])
    assert client.delete(f"/api/queues/{queue}").status_code == 204
    assert client.get(f"/api/queues/{queue}").status_code == 404
    assert queries.queue_names(tenant=company.tenant)[queue] == ("售后", "After-sales")
    assert client.get(f"/api/users/{company.users['agent'].pk}").json()["queues"] == []
    make(client, "queues", name="售后")


def test_a_queues_name_is_taken_whatever_its_case(company: Company) -> None:
    client = company.browser("administrator")
    make(client, "queues", name="Sales")
    answer = client.post("/api/queues", {"name": "SALES"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (409, "taken", {"name": "taken"})


def test_a_change_of_members_is_audited_as_what_it_was_and_is(company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"].pk
    queue = make(client, "queues", name="售后")
    client.patch(f"/api/queues/{queue}", {"members": [agent], "wrap_up_s": 60}, content_type=JSON)
    client.patch(f"/api/queues/{queue}", {"wrap_up_s": 60}, content_type=JSON)
    entry = Entry.objects.of(company.tenant).filter(action="queue.changed").get()
    assert (entry.before, entry.after, entry.user_id) == (
        {"members": []},
        {"members": [agent]},
        company.users["administrator"].pk,
    )


def test_everybody_at_the_desk_reads_the_lists_and_only_administrators_change_them(company: Company) -> None:
    agent = company.browser("agent")
    for noun in ("queues", "reasons", "dispositions"):
        assert agent.get(f"/api/{noun}").status_code == 200
        assert agent.post(f"/api/{noun}", {"name": "x"}, content_type=JSON).status_code == 403


def test_the_tree_of_dispositions_has_no_loops_and_no_orphans(company: Company) -> None:
    client = company.browser("administrator")
    top = make(client, "dispositions", name="售后", name_en="After-sales")
    middle = make(client, "dispositions", name="维修", parent_id=top)
    leaf = make(client, "dispositions", name="上门", name_en="At home", parent_id=middle)
    answer = client.patch(f"/api/dispositions/{top}", {"parent_id": leaf}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "loop")
    paths = queries.disposition_paths(tenant=company.tenant)
    assert paths[leaf] == ("售后 / 维修 / 上门", "After-sales / 维修 / At home")
    assert client.delete(f"/api/dispositions/{top}").status_code == 204
    assert client.get("/api/dispositions").json()["total"] == 0
    assert queries.disposition_paths(tenant=company.tenant)[leaf][0] == "售后 / 维修 / 上门"


def test_a_disposition_is_moved_to_the_top_only_when_that_is_said(company: Company) -> None:
    client = company.browser("administrator")
    top = make(client, "dispositions", name="售后")
    leaf = make(client, "dispositions", name="维修", parent_id=top)
    assert client.patch(f"/api/dispositions/{leaf}", {"name": "修"}, content_type=JSON).json()["parent_id"] == top
    assert client.patch(f"/api/dispositions/{leaf}", {"parent_id": None}, content_type=JSON).json()["parent_id"] is None


@pytest.mark.parametrize("code", ["Meal", "1st", "ready!", ""], ids=["capital", "digit first", "sign", "empty"])
def test_a_reasons_code_is_one_plain_word(company: Company, code: str) -> None:
    body = {"code": code, "name": "就餐"}
    assert company.browser("administrator").post("/api/reasons", body, content_type=JSON).status_code == 422


def test_the_systems_own_reasons_cannot_be_taken(company: Company) -> None:
    for code in ("ring_no_answer", "signed_in"):
        answer = company.browser("administrator").post("/api/reasons", {"code": code, "name": "x"}, content_type=JSON)
        assert (answer.status_code, answer.json()["fields"]) == (400, {"code": "reserved"})


@pytest.mark.parametrize("extension", ["701", "110", "1001", "12"], ids=["slot", "emergency", "telephone", "queue"])
def test_a_queues_number_must_lead_nowhere_else(company: Company, extension: str) -> None:
    """A telephone inside that dials it could mean a parked call, the police, a colleague, or another queue."""
    client = company.browser("administrator")
    assert client.post("/api/telephones", {"extension": "1001"}, content_type=JSON).status_code == 201
    make(client, "queues", name="售前", extension="12")
    answer = client.post("/api/queues", {"name": "售后", "extension": extension}, content_type=JSON)
    assert answer.status_code in (400, 409)
    assert "extension" in answer.json()["fields"]


def test_a_queues_number_reaches_the_engine_and_no_telephone_may_take_it(company: Company) -> None:
    client = company.browser("administrator")
    make(client, "queues", name="售后", extension="601")
    make(client, "queues", name="销售")
    sent = queries.engine_section(company.tenant)["queues"]
    assert [queue.extension for queue in sent] == ["601", ""]
    answer = client.post("/api/telephones", {"extension": "601"}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"extension": "taken"})


def test_rings_and_the_rule_between_agents_reach_the_engine(company: Company) -> None:
    client = company.browser("administrator")
    other = make(client, "queues", name="客服")
    rings = [
        {"after_s": 20, "lower_by": 2, "drop": [], "add_queues": []},
        {"after_s": 60, "lower_by": 0, "drop": ["english"], "add_queues": [other]},
    ]
    queue = make(client, "queues", name="售后", agent_choice="round_robin", rings=rings)
    assert client.get(f"/api/queues/{queue}").json()["rings"] == rings
    (setting,) = (one for one in queries.engine_section(company.tenant)["queues"] if one.id == queue)
    assert setting.agent_choice == "round_robin"
    assert setting.rings == (RingSetting(20, lower_by=2), RingSetting(60, drop=("english",), add_queues=(other,)))
    entry = Entry.objects.of(company.tenant).filter(action="queue.created").latest("pk")
    assert entry.after is not None
    assert entry.after["rings"] == rings


def test_ring_all_and_its_bound_reach_the_engine(company: Company) -> None:
    client = company.browser("administrator")
    queue = make(client, "queues", name="售后", agent_choice="ring_all", ring_at_most=4)
    (setting,) = (one for one in queries.engine_section(company.tenant)["queues"] if one.id == queue)
    assert (setting.agent_choice, setting.ring_at_most) == ("ring_all", 4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agent_choice": "tallest"}, "agent_choice"),
        ({"agent_choice": "ring_all", "ring_at_most": 1}, "ring_at_most"),
        ({"rings": [{"after_s": 0}]}, "rings.0.after_s"),
        ({"rings": [{"after_s": 30}, {"after_s": 30}]}, "rings"),
        ({"rings": [{"after_s": 30, "lower_by": 10}]}, "rings.0.lower_by"),
        ({"rings": [{"after_s": 30, "drop": [""]}]}, "rings.0.drop.0"),
        ({"rings": [{"after_s": number} for number in range(1, 8)]}, "rings"),
    ],
)
def test_a_wrong_ring_is_named(company: Company, changes: dict[str, object], field: str) -> None:
    answer = company.browser("administrator").post("/api/queues", {"name": "售后"} | changes, content_type=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_ring_asks_queues_of_the_company_and_not_its_own(company: Company, other_company: Company) -> None:
    client = company.browser("administrator")
    stranger = make(other_company.browser("administrator"), "queues", name="别家")
    queue = make(client, "queues", name="售后")
    for added in (stranger, queue, queue + 10**6):
        rings = [{"after_s": 30, "add_queues": [added]}]
        answer = client.patch(f"/api/queues/{queue}", {"rings": rings}, content_type=JSON)
        assert (answer.status_code, answer.json()["fields"]) == (400, {"rings": "unknown_reference"})


def step(condition: str, action: str, **more: object) -> dict[str, object]:
    return {"condition": condition, "action": action, **more}


def test_a_chain_is_saved_shown_and_published(company: Company) -> None:
    client = company.browser("administrator")
    night = make(client, "queues", name="夜班")
    hours = make(client, "hours", name="工作时间", weekly=[[["09:00", "18:00"]]] * 7)
    chain = [step("waited_over", "add_queue", threshold=30, queue=night), step("closed", "move", queue=night)]
    queue = make(client, "queues", name="售后", overflow=chain, hours_id=hours, announces_wait=False)
    shown = client.get(f"/api/queues/{queue}").json()
    assert [(one["condition"], one["queue"]) for one in shown["overflow"]] == [
        ("waited_over", night),
        ("closed", night),
    ]
    assert (shown["hours_id"], shown["announces_wait"], shown["announces_place"]) == (hours, False, True)
    setting = next(one for one in queries.engine_section(company.tenant)["queues"] if one.id == queue)
    assert setting.overflow[0] == OverflowSetting("waited_over", "add_queue", 30, night)
    assert (setting.hours, setting.announces_wait) == (hours, False)


def test_a_calendar_in_use_by_a_queue_stays_until_it_is_taken_away_there(company: Company) -> None:
    client = company.browser("administrator")
    hours = make(client, "hours", name="工作时间", weekly=[[["09:00", "18:00"]]] * 7)
    queue = make(client, "queues", name="售后", hours_id=hours)
    answer = client.delete(f"/api/hours/{hours}")
    assert (answer.status_code, answer.json()["facts"]["used_by"]) == (409, ["售后"])
    client.patch(f"/api/queues/{queue}", {"wrap_up_s": 5}, content_type=JSON)
    assert client.get(f"/api/queues/{queue}").json()["hours_id"] == hours
    client.patch(f"/api/queues/{queue}", {"hours_id": None}, content_type=JSON)
    assert client.delete(f"/api/hours/{hours}").status_code == 204
    answer = client.patch(f"/api/queues/{queue}", {"hours_id": hours}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"hours_id": "unknown_reference"})


def test_a_chain_that_does_not_end_is_refused_by_its_step(company: Company, other_company: Company) -> None:
    client = company.browser("administrator")
    stranger = make(other_company.browser("administrator"), "queues", name="别家")
    first, second = make(client, "queues", name="一"), make(client, "queues", name="二")
    there = [step("waited_over", "move", threshold=30, queue=second)]
    assert client.patch(f"/api/queues/{first}", {"overflow": there}, content_type=JSON).status_code == 200
    back = [step("nobody_ready", "play", prompt="nowhere")]
    for chain, code, field in (
        ([step("waited_over", "move", threshold=30, queue=first)], "moves_in_circle", "0.queue"),
        ([step("waited_over", "leave", threshold=9999)], "never_reached", "0.condition"),
        ([step("closed", "leave"), *back], "unknown_prompt", "1.prompt"),
        ([step("nobody_ready", "move", queue=stranger)], "unknown_queue", "0.queue"),
        ([step("nobody_ready", "move")], "incomplete", "0.action"),
    ):
        answer = client.patch(f"/api/queues/{second}", {"overflow": chain}, content_type=JSON)
        assert answer.status_code == 400
        assert answer.json()["fields"] == {f"overflow.{field}": code}
    answer = client.delete(f"/api/queues/{second}")
    assert (answer.status_code, answer.json()["facts"]["used_by"]) == (409, ["一"])
    shorter = client.patch(f"/api/queues/{first}", {"max_wait_s": 20}, content_type=JSON)
    assert shorter.json()["fields"] == {"overflow.0.condition": "never_reached"}, (
        "a step may become senseless by the longest wait"
    )


def test_a_reminder_needs_a_service_that_is_there_and_words_that_can_be_filled(company: Company) -> None:
    browser = company.browser("administrator")
    settings = {"kind": "sms", "base_url": "https://sms.example", "body": '{"to": "{{to}}", "text": "{{text}}"}'}
    made = browser.post("/api/external-services", {"name": "短信", "settings": settings}, content_type=JSON)
    assert made.status_code == 201, made.content
    service = made.json()["id"]
    queue = browser.post("/api/queues", {"name": "提醒"}, content_type=JSON).json()["id"]
    good = {"service": service, "text_zh": "{{day}} {{time}} {{link}}", "text_en": "soon", "page": "https://a.example"}

    def save(**changes: object) -> tuple[int, str, dict[str, str]]:
        body = {"callback": {"reminder": good | changes}}
        answer = browser.patch(f"/api/queues/{queue}", body, content_type=JSON)
        told = answer.json()
        return answer.status_code, told.get("code", ""), told.get("fields", {})

    assert save(service=service + 1)[1:] == ("unknown_reference", {"callback.reminder.service": "unknown_reference"})
    assert save(text_en="{{who}}")[1:] == ("bad_reminder", {"callback.reminder.text_en": "bad_place"})
    assert save(page="")[1:] == ("bad_reminder", {"callback.reminder.page": "page_missing"})
    assert save(page="javascript:x")[0] == 422
    assert save()[0] == 200
    refused = browser.delete(f"/api/external-services/{service}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "提醒" in refused.json()["title"]
