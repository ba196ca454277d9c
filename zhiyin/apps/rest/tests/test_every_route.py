"""What every route of the API promises, found by asking the API for its routes: a new one is held to it at once."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from ninja import Schema
from openpyxl import load_workbook

from zhiyin.apps.accounts import absences, login_sessions, organisation, roles
from zhiyin.apps.accounts import models as accounts_models
from zhiyin.apps.accounts.rights import RIGHTS
from zhiyin.apps.announcements import bulletins, forum, notices
from zhiyin.apps.announcements.models import ForumPost
from zhiyin.apps.assistance import services as assistance
from zhiyin.apps.channels import services as channels
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import attached, merging, tags
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.entries import services as entries
from zhiyin.apps.exchange import imports
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.exchange.tests.builders import make_file_plan
from zhiyin.apps.external_services import services as external_services
from zhiyin.apps.external_services.tests.builders import HTTP_SERVICE
from zhiyin.apps.fields import services as fields
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import empty_flow
from zhiyin.apps.followups import care
from zhiyin.apps.followups import services as followups
from zhiyin.apps.followups.notes import write_note
from zhiyin.apps.integrations import keys
from zhiyin.apps.integrations.models import ScreenAddress
from zhiyin.apps.integrations.tests.builders import (
    make_connector,
    make_connector_task,
    make_delivery,
    make_inbound,
    make_webhook,
)
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.queues import loans
from zhiyin.apps.queues import services as queues
from zhiyin.apps.rest.access import Needs, NeedsPerson
from zhiyin.apps.routing import history as routing_history
from zhiyin.apps.routing import services as routing
from zhiyin.apps.signin import providers
from zhiyin.apps.tenancy.models import TenantQuerySet
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.apps.trials import services as trials
from zhiyin.apps.views import services as views

api = import_string("zhiyin.config.api.api")


@dataclass(frozen=True, slots=True)
class Route:
    """``right`` None: open to everybody, "" anybody logged in."""

    method: str
    path: str
    operation_id: str
    right: str | None
    #: why no API key may use it; "": one that has the right may
    why_no_key: str = ""
    #: of the body: those that cannot hold just any object
    body_fields: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(?:\w+:)?(\w+)}", self.path)

    def address(self, values: dict[str, object]) -> str:
        return re.sub(r"{(?:\w+:)?(\w+)}", lambda found: str(values[found[1]]), self.path)


DESCRIBED = api.get_openapi_schema()


def find_body_fields(path: str, method: str) -> tuple[str, ...]:
    """Return the fields of the route's body by the API's description."""
    plain = re.sub(r"{\w+:(\w+)}", r"{\1}", path)
    operation = DESCRIBED["paths"].get(plain, {}).get(method.lower(), {})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return tuple(name for name, field in _resolve(body).get("properties", {}).items() if not _takes_any_object(field))


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DESCRIBED["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _takes_any_object(schema: dict[str, Any]) -> bool:
    whole = _resolve(schema)
    if "anyOf" in whole:
        return any(_takes_any_object(each) for each in whole["anyOf"])
    return whole.get("type", "object") == "object" and "enum" not in whole and not whole.get("required")


def find_routes() -> Iterator[Route]:
    for router in api._get_bound_routers():
        prefix = router.prefix
        for path, view in router.path_operations.items():
            for operation in view.operations:
                needs = next((auth for auth in operation.auth_callbacks if isinstance(auth, Needs)), None)
                address = "/api" + (prefix.rstrip("/") + "/" + path.lstrip("/")).rstrip("/")
                for method in operation.methods:
                    why = needs.why if isinstance(needs, NeedsPerson) else ""
                    yield Route(
                        method,
                        address,
                        operation.operation_id,
                        needs.right if needs else None,
                        why,
                        find_body_fields(address, method),
                    )


ROUTES = sorted(find_routes(), key=lambda route: (route.path, route.method))
OPEN = {
    "receiveInbound",
    "getSession",
    "logIn",
    "setUp",
    "getPublicCompany",
    "getBookableQueues",
    "getBookingSlots",
    "bookCallback",
    "getBooking",
    "moveBooking",
    "cancelBooking",
    "openGuestLine",
} | {
    # single sign-on: who comes is known only afterwards
    *("getCompanyEmbedding", "getOffered", "beginSignIn", "finishOidc", "receiveSaml", "finishSaml", "getSamlMetadata"),
    # on the way in, after the password
    "enterCode",
    "beginRequiredSetup",
    "confirmRequiredSetup",
}
#: found by a key that is the same for every company: prompts, and the forms of a type of record
KEYED_BY_CHOICE = {"speakPrompt", "getForm", "saveLayout", "resetLayout"}


def call(client: Client, route: Route, values: dict[str, object], body: object = None) -> Any:
    content = json.dumps(body if body is not None else {})
    return client.generic(route.method, route.address(values), content, content_type="application/json")


def ids(routes: list[Route]) -> list[str]:
    return [route.operation_id for route in routes]


def holds_for_each(routes: list[Route], check: Callable[[Route], None]) -> None:
    """Check the routes one after the other; what a check changes is taken back. All that fail are told at once."""
    broken = {}
    for route in routes:
        with transaction.atomic():
            try:
                check(route)
            except AssertionError as error:
                broken[route.operation_id] = str(error)
            transaction.set_rollback(True)
    assert broken == {}


def test_only_these_routes_are_open_to_everybody() -> None:
    assert {route.operation_id for route in ROUTES if route.right is None} == OPEN


def test_operation_ids_are_one_word_each_and_unique() -> None:
    names = ids(ROUTES)
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)


CLOSED = [route for route in ROUTES if route.right is not None]


def test_no_two_shapes_share_a_name() -> None:
    """The description names shapes by their class: of two with one name it would keep either."""
    found: dict[str, set[str]] = defaultdict(set)
    waiting: list[Any] = [Schema]
    while waiting:
        for shape in waiting.pop().__subclasses__():
            waiting.append(shape)
            if (
                "[" not in shape.__name__
                and shape.__module__.startswith("zhiyin.")
                and ".tests." not in shape.__module__
            ):
                found[shape.__name__].add(shape.__module__)
    private = {name for name in found if name.startswith("_")}
    assert {name: sorted(where) for name, where in found.items() if len(where) > 1 and name not in private} == {}


def refused(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.usefixtures("company")
def test_a_stranger_is_refused() -> None:
    def is_refused(route: Route) -> None:
        assert refused(call(Client(), route, dict.fromkeys(route.parameters, 1))) == (401, "not_logged_in")

    holds_for_each(CLOSED, is_refused)


@pytest.mark.parametrize("role", RIGHTS)
def test_a_role_without_the_right_is_refused(company: Company, role: str) -> None:
    browser = company.browser(role)

    def is_refused(route: Route) -> None:
        assert refused(call(browser, route, dict.fromkeys(route.parameters, 1))) == (403, "not_allowed")

    holds_for_each([route for route in CLOSED if route.right and route.right not in RIGHTS[role]], is_refused)


def test_a_change_without_the_csrf_token_is_refused(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = company.browser("administrator").cookies

    def is_refused(route: Route) -> None:
        assert refused(call(client, route, dict.fromkeys(route.parameters, 1))) == (403, "csrf_failed")

    holds_for_each([route for route in CLOSED if route.method != "GET"], is_refused)


def key_client(company: Company, rights: list[str]) -> Client:
    """Return a client with an API key, whose requests are checked as strictly as a browser's."""
    actor = company.actor("administrator")
    _, text = keys.create_key(actor=actor, fields={"name": f"key {len(rights)}", "rights": rights})
    return Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {text}"})


def test_an_api_key_with_the_right_alone_is_served_or_told_why_not(company: Company) -> None:
    """What comes after admission is the route's own matter: nothing there, a field missing, the engine away."""

    def is_served_or_told(route: Route) -> None:
        client = key_client(company, [route.right] if route.right else [])
        answer = call(client, route, dict.fromkeys(route.parameters, 1))
        if route.why_no_key:
            assert refused(answer) == (403, "people_only")
            assert route.why_no_key in answer.json()["title"]
        else:
            assert answer.status_code in (200, 201, 202, 204, 400, 404, 409, 422, 503), answer.content
            assert int(answer["RateLimit-Remaining"]) > 0

    holds_for_each(CLOSED, is_served_or_told)


def test_an_api_key_without_the_right_is_refused(company: Company) -> None:
    client = key_client(company, [])

    def is_refused(route: Route) -> None:
        assert refused(call(client, route, dict.fromkeys(route.parameters, 1))) == (403, "not_allowed")

    holds_for_each([route for route in CLOSED if route.right], is_refused)


OPEN_ROUTES = [route for route in ROUTES if route.right is None]


@pytest.mark.parametrize("route", OPEN_ROUTES, ids=ids(OPEN_ROUTES))
def test_a_key_is_nobody_where_everybody_is_let_in(company: Company, route: Route) -> None:
    client, stranger = key_client(company, []), Client(enforce_csrf_checks=True)
    answers = [
        call(one, route, {"company": "no-such-company", "path": "1-x", "token": "x"}) for one in (client, stranger)
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content


def test_the_description_says_which_routes_a_key_opens() -> None:
    described = api.get_openapi_schema()
    for route in CLOSED:
        path = re.sub(r"{\w+:", "{", route.path)
        operation = described["paths"][path][route.method.lower()]
        schemes = [name for way in operation["security"] for name in way]
        assert schemes == (["session"] if route.why_no_key else ["session", "apiKey"]), route.operation_id
        assert route.why_no_key or "429" in {str(status) for status in operation["responses"]}
    assert set(described["components"]["securitySchemes"]) == {"session", "apiKey"}


def _recording(company: Company) -> str:
    return "no-such-recording"  # written by the projector alone: proven in recordings/tests


def _follow_up(company: Company) -> int:
    customer = customers.create_customer(actor=company.system, fields={"name": "张三"}).pk
    planned = {"subject": "回访", "due_at": timezone.now(), "owner_id": company.users["agent"].pk}
    row = followups.plan_follow_up(actor=company.system, customer_id=customer, fields=planned, now=timezone.now())
    return int(row.pk)


def _note(company: Company) -> int:
    customer = customers.create_customer(actor=company.system, fields={"name": "张三"}).pk
    note = write_note(
        actor=company.actor("agent"),
        customer_id=customer,
        interaction_id=None,
        text="x",
        mentions=[],
        now=timezone.now(),
    )
    return int(note.pk)


def _notice(company: Company) -> int:
    now = timezone.now()
    fields = {"title": "t", "text": "x", "is_for_everybody": True, "starts_at": now, "ends_at": now + timedelta(1)}
    row = notices.create_notice(actor=company.actor("lead"), fields=fields, now=now)
    return int(notices.publish_notice(actor=company.actor("lead"), notice_id=row.pk, now=now).pk)


def _topic(company: Company) -> int:
    row = forum.begin_topic(actor=company.actor("agent"), title="t", text="x", mentions=[], now=timezone.now())
    return int(row.pk)


def _care_rule(company: Company) -> int:
    fields = {"name": "生日", "occasion": "birthday", "subject": "祝生日快乐", "assignment": "owner"}
    return int(care.create_rule(actor=company.system, fields=fields, now=timezone.now()).pk)


def absence(company: Company) -> int:
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    now = timezone.now()
    row = absences.create_absence(
        actor=company.system, user_id=agent, deputy_id=lead, starts_at=now, ends_at=now + timedelta(1), note=""
    )
    return row.pk


def login_session(company: Company) -> int:
    row = login_sessions.begin(
        user=company.users["agent"], key=uuid.uuid4().hex, address="", device="", now=timezone.now()
    )
    return int(row.pk)


OWNED: dict[str, Callable[[Company], object]] = {
    "user_id": lambda c: c.users["agent"].pk,
    "login_session_id": login_session,
    "provider_id": lambda c: (
        providers.create_provider(
            actor=c.system,
            kind="oidc",
            fields={"name": "IdP", "origin": "https://cc.example", "issuer": "https://idp.example", "client_id": "c"},
        ).pk
    ),
    "department_id": lambda c: organisation.create_department(actor=c.system, fields={"name": "华东"}).pk,
    "team_id": lambda c: accounts_models.Team.objects.of(c.tenant).get().pk,
    "site_id": lambda c: organisation.create_site(actor=c.system, fields={"name": "杭州"}).pk,
    "role_id": lambda c: roles.create_role(actor=c.system, fields={"name": "外呼"}).pk,
    "absence_id": absence,
    "queue_id": lambda c: queues.create_queue(actor=c.system, fields={"name": "售后"}).pk,
    "loan_id": lambda c: (
        loans.lend(
            actor=c.system,
            queue_id=queues.create_queue(actor=c.system, fields={"name": "支援组"}).pk,
            agents=[c.users["agent"].pk],
            until=timezone.now() + timedelta(hours=1),
            is_instead=False,
            now=timezone.now(),
        )[0].pk
    ),
    "reason_id": lambda c: queues.create_reason(actor=c.system, fields={"code": "meal", "name": "就餐"}).pk,
    "disposition_id": lambda c: queues.create_disposition(actor=c.system, fields={"name": "咨询"}).pk,
    "api_key_id": lambda c: keys.create_key(actor=c.actor("administrator"), fields={"name": "K", "rights": []})[0].pk,
    "inbound_id": lambda c: make_inbound(c).pk,
    "path": lambda c: "1-no-such-address",
    "webhook_id": lambda c: make_webhook(c).pk,
    "connector_id": lambda c: make_connector(c).pk,
    "connector_task_id": lambda c: make_connector_task(c).pk,
    "delivery_id": lambda c: make_delivery(c).pk,
    "service_id": lambda c: external_services.create_service(actor=c.system, fields=HTTP_SERVICE).pk,
    "trunk_id": lambda c: channels.create_trunk(actor=c.system, fields={"name": "T", "host": "192.0.2.1"}).pk,
    "telephone_id": lambda c: channels.create_telephone(actor=c.system, extension="99", label="", user_id=None)[0].pk,
    "flow_id": lambda c: flows.create_flow(actor=c.system, name="流程", graph=empty_flow()).pk,
    "test_id": lambda c: 0,  # beside a flow that is nobody's: proven in flows/tests
    "hours_id": lambda c: flows.create_hours(actor=c.system, fields={"name": "全天", "weekly": [[]] * 7}).pk,
    "number_id": lambda c: (
        channels.create_number(
            actor=c.system,
            fields={
                "number": "4008" + f"{c.tenant.pk:06d}",
                "flow_id": flows.create_flow(actor=c.system, name="n", graph=empty_flow()).pk,
            },
        ).pk
    ),
    "customer_id": lambda c: customers.create_customer(actor=c.system, fields={"name": "张三"}).pk,
    "field_id": lambda c: (
        fields.create_field(actor=c.system, subject="customer", kind="text", fields={"name": "爱车"}).pk
    ),
    "subject": lambda c: "customer",
    "variant": lambda c: "person",
    "view_id": lambda c: (
        views.create_view(actor=c.actor("lead"), list_code="customers", name="v", query="", sharing="all").pk
    ),
    "tag_id": lambda c: tags.create_tag(actor=c.system, fields={"name": "宽带"}).pk,
    "product_id": lambda c: (
        attached.save_product(actor=c.system, product_id=None, fields={"code": "R3", "name": "R3"}).pk
    ),
    "owned_id": lambda c: 1,  # found through its customer: proven in customers/tests
    "relation_id": lambda c: 1,
    "entry_id": lambda c: (
        lists.add_entry(actor=c.system, list_code="vip", reason="r", now=timezone.now(), number="95588").pk
    ),
    "interaction_id": lambda c: log_contact(c.tenant, at=timezone.now()),
    "follow_up_id": _follow_up,
    "note_id": _note,
    "rule_id": _care_rule,
    "notice_id": _notice,
    "bulletin_id": lambda c: (
        bulletins.create_bulletin(actor=c.actor("lead"), fields={"title": "t", "text": "x"}, now=timezone.now()).pk
    ),
    "topic_id": _topic,
    "post_id": lambda c: ForumPost.objects.of(c.tenant).get(topic_id=_topic(c)).pk,
    "recording_id": _recording,
    "callback_id": lambda _: "no-such-callback",  # written by the projector alone: interactions/tests/test_deferred.py
    "checklist_id": lambda c: (
        assistance.create_checklist(
            actor=c.system,
            fields={"name": "开场", "steps": [{"key": "a", "title": "t", "words": "", "is_required": True}]},
        ).pk
    ),
    "step": lambda c: "a",
    "recommendation_id": lambda c: assistance.create_recommendation(actor=c.system, fields={"name": "延保"}).pk,
    "reply_id": lambda c: (
        assistance.create_reply(
            actor=c.actor("administrator"), is_shared=True, fields={"title": "问候", "text": "您好"}
        ).pk
    ),
    "key": lambda c: "no_such_prompt",
    "language": lambda c: "zh",
    "prompt_version_id": lambda c: 0,  # beside a key that is nobody's: proven in flows/tests
    "company": lambda c: c.tenant.code,
    "token": lambda c: "no-such-booking",  # sealed: proven in interactions/tests/test_bookings.py
    "pair_id": lambda c: 0,  # found by a search: proven in customers/tests
    "merge_id": lambda c: (
        merging.merge(
            actor=c.system,
            kept_id=customers.create_customer(actor=c.system, fields={"name": "甲"}).pk,
            merged_id=customers.create_customer(actor=c.system, fields={"name": "乙"}).pk,
            chosen={},
            now=timezone.now(),
        ).pk
    ),
    "import_id": lambda c: (
        imports.upload(
            actor=c.actor("administrator"), kind_code="users", name="a.csv", content="用户名,姓名\na,b\n".encode()
        ).pk
    ),
    "export_id": lambda c: (
        Export.objects.of(c.tenant)
        .create(
            list_path="/api/customers", format="csv", state="ready", created_at=timezone.now(), moved_at=timezone.now()
        )
        .pk
    ),
    "plan_id": lambda c: make_file_plan(c).pk,
    "erasure_id": lambda c: (
        Erasure.objects.of(c.tenant)
        .create(customer_id=1, state="waiting", reason="x", ordered_at=timezone.now(), moved_at=timezone.now())
        .pk
    ),
    "change_id": lambda c: (
        routing.save_policy(actor=c.system, fields={"hard_gap_s": 30}),
        routing_history.list_changes(tenant=c.tenant, kind="routingpolicy", subject="")[0].pk,
    )[1],
    "entry_rule_id": lambda c: (
        entries.create_rule(
            actor=c.system,
            fields={
                "name": "新热线",
                "flow_id": flows.create_flow(actor=c.system, name="新热线", graph=empty_flow()).pk,
            },
            now=timezone.now(),
        ).pk
    ),
    "trial_id": lambda c: trials.create_trial(actor=c.system, fields={"name": "更早加圈", "changes": {}}).pk,
    "trial_call": lambda c: "no-such-call",  # the engine's
    "ban_id": lambda c: "203.0.113.66",  # the engine's, and no company's: proven in channels/tests
}
#: what a body must have to be understood, where an empty one is not
BODIES: dict[str, object] = {
    "importHoursDays": {"csv": "2026-10-01,holiday"},
    "replyToTopic": {"text": "x"},
    "changePost": {"text": "x"},
    "tryFollowUpAgain": {"again_at": "2026-03-03T02:00:00Z"},
    "handOver": {"to": 1},
    "setUserPassword": {"password": "long enough 1"},
    "createFlowTest": {"name": "x", "script": "expect end"},
    "updateFlowTest": {"name": "x", "script": "expect end"},
    "tryFlowScript": {"script": "expect end"},
    "tryFlow": {"acts": []},
    "setFlowRules": {"needs_tests": True, "person_within": 5},
    "importFlow": {
        "file": {"zhiyin_flow": 1, "name": "x", "graph": empty_flow(), "tests": [], "company": {}},
    },
    "holdFlow": {"page": "1"},
    "saveFlowDraft": {"graph": empty_flow(), "draft_version": 1},
    "linkCustomer": {"name": "李四"},
    "reassignCallback": {"queue": 1},
    "bookCallback": {"queue": 1, "number": "13800138000", "begins_at": "2026-03-03T02:00:00Z"},
    "moveBooking": {"begins_at": "2026-03-03T02:00:00Z"},
    "putTestContacts": {"queue": 1, "channel": "chat"},
    "saveWrapUp": {"version": 0},
    "completeWrapUp": {"version": 0},
    "holdRecording": {"reason": "x"},
    "mergeTag": {"into_id": 1},
    "addRelation": {"kind": "family", "other_id": 1},
    "tellConsent": {"channel": "sms", "purpose": "survey", "is_given": True},
    "chooseClass": {"class_id": None},
    "endListEntry": {"reason": "x"},
    "listCaller": {"list": "vip", "reason": "x"},
    "holdContact": {"reason": "x"},
    "tickStep": {"is_ticked": True},
    "answerRecommendation": {"outcome": "shown"},
    "judgeDuplicate": {"is_same": False},
    "beginRuleCanary": {"share_pct": 10},
    "decideExport": {"is_approved": False},
    "decideErasure": {"is_approved": False},
    "saveScreenAddress": {"template": ""},
    "orderErasure": {"confirmation": "张三", "reason": "x"},
}
#: found by the engine, which knows whose it is
ASKS_ENGINE_FIRST = {"liftBan"}
WITH_ID = [r for r in CLOSED if r.parameters and r.operation_id not in KEYED_BY_CHOICE | ASKS_ENGINE_FIRST]


def test_every_parameter_of_a_route_is_known_to_these_tests() -> None:
    assert {name for route in ROUTES for name in route.parameters} <= OWNED.keys()


@pytest.mark.parametrize("is_bound", [True, False], ids=["by our queries", "by the database alone"])
def test_another_companys_things_do_not_exist(
    company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch, *, is_bound: bool
) -> None:
    """Also as if every query of ours had forgotten to name its company: then row-level security is the only wall."""

    def is_hidden(route: Route) -> None:
        enter_tenant(other_company.tenant.pk)
        values = {name: OWNED[name](other_company) for name in route.parameters}
        enter_tenant(company.tenant.pk)
        browser = company.browser("administrator")
        with monkeypatch.context() as patch:
            if not is_bound:
                patch.setattr(TenantQuerySet, "for_tenant", lambda rows, tenant: rows.all())
            answer = call(browser, route, values, BODIES.get(route.operation_id))
        assert refused(answer) == (404, "not_found")

    enter_tenant(company.tenant.pk)  # without a template the answer is "none", whatever contact is asked for
    ScreenAddress.objects.create(tenant=company.tenant, template="https://crm.example/{call}")
    holds_for_each(WITH_ID, is_hidden)


WITH_BODY = [route for route in CLOSED if route.body_fields]


def test_a_field_of_the_wrong_kind_is_named(company: Company) -> None:
    """Each field of a body in turn is given something that no field can be."""

    def is_named(route: Route) -> None:
        values = {name: OWNED[name](company) for name in route.parameters}
        browser = company.browser("administrator")
        for field in route.body_fields:
            answer = call(browser, route, values, {field: {"no": ["such", "thing"]}})
            assert answer.status_code == 422, (field, answer.content)
            named = answer.json()["fields"]
            assert any(name == field or name.startswith(f"{field}.") for name in named), (field, named)

    holds_for_each(WITH_BODY, is_named)


#: what is small or asked for by id comes whole
WHOLE = {"listLastContacts", "listBans"}
LISTS = [
    route
    for route in CLOSED
    if route.method == "GET"
    and not route.parameters
    and route.operation_id.startswith("list")
    and route.operation_id not in WHOLE
]


def test_a_list_refuses_to_be_sorted_by_what_it_does_not_know(company: Company) -> None:
    browser = company.browser("administrator")

    def is_refused(route: Route) -> None:
        assert refused(browser.get(route.path, {"sort": "-tenant_id"})) == (400, "unknown_sort")

    holds_for_each(LISTS, is_refused)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_comes_as_a_file_in_the_users_language(company: Company, language: str) -> None:
    company.users["administrator"].language = language
    company.users["administrator"].save()
    browser = company.browser("administrator")

    def comes(route: Route) -> None:
        answer = browser.get(route.path, {"format": "csv"})
        assert answer.status_code == 200
        titles = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert answer["Content-Type"].startswith("text/csv")
        assert "".join(titles).isascii() is (language == "en")
        book = browser.get(route.path, {"format": "xlsx"})
        (only,) = load_workbook(io.BytesIO(book.content), read_only=True).worksheets
        first = next(only.iter_rows(values_only=True))
        assert list(first) == titles

    holds_for_each(LISTS, comes)


def test_an_unknown_route_is_a_problem_too(company: Company) -> None:
    answer = company.browser("agent").get("/api/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", "NaN"], ids=["NUL", "half a surrogate pair", "no JSON"])
def test_what_the_database_cannot_store_is_refused_before_it_is_asked(company: Company, text: str) -> None:
    body = f'{{"name": "x{text}"}}' if text != "NaN" else '{"name": "x", "skills": {"en": NaN}}'
    client = company.browser("administrator")
    answer = client.post("/api/queues", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "address",
    ["/api/customers?search=a%00b", "/api/prompts/a%00b/zh.wav", "/api/public/a%00b"],
    ids=["query", "key", "open"],
)
def test_an_address_with_nul_is_refused(company: Company, address: str) -> None:
    answer = company.browser("administrator").get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_an_instant_with_an_offset_that_the_database_does_not_know_is_understood(company: Company) -> None:
    """PostgreSQL refuses more than 16 hours; Python and RFC 3339 allow 23:59."""
    for route in ("/api/interactions", "/api/recordings", "/api/audit"):
        answer = company.browser("administrator").get(route, {"from": "2026-11-02T09:00:00-18:08"})
        assert answer.status_code == 200, route
    beyond = company.browser("administrator").get("/api/audit", {"to": "9999-12-31T23:59:00-18:08"})
    assert beyond.status_code == 422


def test_a_field_that_is_wrong_is_named(company: Company) -> None:
    answer = company.browser("administrator").post(
        "/api/queues", {"name": "", "wrap_up_s": -1}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"name": "string_too_short", "wrap_up_s": "greater_than_equal"}
