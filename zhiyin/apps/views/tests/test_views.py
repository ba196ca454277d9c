"""Views of lists: kept by whoever saved them, shared as far as was said, arranged by each for themselves."""

from __future__ import annotations

from typing import Any

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.views import services

JSON = "application/json"
LIST = "customers"


def save(company: Company, role: str, name: str, **body: Any) -> Any:
    sent = {"list_code": LIST, "name": name, "query": "level=vip&sort=-name", **body}
    return company.browser(role).post("/api/views", sent, content_type=JSON)


def names(company: Company, role: str, list_code: str = LIST) -> list[str]:
    answer = company.browser(role).get("/api/views", {"list_code": list_code})
    assert answer.status_code == 200, answer.content
    return [view["name"] for view in answer.json()["items"]]


def test_a_view_is_its_owners_and_one_lists(company: Company) -> None:
    made = save(company, "agent", "重要客户").json()
    assert (made["query"], made["is_mine"], made["sharing"]) == ("level=vip&sort=-name", True, "me")
    assert names(company, "agent") == ["重要客户"]
    assert names(company, "agent", "recordings") == []
    assert names(company, "lead") == []
    address = f"/api/views/{made['id']}"
    assert company.browser("lead").patch(address, {"name": "x"}, content_type=JSON).status_code == 404
    assert company.browser("lead").delete(address).status_code == 404


def test_a_view_is_shared_with_everybody_by_whoever_may(company: Company) -> None:
    refused = save(company, "agent", "全部", sharing="all")
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not_share")
    made = save(company, "lead", "全部", sharing="all").json()
    assert names(company, "agent") == ["全部"]
    address = f"/api/views/{made['id']}"
    answer = company.browser("agent").patch(address, {"name": "x"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_view")
    assert company.browser("administrator").patch(address, {"name": "大家"}, content_type=JSON).status_code == 200
    assert names(company, "agent") == ["大家"]


def test_each_keeps_the_views_in_an_order_of_their_own(company: Company) -> None:
    first, second = (save(company, "lead", name, sharing="all").json()["id"] for name in ("一", "二"))
    own = save(company, "agent", "三").json()["id"]
    assert names(company, "agent") == ["三", "一", "二"]
    body = {"list_code": LIST, "ids": [second, own, second, 10**9]}
    assert company.browser("agent").put("/api/views/order", body, content_type=JSON).status_code == 204
    assert names(company, "agent") == ["二", "三", "一"]
    assert names(company, "lead") == ["一", "二"]
    assert first


def test_a_list_opens_with_the_view_that_was_chosen_while_it_can_be_seen(company: Company) -> None:
    view = save(company, "lead", "一", sharing="all").json()["id"]
    agent = company.browser("agent")

    def default() -> int | None:
        found: int | None = agent.get("/api/views", {"list_code": LIST}).json()["default_id"]
        return found

    assert default() is None
    chosen = {"list_code": LIST, "view_id": view}
    assert agent.put("/api/views/default", chosen, content_type=JSON).status_code == 204
    assert default() == view
    company.browser("lead").patch(f"/api/views/{view}", {"sharing": "me"}, content_type=JSON)
    assert default() is None
    assert agent.put("/api/views/default", chosen, content_type=JSON).status_code == 404
    assert company.browser("lead").delete(f"/api/views/{view}").status_code == 204
    assert agent.put("/api/views/default", {"list_code": LIST, "view_id": None}, content_type=JSON).status_code == 204


def test_a_name_is_taken_among_ones_own(company: Company) -> None:
    save(company, "agent", "一")
    answer = save(company, "agent", "一")
    assert (answer.status_code, answer.json()["fields"]) == (409, {"name": "taken"})
    assert save(company, "lead", "一").status_code == 201


def test_there_is_room_for_so_many(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_VIEWS", 1)
    save(company, "agent", "一")
    assert save(company, "agent", "二").json()["code"] == "too_many_views"


@pytest.mark.parametrize("query", ["a b", "a#b", "a\nb", "x" * 2001])
def test_what_is_no_query_is_refused(company: Company, query: str) -> None:
    assert save(company, "agent", "一", query=query).status_code == 422


def test_a_change_is_audited_as_what_it_was_and_is(company: Company) -> None:
    view = save(company, "agent", "一").json()["id"]
    company.browser("agent").patch(f"/api/views/{view}", {"query": "level=vip"}, content_type=JSON)
    company.browser("agent").delete(f"/api/views/{view}")
    entries = Entry.objects.of(company.tenant).filter(subject_kind="view").order_by("pk")
    assert [entry.action for entry in entries] == ["view.created", "view.changed", "view.removed"]
    assert (entries[1].before, entries[1].after) == ({"query": "level=vip&sort=-name"}, {"query": "level=vip"})
