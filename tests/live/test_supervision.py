"""What the front lets supervisors do, and whom it lets know that somebody is listened to."""

from __future__ import annotations

import pytest

from tests.live.builders import LEAD_RIGHTS, agent, board, interaction, lead_ticket, ticket
from tests.live.conftest import Front
from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import FORCE_AGENTS, SUPERVISE_CALLS
from zhiyin.contracts.snapshots import MonitorRow
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode, Phase

WISHES = (
    {"do": "Monitor", "interaction": "i1", "mode": "listen"},
    {"do": "ChangeMonitoring", "interaction": "i1", "mode": "barge"},
    {"do": "StopMonitoring", "interaction": "i1"},
    {"do": "TakeOver", "interaction": "i1"},
    {"do": "Disconnect", "interaction": "i1"},
    {"do": "ForceState", "target": 1002, "state": "not_ready"},
)


def supervisor_ticket() -> str:
    return lead_ticket(agent=2001, rights=(*LEAD_RIGHTS, SUPERVISE_CALLS, FORCE_AGENTS))


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish["do"])
async def test_a_supervisors_wish_needs_the_right(front: Front, wish: dict[str, str]) -> None:
    name, fields = wish["do"], {key: value for key, value in wish.items() if key != "do"}
    async with front.desk(ticket()) as desk:
        assert (await desk.do("c1", name, **fields))["problem"]["code"] == "forbidden"
    assert not [r for r in front.engine.requests if type(r.command).__name__ == name]
    async with front.desk(supervisor_ticket()) as desk:
        assert (await desk.do("c1", name, **fields))["problem"] is None
    request = await front.engine.got(lambda request: type(request.command).__name__ == name)
    assert (request.actor, request.command.agent) == (2001, 2001)


async def test_who_forces_agents_is_the_ticket_whatever_the_message_says(front: Front) -> None:
    async with front.desk(supervisor_ticket()) as desk:
        await desk.do("c1", "ForceState", agent=1001, target=1002, state="logged_out")
    request = await front.engine.got(lambda request: isinstance(request.command, c.ForceState))
    assert request.command == c.ForceState(agent=2001, target=1002, state=AgentState.LOGGED_OUT)


async def test_only_supervisors_learn_who_listens(front: Front) -> None:
    """Not the agent who is listened to, not a colleague, and nothing of the lead's state gives it away."""
    monitors = (MonitorRow(2001, MonitoringMode.LISTEN, is_connected=True),)
    talking = interaction("i1", phase=Phase.TALKING, agent=1001, monitors=monitors)
    people = (
        agent(1001, AgentState.TALKING, interaction="i1"),
        agent(2001, AgentState.MONITORING, interaction="i1"),
    )
    async with front.desk(ticket()) as desk, front.desk(supervisor_ticket()) as leads:
        await desk.next("snapshot")
        await leads.next("snapshot")
        front.engine.tell(board(number=2, agents=people, interactions=(talking,)))
        told = await desk.next("snapshot")
        assert [row.get("monitors", []) for row in told["mine"]] == [[]]
        assert {row["id"]: row["state"] for row in told["colleagues"]}[2001] == "not_ready"
        told = await leads.next("snapshot")
        (row,) = told["board"]["interactions"]
        assert row["monitors"] == [{"supervisor": 2001, "mode": "listen", "is_connected": True}]
        assert told["me"]["state"] == "monitoring"
