"""Our own shapes are taken as they are; what else they are made of is looked at as ever."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from zhiyin.apps.customers.schemas import BirthdayOut, OwnerOut
from zhiyin.apps.rest.schemas import Shape


class FamilyOut(Shape):
    name: str
    owner: OwnerOut | None
    birthdays: list[BirthdayOut]
    at: datetime = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_shape_inside_another_is_not_made_anew() -> None:
    owner = OwnerOut(id=1, name="A")
    family = FamilyOut(name="F", owner=owner, birthdays=[BirthdayOut(year=None, month=1, day=2)])
    assert family.owner is owner
    assert FamilyOut.model_validate(family) is family
    assert family.model_dump()["birthdays"] == [{"year": None, "month": 1, "day": 2}]


def test_a_shape_is_still_made_from_rows_and_still_refuses_what_does_not_fit() -> None:
    row = SimpleNamespace(id=1, name="A")
    assert FamilyOut(name="F", owner=row, birthdays=[]).owner == OwnerOut(id=1, name="A")  # type: ignore[arg-type]
    assert OwnerOut.from_orm(row).name == "A"
    with pytest.raises(ValidationError):
        FamilyOut(name="F", owner=OwnerOut(id="x", name="A"), birthdays=[])  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        FamilyOut(name="F", birthdays=[])  # type: ignore[call-arg]
