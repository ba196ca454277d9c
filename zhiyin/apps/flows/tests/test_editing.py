"""One page edits a flow's draft at a time; another waits, takes over, or comes when it is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import editing
from zhiyin.apps.flows.models import FlowEditing
from zhiyin.apps.flows.templates import empty_flow

JSON = "application/json"


@pytest.fixture
def colleague(company: Company) -> User:
    """A second administrator."""
    user = company.users["lead"]
    user.role = company.users["administrator"].role
    user.save()
    return user


def hold(client: Any, flow: int, page: str, **more: object) -> Any:
    return client.put(f"/api/flows/{flow}/editing", {"page": page, **more}, content_type=JSON).json()


def make_flow(client: Any) -> int:
    number: int = client.post("/api/flows", {"name": "热线"}, content_type=JSON).json()["id"]
    return number


def save(client: Any, flow: int, version: int = 1) -> Any:
    body = {"graph": empty_flow(), "draft_version": version}
    return client.put(f"/api/flows/{flow}/draft", body, content_type=JSON)


def test_who_comes_second_is_told_who_edits_and_may_take_over(company: Company, colleague: User) -> None:
    first, second = company.browser("administrator"), company.browser("lead")
    flow = make_flow(first)
    assert hold(first, flow, "a")["is_mine"]
    answer = hold(second, flow, "b")
    assert (answer["is_mine"], answer["name"]) == (False, company.users["administrator"].name)
    refused = save(second, flow)
    assert (refused.status_code, refused.json()["code"]) == (409, "edited_by_another")
    assert hold(second, flow, "b", is_takeover=True)["is_mine"]
    answer = hold(first, flow, "a")
    assert (answer["is_mine"], answer["name"]) == (False, colleague.name)
    assert save(first, flow).status_code == 409
    assert save(second, flow).status_code == 200
    taken = Entry.objects.of(company.tenant).get(action="flow.editing_taken_over")
    assert taken.after == {"edited_by": colleague.name}


def test_a_flow_is_free_when_its_page_is_left_or_silent(company: Company, colleague: User) -> None:
    first, second = company.browser("administrator"), company.browser("lead")
    flow = make_flow(first)
    hold(first, flow, "a")
    first.delete(f"/api/flows/{flow}/editing?page=other")
    assert not hold(second, flow, "b")["is_mine"]
    assert first.delete(f"/api/flows/{flow}/editing?page=a").status_code == 204
    assert hold(second, flow, "b")["is_mine"]
    FlowEditing.objects.of(company.tenant).update(seen_at=timezone.now() - editing.LEASE - timedelta(seconds=1))
    assert save(first, flow).status_code == 200
    assert hold(first, flow, "a")["is_mine"]


def test_one_users_second_page_does_not_edit_beside_the_first(company: Company) -> None:
    client = company.browser("administrator")
    flow = make_flow(client)
    assert hold(client, flow, "a")["is_mine"]
    assert not hold(client, flow, "b")["is_mine"]
    assert hold(client, flow, "a")["is_mine"]
