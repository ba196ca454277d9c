"""A desk that folds what it is told stands where a desk stands that opens now: random histories, every reader."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.live.builders import (
    AGENT_RIGHTS,
    KEY,
    LEAD_RIGHTS,
    NOW,
    agent,
    board,
    interaction,
    offered,
    queue,
    ticket,
    update,
)
from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.snapshots import ConsultRow, InteractionRow, ParkRow
from zhiyin.contracts.tickets import read_ticket
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultStage, Phase
from zhiyin.live.boards import Audience, CompanyBoard
from zhiyin.live.company import Company
from zhiyin.live.desks import Desk, Outbox

AGENTS, CALLS, QUEUES = (1001, 1002, 1003), ("a", "b", "c", "d"), (1, 2)
TEAM_OF = {1001: 1, 1002: 2, 1003: None}


def fold(state: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """What the browser's reducer does (web/src/live/reducer.ts): rows replace rows, then ``gone`` takes away."""
    if message["type"] == "snapshot":
        return {
            "me": message["me"],
            "mine": by_id(message["mine"]),
            "colleagues": by_id(message["colleagues"]),
            "queues": by_id(message["queues"]),
            "parked": message["parked"],
            "board": message["board"] and {name: by_id(rows) for name, rows in message["board"].items()},
        }
    if message["type"] != "update":
        return state
    gone = message.get("gone", ())
    folded = {
        **state,
        "me": message.get("me", state["me"]),
        "mine": merge(state["mine"], message.get("mine", ()), gone),
        "colleagues": merge(state["colleagues"], message.get("colleagues", ())),
        "queues": merge(state["queues"], message.get("queues", ())),
        "parked": message.get("parked", state["parked"]),
    }
    if state["board"]:
        whole = [row for row in message.get("queues", ()) if "service_level_s" in row]
        folded["board"] = {
            "agents": merge(state["board"]["agents"], message.get("agents", ())),
            "interactions": merge(state["board"]["interactions"], message.get("interactions", ()), gone),
            "queues": merge(state["board"]["queues"], whole),
        }
    return folded


def by_id(rows: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def merge(rows: dict[Any, Any], changed: Any, gone: Any = ()) -> dict[Any, Any]:
    merged = {**rows, **by_id(changed)}
    return {key: row for key, row in merged.items() if key not in gone}


def only_glances(queues: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    names = ("id", "name", "name_en", "waiting", "agents_ready")
    return {key: {name: row[name] for name in names} for key, row in queues.items()}


def random_update(dice: random.Random, number: int) -> BoardUpdate:
    """A step of a history that an engine might tell, also an unlikely one."""
    if dice.random() < 0.03:
        kept = tuple(agent(one, team=TEAM_OF[one]) for one in AGENTS if dice.random() < 0.8)
        return board(number=number, agents=kept, queues=tuple(queue(one, teams=(one,)) for one in QUEUES))
    agents = tuple(
        agent(one, dice.choice(list(AgentState)), interaction=dice.choice((None, *CALLS)), team=TEAM_OF[one])
        for one in AGENTS
        if dice.random() < 0.4
    )
    rows = [random_row(dice, name, number) for name in CALLS if dice.random() < 0.3]
    changed = {row.id for row in rows}
    gone = tuple(name for name in CALLS if name not in changed and dice.random() < 0.15)
    queues = tuple(queue(one, waiting=dice.randrange(5), offered=dice.randrange(9), teams=(one,)) for one in QUEUES)
    return update(
        number, agents=agents, interactions=tuple(rows), gone_interactions=gone, queues=queues[: dice.randrange(3)]
    )


def random_row(dice: random.Random, name: str, number: int) -> InteractionRow:
    if dice.random() < 0.4:
        return offered(name, dice.choice(AGENTS))
    if dice.random() < 0.3:
        slot = ParkRow(701 + CALLS.index(name), dice.choice(AGENTS), NOW)
        return interaction(name, phase=Phase.PARKED, parked=slot, entry=str(number))
    return interaction(name, phase=dice.choice(list(Phase)), entry=str(number))


def test_only_who_may_see_numbers_sees_those_of_second_parties_and_parked_callers() -> None:
    consult = ConsultRow(1001, "number", None, None, "+8613900139000", ConsultStage.TALKING, NOW, NOW, "备注")
    company = CompanyBoard()
    rows = (interaction("a", consult=consult), interaction("b", parked=ParkRow(701, 1001, NOW)))
    company.apply(board(interactions=rows))
    for is_clear, second, parked in ((True, "+8613900139000", "+8613800138000"), (False, "139****9000", "138****8000")):
        seen = company.snapshot(Audience(sees_board=True, is_clear=is_clear), agent=None, now=NOW)
        assert seen.board is not None
        shown = seen.board.interactions[0].consult
        assert shown is not None
        assert (shown.number, shown.note) == (second, "备注")
        assert [(call.slot, call.number) for call in seen.parked] == [(701, parked)]


def test_attached_data_hide_numbers_as_the_transcript_does() -> None:
    company = CompanyBoard()
    company.apply(board(interactions=(interaction("a", data={"said": "打13912345678", "订单": "20260302"}),)))
    for is_clear, shown in ((True, "打13912345678"), (False, "打139****5678")):
        seen = company.snapshot(Audience(sees_board=True, is_clear=is_clear), agent=None, now=NOW).board
        assert seen is not None
        assert seen.interactions[0].data == {"said": shown, "订单": "20260302"}


def open_desk(company: Company, *, rights: tuple[str, ...], of_agent: int | None, teams: frozenset[int] | None) -> Desk:
    now = datetime.now(UTC)
    read = read_ticket(ticket(rights=rights, agent=of_agent, expires_at=now + timedelta(hours=1)), KEY, now=now)
    sees_board, is_clear = "live.read" in rights, "numbers.clear" in rights
    audience = Audience(sees_board=sees_board, is_clear=is_clear, teams=teams, reader=of_agent)
    desk = Desk(number=1, ticket=read, audience=audience, outbox=Outbox())
    company.add(desk)
    company.send_snapshot(desk)
    return desk


async def read_all(company: Company, desk: Desk, state: dict[str, Any]) -> dict[str, Any]:
    """Fold what the desk has been told; what is being gathered is waited for."""
    async with asyncio.timeout(20):
        while company.is_gathering:  # noqa: ASYNC110 - a timer of a few milliseconds
            await asyncio.sleep(0.001)
    desk.outbox.put('{"type": "end"}')
    while (message := json.loads(await desk.outbox.take()))["type"] != "end":
        state = fold(state, message)
    return state


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("rights", "of_agent", "teams"),
    [
        (AGENT_RIGHTS, 1001, None),
        (LEAD_RIGHTS, None, None),
        (LEAD_RIGHTS, 1002, None),
        (("desk", "live.read"), 1003, None),
        (LEAD_RIGHTS, 1003, frozenset({1})),
        (LEAD_RIGHTS, 1002, frozenset({2})),
        (LEAD_RIGHTS, None, frozenset()),
    ],
    ids=["agent", "lead", "lead at work", "masked", "lead of another team", "lead of the own team", "lead of no team"],
)
async def test_folding_gives_what_a_fresh_desk_gets(
    rights: tuple[str, ...], of_agent: int | None, teams: frozenset[int] | None, seed: int
) -> None:
    dice, company = random.Random(seed), Company()
    agents = tuple(agent(one, team=TEAM_OF[one]) for one in AGENTS)
    company.take(board(agents=agents, queues=tuple(queue(one, teams=(one,)) for one in QUEUES)))
    desk = open_desk(company, rights=rights, of_agent=of_agent, teams=teams)
    state = await read_all(company, desk, {})
    for number in range(2, 60):
        company.take(random_update(dice, number))
        if dice.random() < 0.5:
            continue
        state = await read_all(company, desk, state)
        fresh = open_desk(company, rights=rights, of_agent=of_agent, teams=teams)
        expected = await read_all(company, fresh, {})
        company.remove(fresh)
        assert {**state, "queues": only_glances(state["queues"])} == expected, f"after update {number}"
    company.close()


def test_a_board_of_a_team_has_its_agents_contacts_and_queues_alone() -> None:
    company = CompanyBoard()
    agents = tuple(agent(one, team=TEAM_OF[one]) for one in AGENTS)
    calls = (
        offered("ours", 1001),
        offered("theirs", 1002),
        interaction("waits for us", queue=1),
        interaction("waits for them", queue=2),
        interaction("in the menu", queue=None),
    )
    queues = tuple(queue(one, teams=(one,)) for one in QUEUES)
    company.apply(board(agents=agents, interactions=calls, queues=queues))
    audience = Audience(sees_board=True, is_clear=True, teams=frozenset({1}), reader=1003)
    seen = company.snapshot(audience, agent=1003, now=NOW).board
    assert seen is not None
    assert [row.id for row in seen.agents] == [1001, 1003]
    assert [row.id for row in seen.interactions] == ["ours", "waits for us"]
    assert [row.id for row in seen.queues] == [1]


async def test_who_goes_to_another_team_leaves_the_board() -> None:
    company = Company()
    company.take(board(agents=(agent(1001, team=1),)))
    desk = open_desk(company, rights=LEAD_RIGHTS, of_agent=None, teams=frozenset({1}))
    state = await read_all(company, desk, {})
    assert set(state["board"]["agents"]) == {1001}
    company.take(update(2, agents=(agent(1001, team=2),)))
    state = await read_all(company, desk, state)
    assert state["board"]["agents"] == {}
    company.close()
