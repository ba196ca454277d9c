"""Questions that are asked together give what each gives alone, inside the company's walls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services
from zhiyin.apps.customers.models import Customer, CustomerClass, CustomerNumber, ListEntry, OwnedProduct
from zhiyin.apps.interactions.models import Interaction, Recording, WrapUp
from zhiyin.apps.tenancy.asking import answer, ask
from zhiyin.apps.tenancy.read_once import reading
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson
from zhiyin.apps.tenancy.scope import inside

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def add(company: Company, name: str, number: str) -> int:
    changes = [services.NumberChange(number=number)]
    return services.create_customer(actor=company.system, fields={"name": name}, numbers=changes).pk


def check(*rows: models.Model) -> None:
    """The stored rows read as JSON are those that Django reads."""
    for row in rows:
        shape = RowsAsJson(type(row))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ({shape.select(f't.id = {row.pk!r}', order='t.id')})::text")
            (made,) = shape.read(cursor.fetchone()[0])
        assert same(made, type(row)._base_manager.get(pk=row.pk)), type(row)
        assert not made._state.adding


def same(row: models.Model, other: models.Model) -> bool:
    def values(one: models.Model) -> list[object]:
        found = (getattr(one, field.attname) for field in one._meta.concrete_fields)
        return [bytes(value) if isinstance(value, memoryview) else value for value in found]

    return type(row) is type(other) and values(row) == values(other)


def test_questions_asked_together_are_one_statement_and_not_asked_again(company: Company) -> None:
    ids = [add(company, name, f"+86138000000{n:02d}") for n, name in enumerate("abc")]
    numbers = customers.numbers_asked(tenant=company.tenant, customer_ids=ids)
    emails = customers.emails_asked(tenant=company.tenant, customer_ids=ids)
    names = accounts.names_asked(tenant=company.tenant, user_ids=[company.users["agent"].pk, None])
    with reading(), CaptureQueriesContext(connection) as statements:
        told = ask(numbers, emails, names)
        again = answer(customers.numbers_asked(tenant=company.tenant, customer_ids=tuple(ids)))
    assert len(statements) == 1
    assert (
        [again[pk][0].number for pk in ids]
        == [told[numbers][pk][0].number for pk in ids]
        == [
            "+8613800000000",
            "+8613800000001",
            "+8613800000002",
        ]
    )
    assert (told[emails], told[names]) == ({}, {company.users["agent"].pk: company.users["agent"].name})


def test_where_something_may_be_written_every_question_is_asked_anew(company: Company) -> None:
    pk = add(company, "a", "+8613800000000")
    question = customers.numbers_asked(tenant=company.tenant, customer_ids=[pk])
    assert len(answer(question)[pk]) == 1
    CustomerNumber(tenant=company.tenant, customer_id=pk, number="+8613800000001", digits="1", position=1).save()
    assert [row.number for row in answer(question)[pk]] == ["+8613800000000", "+8613800000001"]


def test_row_level_security_holds_for_what_is_asked(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    """A question that names another company's rows gets none, once it is prepared too."""
    mine, other = committed_company(), committed_company()
    with connected_as(as_engine.web):
        with inside(other.tenant):
            theirs = add(other, "b", "+8613800000001")
        question = customers.numbers_asked(tenant=other.tenant, customer_ids=[theirs])
        for _ in range(7):
            with inside(mine.tenant):
                assert answer(question) == {}
            with inside(other.tenant):
                assert len(answer(question)[theirs]) == 1


@pytest.mark.parametrize("size", [1, 40_000, 3_000_000_000])
def test_a_number_of_any_size_finds_the_same_statement(company: Company, size: int) -> None:
    assert answer(customers.emails_asked(tenant=company.tenant, customer_ids=[size])) == {}
    assert answer(customers.emails_asked(tenant=company.tenant, customer_ids=[])) == {}


def test_rows_come_back_as_django_would_have_read_them(company: Company) -> None:
    company.tenant.wrapped_key = bytes(range(200))  # as base64 longer than a line
    company.tenant.save()
    of = {"tenant": company.tenant}
    agent = company.users["agent"]
    kind = CustomerClass(**of, name="A", conditions=[{"field": "type", "test": "is", "values": ["x"]}])
    kind.save()
    customer = Customer(
        **of,
        name='张"三"\n',
        monthly_value=Decimal("120.50"),
        anniversary_on=date(2020, 2, 29),
        class_by_rule=kind,
        custom={"a": [1, 2.5, None, "二"]},
        owner=agent,
        created_at=AT,
        changed_at=AT,
    )
    rows = [
        kind,
        customer,
        OwnedProduct(**of, customer=customer, name="P", purchased_on=date(2026, 1, 2)),
        ListEntry(**of, list="vip", customer=customer, reason="r", created_at=AT, expires_at=AT),
        WrapUp(**of, interaction_id="i1", user=agent, result="resolved", note="好", completed_at=timezone.now()),
    ]
    for row in rows:
        row.save()
    check(*rows, agent, agent.role, company.tenant)


def test_contacts_come_back_as_django_would_have_read_them(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    of = {"tenant": committed_company().tenant}
    told = {"path": ["1", "#"], "state": {"a": [None]}, "wait_s": 0.1, "answered_at": AT, "customer_ref": "i1-n"}
    contact = Interaction(id="i1", **of, direction="inbound", channel="voice", started_at=AT, **told)
    recording = Recording(id="r1", **of, interaction_id="i1", started_at=AT)
    contact.save()
    recording.save()
    check(contact, recording)
