"""Notices reach whom they are meant for and tell who has read; the bulletin counts readers; the forum keeps order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zhiyin.apps.accounts import organisation
from zhiyin.apps.accounts.models import Team
from zhiyin.apps.announcements import bulletins, forum, notices, queries
from zhiyin.apps.announcements.models import Notice
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.notifications.models import Notification

JSON = "application/json"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def notice(company: Company, **given: Any) -> Notice:
    fields = {"title": "停机维护", "text": "今晚十点", "starts_at": NOW, "ends_at": NOW + 48 * HOUR}
    return notices.create_notice(
        actor=company.actor("lead"), fields={"is_for_everybody": True} | fields | given, now=NOW
    )


def published(company: Company, **given: Any) -> Notice:
    row = notice(company, **given)
    return notices.publish_notice(actor=company.actor("lead"), notice_id=row.pk, now=NOW)


def on_bar(company: Company, role: str, *, at: datetime = NOW) -> list[str]:
    return [row.title for row in queries.unread_notices(actor=company.actor(role), now=at)]


def told(company: Company, code: str) -> list[int]:
    rows = Notification.objects.of(company.tenant).filter(code=code)
    return sorted(rows.values_list("user_id", flat=True))


def ids(company: Company, *roles: str) -> list[int]:
    return sorted(company.users[role].pk for role in roles)


def test_a_notice_runs_from_publishing_to_acknowledging_and_its_author_sees_who_has(company: Company) -> None:
    lead, agent = company.browser("lead"), company.browser("agent")
    now = datetime.now(UTC)
    body = {
        "title": "新资费",
        "text": "**明天**起",
        "is_for_everybody": True,
        "starts_at": now.isoformat(),
        "ends_at": (now + HOUR).isoformat(),
    }
    made = lead.post("/api/notices", body, JSON).json()
    assert (made["state"], agent.get("/api/notices/unread").json()["items"]) == ("draft", [])
    assert agent.get(f"/api/notices/{made['id']}").status_code == 404
    lead.post(f"/api/notices/{made['id']}/publish")
    (shown,) = agent.get("/api/notices/unread").json()["items"]
    assert (shown["title"], shown["author"]["id"]) == ("新资费", company.users["lead"].pk)
    for _ in range(2):
        assert agent.post(f"/api/notices/{made['id']}/acknowledge").status_code == 204
    assert agent.get("/api/notices/unread").json()["items"] == []
    seen = lead.get(f"/api/notices/{made['id']}").json()
    assert (seen["told"], seen["acknowledged"]) == (3, 1)
    readers = lead.get(f"/api/notices/{made['id']}/readers").json()["items"]
    assert [row["id"] for row in readers if row["acknowledged_at"]] == ids(company, "agent")
    missing = lead.get(f"/api/notices/{made['id']}/readers?acknowledged=false").json()
    assert sorted(row["id"] for row in missing["items"]) == ids(company, "lead", "administrator")
    assert lead.post(f"/api/notices/{made['id']}/remind").json() == {"count": 2}
    assert told(company, "notice_reminder") == ids(company, "lead", "administrator")
    changed = lead.patch(f"/api/notices/{made['id']}", {"title": "x"}, JSON)
    assert (changed.status_code, changed.json()["code"]) == (409, "published_already")


@pytest.mark.parametrize("by", ["user", "team", "department", "department above", "role"])
def test_only_chosen_readers_get_it(company: Company, by: str) -> None:
    top = organisation.create_department(actor=company.system, fields={"name": "总部"})
    below = organisation.create_department(actor=company.system, fields={"name": "华东", "parent": top.pk})
    team = Team.objects.of(company.tenant).create(department=below, name="通知测试组")
    agent = company.users["agent"]
    agent.team = team
    agent.save()
    chosen: dict[str, dict[str, Any]] = {
        "user": {"user_ids": [agent.pk]},
        "team": {"team_ids": [team.pk]},
        "department": {"department_ids": [below.pk]},
        "department above": {"department_ids": [top.pk]},
        "role": {"role_codes": ["agent"]},
    }
    row = published(company, is_for_everybody=False, **chosen[by])
    assert (on_bar(company, "agent"), on_bar(company, "lead")) == (["停机维护"], [])
    assert list(queries.readers_of(row).values_list("pk", flat=True)) == [agent.pk]
    assert told(company, "notice_published") == [agent.pk]


def test_one_for_later_is_told_at_its_beginning_once(company: Company) -> None:
    published(company, starts_at=NOW + HOUR)
    assert (on_bar(company, "agent"), told(company, "notice_published")) == ([], [])
    assert notices.tell_due(tenant=company.tenant, now=NOW) == 0
    for _ in range(2):
        notices.tell_due(tenant=company.tenant, now=NOW + HOUR)
    assert on_bar(company, "agent", at=NOW + HOUR) == ["停机维护"]
    assert told(company, "notice_published") == ids(company, "agent", "administrator")
    assert on_bar(company, "agent", at=NOW + 49 * HOUR) == []


def test_who_has_not_acknowledged_is_reminded_as_often_as_it_says(company: Company) -> None:
    row = published(company, remind_every_h=4)
    notices.acknowledge(actor=company.actor("agent"), notice_id=row.pk, now=NOW)
    for hours in (1, 3, 4, 5, 8, 9):
        notices.tell_due(tenant=company.tenant, now=NOW + hours * HOUR)
    assert told(company, "notice_reminder") == sorted(ids(company, "lead", "administrator") * 2)


def test_a_withdrawn_notice_leaves_every_bar(company: Company) -> None:
    row = published(company)
    notices.withdraw_notice(actor=company.actor("lead"), notice_id=row.pk, now=NOW)
    assert on_bar(company, "agent") == []
    assert company.browser("agent").post(f"/api/notices/{row.pk}/acknowledge").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"is_for_everybody": False}, "readers"), ({"ends_at": NOW.isoformat()}, "ends_at")],
)
def test_a_notice_nobody_could_read_is_refused(company: Company, wrong: dict[str, object], field: str) -> None:
    body = {
        "title": "t",
        "text": "x",
        "is_for_everybody": True,
        "starts_at": NOW.isoformat(),
        "ends_at": (NOW + HOUR).isoformat(),
        **wrong,
    }
    answer = company.browser("lead").post("/api/notices", body, JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


@pytest.mark.parametrize(
    ("to", "is_for_lead"),
    [("everybody", True), ("agents", False), ("leads", True), ("person", True), ("team", True), ("department", True)],
)
def test_a_writer_is_told_which_notices_are_for_the_writer_too(company: Company, to: str, is_for_lead: bool) -> None:
    team = Team.objects.of(company.tenant).get()
    readers: dict[str, dict[str, Any]] = {
        "everybody": {"is_for_everybody": True},
        "agents": {"role_codes": ["agent"]},
        "leads": {"role_codes": ["lead"]},
        "person": {"user_ids": ids(company, "lead")},
        "team": {"team_ids": [team.pk]},
        "department": {"department_ids": [team.department_id]},
    }
    row = notice(company, **({"is_for_everybody": False} | readers[to]))
    assert company.browser("lead").get(f"/api/notices/{row.pk}").json()["is_for_me"] is is_for_lead


def test_readers_do_not_learn_whom_else_a_notice_is_for(company: Company) -> None:
    row = published(company, is_for_everybody=False, user_ids=ids(company, "agent", "administrator"))
    seen = company.browser("agent").get(f"/api/notices/{row.pk}").json()
    assert (seen["user_ids"], seen["told"], seen["acknowledged"]) == ([], 0, 0)


def test_the_bulletin_has_pinned_posts_first_and_counts_readers_once(company: Company) -> None:
    lead = company.actor("lead")
    for at, (title, is_pinned) in enumerate([("旧规定", True), ("活动", False), ("新产品", False)]):
        fields = {"title": title, "text": "x", "category": "制度", "is_pinned": is_pinned}
        bulletins.create_bulletin(actor=lead, fields=fields, now=NOW + at * HOUR)
    agent = company.browser("agent")
    rows = agent.get("/api/bulletins").json()["items"]
    assert [row["title"] for row in rows] == ["旧规定", "新产品", "活动"]
    for _ in range(2):
        agent.post(f"/api/bulletins/{rows[0]['id']}/read")
    again = agent.get("/api/bulletins?unread=true").json()["items"]
    assert [row["title"] for row in again] == ["新产品", "活动"]
    assert agent.get(f"/api/bulletins/{rows[0]['id']}").json()["reads"] == 1
    assert agent.get("/api/bulletins/categories").json()["items"] == ["制度"]
    assert agent.post("/api/bulletins", {"title": "t", "text": "x"}, JSON).status_code == 403


def topic(company: Company, role: str = "agent", **given: Any) -> int:
    asked = {"title": "如何解释资费", "text": "大家怎么说？", "mentions": [], **given}
    return int(forum.begin_topic(actor=company.actor(role), now=NOW, **asked).pk)


def test_a_topic_is_new_until_it_is_visited_and_again_after_a_reply(company: Company) -> None:
    found = topic(company)
    lead, agent = company.browser("lead"), company.browser("agent")

    def is_new(client: Any) -> bool:
        return bool(client.get("/api/forum/topics").json()["items"][0]["is_new"])

    assert (is_new(agent), is_new(lead)) == (False, True)
    lead.post(f"/api/forum/topics/{found}/visit")
    assert not is_new(lead)
    agent.post(f"/api/forum/topics/{found}/posts", {"text": "补充"}, JSON)
    assert (is_new(agent), is_new(lead)) == (False, True)


def test_the_author_and_who_is_mentioned_are_told_of_a_reply(company: Company) -> None:
    found = topic(company)
    forum.reply(
        actor=company.actor("lead"), topic_id=found, text="@管理员", mentions=ids(company, "administrator"), now=NOW
    )
    assert told(company, "topic_replied") == ids(company, "agent")
    assert told(company, "topic_mentioned") == ids(company, "administrator")


def test_moderators_lock_pin_and_remove_and_it_is_audited(company: Company) -> None:
    found = topic(company)
    agent, lead = company.browser("agent"), company.browser("lead")
    assert agent.patch(f"/api/forum/topics/{found}", {"is_pinned": True}, JSON).status_code == 403
    assert agent.delete(f"/api/forum/topics/{found}").status_code == 403
    lead.patch(f"/api/forum/topics/{found}", {"is_pinned": True, "is_locked": True}, JSON)
    late = agent.post(f"/api/forum/topics/{found}/posts", {"text": "还能回吗"}, JSON)
    assert (late.status_code, late.json()["code"]) == (409, "topic_locked")
    (post,) = lead.get(f"/api/forum/topics/{found}/posts").json()["items"]
    assert lead.delete(f"/api/forum/posts/{post['id']}").status_code == 204
    (left,) = agent.get(f"/api/forum/topics/{found}/posts").json()["items"]
    assert (left["is_removed"], left["text"]) == (True, "")
    lead.delete(f"/api/forum/topics/{found}")
    assert agent.get(f"/api/forum/topics/{found}/posts").status_code == 404
    acts = Entry.objects.of(company.tenant).filter(subject_kind__in=("topic", "post")).order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        "topic.begun",
        "topic.changed",
        "post.removed",
        "topic.removed",
    ]


def test_a_post_is_changed_by_its_author_alone(company: Company) -> None:
    found = topic(company)
    (post,) = company.browser("agent").get(f"/api/forum/topics/{found}/posts").json()["items"]
    refused = company.browser("lead").patch(f"/api/forum/posts/{post['id']}", {"text": "x"}, JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_author")
    changed = company.browser("agent").patch(f"/api/forum/posts/{post['id']}", {"text": "改过"}, JSON).json()
    assert (changed["text"], changed["edited_at"] is not None) == ("改过", True)


def test_the_forum_is_searched_by_titles_and_by_what_was_written(company: Company) -> None:
    topic(company, title="资费", text="套餐")
    other = topic(company, title="礼仪", text="问候语")
    forum.reply(actor=company.actor("lead"), topic_id=other, text="套餐也要问候", mentions=[], now=NOW)
    found = company.browser("agent").get("/api/forum/topics?search=套餐").json()["items"]
    assert sorted(row["title"] for row in found) == ["礼仪", "资费"]
