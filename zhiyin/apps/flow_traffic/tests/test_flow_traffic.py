"""Traffic of flows: folded once and for all from the log, and seen by whom it concerns."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from zhiyin.apps.channels import services as channels
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.external_services import services as external_services
from zhiyin.apps.flow_traffic.models import FlowFailure, NodeTraffic, WayTraffic, Whereabouts
from zhiyin.apps.flow_traffic.projection import FlowTraffic
from zhiyin.apps.flow_traffic.services import FAILURES_KEPT, forget_old_failures
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.models import Flow, FlowVersion
from zhiyin.apps.flows.templates import empty_flow, menu_flow
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_events
from zhiyin.contracts.events import Event
from zhiyin.domain.interactions import (
    Direction,
    EndedBy,
    InteractionEnded,
    InteractionStarted,
    NodeEntered,
    QueueEntered,
    RequestEnded,
    SegmentStarted,
)

HUNG_UP = InteractionEnded(EndedBy.CUSTOMER, "hangup")
START, MENU = NodeEntered("start", "start"), NodeEntered("menu", "menu", "next")
QUEUE = NodeEntered("queue_1", "queue", "1")
ASK = NodeEntered("ask", "http", "2")
TIMES = ("quarter_at", "flow_id", "version", "node")


@pytest.fixture
def house(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def a_flow(company: Company, name: str, graph: dict[str, Any] | None = None) -> int:
    flow = flows.create_flow(actor=company.system, name=name, graph=graph or empty_flow())
    FlowVersion.objects.of(company.tenant).create(
        flow=flow, version=1, graph=flow.draft, published_at=timezone.now(), published_by="x"
    )
    Flow.objects.of(company.tenant).filter(pk=flow.pk).update(version=1)
    return flow.pk


def came(house: Company, number: int, flow: int, *then: Event, at: datetime, version: int = 1) -> str:
    """A contact comes into a flow; its events are two seconds apart."""
    contact = f"{house.tenant.pk}-{flow}-{number}"
    started = InteractionStarted(Direction.INBOUND, "voice", "l", None, "4008001234", "trunk:1", flow, version)
    events = [(at + timedelta(seconds=2 * n), event) for n, event in enumerate((started, *then))]
    log_events(house.tenant, f"i:{contact}", events)
    return contact


def project() -> int:
    return Projector([FlowTraffic()], database_url="").catch_up()


def counted(house: Company) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Everything that the projection holds of the company, without the rows' own ids."""

    def rows(model: Any, *order: str) -> list[Any]:
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
        return list(model.objects.of(house.tenant).order_by(*order).values_list(*names))

    return (
        rows(NodeTraffic, *TIMES),
        rows(WayTraffic, *TIMES, "end", "way"),
        rows(FlowFailure, "interaction_id", "failed_at", "node", "what"),
        rows(Whereabouts, "interaction_id"),
    )


def forget(house: Company) -> None:
    """As if the projection had never been."""
    for model in (NodeTraffic, WayTraffic, FlowFailure, Whereabouts):
        model.objects.of(house.tenant).delete()


STORIES: Sequence[tuple[Event, ...]] = (
    (START, MENU, HUNG_UP),
    (START, MENU, QUEUE, QueueEntered(1), SegmentStarted(1, 1, "a"), HUNG_UP),
    (START, MENU, ASK, RequestEnded("ask", "http", "late", "timeout"), NodeEntered("bye", "hang_up", "failed")),
    (START, MENU, ASK, NodeEntered("handler", "on_error", "error"), InteractionEnded(EndedBy.SYSTEM, "flow")),
    (START, MENU, NodeEntered("menu", "menu", "0"), NodeEntered("menu", "menu"), HUNG_UP),
    (START, InteractionEnded(EndedBy.SYSTEM, "flow_fault")),
)


@pytest.mark.parametrize("seed", range(5))
def test_a_rebuild_equals_what_was_folded_bit_by_bit(house: Company, seed: int) -> None:
    """Contacts' events in any order between contacts, folded in batches of any size, and then all at once."""
    dice = random.Random(seed)
    now = timezone.now() - timedelta(hours=2)
    started = InteractionStarted(Direction.INBOUND, "voice", "l", None, "4008001234", "trunk:1", 7, 1)
    going = {f"{house.tenant.pk}-{n}": [started, *dice.choice(STORIES)] for n in range(12)}
    log: list[LoggedEvent] = []
    while going:
        contact = dice.choice(sorted(going))
        now += timedelta(seconds=dice.randrange(300))
        log.append(LoggedEvent(house.tenant.pk, f"i:{contact}", now, going[contact].pop(0)))
        if not going[contact]:
            del going[contact]
    rest = list(log)
    while rest:
        size = dice.randrange(1, 9)
        with transaction.atomic():
            FlowTraffic().fold(rest[:size])
        del rest[:size]
    bit_by_bit = counted(house)
    forget(house)
    with transaction.atomic():
        FlowTraffic().fold(log)
    assert counted(house) == bit_by_bit
    assert bit_by_bit[0]


class Killed(Exception):
    """The worker ends between folding a batch and moving the cursor."""


class KilledAfterFolding(FlowTraffic):
    def fold(self, events: Sequence[LoggedEvent]) -> None:
        super().fold(events)
        raise Killed


def test_a_worker_that_ends_in_mid_batch_counts_nothing_twice(house: Company) -> None:
    contact = came(house, 1, 7, START, MENU, HUNG_UP, at=timezone.now())
    with pytest.raises(Killed):
        Projector([KilledAfterFolding()], database_url="").catch_up()
    assert counted(house) == ([], [], [], [])
    project()
    project()
    rows = NodeTraffic.objects.of(house.tenant).order_by("node")
    assert [(row.node, row.entered, row.left, row.gave_up) for row in rows] == [("menu", 1, 0, 1), ("start", 1, 1, 0)]
    assert not Whereabouts.objects.of(house.tenant).filter(interaction_id=contact).exists()


def seen(house: Company, path: str, role: str = "administrator", status: int = 200) -> Any:
    answer = house.browser(role).get(f"/api/flow-traffic{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def hotline(house: Company, as_engine: Database) -> int:
    """A hotline to which five callers came today, in one flow; and one to another flow."""
    with connected_as(as_engine.web), inside(house.tenant):
        queue = queues.create_queue(actor=house.system, fields={"name": "售后"}, members=[house.users["lead"].pk]).pk
        flow = a_flow(house, "热线", menu_flow(queues={"1": (queue, "售后")}, menu="menu"))
        other = a_flow(house, "夜间")
    # a minute that is in one quarter of an hour and on today's page
    at = timezone.now().replace(second=0, microsecond=0)
    at = at.replace(minute=at.minute - at.minute % 15)
    with inside(house.tenant):
        for number, story in enumerate(STORIES[:5]):
            came(house, number, flow, *story, at=at, version=1 + number % 2)
        came(house, 0, other, START, HUNG_UP, at=at)
    project()
    return flow


def test_each_node_with_its_figures_sorted_searched_and_exported(
    house: Company, as_engine: Database, hotline: int
) -> None:
    with connected_as(as_engine.web):
        page = seen(house, f"/nodes?flow={hotline}")
        found = {row["node"]: row for row in page["items"]}
        assert page["items"][0]["node"] == "menu", "the busiest first"
        figures = ("came", "entered", "left", "served", "gave_up", "faults", "failed_requests", "still_there")
        assert [found["start"][name] for name in figures] == [5, 5, 5, 0, 0, 0, 0, 0]
        assert [found["menu"][name] for name in figures] == [0, 6, 4, 0, 2, 0, 0, 0]
        assert [found["ask"][name] for name in figures] == [0, 2, 1, 0, 0, 1, 1, 0]
        assert [found["queue_1"][name] for name in figures] == [0, 1, 0, 1, 0, 0, 0, 0]
        assert [found["bye"][name] for name in figures] == [0, 1, 0, 0, 0, 0, 0, 1]
        assert (found["menu"]["kind_name"], found["menu"]["average_stay_s"]) == ("按键菜单", pytest.approx(14 / 6))
        assert found["queue_1"]["average_stay_s"] == 4.0, "the wait in line"
        assert [row["node"] for row in seen(house, f"/nodes?flow={hotline}&version=2&sort=node")["items"]] == [
            *("ask", "handler", "menu", "queue_1", "start"),
        ]
        assert [row["node"] for row in seen(house, "/nodes?search=按键")["items"]] == ["menu"]
        assert {row["flow_name"] for row in seen(house, "/nodes")["items"]} == {"热线", "夜间"}
        file = house.browser("administrator").get(f"/api/flow-traffic/nodes?flow={hotline}&format=csv")
        assert "放弃率（%）" in file.content.decode("utf-8-sig")
        worst = seen(house, f"/nodes?flow={hotline}&sort=-gave_up_pct")["items"][0]
        assert (worst["node"], worst["gave_up_pct"]) == ("menu", pytest.approx(100 / 3))


def test_flows_trunks_and_kinds_are_named_for_whom_the_figures_concern(
    house: Company, as_engine: Database, hotline: int
) -> None:
    with connected_as(as_engine.web):
        with inside(house.tenant):
            channels.create_trunk(actor=house.system, fields={"name": "电信", "host": "192.0.2.1"})
        told = seen(house, "/flows")
        assert [flow["name"] for flow in told["items"]] == ["夜间", "热线"]
        assert [trunk["name"] for trunk in told["trunks"]] == ["电信"]
        assert {"kind": "menu", "name": "按键菜单", "name_en": "Menu"} in told["kinds"]
        assert [flow["id"] for flow in seen(house, "/flows", "lead")["items"]] == [hotline]


def test_each_way_out_of_a_node_with_its_share(house: Company, as_engine: Database, hotline: int) -> None:
    with connected_as(as_engine.web):
        ways = seen(house, f"/ways?flow={hotline}&node=menu&sort=way")["items"]
        assert [(row["end"], row["way"], row["times"]) for row in ways] == [
            *(("gave_up", "", 2), ("left", "0", 1), ("left", "1", 1), ("left", "2", 2)),
        ]
        assert sum(row["share_pct"] for row in ways) == pytest.approx(100)
        (fault,) = [row for row in seen(house, f"/ways?flow={hotline}&node=ask")["items"] if row["end"] == "fault"]
        assert fault["times"] == 1


def test_the_traffic_of_hours_days_and_hours_of_the_day(house: Company, as_engine: Database, hotline: int) -> None:
    with connected_as(as_engine.web):
        for by in ("hour", "day", "hour_of_day"):
            (row,) = seen(house, f"/hours?flow={hotline}&by={by}")["items"]
            assert (row["came"], row["gave_up"], row["served"], row["gave_up_pct"]) == (5, 2, 1, 40.0)
            assert (row["hour"] is None, row["starts_at"] is None) == (by != "hour_of_day", by == "hour_of_day")
        refused = seen(house, "/hours?from=2026-01-01&to=2026-11-01", status=400)
        assert (refused["code"], refused["facts"]) == ("too_many_days", {"most": 92})


def test_what_failed_is_listed_with_its_contact(house: Company, as_engine: Database, hotline: int) -> None:
    with connected_as(as_engine.web):
        failures = seen(house, f"/failures?flow={hotline}&sort=what")["items"]
        assert [(row["what"], row["outcome"], row["cause"], row["node"]) for row in failures] == [
            ("http", "late", "timeout", "ask"),
            ("step", "caught", "", "ask"),
        ]
        assert failures[0]["interaction"] == f"{house.tenant.pk}-{hotline}-2"
        assert seen(house, "/failures?what=database")["items"] == []
        assert seen(house, "/failures?to=2026-01-01T00:00:00Z")["items"] == []


def test_failures_of_look_ups_are_told_by_service(house: Company, as_engine: Database) -> None:
    """They once named the kind of request alone: of two interfaces nobody saw which was down."""
    with connected_as(as_engine.web), inside(house.tenant):
        flow = a_flow(house, "热线")
        made = [
            external_services.create_service(
                actor=house.system,
                fields={"name": name, "settings": {"kind": "http", "base_url": "https://orders.example/"}},
            ).pk
            for name in ("订单系统", "物流系统")
        ]
    at = timezone.now() - timedelta(minutes=5)
    with inside(house.tenant):
        for number, service in enumerate((made[0], made[1], made[0], None)):
            late = RequestEnded("ask", "http" if service else "customer", "late", "timeout", service)
            came(house, number, flow, START, NodeEntered("ask", "http", "next"), late, HUNG_UP, at=at)
    project()
    with connected_as(as_engine.web):
        told = [row["service_name"] for row in seen(house, "/failures")["items"]]
        assert sorted(told) == ["", "物流系统", "订单系统", "订单系统"]
        assert len(seen(house, f"/failures?service={made[0]}")["items"]) == 2
        assert seen(house, f"/failures?service={made[1] + 999}")["items"] == []
        assert {"id": made[1], "name": "物流系统"} in seen(house, "/flows")["services"]
        file = house.browser("administrator").get("/api/flow-traffic/failures?format=csv").content.decode("utf-8-sig")
        assert "物流系统" in file


def test_failures_are_forgotten_after_half_a_year_and_counters_stay(
    house: Company, as_engine: Database, hotline: int
) -> None:
    def kept() -> tuple[int, int]:
        with inside(house.tenant):
            failures = FlowFailure.objects.of(house.tenant).filter(flow_id=hotline)
            return failures.count(), NodeTraffic.objects.of(house.tenant).count()

    then, (_, counters) = timezone.now() + FAILURES_KEPT, kept()
    forget_old_failures(now=then - timedelta(hours=1))
    assert kept() == (2, counters)
    assert forget_old_failures(now=then + timedelta(minutes=1)) >= 2
    assert kept() == (0, counters)
    assert counters > 0


def test_the_canvas_counts_what_happened_in_a_sub_flow_at_the_step_that_uses_it(
    house: Company, as_engine: Database
) -> None:
    with connected_as(as_engine.web), inside(house.tenant):
        flow = a_flow(house, "主流程")
    at = timezone.now()
    into = (START, NodeEntered("ask", "sub_flow", "next"), NodeEntered("ask/start", "start", "enter"))
    with inside(house.tenant):
        came(house, 1, flow, *into, NodeEntered("ask/menu", "menu", "next"), HUNG_UP, at=at)
        came(house, 2, flow, *into, NodeEntered("ask/back", "return", "next"), NodeEntered("q", "queue", "done"), at=at)
        came(house, 3, flow, *into, at=at)
    project()
    with connected_as(as_engine.web):
        told = seen(house, f"/flows/{flow}")
        counters = {row["node"]: row for row in told["nodes"]}
        assert sorted(counters) == ["ask", "q", "start"]
        names = ("entered", "left", "gave_up", "still_there")
        assert [counters["ask"][name] for name in names] == [3, 1, 1, 1]
        assert told["versions"] == [1]
        assert seen(house, f"/flows/{flow}?version=2")["nodes"] == []
        assert seen(house, f"/flows/{flow + 999}", status=404)["code"] == "not_found"


def uses(company: Company, flow: int, node: str, used: int, *, version: int = 1) -> None:
    """The flow's version uses the other's first at ``node``."""
    row = FlowVersion.objects.of(company.tenant).get(flow=flow, version=version)
    row.uses = [*row.uses, {"node": node, "flow": used, "version": 1}]
    row.save()


@pytest.fixture
def shared(house: Company, as_engine: Database) -> dict[str, int]:
    """A flow "问单号" that the hotline uses, the night line by way of another, and that is called itself once."""
    with connected_as(as_engine.web), inside(house.tenant):
        found = {name: a_flow(house, name) for name in ("热线", "夜间", "查订单", "问单号")}
        uses(house, found["热线"], "who", found["问单号"])
        uses(house, found["查订单"], "ask", found["问单号"])
        uses(house, found["夜间"], "order", found["查订单"])
    at = timezone.now().replace(second=0, microsecond=0)
    at = at.replace(minute=at.minute - at.minute % 15)
    into = (START, NodeEntered("who", "sub_flow", "next"), NodeEntered("who/start", "start", "enter"))
    deep = (START, NodeEntered("order", "sub_flow", "next"), NodeEntered("order/start", "start", "enter"))
    deeper = (NodeEntered("order/ask", "sub_flow", "next"), NodeEntered("order/ask/start", "start", "enter"))
    with inside(house.tenant):
        came(house, 1, found["热线"], *into, NodeEntered("who/number", "collect", "next"), HUNG_UP, at=at)
        late = RequestEnded("who/number", "http", "late", "timeout")
        back = (NodeEntered("who/back", "return", "entered"), NodeEntered("q", "queue", "done"), HUNG_UP)
        came(house, 2, found["热线"], *into, NodeEntered("who/number", "collect", "next"), late, *back, at=at)
        came(house, 3, found["夜间"], *deep, *deeper, NodeEntered("order/ask/number", "collect", "next"), at=at)
        came(house, 4, found["问单号"], START, NodeEntered("number", "collect", "next"), HUNG_UP, at=at)
    project()
    return found


def test_a_flow_that_others_use_has_its_figures_over_all_of_them(
    house: Company, as_engine: Database, shared: dict[str, int]
) -> None:
    with connected_as(as_engine.web):
        told = seen(house, f"/flows/{shared['问单号']}")
        counters = {row["node"]: row for row in told["nodes"]}
        names = ("entered", "left", "gave_up", "failed_requests", "still_there")
        assert sorted(counters) == ["back", "number", "start"], "its own steps, by its own names"
        assert [counters["number"][name] for name in names] == [4, 1, 2, 1, 1]
        assert [(user["flow_name"], user["came"]) for user in told["came_by"]] == [
            *(("热线", 2), ("夜间", 1), ("问单号", 1)),
        ]
        between = {row["node"]: row for row in seen(house, f"/flows/{shared['查订单']}")["nodes"]}
        assert sorted(between) == ["ask", "start"], "what happened in the flow that it uses counts at the step"
        assert [between["ask"][name] for name in names] == [1, 0, 0, 0, 1]


def test_the_report_of_a_flow_counts_it_wherever_it_runs(
    house: Company, as_engine: Database, shared: dict[str, int]
) -> None:
    flow = shared["问单号"]
    with connected_as(as_engine.web):
        rows = {row["node"]: row for row in seen(house, f"/nodes?flow={flow}")["items"]}
        assert {name: row["entered"] for name, row in rows.items()} == {"start": 4, "number": 4, "back": 1}
        assert {row["flow_name"] for row in rows.values()} == {"问单号"}
        ways = seen(house, f"/ways?flow={flow}&node=number&sort=way")["items"]
        assert [(row["end"], row["way"], row["times"]) for row in ways] == [("gave_up", "", 2), ("left", "entered", 1)]
        (today,) = seen(house, f"/hours?flow={flow}&by=day")["items"]
        assert (today["came"], today["gave_up"], today["gave_up_pct"]) == (4, 2, 50.0)
        (failure,) = seen(house, f"/failures?flow={flow}")["items"]
        assert (failure["flow_name"], failure["node"]) == ("热线", "who/number"), "told as the call ran"
        assert seen(house, f"/failures?flow={shared['夜间']}")["items"] == []
        whole = seen(house, "/nodes")["items"]
        assert {row["flow_name"] for row in whole if row["entered"]} == {"热线", "夜间", "问单号"}
        assert sum(row["came"] for row in whole) == 4, "without a choice each contact counts where it called"


def test_steps_now_count_callers_without_their_numbers(
    house: Company, as_engine: Database, shared: dict[str, int]
) -> None:
    with connected_as(as_engine.web):
        (step,) = seen(house, "/now")["items"]
        assert (step["flow_name"], step["node"], step["callers"]) == ("夜间", "order/ask/number", 1)
        assert step.keys() == {"flow", "flow_name", "node", "kind", "kind_name", "kind_name_en", "callers", "since"}
        assert seen(house, "/now", "lead")["items"] == [], "that flow leads to no queue of the team"


def test_devices_tell_the_trunks_and_that_nobody_knows_of_the_node(house: Company, as_engine: Database) -> None:
    with connected_as(as_engine.web):
        with inside(house.tenant):
            trunk = channels.create_trunk(actor=house.system, fields={"name": "电信", "host": "192.0.2.1"})
            channels.create_trunk(actor=house.system, fields={"name": "旧", "host": "192.0.2.2", "is_enabled": False})
        told = seen(house, "/devices")["items"]
        assert [(row["kind"], row["name"], row["state"]) for row in told] == [
            *(("telephone_node", "", "unproven"), ("trunk", "电信", "unproven"), ("trunk", "旧", "off")),
        ]
        assert told[1]["id"] == trunk.pk


def test_a_lead_sees_the_flows_that_lead_to_the_teams_own_queues(
    house: Company, as_engine: Database, hotline: int
) -> None:
    with connected_as(as_engine.web):
        assert {row["flow"] for row in seen(house, "/nodes", "lead")["items"]} == {hotline}
        with inside(house.tenant):
            other = Flow.objects.of(house.tenant).get(name="夜间").pk
        seen(house, f"/flows/{other}", "lead", status=404)
        assert {row["flow"] for row in seen(house, "/failures", "lead")["items"]} == {hotline}
        seen(house, "/nodes", "agent", status=403)


def test_the_role_of_pages_cannot_write_what_is_counted(house: Company, as_engine: Database, hotline: int) -> None:
    with connected_as(as_engine.web), inside(house.tenant), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM flow_traffic_nodetraffic WHERE flow_id = %s", [hotline])
        assert cursor.fetchone()[0] > 0
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE flow_traffic_nodetraffic SET entered = 0")
