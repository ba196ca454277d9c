"""What a role hides or masks of a customer is hidden and masked in the audit too."""

from __future__ import annotations

from typing import Any

import pytest

from zhiyin.apps.accounts.models import Role
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.reach import NumberChange, Reach


@pytest.fixture
def entries(company: Company) -> Any:
    """A customer with what is restricted; gives how a lead whose role is restricted like this finds the entry."""
    reach = Reach(numbers=[NumberChange(number="+8613911223344")], emails=["a@example.com"])
    fields = {"name": "欧阳潇潇", "note": "养猫", "birth_month": 5, "birth_day": 1}
    customers.create_customer(actor=company.actor("administrator"), fields=fields, reach=reach)

    company.grant("lead", "audit.read")

    def found(restricted: dict[str, str], search: str = "") -> list[dict[str, Any]]:
        Role.objects.of(company.tenant).filter(code="lead-more").update(fields=restricted)
        answer = company.browser("lead").get(f"/api/audit?kind=customer&search={search}")
        assert answer.status_code == 200
        return list(answer.json()["items"])

    return found


def test_without_restrictions_all_is_told(entries: Any) -> None:
    (entry,) = entries({})
    assert (entry["subject_name"], entry["after"]["note"], entry["after"]["emails"]) == (
        "欧阳潇潇", "养猫", ["a@example.com"],
    )  # fmt: skip


def test_hidden_fields_are_left_out_and_masked_ones_masked(entries: Any) -> None:
    restricted = {"customer.name": "mask", "customer.note": "hide", "customer.emails": "mask"}
    (entry,) = entries({**restricted, "customer.birthday": "hide"})
    assert entry["subject_name"] == "欧***"
    assert entry["after"]["name"] == "欧***"
    assert entry["after"]["emails"] == ["a***"]
    assert not {"note", "birth_month", "birth_day"} & set(entry["after"])


def test_nobody_finds_by_a_name_that_is_hidden(entries: Any) -> None:
    assert len(entries({}, search="欧阳")) == 1
    assert entries({"customer.name": "mask"}, search="欧阳") == []
    assert len(entries({"customer.name": "mask"}, search="customer")) == 1
