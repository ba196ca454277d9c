"""One person's data are gone from every table, figures are what they were, and nobody else has lost anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhiyin.apps.audit import chain
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import connected_as
from zhiyin.apps.customers import pool
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.erasing import NOBODY
from zhiyin.apps.customers.errors import CustomerErased, NothingToClaim
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.models import Customer, CustomerNumber
from zhiyin.apps.customers.reach import NumberChange, Reach
from zhiyin.apps.customers.visibility import visible_customers
from zhiyin.apps.interactions import erasing as contacts
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.privacy import ledger, services
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.privacy.steps import all_steps
from zhiyin.apps.privacy.tests.persons import (
    NAME,
    NINE,
    NUMBER,
    House,
    counted,
    finish,
    keep_sound,
    left,
    make_person,
    order,
    project,
)
from zhiyin.apps.recordings import holds


def test_nothing_in_the_database_tells_of_the_person_any_more_and_no_figure_has_changed(
    house: House, person: int
) -> None:
    before = counted(house)
    assert before["segments"] == 2
    assert {"event_personal.value", "followups_note.text", "audit_entry.after", "exchange_filepart.body"} <= set(
        left(house)
    )
    path = keep_sound(house.company, f"r-3344-{house.company.tenant.pk}")
    assert finish(house, order(house, person)).state == "done"
    assert left(house) == []
    assert not path.exists()
    assert counted(house) == before
    assert Customer.objects.of(house.company.tenant).get(pk=person).name == NOBODY
    told = Notification.objects.of(house.company.tenant).get(code="erasure_done")
    assert (told.user, told.customer_id) == (house.company.users["administrator"], None)
    with connection.cursor() as cursor:  # and what is projected anew from the log names nobody either
        cursor.execute("DELETE FROM projection_cursor WHERE name = 'contacts'")
    project()
    assert left(house) == []


def test_nobody_else_loses_anything(house: House) -> None:
    with house.web() as company:
        customer = make_person(company)
        other = customers.create_customer(
            actor=company.actor("lead"),
            fields={"name": f"{NAME}之友", "note": f"{NAME}的朋友"},
            reach=Reach(numbers=[NumberChange(number=NUMBER), NumberChange(number="+8613800138001")]),
        ).pk
    finish(house, order(house, customer))
    kept = Customer.objects.of(house.company.tenant).get(pk=other)
    assert (kept.name, kept.note) == (f"{NAME}之友", f"{NAME}的朋友")
    numbers = CustomerNumber.objects.of(house.company.tenant).filter(customer_id=other)
    assert sorted(numbers.values_list("number", flat=True)) == ["+8613800138001", NUMBER]


def test_a_held_recording_and_a_blocked_number_stay_and_the_certificate_says_why(house: House, person: int) -> None:
    path = keep_sound(house.company, f"r-3344-{house.company.tenant.pk}")
    with house.web() as company:
        admin = company.actor("administrator")
        contact = contacts.contacts_of(tenant=company.tenant, customer_id=person)[0]
        holds.hold_contact(actor=admin, interaction_id=contact, reason="案件", now=NINE)
        lists.add_entry(actor=admin, list_code="block", reason="养猫", now=NINE, number=NUMBER)
        told = services.preview(actor=admin, customer_id=person)
    done = finish(house, order(house, person))
    assert done.kept == told["kept"]
    assert {each["why"] for each in done.kept} == {"legal_hold", "block_list", "figures"}
    assert path.exists()
    assert left(house) == ["customers_listentry.number", "engine_settings.body"]


def test_the_audits_chain_still_fits_and_who_did_what_stays(house: House, person: int) -> None:
    tenant, key = house.company.tenant, chain.chain_key(bytes.fromhex(settings.VAULT_KEY))

    def findings() -> list[str]:
        chain.seal_entries(tenant=tenant, key=key, now=timezone.now())
        walked = chain.verify(tenant=tenant, key=key, now=timezone.now(), head=None)
        return [each.code for each in walked if isinstance(each, chain.Finding)]

    acts = set(Entry.objects.of(tenant).values_list("pk", "action", "user_name", "at"))
    assert findings() == []
    finish(house, order(house, person))
    assert findings() == []
    assert acts <= set(Entry.objects.of(tenant).values_list("pk", "action", "user_name", "at"))


def test_a_worker_that_dies_after_any_step_leaves_an_erasure_that_goes_on(house: House) -> None:
    """After each step it is found again, and the step is done once more: its note was lost."""
    tenant = house.company.tenant
    with house.web() as company:
        customer = make_person(company)
    made = order(house, customer)
    assert services.work(tenant=tenant, erasure_id=made.pk)
    for step in range(len(all_steps())):
        assert services.work(tenant=tenant, erasure_id=made.pk)
        assert services.standing_still(tenant=tenant, before=timezone.now() + timedelta(minutes=3)) == [made.pk]
        with house.web():
            Erasure.objects.of(tenant).filter(pk=made.pk).update(step=step)
        assert services.work(tenant=tenant, erasure_id=made.pk)
    done = finish(house, made)
    assert (done.state, done.sealed_words, done.step) == ("done", "", len(all_steps()))
    assert left(house) == []


def missing(house: House) -> list[Erasure]:
    """Return what the ledger beside a restored database orders anew, as it is done before anything starts."""
    with connected_as(house.database.owner):
        return [each for tenant, each in ledger.order_missing() if tenant.pk == house.company.tenant.pk]


def test_an_older_backup_brings_nobody_back(house: House, person: int) -> None:
    """The database is put back to before the erasure; the ledger beside it knows better."""
    made = order(house, person)
    services.work(tenant=house.company.tenant, erasure_id=made.pk)
    with house.web() as company:
        Erasure.objects.of(company.tenant).filter(pk=made.pk).delete()  # the backup knows nothing of it
    assert left(house)

    (again,) = missing(house)
    assert (str(again.number), again.customer_id) == (str(made.number), person)
    finish(house, again)
    assert left(house) == []
    assert missing(house) == []
    assert NAME not in (Path(settings.DATA_DIR) / ledger.NAME).read_text()


def test_a_backup_from_before_the_second_person_agreed_brings_nobody_back(house: House) -> None:
    with house.web() as company:
        customer = make_person(company)
    made = order(house, customer)
    services.work(tenant=house.company.tenant, erasure_id=made.pk)
    with house.web() as company:
        Erasure.objects.of(company.tenant).filter(pk=made.pk).update(state=Erasure.State.WAITING, sealed_words="")
    (again,) = missing(house)
    assert finish(house, again).state == Erasure.State.DONE
    assert left(house) == []


def test_nobody_meets_the_erased_customer_any_more(house: House) -> None:
    """The row stays for the figures: it stands in no list, opens no page and cannot be taken out of the pool."""
    with house.web() as company:
        customer = make_person(company)
    finish(house, order(house, customer))
    with house.web() as company:
        actor = company.actor("administrator")
        assert not visible_customers(actor).filter(pk=customer).exists()
        with pytest.raises(CustomerErased):
            customers.get_customer(actor=actor, customer_id=customer)
        with pytest.raises(NothingToClaim):
            pool.claim(actor=actor, customer_ids=[customer], now=timezone.now())
