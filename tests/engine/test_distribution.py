"""The desk tells the router the truth, whatever happens: nobody waits whom a ready agent may take."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.snapshots import (
    AgentSetting,
    ContactClassSetting,
    QueueSetting,
    RingSetting,
    RoutingSetting,
    TenantSettings,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import AgentMissed, AgentNow, FreeAgent, JoinLine, LeaveLine, RejoinLine, Unreserve
from zhiyin.domain.calls.inputs import AgentsFound, Chosen, LineClosed
from zhiyin.domain.routing.contacts import Slope
from zhiyin.engine.company import Company, read_company
from zhiyin.engine.outbox import Outbox
from zhiyin.engine.refusals import DeskRefused
from zhiyin.engine.routing_desk import RoutingDesk
from zhiyin.engine.waiting_line import BY_ARRIVAL, WaitingLine

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MEMBERS = {1: (1, 2, 3, 4), 2: (3, 4, 5), 3: (6,)}
AGENTS = range(1, 7)
OTHER_RULES = (
    "longest_since_inbound",
    "least_occupied",
    "fewest_contacts",
    "most_skilled",
    "least_skilled",
    "weighted",
    "round_robin",
    "percentage",
)
SKILLS = {1: {"english": 2}, 3: {"english": 1}, 5: {"english": 3}}

numbers = st.integers(0, 7)


def company(members: dict[int, tuple[int, ...]]) -> Company:
    queues = tuple(QueueSetting(q, "q", "q", m, skills={"english": 2} if q == 2 else {}) for q, m in members.items())
    settings = TenantSettings(
        tenant=1,
        code="c",
        name="c",
        version=1,
        queues=queues,
        agents=tuple(AgentSetting(a, "a", "a", skills=SKILLS.get(a, {})) for a in AGENTS),
    )
    return read_company(settings)


def ready_by_looking(desk: RoutingDesk, queue: int) -> list[int]:
    return [agent for agent in desk.company.queues[queue].members if desk.is_ready(agent)]


def assert_nobody_is_forgotten(desk: RoutingDesk) -> None:
    for queue, rule in desk.company.queues.items():
        ready = ready_by_looking(desk, queue)
        assert desk.ready_in(queue) == len(ready)
        for waiting in desk.line.of_queue(queue):
            able = [a for a in ready if all(SKILLS.get(a, {}).get(s, 0) >= level for s, level in rule.skills.items())]
            assert waiting.is_offered or not set(able) - waiting.refused_by, f"{waiting} waits, and {able} are ready"


def step(  # noqa: C901, PLR0912 - one arm a thing
    desk: RoutingDesk, found: dict[str, int], kind: int, number: int, now: datetime
) -> None:
    """One thing that may happen to a desk; what is not possible now is refused and changes nothing.

    ``found``: contact -> the agent that the desk found for it.
    """
    agent, contact = 1 + number % 6, f"i{number}"
    reserved = next((c for c, a in found.items() if a == agent), contact)
    match kind:
        case 0:
            desk.sign_in(agent, actor=None, now=now)
        case 1:
            desk.set_ready(agent, actor=None, now=now)
        case 2:
            desk.sign_out(agent, actor=None, now=now)
        case 3 | 4:
            desk.presences.telephone(agent, is_reachable=kind == 3, now=now)
        case 5:
            queue = 1 + number % 3
            desk.take(contact, now, JoinLine(queue, number % 2, dict(desk.company.queues[queue].skills)), now)
        case 6:
            desk.take(contact, now, LeaveLine(), now)
        case 7:
            desk.take(reserved, now, RejoinLine(frozenset({agent}), agent), now)
        case 8:
            desk.take(reserved, now, AgentNow(agent, AgentState.TALKING), now)
        case 9:
            desk.take(reserved, now, FreeAgent(agent, 0), now)
        case 10:
            desk.take(reserved, now, AgentMissed(agent, "ring_no_answer"), now)
        case 11:
            desk.take(reserved, now, Unreserve(agent), now)
        case 12 if not desk.is_occupied(agent):
            desk.hold(agent, contact)
        case _:
            desk.company = company({**MEMBERS, 1: (1, 2, 5) if number % 2 else MEMBERS[1]})
            desk.rematch(now)


def staffed() -> RoutingDesk:
    desk = RoutingDesk(company(MEMBERS))
    for agent in AGENTS:
        desk.sign_in(agent, actor=None, now=NINE)
        desk.presences.telephone(agent, is_reachable=True, now=NINE)
    return desk


def found_by(desk: RoutingDesk) -> dict[str, Chosen]:
    """Return who was found for whom, one agent a contact."""
    return {contact: one for contact, (one,) in all_found_by(desk).items()}


def all_found_by(desk: RoutingDesk) -> dict[str, tuple[Chosen, ...]]:
    found = {contact: news.chosen for contact, news in desk.outbox.news if isinstance(news, AgentsFound)}
    desk.outbox = Outbox()
    return found


@given(st.lists(st.tuples(st.integers(0, 13), numbers), max_size=60))
def test_the_router_knows_who_is_ready(history: list[tuple[int, int]]) -> None:
    desk, now = staffed(), NINE
    found: dict[str, int] = {}
    for agent in AGENTS:
        desk.set_ready(agent, actor=None, now=now)
    for kind, number in history:
        now += timedelta(seconds=1)
        with suppress(DeskRefused):
            step(desk, found, kind, number, now)
        reserved = found_by(desk)
        assert len({news.agent for news in reserved.values()}) == len(reserved), "an agent is given one contact"
        found |= {contact: news.agent for contact, news in reserved.items()}
        desk.matching.settle(now)
        found |= {contact: news.agent for contact, news in found_by(desk).items()}
        assert_nobody_is_forgotten(desk)


def asking(desk: RoutingDesk, queue: int, **skills: int) -> None:
    """Let the queue ask for these skills from now on, at once and without rings."""
    settings = desk.company.settings
    queues = (msgspec.structs.replace(q, skills=skills, rings=()) if q.id == queue else q for q in settings.queues)
    desk.company = read_company(msgspec.structs.replace(settings, queues=tuple(queues)))
    desk.rematch(NINE)


def test_the_record_says_by_which_rule_of_how_many_and_who_would_have_been_next() -> None:
    desk = staffed()
    asking(desk, 2, english=1)
    for idle_s, agent in ((30, 1), (20, 3), (10, 4), (5, 5)):
        desk.set_ready(agent, actor=None, now=NINE - timedelta(seconds=idle_s))
    desk.take("call", NINE - timedelta(seconds=7), JoinLine(2, 0, {"english": 1}, refused_by=frozenset({4})), NINE)
    why = found_by(desk)["call"].why
    assert why == {
        "rule": "longest_idle",
        "version": 2,
        "waited_s": 7.0,
        "idle_s": 20.0,
        "able": 2,
        "unskilled": 0,
        "refused": 1,
        "next": [{"agent": 5, "idle_s": 5.0}],
        "what_if": {rule: 5 if rule == "most_skilled" else 3 for rule in OTHER_RULES},
    }


def test_a_contact_that_is_meant_for_an_agent_waits_for_nobody_else() -> None:
    desk = staffed()
    desk.set_ready(2, actor=None, now=NINE)
    desk.take("call", NINE, JoinLine(1, only_agent=1), NINE)
    assert found_by(desk) == {}
    desk.set_ready(1, actor=None, now=NINE)
    assert [news.why["rule"] for news in found_by(desk).values()] == ["only_agent"]


def test_the_line_is_served_by_priority_and_then_by_arrival() -> None:
    desk, served = staffed(), []
    for place, priority in enumerate((0, 2, 1, 2, 0)):
        desk.take(f"c{place}", NINE + timedelta(seconds=place), JoinLine(3, priority), NINE)
    now = NINE + timedelta(minutes=30)
    desk.set_ready(6, actor=None, now=now)
    for _ in range(5):
        ((contact, _),) = found_by(desk).items()
        served.append(contact)
        desk.take(contact, None, LeaveLine(), now)
        desk.take(contact, None, FreeAgent(6, 0), now)
    assert served == ["c1", "c3", "c2", "c0", "c4"], "a long wait does not overtake a higher priority"


def test_who_joined_a_team_is_given_what_waits_there() -> None:
    desk = staffed()
    desk.set_ready(6, actor=None, now=NINE)
    desk.take("call", NINE, JoinLine(1), NINE)
    assert found_by(desk) == {}
    desk.company = company({**MEMBERS, 1: (1, 6)})
    desk.rematch(NINE)
    assert found_by(desk)["call"].agent == 6


def test_new_settings_give_an_agent_one_contact_of_two_that_wait() -> None:
    desk = staffed()
    desk.set_ready(6, actor=None, now=NINE)
    for contact in ("first", "second"):
        desk.take(contact, NINE, JoinLine(1), NINE)
    desk.company = company({**MEMBERS, 1: (1, 6)})
    desk.rematch(NINE)
    assert {contact: found.agent for contact, found in found_by(desk).items()} == {"first": 6}


SLOPES = (BY_ARRIVAL, Slope(0.0, 0.0, 5.0), Slope(3.0, 0.5, 8.0), Slope(1.0, 2.0, 20.0))


@given(st.lists(st.tuples(st.integers(0, 4), numbers, st.integers(0, 3)), max_size=60))
def test_the_line_gives_places_without_looking_at_everybody(history: list[tuple[int, int, int]]) -> None:
    line, now = WaitingLine(), NINE
    for kind, number, more in history:
        now += timedelta(seconds=more)
        match kind:
            case 0:
                personal = number == 7
                queue = None if personal else 1 + number % 3
                line.join(f"i{number}", JoinLine(queue, more, only_agent=2 if personal else None), now, SLOPES[more])
            case 1:
                line.leave(f"i{number}")
            case 2:
                line.mark_offered(f"i{number}")
            case 3:
                line.weigh_anew(lambda waiting, by=number: SLOPES[(waiting.priority + by) % 4])
            case _:
                line.wait_on(f"i{number}", refused_by=frozenset({more}))
        for waiting in line:
            mine = (-waiting.claim(now), waiting.order)
            alike = [other for other in line if other.queue == waiting.queue]
            before = sum((-other.claim(now), other.order) < mine for other in alike)
            assert line.place(waiting.interaction, now) == before


CLASSES = ("vip", "ordinary", "", "growing")


@given(
    st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(-3, 3), st.integers(0, 90)), min_size=2, max_size=12),
    st.sampled_from(["priority", "longest_waiting", "service_objective"]),
)
def test_the_place_that_is_told_is_the_order_in_which_contacts_are_served(
    callers: list[tuple[str, int, int]], rule: str
) -> None:
    """It went by priority and arrival, and knew nothing of the points of classes."""
    classes = (
        ContactClassSetting("vip", points=20, per_minute=1, target_s=10),
        ContactClassSetting("ordinary", points=0, per_minute=2, at_most=3),
        ContactClassSetting("growing", points=-5, per_minute=30),
    )
    routing = RoutingSetting(classes=classes, contact_choice=rule)
    queue, agent = QueueSetting(1, "q", "q", (1,), weight=2), AgentSetting(1, "a", "a")
    desk = RoutingDesk(read_company(TenantSettings(1, "c", "c", 1, queues=(queue,), agents=(agent,), routing=routing)))
    desk.sign_in(1, actor=None, now=NINE)
    desk.presences.telephone(1, is_reachable=True, now=NINE)
    now = NINE
    for number, (code, priority, after_s) in enumerate(callers):
        now += timedelta(seconds=after_s)
        desk.take(f"c{number:02}", now, JoinLine(1, priority, class_code=code), now)
    now += timedelta(seconds=7)
    places = {waiting.interaction: desk.line.place(waiting.interaction, now) for waiting in desk.line}
    desk.outbox, served = Outbox(), []
    desk.set_ready(1, actor=None, now=now)
    while desk.line:
        (found,) = found_by(desk)
        served.append(found)
        desk.take(found, None, LeaveLine(), now)
        desk.take(found, None, AgentNow(1, AgentState.TALKING), now)
        desk.outbox = Outbox()
        desk.take(found, None, FreeAgent(1, 0), now)
    assert [places[contact] for contact in served] == list(range(len(callers)))


def relaxing() -> RoutingDesk:
    """Queue 2 asks for English at level 2, lowers that after 10 s, and asks queue 3 too after 30 s."""
    queues = (
        QueueSetting(
            2,
            "q",
            "q",
            (4, 5),
            skills={"english": 2},
            agent_choice="round_robin",
            rings=(RingSetting(10, lower_by=1), RingSetting(30, drop=("english",), add_queues=(3,))),
        ),
        QueueSetting(3, "q", "q", (6,)),
    )
    agents = tuple(AgentSetting(a, "a", "a", skills={4: {"english": 1}}.get(a, {})) for a in AGENTS)
    desk = RoutingDesk(read_company(TenantSettings(1, "c", "c", 1, queues=queues, agents=agents)))
    for agent in AGENTS:
        desk.sign_in(agent, actor=None, now=NINE)
        desk.presences.telephone(agent, is_reachable=True, now=NINE)
    desk.outbox = Outbox()
    return desk


def test_a_skill_that_a_queue_asks_no_more_holds_up_nobody_who_waits_in_it() -> None:
    """Who waited kept what was asked for at joining, and could wait for ever."""
    desk = relaxing()
    desk.set_ready(5, actor=None, now=NINE)
    desk.take("call", NINE, JoinLine(2, 0, {"english": 2}), NINE)
    assert found_by(desk) == {}
    asking(desk, 2)
    assert {contact: found.agent for contact, found in found_by(desk).items()} == {"call": 5}


def test_a_ring_opens_by_the_desks_own_timer() -> None:
    for agent, after_s in ((4, 10), (6, 30)):
        desk = relaxing()
        desk.set_ready(agent, actor=None, now=NINE)
        desk.take("call", NINE, JoinLine(2, 0, {"english": 2}), NINE)
        assert ("routing", 0, float(after_s)) in desk.outbox.timers
        assert found_by(desk) == {}
        early = NINE + timedelta(seconds=after_s - 1)
        desk.timer_fired("routing", 0, early)
        assert ("routing", 0, 1.0) in desk.outbox.timers, "a timer that fires early is set again"
        assert found_by(desk) == {}
        desk.timer_fired("routing", 0, NINE + timedelta(seconds=after_s))
        why = found_by(desk)["call"].why
        assert (why["rule"], why["waited_s"]) == ("round_robin" if agent == 4 else "longest_idle", after_s)


def test_a_line_stays_open_while_a_queue_that_a_ring_adds_is_staffed() -> None:
    desk = relaxing()
    desk.take("call", NINE, JoinLine(2, 0, {"english": 2}), NINE)
    for agent in (4, 5):
        desk.sign_out(agent, actor=None, now=NINE)
    assert desk.is_staffed(2)
    assert desk.outbox.news == []
    desk.sign_out(6, actor=None, now=NINE)
    assert desk.outbox.news == [("call", LineClosed())]
