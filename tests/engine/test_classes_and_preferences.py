"""Classes, memberships and preferred agents as a company sets them, through the engine to the offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.engine.test_distribution import found_by
from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import (
    AgentSetting,
    ContactClassSetting,
    ListedNumber,
    MemberSetting,
    PreferenceSetting,
    QueueSetting,
    RoutingSetting,
    TenantSettings,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import AgentMissed, AgentNow, FreeAgent, JoinLine, LeaveLine
from zhiyin.domain.routing.classes import ClassRule, KnownCaller, Preference, PreferredAgent, choose_class
from zhiyin.domain.routing.classes import choose_preferred as preferred
from zhiyin.engine.company import read_company
from zhiyin.engine.outbox import Outbox
from zhiyin.engine.routing_desk import RoutingDesk

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
VIP = ContactClassSetting("vip", points=20, per_minute=1, is_for_vips=True)
ORDINARY = ContactClassSetting("ordinary", points=0, per_minute=2)
CALLER = "+8613800138000"


def desk_of(*queues: QueueSetting, routing: RoutingSetting | None = None, **skills: dict[str, int]) -> RoutingDesk:
    """Return a desk with six agents signed in and reachable, nobody ready."""
    agents = tuple(AgentSetting(a, "a", "a", skills=skills.get(f"a{a}", {})) for a in range(1, 7))
    settings = TenantSettings(1, "c", "c", 1, queues=queues, agents=agents, routing=routing or RoutingSetting())
    desk = RoutingDesk(read_company(settings))
    for agent in range(1, 7):
        desk.sign_in(agent, actor=None, now=NINE)
        desk.presences.telephone(agent, is_reachable=True, now=NINE)
    desk.outbox = Outbox()
    return desk


def served_by(desk: RoutingDesk, agent: int, count: int, now: datetime) -> list[str]:
    """Return the contacts that the agent is offered one after the other, each over at once."""
    served = []
    desk.set_ready(agent, actor=None, now=now)
    for _ in range(count):
        ((contact, _),) = found_by(desk).items()
        served.append(contact)
        desk.take(contact, None, LeaveLine(), now)
        desk.take(contact, None, FreeAgent(agent, 0), now)
    return served


@pytest.mark.parametrize(
    ("waited_min", "first"), [(19, "vip"), (21, "ordinary")], ids=["a VIP overtakes", "but not for ever"]
)
def test_classes_age_at_their_own_rates(waited_min: int, first: str) -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1,)), routing=RoutingSetting(classes=(VIP, ORDINARY)))
    desk.take("ordinary", NINE, JoinLine(1, class_code="ordinary"), NINE)
    desk.take("vip", NINE, JoinLine(1, class_code="vip"), NINE)
    assert served_by(desk, 1, 2, NINE + timedelta(minutes=waited_min))[0] == first


def test_the_record_says_the_class_the_rule_and_the_points() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1,), weight=5), routing=RoutingSetting(classes=(VIP,)))
    desk.take("vip", NINE, JoinLine(1, class_code="vip"), NINE)
    desk.set_ready(1, actor=None, now=NINE + timedelta(minutes=2))
    why = found_by(desk)["vip"].why
    assert (why["class"], why["contact_rule"], why["points"]) == ("vip", "priority", 27.0)


def test_whose_objective_is_missed_first_is_served_first() -> None:
    routing = RoutingSetting(contact_choice="service_objective", classes=(msgspec.structs.replace(VIP, target_s=10),))
    queues = (QueueSetting(1, "q", "q", (1,), service_level_s=60), QueueSetting(2, "q", "q", (1,), service_level_s=30))
    desk = desk_of(*queues, routing=routing)
    desk.take("in 60", NINE, JoinLine(1), NINE)
    desk.take("in 30", NINE + timedelta(seconds=10), JoinLine(2), NINE)
    desk.take("in 10", NINE + timedelta(seconds=25), JoinLine(1, class_code="vip"), NINE)
    assert served_by(desk, 1, 3, NINE + timedelta(seconds=26)) == ["in 10", "in 30", "in 60"]


def test_the_heavier_queue_comes_first() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1,)), QueueSetting(2, "q", "q", (1,), weight=3))
    desk.take("light", NINE, JoinLine(1), NINE)
    desk.take("heavy", NINE, JoinLine(2), NINE)
    assert served_by(desk, 1, 2, NINE) == ["heavy", "light"]


def test_an_agent_serves_its_queues_in_its_own_order() -> None:
    second = QueueSetting(1, "q", "q", (1,), weight=50, memberships=(MemberSetting(1, order=2),))
    desk = desk_of(second, QueueSetting(2, "q", "q", (1,)))
    desk.take("second", NINE, JoinLine(1), NINE)
    desk.take("first", NINE, JoinLine(2), NINE)
    assert served_by(desk, 1, 2, NINE) == ["first", "second"]


def test_an_agent_with_a_delay_helps_out_later() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2), memberships=(MemberSetting(2, delay_s=30),)))
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, JoinLine(1), NINE)
    assert found_by(desk) == {}
    assert ("routing", 0, 30.0) in desk.outbox.timers or desk.distribution.next_due_s == NINE.timestamp() + 30
    desk.timer_fired("routing", 0, NINE + timedelta(seconds=30))
    assert found_by(desk)["call"].agent == 2


def test_the_first_tier_is_asked_before_the_second() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2), memberships=(MemberSetting(1, tier=2),)))
    desk.set_ready(1, actor=None, now=NINE - timedelta(minutes=5))
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, JoinLine(1), NINE)
    assert found_by(desk)["call"].agent == 2


def test_contacts_are_shared_out_by_percentage() -> None:
    shares = (MemberSetting(1, share=75), MemberSetting(2, share=25))
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2), agent_choice="percentage", memberships=shares))
    for agent in (1, 2):
        desk.set_ready(agent, actor=None, now=NINE)
    taken = []
    for number in range(8):
        now = NINE + timedelta(seconds=number + 1)
        desk.take(f"c{number}", now, JoinLine(1), now)
        ((contact, found),) = found_by(desk).items()
        taken.append(found.agent)
        desk.take(contact, None, AgentNow(found.agent, AgentState.TALKING), now)
        desk.take(contact, None, LeaveLine(), now)
        desk.take(contact, None, FreeAgent(found.agent, 0), now)
    assert (taken.count(1), taken.count(2)) == (6, 2)


def preferring(agent: int, wait_s: float = 20) -> JoinLine:
    return JoinLine(1, preferred=(agent,), preferred_for_s=wait_s)


def test_a_contact_waits_for_its_preferred_agent_so_long_and_no_longer() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)))
    desk.set_ready(1, actor=None, now=NINE)
    desk.take("other", NINE, JoinLine(1), NINE)
    found_by(desk)
    desk.take("other", None, AgentNow(1, AgentState.TALKING), NINE)
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, preferring(1), NINE)
    assert found_by(desk) == {}, "agent 1 talks, and is waited for"
    desk.timer_fired("routing", 0, NINE + timedelta(seconds=20))
    why = found_by(desk)["call"].why
    assert (why["rule"], why["preferred"], why["preferred_end"]) == ("longest_idle", [1], "waited")


def test_the_preferred_agent_is_given_the_contact_though_others_are_idle_longer() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)))
    desk.set_ready(2, actor=None, now=NINE - timedelta(minutes=9))
    desk.set_ready(1, actor=None, now=NINE)
    desk.take("call", NINE, preferring(1), NINE)
    found = found_by(desk)["call"]
    assert (found.agent, found.why["rule"]) == (1, "preferred_agent")


def test_nobody_waits_for_a_preferred_agent_who_is_away_or_has_let_it_ring() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)))
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, preferring(1), NINE)
    found = found_by(desk)["call"]
    assert (found.agent, found.why["preferred_end"]) == (2, "not_there")
    desk.take("call", None, LeaveLine(), NINE)
    desk.take("call", None, FreeAgent(2, 0), NINE)
    desk.set_ready(1, actor=None, now=NINE)
    desk.take("next", NINE, preferring(1), NINE)
    assert found_by(desk)["next"].agent == 1
    desk.take("next", None, AgentMissed(1, "ring_no_answer"), NINE)
    desk.distribution.rejoin("next", 1, frozenset({1}), NINE)
    desk.matching.settle(NINE)
    assert found_by(desk)["next"].agent == 2


def test_a_hard_contact_goes_to_whom_has_rested() -> None:
    angry = ContactClassSetting("angry", is_hard=True)
    routing = RoutingSetting(classes=(angry,), hard_per_shift=1, hard_waits_s=30)
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)), routing=routing)
    assert desk.company.hard_classes == {"angry"}
    desk.take("hard", NINE, JoinLine(1, class_code="angry"), NINE)
    desk.set_ready(1, actor=None, now=NINE)
    assert found_by(desk)["hard"].agent == 1


@pytest.mark.parametrize(
    ("vip", "classes", "entry", "found"),
    [
        (True, (), None, "vip"),
        (False, (7,), None, "gold"),
        (False, (8,), "+864008001234", "line"),
        (True, (7,), "+864008001234", "vip"),
        (False, (), "+8610", "rest"),
    ],
    ids=["VIP list", "customer class", "number called", "the first that fits", "everybody else"],
)
def test_which_contact_gets_which_class(vip: bool, classes: tuple[int, ...], entry: str | None, found: str) -> None:
    rules = (
        ClassRule("vip", is_for_vips=True),
        ClassRule("gold", customer_classes=frozenset({7})),
        ClassRule("line", entries=frozenset({"+864008001234"})),
        ClassRule("rest"),
    )
    assert choose_class(rules, is_vip=vip, customer_classes=classes, entry=entry) == found


@pytest.mark.parametrize(
    ("who", "days_ago", "found"),
    [
        (PreferredAgent.NOBODY, 1, ()),
        (PreferredAgent.LAST_AGENT, 30, (2,)),
        (PreferredAgent.LAST_AGENT, 31, ()),
        (PreferredAgent.OWNER, 1, (9,)),
        (PreferredAgent.OWNER_THEN_LAST, 1, (9, 2)),
    ],
)
def test_for_whom_a_contact_is_kept(who: PreferredAgent, days_ago: int, found: tuple[int, ...]) -> None:
    known = KnownCaller(owners=(9,), last_agent=2, last_talk_at=NINE - timedelta(days=days_ago))
    assert preferred(Preference(who), known, members={1, 2}, now=NINE) == found
    assert 2 not in preferred(Preference(who), known, members={1}, now=NINE), "does something else by now"


def test_a_call_is_known_before_it_is_answered_and_kept_for_its_last_agent() -> None:
    async def calls(world: World) -> None:
        now = world.clock.now()
        world.log.callers[1, CALLER] = KnownCaller((7,), (), 2, now - timedelta(days=3))
        await world.ready(1, 2)
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("Offered") or _press(world, leg))
        (offered,) = world.events("Offered")
        (entered,) = world.events("QueueEntered")
        assert (offered.agent, offered.why["rule"]) == (2, "preferred_agent")
        assert (entered.class_code, entered.preferred, entered.preferred_for_s) == ("gold", (2,), 25.0)
        (started,) = world.events("InteractionStarted")
        assert started.caller == KnownCaller((7,), (), 2, now - timedelta(days=3))

    in_world(calls, _keeping())


def test_a_waiting_call_keeps_its_class_and_its_agent_when_the_engine_is_killed() -> None:
    async def calls(world: World) -> None:
        world.log.callers[1, CALLER] = KnownCaller((7,), (), 2, world.clock.now())
        await world.open_desk(2)
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("QueueEntered") or _press(world, leg))
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        world.log.callers.clear()
        await world.start()
        call = world.call_of(leg)
        assert call.caller is not None
        assert call.caller.customer_classes == (7,)
        await world.until(lambda: world.tenant.desk.line.get(call.id))
        contact = world.tenant.desk.distribution._contacts[call.id]
        assert (contact.class_code, contact.preferred, contact.preferred_for_s) == ("gold", (2,), 25.0)

    in_world(calls, _keeping())


def test_records_that_do_not_answer_keep_no_caller_waiting() -> None:
    async def calls(world: World) -> None:
        world.log.callers[1, CALLER] = KnownCaller((7,), (), 2, world.clock.now())
        world.log.look_up_s = 30.0
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("InteractionStarted"), within_s=1.0)
        assert world.events("InteractionStarted")[0].caller is None
        assert world.call_of(leg).caller is None

    in_world(calls, _keeping())


def test_a_vip_by_the_list_is_of_the_vips_class() -> None:
    async def calls(world: World) -> None:
        await world.wish(c.DeskConnected(1, is_connected=True))
        await world.open_desk(2)
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("QueueEntered") or _press(world, leg))
        assert world.events("QueueEntered")[0].class_code == "vip"

    in_world(calls, company(listed=(ListedNumber(CALLER, "vip"),), routing=RoutingSetting(classes=(VIP, ORDINARY))))


def test_a_company_that_only_takes_calls_calls_nobody_but_the_emergency_services() -> None:
    async def calls(world: World) -> None:
        await world.ready(1)
        assert await world.refused(c.Dial(1, number="13800138000")) == "inbound_only"
        await world.wish(c.Dial(1, number="110"))

    in_world(calls, company(routing=RoutingSetting(is_inbound_only=True)))


def _keeping() -> TenantSettings:
    settings = company()
    kept = msgspec.structs.replace(settings.queues[0], preference=PreferenceSetting("last_agent", 25, 10))
    gold = ContactClassSetting("gold", points=5, customer_classes=(7,))
    return msgspec.structs.replace(
        settings, queues=(kept, settings.queues[1]), routing=RoutingSetting(classes=(VIP, gold))
    )


def _press(world: World, leg: str) -> Any:
    """Choose after-sales in the menu, once it is being said."""
    if world.events("NodeEntered") and world.events("NodeEntered")[-1].kind == "menu":
        world.telephony.press(leg, "1")
    return None


def test_a_contact_may_wait_for_who_is_not_ready_too() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)))
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, replace(preferring(1), waits_for_away=True), NINE)
    assert found_by(desk) == {}, "agent 1 is signed in, and expected"
    desk.timer_fired("routing", 0, NINE + timedelta(seconds=20))
    why = found_by(desk)["call"].why
    assert (why["preferred"], why["preferred_end"]) == ([1], "waited")


def test_once_the_preferred_agent_signs_out_nobody_waits_for_it() -> None:
    desk = desk_of(QueueSetting(1, "q", "q", (1, 2)))
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, replace(preferring(1, 300), waits_for_away=True), NINE)
    assert found_by(desk) == {}
    desk.sign_out(1, actor=None, now=NINE + timedelta(seconds=5))
    desk.matching.settle(NINE + timedelta(seconds=5))
    assert found_by(desk)["call"].why["preferred_end"] == "not_there"


def test_who_lags_behind_its_share_is_served_sooner() -> None:
    """Both aim at 80 % in 20 s: the one that came later is due first where its queue has reached half of that."""
    routing = RoutingSetting(contact_choice="service_objective")
    queues = tuple(QueueSetting(q, "q", "q", (1,), service_level_s=20, service_level_pct=80) for q in (1, 2))
    desk = desk_of(*queues, routing=routing)
    desk.take("ahead", NINE, JoinLine(1), NINE)
    desk.take("behind", NINE + timedelta(seconds=5), JoinLine(2), NINE)
    desk.matching.know_reached({1: 0.8, 2: 0.4})
    assert served_by(desk, 1, 2, NINE + timedelta(seconds=6)) == ["behind", "ahead"]
