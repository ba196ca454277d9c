"""Field rights: what is hidden, masked, seen and changed, for any role."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ninja import Schema
from pydantic import Field

from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import FieldNotWritable, check_writable, restrict, visible_columns
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.permissions import Access, Permissions

FIELDS = ("name", "note", "tags", "credit", "custom.grade")


class Thing(Schema):
    name: str
    note: str = ""
    tags: list[str]
    credit: float | None = None
    custom: dict[str, object] = Field(default_factory=dict)


THING = Thing(name="张三丰", note="欠款", tags=["常客"], credit=9.5, custom={"grade": "甲等", "age": 7})


def actor(**fields: Access) -> Actor:
    named = {("thing", name.replace("__", ".")): access for name, access in fields.items()}
    return Actor(Tenant(), 1, "x", "r", Permissions(fields=named))


def test_hidden_fields_are_emptied_and_masked_ones_show_a_sign() -> None:
    role = actor(name=Access.MASK, note=Access.HIDE, tags=Access.MASK, credit=Access.MASK, custom__grade=Access.MASK)
    seen = restrict(role, "thing", THING)
    assert seen.dict() == {
        "name": "张***",
        "note": "",
        "tags": ["常***"],
        "credit": None,
        "custom": {"grade": "甲***", "age": 7},
    }
    assert THING.name == "张三丰"


def test_a_hidden_custom_field_is_absent() -> None:
    assert restrict(actor(custom__grade=Access.HIDE), "thing", THING).custom == {"age": 7}


def test_another_subjects_fields_are_not_meant() -> None:
    assert restrict(actor(name=Access.HIDE), "other", THING) == THING


@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(Access)))
def test_nothing_hidden_or_masked_is_told(fields: dict[str, Access]) -> None:
    permissions = Permissions(fields={("thing", name): access for name, access in fields.items()})
    role = Actor(Tenant(), 1, "x", "r", permissions)
    told = restrict(role, "thing", THING).model_dump_json()
    clear = {"name": "张三丰", "note": "欠款", "tags": "常客", "credit": "9.5", "custom.grade": "甲等"}
    for name, text in clear.items():
        is_seen = fields.get(name, Access.WRITE).covers(Access.READ)
        assert (text in told) is is_seen


def test_a_field_that_may_not_be_written_is_named() -> None:
    role = actor(name=Access.READ, note=Access.MASK)
    check_writable(role, "thing", ["tags", "credit"])
    with pytest.raises(FieldNotWritable) as refused:
        check_writable(role, "thing", ["name", "note", "tags"])
    assert refused.value.fields == {"name": "not_writable", "note": "not_writable"}


def test_a_csv_has_no_column_of_a_hidden_field() -> None:
    columns = {"name": ("姓名", "Name"), "note_text": ("备注", "Note"), "tags": ("标签", "Tags")}
    role = actor(note=Access.HIDE, tags=Access.MASK)
    assert list(visible_columns(role, "thing", columns, told_by={"note_text": "note"})) == ["name", "tags"]
