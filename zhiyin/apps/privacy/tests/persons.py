"""A person of whom the product has written wherever it can, and where a word stands in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhiyin.apps.assistance import services as assistance
from zhiyin.apps.assistance.models import RecommendationAnswer
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import merging
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.reach import NumberChange, Reach
from zhiyin.apps.exchange import imports, runs
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.followups import notes
from zhiyin.apps.followups import services as followups
from zhiyin.apps.integrations.models import Delivery
from zhiyin.apps.integrations.tests.builders import make_delivery
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.models import WrapUp
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.monitoring import queries as figures
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.privacy import services
from zhiyin.apps.privacy.models import Erasure
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
