"""One person's data are gone from every table, figures are what they were, and nobody else has lost anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey
from django.test import Client
from django.utils import timezone

from zhiyin.apps.assistance import services as assistance
from zhiyin.apps.assistance.models import RecommendationAnswer
from zhiyin.apps.audit import chain
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import merging
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.erasing import NOBODY
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.models import Customer, CustomerNumber
from zhiyin.apps.customers.reach import NumberChange, Reach
from zhiyin.apps.exchange import imports, runs
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.followups import notes
from zhiyin.apps.followups import services as followups
from zhiyin.apps.integrations.models import Delivery
from zhiyin.apps.integrations.tests.builders import make_delivery
from zhiyin.apps.interactions import erasing as contacts
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.models import WrapUp
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.monitoring import queries as figures
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.privacy import inventory, ledger, services
from zhiyin.apps.privacy.errors import ContactIsOpen
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.privacy.steps import all_steps
from zhiyin.apps.recordings import holds
from zhiyin.apps.recordings.models import File
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.apps.views import services as views
from zhiyin.domain.interactions import (
    EndedBy,
    InteractionEnded,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RecordingEnded,
    RecordingStarted,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
)

JSON = "application/json"
NAME, NUMBER, MAIL = "欧阳潇潇", "+8613911223344", "xiaoxiao.ouyang@example.com"
WORDS = (NAME, "3911223344", MAIL, "%E6%AC%A7%E9%98%B3", "幸福路88号", "养猫", "潇潇公司")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class House:
    """A company whose writes are committed, and the database roles: the test itself works as the worker does."""

    company: Company
    database: Database

    @contextmanager
    def web(self) -> Iterator[Company]:
        with connected_as(self.database.web), inside(self.company.tenant):
            yield self.company


@pytest.fixture
def house(as_engine: Database, committed_company: Callable[[], Company]) -> House:
    return House(committed_company(), as_engine)


def talk(company: Company, number: str, *, at: datetime = NINE) -> str:
    """A recorded contact of a number, with its projections."""
    agent = company.users["agent"].pk
    queue_events: list[tuple[float, Any]] = [
        (1, QueueEntered(queue=1)),
        (4, QueueLeft(queue=1, outcome=QueueEnd.ANSWERED)),
    ]
    return log_contact(
        company.tenant,
        at=at,
        number=number,
        then=[
            *queue_events,
            (4, SegmentStarted(segment=1, agent=agent, leg="l")),
            (4, RecordingStarted(recording=f"r-{number[-4:]}-{company.tenant.pk}", leg="c")),
            (60, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.AGENT_LEFT)),
            (60, RecordingEnded(recording=f"r-{number[-4:]}-{company.tenant.pk}")),
            (60, InteractionEnded(by=EndedBy.AGENT, reason="hangup")),
        ],
    )


def project() -> None:
    Projector([ContactProjection()], database_url="").catch_up()


def keep_sound(company: Company, recording: str) -> Path:
    """A sealed file with its row, as the worker leaves it."""
    name = f"{company.tenant.pk}/{recording}.zy"
    path = Path(settings.DATA_DIR) / "recordings" / "done" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed")
    File.objects.of(company.tenant).create(
        recording_id=recording, name=name, size_bytes=6, duration_s=1, peak_ms=50, peaks_left=[], peaks_right=[],
        made_at=NINE,
    )  # fmt: skip
    return path


def write_about(company: Company, customer: int, contact: str) -> None:
    """Let the person stand wherever the product writes persons down."""
    actor, admin = company.actor("lead"), company.actor("administrator")
    customers.update_customer(actor=actor, customer_id=customer, fields={"note": "养猫", "hobbies": NAME}, version=None)
    notes.write_note(
        actor=actor, customer_id=customer, interaction_id=None, mentions=[], text=f"{NAME} 住幸福路88号", now=NINE
    )
    planned = {"subject": f"回访{NAME}", "due_at": NINE, "owner_id": company.users["agent"].pk}
    followups.plan_follow_up(actor=actor, customer_id=customer, fields=planned, now=NINE)
    notify(
        tenant=company.tenant, user_ids=[company.users["agent"].pk], category=Category.MENTION, code="mentioned",
        facts={"customer": NAME}, customer_id=customer,
    )  # fmt: skip
    WrapUp.objects.of(company.tenant).create(
        interaction_id=contact, user=company.users["agent"], note=f"{NAME} 养猫 {NUMBER}", completed_at=NINE
    )
    offer = assistance.create_recommendation(actor=admin, fields={"name": "延保"})
    RecommendationAnswer.objects.of(company.tenant).create(
        recommendation=offer, customer_id=customer, interaction_id=contact, outcome="declined", reason="养猫",
        user_name="x", at=NINE,
    )  # fmt: skip
    views.create_view(actor=actor, list_code="customers", name="v", query="search=%E6%AC%A7%E9%98%B3%E6%BD%87%E6%BD%87",
                      sharing="all")  # fmt: skip
    lists.add_entry(actor=actor, list_code="vip", reason="养猫", now=NINE, customer_id=customer)
    delivery = make_delivery(company)
    Delivery.objects.of(company.tenant).filter(pk=delivery.pk).update(
        subject_id=str(customer), body=f'{{"name": "{NAME}"}}', answer=f"ok {NUMBER}"
    )
    delivery = make_delivery(company, "other subject")
    Delivery.objects.of(company.tenant).filter(pk=delivery.pk).update(subject_id="0", facts={"told": [f"x{MAIL}x"]})
    Export.objects.of(company.tenant).create(
        list_path="/api/customers", query=f"search={NAME}", format="csv", state="running", created_at=NINE,
        moved_at=NINE,
    )  # fmt: skip
    content = f"姓名,电话,邮箱\n{NAME},{NUMBER},{MAIL}\n".encode()
    made = imports.upload(actor=admin, kind_code="customers", name=f"{NAME}.csv", content=content)
    imports.assign(actor=admin, import_id=made.pk, mapping=None, on_match="change")
    imports.start_check(actor=admin, import_id=made.pk)
    runs.work(tenant=company.tenant, import_id=made.pk, is_time_over=lambda: False)
    imports.start_run(actor=admin, import_id=made.pk)
    runs.work(tenant=company.tenant, import_id=made.pk, is_time_over=lambda: False)


def make_person(company: Company) -> int:
    reach = Reach(numbers=[NumberChange(number=NUMBER)], emails=[MAIL], addresses=[{"line": "幸福路88号"}])
    fields = {"name": NAME, "company": "潇潇公司"}
    kept = customers.create_customer(actor=company.actor("lead"), fields=fields, reach=reach).pk
    twin = customers.create_customer(actor=company.actor("lead"), fields={"name": NAME}).pk
    merging.merge(actor=company.actor("lead"), kept_id=kept, merged_id=twin, chosen={}, now=NINE)
    return int(kept)


def places_of(words: tuple[str, ...], tenant: int) -> list[str]:
    """Return every table and column of the database in which one of the words stands for this company."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, a.attname, t.typname,
                      EXISTS (SELECT 1 FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attname = 'tenant_id')
               FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               JOIN pg_type t ON t.oid = a.atttypid
               WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^(accounts_|django_session)'
                 AND t.typname NOT IN ('int2', 'int4', 'int8', 'bool', 'timestamptz', 'date', 'float8', 'numeric')"""
        )
        for table, column, kind, has_tenant in cursor.fetchall():
            is_bytes = kind == "bytea"
            text = f"encode({column}, 'hex')" if is_bytes else f'"{column}"::text'
            looked_for = [word.encode().hex() if is_bytes else word for word in words]
            whose = f"tenant_id = {tenant}" if has_tenant else "true"
            held = " OR ".join([f"strpos({text}, %s) > 0"] * len(words))
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {whose} AND ({held}) LIMIT 1', looked_for)
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return sorted(set(found))


def counted(house: House) -> dict[str, Any]:
    """Return every figure of the contact's day, and what is counted elsewhere."""
    with house.web() as company:
        day = figures.company_day(company.tenant, NINE + timedelta(hours=2))
        facts = figures.read_facts(tenant=company.tenant, day=day)
        by_queue = figures.figures_by_queue(tenant=company.tenant, facts=facts)
        return {
            "queues": by_queue,
            "all": figures.sum_of(list(by_queue.values())),
            "agents": figures.figures_by_agent(facts=facts, day=day),
            "answers": sorted(RecommendationAnswer.objects.of(company.tenant).values_list("outcome", flat=True)),
            "wrap_ups": WrapUp.objects.of(company.tenant).count(),
            "segments": len(interactions.segments_since(tenant=company.tenant, since=NINE, until=LATER)),
            "customers": Customer.objects.of(company.tenant).count(),
        }


def order(house: House, customer: int) -> Erasure:
    with house.web() as company:
        return services.order(
            actor=company.actor("administrator"),
            customer_id=customer,
            confirmation=NAME,
            reason="§ 47",
            now=timezone.now(),
        )


def finish(house: House, made: Erasure) -> Erasure:
    while services.work(tenant=house.company.tenant, erasure_id=made.pk):
        pass
    made.refresh_from_db()
    return made


def left(house: House, words: tuple[str, ...] = WORDS) -> list[str]:
    return places_of(words, house.company.tenant.pk)


@pytest.fixture
def person(house: House) -> int:
    """A person of whom the product has written wherever it can."""
    with house.web() as company:
        customer = make_person(company)
        contact = talk(company, NUMBER)
    project()
    with house.web() as company:
        write_about(company, customer, contact)
    return customer


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


@pytest.mark.parametrize("cut_after", [1, 2, 5, 9, 11])
def test_a_worker_that_dies_after_any_step_leaves_an_erasure_that_goes_on(house: House, cut_after: int) -> None:
    with house.web() as company:
        customer = make_person(company)
    made = order(house, customer)
    for _ in range(cut_after):
        services.work(tenant=house.company.tenant, erasure_id=made.pk)
    later = timezone.now() + timedelta(minutes=3)
    assert services.standing_still(tenant=house.company.tenant, before=later) == [made.pk]
    with house.web():  # the step was done and the note of it lost: it is done again
        Erasure.objects.of(house.company.tenant).filter(pk=made.pk).update(step=max(0, cut_after - 2))
    done = finish(house, made)
    assert (done.state, done.sealed_words, done.step) == ("done", "", len(all_steps()))
    assert left(house) == []


def test_an_older_backup_brings_nobody_back(house: House, person: int) -> None:
    """The database is put back to before the erasure; the ledger beside it knows better."""
    made = order(house, person)
    services.work(tenant=house.company.tenant, erasure_id=made.pk)
    with house.web() as company:
        Erasure.objects.of(company.tenant).filter(pk=made.pk).delete()  # the backup knows nothing of it
    assert left(house)

    def missing() -> list[Erasure]:
        with connected_as(house.database.owner):
            return [each for tenant, each in ledger.order_missing() if tenant.pk == house.company.tenant.pk]

    (again,) = missing()
    assert (str(again.number), again.customer_id) == (str(made.number), person)
    finish(house, again)
    assert left(house) == []
    assert missing() == []
    assert NAME not in (Path(settings.DATA_DIR) / ledger.NAME).read_text()


# --- over HTTP --------------------------------------------------------------------------------------------------


def ask(client: Client, method: str, address: str, **body: object) -> Any:
    return getattr(client, method)(f"/api{address}", body or None, content_type=JSON)


def test_it_is_previewed_confirmed_by_name_and_done_once(company: Company) -> None:
    customer = make_person(company)
    client = company.browser("administrator")
    told = ask(client, "get", f"/customers/{customer}/erasure").json()
    assert told["goes"]["customer"] >= 4
    wrong = ask(client, "post", f"/customers/{customer}/erasure", confirmation="欧阳", reason="x")
    assert (wrong.status_code, wrong.json()["fields"]) == (400, {"confirmation": "not_confirmed"})
    made = ask(client, "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x")
    assert (made.status_code, made.json()["state"]) == (201, "running")
    again = ask(client, "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x")
    assert again.json()["code"] == "erasure_goes_on"


def test_a_second_person_agrees_where_the_company_wants_it(company: Company) -> None:
    customer = make_person(company)
    client = company.browser("administrator")
    assert ask(client, "put", "/privacy-policy", needs_approval=True).json() == {"needs_approval": True}
    company.grant("lead", "customers.erase")
    made = ask(company.browser("lead"), "post", f"/customers/{customer}/erasure", confirmation=NAME, reason="x").json()
    assert made["state"] == "waiting"
    assert not services.work(tenant=company.tenant, erasure_id=made["id"])
    own = ask(company.browser("lead"), "post", f"/erasures/{made['id']}/decision", is_approved=True)
    assert own.json()["code"] == "own_erasure"
    agreed = ask(client, "post", f"/erasures/{made['id']}/decision", is_approved=True).json()
    assert (agreed["state"], agreed["decided_by_name"]) == ("running", company.users["administrator"].name)


def test_nobody_is_erased_while_on_the_telephone(house: House) -> None:
    with house.web() as company:
        customer = make_person(company)
        log_contact(company.tenant, at=NINE, number=NUMBER)
    project()
    with pytest.raises(ContactIsOpen):
        order(house, customer)


def test_a_person_is_handed_all_that_is_stored(house: House, person: int) -> None:
    company = house.company
    with connected_as(house.database.web):
        answer: Any = company.browser("administrator").get(f"/api/customers/{person}/personal-data")
        content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = content.read("data.json").decode()
    assert all(word in told for word in (NAME, NUMBER, MAIL, "幸福路88号", "养猫"))
    assert {"tables/customer.csv", "tables/notes.csv", "tables/contacts.csv", "index.html"} <= set(content.namelist())
    assert "个人数据 · Personal data" in content.read("index.html").decode()
    entry = Entry.objects.of(company.tenant).get(action="customer.handed_over")
    assert NAME not in str(entry.after) + entry.subject_name


# --- that nothing is forgotten ----------------------------------------------------------------------------------

_NO_WORDS = {"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField"} | {
    "DecimalField", "FloatField", "IntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
    "SmallIntegerField", "ForeignKey", "OneToOneField", "UUIDField", "SmallAutoField", "TimeField", "DurationField",
}  # fmt: skip


def tables_with_words() -> set[str]:
    with connection.cursor() as cursor:
        by_hand = {"event_log", "event_personal", "open_stream", "agent_checkpoint", "engine_settings"} & set(
            connection.introspection.table_names(cursor)
        )
    return by_hand | {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in inventory.SWEPT_APPS | inventory.STAFF_APPS
        and any(
            field.get_internal_type() not in _NO_WORDS and not field.choices for field in model._meta.concrete_fields
        )
    }


def test_every_table_that_can_hold_words_is_known_to_the_erasure(company: Company) -> None:
    """Whoever adds a table says in ``inventory`` what becomes of the persons in it."""
    known = {*inventory.FORGOTTEN_BY_APP, *inventory.SWEPT_ONLY, *inventory.NEVER}
    assert sorted(tables_with_words() - known) == []


def test_every_table_that_refers_to_a_customer_is_forgotten_by_its_app_or_says_why_not() -> None:
    keeps = {"interactions_customerlink", "interactions_showncustomer", "customers_customertag"}
    for model in apps.get_models():
        refers = any(
            (isinstance(field, ForeignKey) and field.related_model is Customer) or field.attname == "customer_id"
            for field in model._meta.concrete_fields
        )
        table = model._meta.db_table
        assert not refers or table in inventory.FORGOTTEN_BY_APP or table in keeps or table in inventory.NEVER, table


def test_every_app_that_forgets_is_asked() -> None:
    asked = {str(each["by"]).split(".")[2] for each in settings.PERSONAL_DATA} | {"audit"}
    assert set(inventory.FORGOTTEN_BY_APP.values()) <= asked
