"""Records are found by their values, through an index that works behind row-level security at 500,000 rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.fields import queries, search, services, tasks
from zhiyin.apps.fields.models import FieldDefinition, FieldKey
from zhiyin.apps.fields.search import BadFilter
from zhiyin.apps.fields.subjects import get_subject

CUSTOMER = "customer"
OPTIONS = [{"name": "金"}, {"name": "银"}]
FIELDS: list[tuple[str, str, dict[str, Any]]] = [
    ("ka", "choice", {"name": "卡", "options": OPTIONS}),
    ("biao_qian", "choices", {"name": "标签", "options": OPTIONS}),
    ("ji_fen", "number", {"name": "积分", "rules": {"decimals": 1}}),
    ("ri_qi", "date", {"name": "日期"}),
    ("shi_jian", "date_time", {"name": "时间"}),
    ("che_xing", "text", {"name": "车型"}),
    ("dian_hua", "telephone", {"name": "电话"}),
    ("hui_yuan", "yes_no", {"name": "会员"}),
]
RECORDS = {
    "甲": {
        "ka": "jin",
        "biao_qian": ["jin", "yin"],
        "ji_fen": -1.5,
        "ri_qi": "2026-03-01",
        "shi_jian": "2026-03-01T09:00:00Z",
        "che_xing": "上海 Model X",
        "dian_hua": "+8613812345678",
        "hui_yuan": True,
    },
    "乙": {"ka": "yin", "biao_qian": ["yin"], "ji_fen": 20, "ri_qi": "2026-03-02", "hui_yuan": False},
    "丙": {},
}


@pytest.fixture
def found(company: Company) -> Any:
    """Ask for the names of the customers that fit conditions, or a search."""
    for _code, kind, body in FIELDS:
        services.create_field(actor=company.system, subject=CUSTOMER, kind=kind, fields={**body, "is_searchable": True})
    fields = queries.definitions(company.tenant, CUSTOMER)
    assert [field.code for field in fields] == [code for code, _kind, _body in FIELDS]
    ids = {name: customers.create_customer(actor=company.system, fields={"name": name}).pk for name in RECORDS}
    services.enter_many(company.tenant, CUSTOMER, {ids[name]: values for name, values in RECORDS.items()})

    def ask(conditions: dict[str, str] | None = None, *, typed: str = "", role: str = "lead") -> str:
        actor = company.actor(role)
        rows = search.filtered(
            Customer.objects.of(company.tenant), actor=actor, fields=fields, conditions=conditions or {}
        )
        if typed:
            matching = search.matching_records(actor=actor, fields=fields, text=typed)
            rows = rows.filter(pk__in=() if matching is None else matching)
        return "".join(rows.order_by("pk").values_list("name", flat=True))

    return ask


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"ka": "jin"}, "甲"),
        ({"ka": "jin,yin"}, "甲乙"),
        ({"biao_qian": "yin"}, "甲乙"),
        ({"ka": "jin", "hui_yuan": "false"}, ""),
        ({"ji_fen": "-2..-1"}, "甲"),
        ({"ji_fen": "..20"}, "甲乙"),
        ({"ji_fen": "20"}, "乙"),
        ({"ri_qi": "2026-03-02.."}, "乙"),
        ({"shi_jian": "2026-03-01T17:00:00+08:00.."}, "甲"),
        ({"che_xing": "上"}, "甲"),
        ({"che_xing": "海"}, "甲"),
        ({"che_xing": "MODEL x"}, "甲"),
        ({"che_xing": "odel"}, ""),
        ({"dian_hua": "2345"}, "甲"),
        ({"dian_hua": "99"}, ""),
        ({"dian_hua": "138-1234"}, "甲"),
        ({"dian_hua": "5678"}, "甲"),
        ({"ka": search.EMPTY}, "丙"),
        ({"che_xing": search.FILLED}, "甲"),
    ],
)
def test_filters(found: Any, conditions: dict[str, str], names: str) -> None:
    assert found(conditions) == names


@pytest.mark.parametrize(
    ("typed", "names"), [("model", "甲"), ("金", "甲"), ("13812345678", "甲"), ("%", ""), ("nothing", "")]
)
def test_what_is_typed_into_a_lists_search_is_looked_for_in_the_values_too(found: Any, typed: str, names: str) -> None:
    assert found(typed=typed) == names


def test_whoever_sees_numbers_masked_cannot_spell_out_the_hidden_middle(found: Any) -> None:
    assert found({"dian_hua": "13812"}, role="lead") == "甲"
    assert found({"dian_hua": "13812"}, role="agent") == ""
    assert found(typed="13812", role="agent") == ""
    assert found(typed="13812345678", role="agent") == "甲"


@pytest.mark.parametrize(
    "conditions", [{"ji_fen": "many"}, {"ri_qi": "soon.."}, {"nothing": "x"}, {"ji_fen": "1..2..3"}]
)
def test_a_filter_that_makes_no_sense_is_refused_at_its_field(found: Any, conditions: dict[str, str]) -> None:
    with pytest.raises(BadFilter) as refused:
        found(conditions)
    assert refused.value.fields == {f"custom.{next(iter(conditions))}": "bad_filter"}


def test_what_finds_records_may_be_served_by_an_index_behind_the_walls(company: Company) -> None:
    """Row-level security lets only leakproof operators use an index: ``@>`` and LIKE are none, these are."""
    used = {"int8eq", "texteq", "text_ge", "text_lt", "float8ge", "float8le"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proleakproof AND proname = ANY(%s)", [sorted(used)])
        assert {name for (name,) in cursor.fetchall()} == used


def test_a_field_that_becomes_searchable_is_filled_by_a_job(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    row = services.create_field(actor=company.system, subject=CUSTOMER, kind="text", fields={"name": "车型"})
    services.update_field(actor=company.system, field_id=row.pk, fields={"is_searchable": True})
    subject = get_subject(CUSTOMER)
    stored = {pk: {"che_xing": f"Model {pk}"} for pk in range(1, 6)}

    def records(_tenant: object, after: int, limit: int) -> list[tuple[int, dict[str, str]]]:
        return [(pk, custom) for pk, custom in stored.items() if pk > after][:limit]

    monkeypatch.setattr(tasks, "get_subject", lambda _code: replace(subject, records=records))
    monkeypatch.setattr(tasks, "_BATCH", 2)
    tasks.fill_index(tenant_id=company.tenant.pk, field_id=row.pk)
    tasks.fill_index(tenant_id=company.tenant.pk, field_id=row.pk)
    keys = FieldKey.objects.of(company.tenant).filter(field=row, is_whole=True)
    assert sorted(keys.values_list("record_id", flat=True)) == [1, 2, 3, 4, 5]
    assert FieldDefinition.objects.of(company.tenant).get(pk=row.pk).indexed_at is not None
