"""A list costs the same number of statements for one row as for many; the counts are frozen, so that a rise is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.accounts import absences
from zhiyin.apps.announcements import bulletins, forum, notices
from zhiyin.apps.assistance import services as assistance
from zhiyin.apps.channels import services as channels
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import attached, merging, tags
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.exchange import imports
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.exchange.tests.builders import make_file_plan, make_file_run
from zhiyin.apps.external_services.tests.builders import HTTP_SERVICE, make_messages
from zhiyin.apps.fields import services as fields
from zhiyin.apps.flow_traffic.projection import FlowTraffic
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import empty_flow
from zhiyin.apps.followups import care
from zhiyin.apps.followups import services as followups
from zhiyin.apps.integrations import keys
from zhiyin.apps.integrations.tests.builders import make_connector_task, make_delivery, make_inbound
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.domain.interactions import (
    Direction,
    EndedBy,
    InteractionEnded,
    InteractionStarted,
    NodeEntered,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RecordingEnded,
    RecordingStarted,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEVER = datetime(2099, 1, 1, tzinfo=UTC)

#: session with company, user; then the list's own. A total is counted only where a page is full.
FROZEN = {
    "/api/users": 4,
    "/api/absences": 3,
    "/api/keys": 3,
    "/api/inbound": 3,
    "/api/webhooks": 3,
    "/api/connectors": 3,
    "/api/connectors/tasks": 3,
    "/api/webhooks/deliveries": 3,
    "/api/exports": 3,
    "/api/file-plans": 4,
    "/api/file-plans/runs": 3,
    "/api/erasures": 3,
    "/api/queues": 5,
    "/api/routing/matrix": 4,
    "/api/rule-trials": 4,
    "/api/entry-rules": 3,
    "/api/reasons": 3,
    "/api/dispositions": 3,
    "/api/numbers": 3,
    "/api/trunks": 3,
    "/api/external-services": 3,
    "/api/flow-messages": 4,
    "/api/flow-traffic/nodes": 4,
    "/api/flow-traffic/ways": 4,
    "/api/flow-traffic/hours": 4,
    "/api/flow-traffic/failures": 4,
    "/api/telephones": 3,
    "/api/flows": 3,
    "/api/hours": 3,
    "/api/customers": 5,
    "/api/tags": 3,
    "/api/products": 3,
    "/api/lists": 3,
    "/api/audit": 3,
    "/api/fields": 3,
    "/api/imports": 3,
    "/api/checklists": 4,
    "/api/recommendations": 4,
    "/api/quick-replies": 3,
    "/api/merges": 3,
    "/api/interactions": 4,
    "/api/recordings": 7,
    "/api/notifications": 3,
    "/api/follow-ups": 6,
    "/api/care-rules": 4,
    "/api/notices": 6,
    "/api/bulletins": 4,
    "/api/forum/topics": 4,
}


def fill(company: Company, start: int, count: int) -> None:
    """Make ``count`` of everything that a list shows."""
    actor = company.system
    agent = company.users["agent"].pk
    for n in range(start, start + count):
        now = timezone.now()
        absences.create_absence(
            actor=actor, user_id=agent, deputy_id=company.users["lead"].pk, starts_at=now, ends_at=NEVER, note=""
        )
        keys.create_key(actor=actor, fields={"name": f"K{n}", "rights": []})
        make_delivery(company, name=f"W{n}")
        make_inbound(company, name=f"I{n}")
        make_connector_task(company, name=f"C{n}")
        queue = queues.create_queue(actor=actor, fields={"name": f"Q{n}"}, members=[agent]).pk
        queues.create_reason(actor=actor, fields={"code": f"r{n}", "name": f"R{n}"})
        queues.create_disposition(actor=actor, fields={"name": f"D{n}"})
        step = {"key": "a", "title": "t", "words": "", "is_required": True}
        assistance.create_checklist(actor=actor, fields={"name": f"L{n}", "queue_id": queue, "steps": [step]})
        assistance.create_recommendation(actor=actor, fields={"name": f"O{n}"})
        assistance.create_reply(
            actor=company.actor("administrator"), is_shared=True, fields={"title": f"A{n}", "text": "x"}
        )
        flow = flows.create_flow(actor=actor, name=f"F{n}", graph=empty_flow()).pk
        flows.create_hours(actor=actor, fields={"name": f"H{n}", "weekly": [[]] * 7})
        channels.create_number(
            actor=actor, fields={"number": f"400{company.tenant.pk % 10000:04d}{n:03d}", "flow_id": flow}
        )
        fields.create_field(actor=actor, subject="customer", kind="text", fields={"name": f"V{n}"})
        make_messages(company, HTTP_SERVICE | {"name": f"S{n}"})
        channels.create_trunk(actor=actor, fields={"name": f"T{n}", "host": "192.0.2.1"})
        content = f"用户名,姓名\nimported{n},新人\n".encode()
        pair = [customers.create_customer(actor=actor, fields={"name": f"{side}{n}"}).pk for side in "AB"]
        merging.merge(actor=actor, kept_id=pair[0], merged_id=pair[1], chosen={}, now=NINE)
        imports.upload(actor=company.actor("administrator"), kind_code="users", name=f"{n}.csv", content=content)
        Erasure.objects.of(company.tenant).create(
            customer_id=n + 1, state="done", reason="x", ordered_at=NINE, moved_at=NINE
        )
        make_file_run(make_file_plan(company, name=f"P{n}"))
        Export.objects.of(company.tenant).create(
            list_path="/api/queues", format="csv", state="sent", created_at=NINE, moved_at=NINE
        )
        channels.create_telephone(actor=actor, extension=f"8{n:03d}", label="", user_id=None)
        number = f"+861380000{n:04d}"
        customers.create_customer(
            actor=actor, fields={"name": f"C{n}", "owner_id": agent}, numbers=[NumberChange(number=number)]
        )
        planned = {"subject": f"F{n}", "due_at": NINE, "owner_id": agent}
        found = customers.create_customer(actor=actor, fields={"name": f"F{n}"}).pk
        followups.plan_follow_up(actor=actor, customer_id=found, fields=planned, now=NINE)
        reader = {"title": f"N{n}", "text": "x", "is_for_everybody": True, "starts_at": NINE, "ends_at": NEVER}
        lead = company.actor("lead")
        notice = notices.create_notice(actor=lead, fields=reader, now=NINE)
        notices.publish_notice(actor=lead, notice_id=notice.pk, now=NINE)
        bulletins.create_bulletin(actor=lead, fields={"title": f"B{n}", "text": "x"}, now=NINE)
        forum.begin_topic(actor=lead, title=f"T{n}", text="x", mentions=[], now=NINE)
        rule = {"name": f"R{n}", "occasion": "birthday", "subject": "x", "assignment": "owner"}
        care.create_rule(actor=actor, fields=rule, now=NINE)
        notify(
            tenant=company.tenant,
            user_ids=[company.users["administrator"].pk],
            category=Category.MENTION,
            code="mentioned",
        )
        tags.create_tag(actor=actor, fields={"name": f"T{n}"})
        arrived = InteractionStarted(Direction.INBOUND, "voice", "l", None, "4008001234", "trunk:1", flow, 1)
        steps = (NodeEntered("start", "start"), NodeEntered("handler", "on_error", "error"))
        log_events(company.tenant, f"i:flow-{company.tenant.pk}-{n}", [(now, each) for each in (arrived, *steps)])
        EntryRule.objects.of(company.tenant).create(name=f"E{n}", flow_id=flow, counted_since=NINE)
        RuleTrial.objects.of(company.tenant).create(name=f"T{n}", owner=company.users["administrator"])
        attached.save_product(actor=actor, product_id=None, fields={"code": f"P{n}", "name": f"P{n}"})
        lists.add_entry(actor=actor, list_code="vip", reason="r", now=NINE, number=f"+8613700{n:06d}")
        recording = f"r-{company.tenant.pk}-{n}"
        log_contact(
            company.tenant,
            at=NINE + timedelta(minutes=n),
            number=number,
            then=[
                (1, QueueEntered(queue=queue)),
                (2, QueueLeft(queue=queue, outcome=QueueEnd.ANSWERED)),
                (2, SegmentStarted(segment=1, agent=agent, leg="l")),
                (2, RecordingStarted(recording=recording, leg="c")),
                (9, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.AGENT_LEFT)),
                (9, RecordingEnded(recording=recording)),
                (9, InteractionEnded(by=EndedBy.AGENT, reason="hangup")),
            ],
        )


@pytest.fixture
def filled(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    company = committed_company()
    with connected_as(as_engine.web), inside(company.tenant):
        fill(company, 0, 1)
    Projector([ContactProjection(), FlowTraffic()], database_url="").catch_up()
    return company


def test_a_lists_statements_do_not_grow_with_its_rows(filled: Company, as_engine: Database) -> None:
    def count() -> dict[str, int]:
        counts = {}
        with connected_as(as_engine.web):
            client = filled.browser("administrator")
            for address in FROZEN:
                with CaptureQueriesContext(connection) as statements:
                    answer = client.get(f"{address}?page_size=200")
                assert answer.json()["items"], address
                transaction_words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
                counts[address] = sum(
                    not statement["sql"].startswith(transaction_words) for statement in statements.captured_queries
                )
        return counts

    few = count()
    with connected_as(as_engine.web), inside(filled.tenant):
        fill(filled, 1, 4)
    Projector([ContactProjection(), FlowTraffic()], database_url="").catch_up()
    many = count()
    assert {a: n for a, n in few.items() if FROZEN[a] != n} == {}
    assert {a: n for a, n in many.items() if FROZEN[a] != n} == {}


def test_no_answer_to_an_agent_holds_a_number_in_clear(filled: Company, as_engine: Database) -> None:
    """Every list, page and file that a role without ``numbers.clear`` can reach, and the same as a lead sees it."""
    hidden = "3800000000"  # of +86 138 0000 0000: all but what masking leaves visible
    with connected_as(as_engine.web):
        with inside(filled.tenant):
            filled.grant("agent", "customers.export", "interactions.export")
        agent, lead = filled.browser("agent"), filled.browser("lead")
        contact = agent.get("/api/interactions").json()["items"][0]["id"]
        customer = agent.get("/api/customers").json()["items"][0]["id"]
        addresses = [
            *("/api/interactions", "/api/interactions?format=csv", "/api/customers", "/api/customers?format=csv"),
            *("/api/recordings", "/api/recordings?format=csv", "/api/interactions?search=13800000000"),
            *(f"/api/interactions/{contact}{part}" for part in ("", "/pop", "/history", "/waits", "/wrap-up")),
            *(f"/api/customers/{customer}{part}" for part in ("", "/timeline")),
            f"/api/customers/last-contacts?customer={customer}",
        ]
        seen_by_lead = 0
        for address in addresses:
            answer = agent.get(address)
            assert answer.status_code == 200, address
            assert hidden not in answer.content.decode(), address
            seen_by_lead += hidden in lead.get(address).content.decode()
    assert seen_by_lead >= 8
