"""What the desk and the line keep in order says the same as looking at every agent and every contact."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.snapshots import AgentSetting, QueueSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import AgentMissed, AgentNow, FreeAgent, JoinLine, LeaveLine, RejoinLine, Unreserve
from zhiyin.domain.calls.inputs import AgentFound
from zhiyin.domain.routing.matching import Candidate, Waiting, choose_agent, choose_waiting
from zhiyin.engine.company import Company, read_company
from zhiyin.engine.routing_desk import DeskRefused, Outbox, RoutingDesk
from zhiyin.engine.waiting_line import WaitingLine

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MEMBERS = {1: (1, 2, 3, 4), 2: (3, 4, 5), 3: (6,)}
AGENTS = range(1, 7)
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


def ready_by_looking(desk: RoutingDesk, queue: int) -> list[Candidate]:
    members = desk.company.queues[queue].members
    found = []
    for agent in members:
        if desk.is_ready(agent):
            state = desk.agents[agent]
            since = state.idle_since or state.since
            assert since is not None
            found.append(Candidate(agent, since, SKILLS.get(agent, {})))
    return found


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
            desk.telephone_reachable(agent, is_reachable=kind == 3, now=now)
        case 5:
            queue = 1 + number % 3
            desk.take(contact, now, JoinLine(queue, number % 2, dict(desk.company.queues[queue].skills)), now)
        case 6:
            desk.take(contact, now, LeaveLine(), now)
        case 7:
            desk.take(reserved, now, RejoinLine(frozenset({agent})), now)
        case 8:
            desk.take(reserved, now, AgentNow(agent, AgentState.TALKING), now)
        case 9:
            desk.take(reserved, now, FreeAgent(agent, 0), now)
        case 10:
            desk.take(reserved, now, AgentMissed(agent, "ring_no_answer"), now)
        case 11:
            desk.take(reserved, now, Unreserve(agent), now)
        case 12 if not desk.is_occupied(agent):
            desk.reserve(agent, contact)
        case _:
            desk.company = company({**MEMBERS, 1: (1, 2, 5) if number % 2 else MEMBERS[1]})
            desk.rematch(now)


@given(st.lists(st.tuples(st.integers(0, 13), numbers), max_size=60))
def test_the_desk_knows_who_is_ready_without_looking(history: list[tuple[int, int]]) -> None:
    desk, now = RoutingDesk(company(MEMBERS)), NINE
    found: dict[str, int] = {}
    for agent in AGENTS:
        desk.sign_in(agent, actor=None, now=now)
        desk.telephone_reachable(agent, is_reachable=True, now=now)
        desk.set_ready(agent, actor=None, now=now)
    for kind, number in history:
        now += timedelta(seconds=1)
        with suppress(DeskRefused):
            step(desk, found, kind, number, now)
        for contact, news in desk.outbox.news:
            if isinstance(news, AgentFound):
                found[contact] = news.agent
        desk.outbox = Outbox()
        for queue in MEMBERS:
            ready, rule = ready_by_looking(desk, queue), desk.company.queues[queue]
            assert len(desk.ready_of(queue)) == len(ready)
            for skills in ({}, dict(rule.skills), {"english": 1}):
                waiting = Waiting("x", queue, NINE, skills=skills, refused_by=frozenset({3}))
                assert desk.ready_of(queue).choose(waiting, now=now) == choose_agent(waiting, ready, now=now)


@given(st.lists(st.tuples(st.integers(0, 3), numbers, st.integers(0, 2)), max_size=60))
def test_the_line_gives_places_and_the_first_fit_without_looking_at_everybody(
    history: list[tuple[int, int, int]],
) -> None:
    line, now = WaitingLine(), NINE
    for kind, number, more in history:
        now += timedelta(seconds=more)
        match kind:
            case 0:
                personal = number == 7
                queue = None if personal else 1 + number % 3
                skills = {"english": more} if more else {}
                line.join(f"i{number}", JoinLine(queue, more, skills, only_agent=2 if personal else None), now)
            case 1:
                line.leave(f"i{number}")
            case 2:
                line.mark_offered(f"i{number}")
            case _:
                line.wait_on(f"i{number}", refused_by=frozenset({more}))
        for waiting in line:
            before = sum(other.queue == waiting.queue and other.order < waiting.order for other in line)
            assert line.place(waiting.interaction) == before
        for agent in (Candidate(1, NINE, {"english": 1}), Candidate(2, NINE)):
            fit = choose_waiting(agent, [w for w in line if w.queue in (1, 3) or w.only_agent == agent.id])
            assert line.first_for(agent, [1, 3]) == fit
