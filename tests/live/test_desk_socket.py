"""The desk's socket: who may open it, what it shows to whom, what it forwards, and what it survives."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.live.builders import LEAD_RIGHTS, NOW, agent, board, interaction, lead_ticket, offered, queue, ticket, update
from tests.live.conftest import GRACE_S, Front, until
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Nudged, Problem
from zhiyin.contracts.tickets import Ticket, sign_ticket
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Phase
from zhiyin.live import desks, hub


def forged() -> str:
    """A ticket whose rights were raised by hand."""
    body, _, mac = ticket().partition(".")
    fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    fields["rights"] = [*LEAD_RIGHTS]
    raised = base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()
    return f"{raised}.{mac}"


def signed_by_another() -> str:
    body = {"tenant": 1, "user": 1, "name": "x", "role": "lead", "rights": [], "session": "s", "agent": None}
    fields = msgspec.convert({**body, "expires_at": "2099-01-01T00:00:00Z"}, Ticket)
    return sign_ticket(fields, b"another key")


@pytest.mark.parametrize(
    "make",
    [
        lambda: "",
        lambda: "garbage",
        lambda: "a.b",
        lambda: "%00%ff.é",
        lambda: ticket()[:-2],
        lambda: ticket(expires_at=datetime.now(UTC) - timedelta(seconds=1)),
        forged,
        signed_by_another,
    ],
    ids=["none", "garbage", "dots", "bytes", "cut", "expired", "forged", "another key"],
)
async def test_without_a_good_ticket_the_socket_stays_shut(front: Front, make) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with front.desk(make()):
            pass
    assert refused.value.response.status_code == 403
    assert not front.engine.requests


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_another_sites_page_cannot_open_it(front: Front, origin: str) -> None:
    with pytest.raises(InvalidStatus):
        async with front.desk(ticket(), origin=origin):
            pass
    async with front.desk(ticket(), origin=front.url) as desk:
        await desk.next("snapshot")


async def test_an_agent_sees_colleagues_and_queues_but_no_board(front: Front) -> None:
    async with front.desk(ticket()) as desk:
        snapshot = await desk.next("snapshot")
        assert snapshot["me"]["state"] == "ready"
        assert snapshot["mine"] == []
        assert snapshot["board"] is None
        assert snapshot["colleagues"][1] == {"id": 1002, "name": "坐席1002", "state": "rest"}
        assert snapshot["queues"] == [{"id": 1, "name": "售后", "name_en": "Service", "waiting": 1, "agents_ready": 2}]
        assert await desk.next() == {"type": "settings", "version": 1}


async def test_a_lead_sees_the_board_of_the_own_company_only(front: Front) -> None:
    async with front.desk(lead_ticket()) as clear, front.desk(lead_ticket(rights=("live.read",))) as masked:
        board_of = (await clear.next("snapshot"))["board"]
        assert [row["id"] for row in board_of["interactions"]] == ["i1"]
        assert [row["id"] for row in board_of["agents"]] == [1001, 1002]
        assert board_of["interactions"][0]["customer_number"] == "+8613800138000"
        hidden = (await masked.next("snapshot"))["board"]["interactions"][0]["customer_number"]
        assert hidden == "138****8000"
    async with front.desk(lead_ticket(tenant=2)) as other:
        assert [row["id"] for row in (await other.next("snapshot"))["board"]["interactions"]] == ["other"]
    async with front.desk(lead_ticket(tenant=99)) as nobody:
        assert (await nobody.next("snapshot"))["board"] == {"agents": [], "interactions": [], "queues": []}


async def test_an_offer_reaches_its_agent_and_leaves_again(front: Front) -> None:
    """The agent's desk gets its own contact masked; others get only what concerns them; the lead gets the row."""
    async with (
        front.desk(ticket()) as desk,
        front.desk(ticket(user=1002, agent=1002)) as other,
        front.desk(lead_ticket()) as lead,
    ):
        for peer in (desk, other, lead):
            await peer.next("settings")
        row = offered("i1", 1001)
        front.engine.tell(update(2, agents=(agent(1001, AgentState.ALERTING, interaction="i1"),), interactions=(row,)))
        got = await desk.update_with("mine")
        assert got["me"]["state"] == "alerting"
        assert got["mine"][0]["customer_number"] == "138****8000"
        assert got["mine"][0]["offers"][0]["offer"] == "o-i1"
        assert "interactions" not in got
        assert "agents" not in got
        got = await other.next("update")
        assert got["colleagues"] == [{"id": 1001, "name": "坐席1001", "state": "alerting"}]
        assert got.keys() == {"type", "now", "number", "colleagues"}
        got = await lead.update_with("interactions")
        assert got["interactions"][0]["customer_number"] == "+8613800138000"
        assert got["agents"][0]["id"] == 1001

        # refused: the contact waits again, and is nobody's
        front.engine.tell(update(3, agents=(agent(1001, AgentState.NOT_READY),), interactions=(interaction("i1"),)))
        got = await desk.update_with("gone")
        assert got["gone"] == ["i1"]
        assert "mine" not in got
        got = await lead.next("update")
        assert "gone" not in got

        front.engine.tell(update(4, gone_interactions=("i1",)))
        assert (await lead.update_with("gone"))["gone"] == ["i1"]


async def test_a_lead_who_loses_an_own_contact_keeps_it_on_the_board(front: Front) -> None:
    async with front.desk(lead_ticket(agent=1001)) as desk:
        await desk.next("settings")
        front.engine.tell(update(2, interactions=(offered("i1", 1001),)))
        assert [row["id"] for row in (await desk.next("update"))["mine"]] == ["i1"]
        front.engine.tell(update(3, interactions=(interaction("i1"),)))
        fresh = await desk.next("snapshot")
        assert fresh["mine"] == []
        assert [row["id"] for row in fresh["board"]["interactions"]] == ["i1"]


async def test_queues_are_glances_for_agents_and_rows_for_leads(front: Front) -> None:
    async with front.desk(ticket()) as desk, front.desk(lead_ticket()) as lead:
        await desk.next("settings")
        await lead.next("settings")
        front.engine.tell(update(2, queues=(queue(waiting=1, offered=5),)))  # a figure that is not for agents
        assert (await lead.next("update"))["queues"][0]["offered"] == 5
        front.engine.tell(update(3, queues=(queue(waiting=4, offered=6),)))
        assert (await desk.next("update"))["queues"] == [
            {"id": 1, "name": "售后", "name_en": "Service", "waiting": 4, "agents_ready": 2}
        ]


async def test_a_command_goes_to_the_engine_in_the_tickets_name(front: Front) -> None:
    front.engine.answer = lambda command: {"interaction": "i9"} if isinstance(command, c.Dial) else None
    async with front.desk(ticket()) as desk:
        reply = await desk.do("c1", "SetReady", agent=1002, tenant=2, actor=9)
        assert reply == {"type": "reply", "id": "c1", "problem": None, "result": None}
        request = await front.engine.got(lambda request: isinstance(request.command, c.SetReady))
        assert (request.tenant, request.actor, request.command) == (1, 1001, c.SetReady(agent=1001))
        assert request.deadline_at is not None
        reply = await desk.do("c2", "Dial", number="13800138000")
        assert reply["result"] == {"interaction": "i9"}
        front.engine.answer = lambda _: Problem(code="busy", facts={"since": "x"})
        assert (await desk.do("c3", "SignOut"))["problem"] == {"code": "busy", "facts": {"since": "x"}}
    async with front.desk(ticket()) as again:
        await again.do("c1", "SetReady")
        ids = {r.id for r in front.engine.requests if isinstance(r.command, c.SetReady)}
        assert len(ids) == 2, "another socket's c1 is another request"


async def test_who_is_no_agent_commands_nothing(front: Front) -> None:
    async with front.desk(lead_ticket()) as desk:
        assert (await desk.do("c1", "SetReady", agent=1001))["problem"]["code"] == "forbidden"
    assert not front.engine.requests


@pytest.mark.parametrize(
    "message",
    [
        {"id": "c1", "do": "Drain"},
        {"id": "c1", "do": "Subscribe"},
        {"id": "c1", "do": "OpenGuestLine", "entry": "1", "remote": "x"},
        {"id": "c1", "do": "DeskConnected", "is_connected": False},
        {"id": "c1", "do": "SetNotReady"},
        {"id": "c1", "do": "SetNotReady", "reason": 5},
        {"id": "c1", "do": ["SetReady"]},
        {"id": "c1"},
        {"id": "c1", "do": "SendDigits", "interaction": {"a": 1}, "digits": "1"},
    ],
)
async def test_what_a_browser_may_not_say_is_refused(front: Front, message: dict[str, object]) -> None:
    async with front.desk(ticket()) as desk:
        await desk.socket.send(json.dumps(message))
        assert (await desk.next("reply"))["problem"]["code"] == "bad_command"
        assert (await desk.do("c2", "SetReady"))["problem"] is None
    forwarded = [r.command for r in front.engine.requests if not isinstance(r.command, c.DeskConnected)]
    assert forwarded == [c.SetReady(agent=1001)]


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "null",
        '{"do": "SetReady"}',
        '{"id": 5, "do": "SetReady"}',
        '{"id": "' + "x" * 65 + '", "do": "SetReady"}',
        "[" * 5000,
        '{"id": "c1", "do": ' + '{"a":' * 3000 + "1" + "}" * 3000 + "}",
        "x" * 20_000,
        b"\x00\x01",
        "y" * 200_000,
    ],
    ids=["text", "list", "null", "no id", "number id", "long id", "deep", "deep object", "long", "binary", "huge"],
)
async def test_a_hostile_frame_ends_its_own_socket_only(front: Front, frame: str | bytes) -> None:
    async with front.desk(ticket()) as good, front.desk(ticket(user=1002, agent=1002)) as bad:
        await good.next("settings")
        await bad.next("settings")
        await bad.socket.send(frame)
        assert await bad.ended() in (1007, 1008, 1009)
        front.engine.tell(update(2, queues=(queue(waiting=9),)))
        assert (await good.next("update"))["queues"][0]["waiting"] == 9


async def test_a_flood_of_commands_is_cut_off(front: Front) -> None:
    front.engine.is_silent = True
    async with front.desk(ticket()) as desk:
        with contextlib.suppress(ConnectionClosed):
            for number in range(500):
                await desk.socket.send(json.dumps({"id": f"c{number}", "do": "SetReady"}))
        assert await desk.ended() == 1008
    waiting = [r for r in front.engine.requests if isinstance(r.command, c.SetReady)]
    assert len(waiting) <= 16


async def test_a_slow_reader_is_dropped_and_others_are_not(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MAX_UNREAD_MESSAGES", 50)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    narrow.connect(("127.0.0.1", front.port))
    async with (
        front.desk(lead_ticket()) as fast,
        front.desk(lead_ticket(), max_queue=1, ping_interval=None, sock=narrow) as slow,
    ):
        await fast.next("settings")
        rows = tuple(interaction(f"w{n}", entry="4" * 3000) for n in range(100))
        for number in range(2, 80):
            front.engine.tell(update(number, interactions=rows))
            assert (await fast.next("update"))["number"] == number
        assert await slow.ended() in (None, 1013)
    async with front.desk(lead_ticket()) as back:
        assert len((await back.next("snapshot"))["board"]["interactions"]) == 101


async def test_the_engine_goes_and_comes_back(front: Front) -> None:
    """The desk is told; commands fail at once; when the engine is back everything is fresh and presence is reported."""
    async with front.desk(ticket()) as desk:
        await desk.next("settings")
        await front.engine.got(lambda r: r.command == c.DeskConnected(agent=1001, is_connected=True))
        front.engine.is_silent = True
        lost = asyncio.create_task(desk.do("c1", "SetReady"))
        await front.engine.got(lambda r: isinstance(r.command, c.SetReady))
        await front.engine.stop()
        assert (await lost)["problem"]["code"] == "connection_lost"
        assert any(message["type"] == "stale" for message in desk.told) or await desk.next("stale")
        assert (await desk.do("c2", "SetReady"))["problem"]["code"] == "engine_away"
        async with front.desk(ticket(user=1002, agent=1002)) as late:
            await late.next("snapshot")
            assert (await late.next("stale"))["since"].endswith("Z")

            front.engine.is_silent = False
            front.engine.requests.clear()
            await front.engine.start()
            assert (await desk.next("snapshot"))["me"]["id"] == 1001, "fresh, though nothing changed"
            assert (await late.next("snapshot"))["me"]["id"] == 1002
            for number in (1001, 1002):
                came = c.DeskConnected(agent=number, is_connected=True)
                await front.engine.got(lambda r, came=came: r.command == came)
        assert (await desk.do("c3", "SetReady"))["problem"] is None


async def test_a_reload_is_no_absence_but_a_closed_desk_is(front: Front) -> None:
    came, left = (c.DeskConnected(agent=1001, is_connected=is_here) for is_here in (True, False))
    async with front.desk(ticket()):
        await front.engine.got(lambda r: r.command == came)
    async with front.desk(ticket()), front.desk(ticket()) as second_tab:
        await second_tab.next("settings")
    await front.engine.got(lambda r: r.command == left)
    presence = [r.command for r in front.engine.requests if isinstance(r.command, c.DeskConnected)]
    assert presence == [came, left]
    assert GRACE_S < hub.DESK_GRACE_S


async def test_a_socket_ends_with_its_ticket(front: Front) -> None:
    async with front.desk(ticket(expires_at=datetime.now(UTC) + timedelta(seconds=0.5))) as desk:
        assert await desk.ended() == 4401


async def test_changed_settings_are_told_and_deleted_rows_vanish(front: Front) -> None:
    async with front.desk(lead_ticket()) as lead, front.desk(ticket()) as desk:
        await lead.next("settings")
        await desk.next("settings")
        front.engine.boards[0] = board(number=5, agents=(agent(1001),), queues=(queue(),), settings_version=2)
        front.engine.tell(update(5, settings_version=2))
        assert (await desk.next("settings"))["version"] == 2
        fresh = await lead.next("snapshot")
        assert [row["id"] for row in fresh["board"]["agents"]] == [1001]
        assert fresh["board"]["interactions"] == []
        assert [row["id"] for row in (await desk.next("snapshot"))["colleagues"]] == [1001]


async def test_an_engine_that_talks_nonsense_is_survived(front: Front) -> None:
    async with front.desk(ticket()) as desk:
        await desk.next("settings")
        front.engine.tell_raw((5).to_bytes(4, "big") + b"{nope")
        front.engine.tell_raw((22).to_bytes(4, "big") + b'{"frame": "of a newer"}'[:22])
        front.engine.tell(update(2, queues=(queue(waiting=3),)))
        assert (await desk.next("update"))["queues"][0]["waiting"] == 3
        front.engine.tell_raw(b"\xff\xff\xff\xff")
        await until(lambda: front.engine.subscriptions == 2)
        assert (await desk.do("c1", "SetReady"))["problem"] is None


async def test_a_talking_contact_stays_the_agents_through_wrap_up(front: Front) -> None:
    async with front.desk(ticket()) as desk:
        await desk.next("settings")
        talking = interaction("i1", phase=Phase.TALKING, agent=1001)
        front.engine.tell(
            update(2, agents=(agent(1001, AgentState.TALKING, interaction="i1"),), interactions=(talking,))
        )
        assert (await desk.update_with("mine"))["mine"][0]["phase"] == "talking"
        ended = interaction("i1", phase=Phase.ENDED, agent=1001)
        front.engine.tell(update(3, agents=(agent(1001, AgentState.WRAP_UP, interaction="i1"),), interactions=(ended,)))
        assert (await desk.update_with("mine"))["mine"][0]["phase"] == "ended"
        front.engine.tell(update(4, agents=(agent(1001),), gone_interactions=("i1",)))
        assert (await desk.update_with("gone"))["gone"] == ["i1"]


async def test_who_talks_out_of_sight_and_who_leads_are_told_since_when(front: Front) -> None:
    """Hold and transfer were refused at the desk, and no page said why (decision 72)."""
    talking = interaction("i1", phase=Phase.TALKING, agent=1001)
    unseen = msgspec.structs.replace(talking, unseen_since=NOW)
    async with front.desk(ticket()) as desk, front.desk(lead_ticket()) as lead:
        for peer in (desk, lead):
            await peer.next("settings")
        me = agent(1001, AgentState.TALKING, interaction="i1")
        for number, (row, since) in enumerate(((unseen, NOW), (talking, None)), start=2):
            front.engine.tell(update(number, agents=(me,), interactions=(row,)))
            for peer, rows in ((desk, "mine"), (lead, "interactions")):
                told = (await peer.update_with(rows))[rows][0]["unseen_since"]
                assert (datetime.fromisoformat(told) if told else None) == since


async def test_what_concerns_everybody_is_gathered_and_newest(front: Front) -> None:
    """A burst of changes becomes few frames; the last word of each row wins, also for one that went and came."""
    async with front.desk(lead_ticket()) as lead, front.desk(ticket()) as desk:
        await lead.next("settings")
        await desk.next("settings")
        burst = 200
        for number in range(2, burst):
            front.engine.tell(
                update(number, agents=(agent(1002, reason=f"r{number}"),), queues=(queue(waiting=number),))
            )
        front.engine.tell(update(burst, gone_interactions=("i1",)))
        front.engine.tell(update(burst + 1, interactions=(interaction("i1", entry="again"),)))
        seen: dict[str, object] = {}
        while seen.get("entry") != "again" or seen.get("waiting") != burst - 1:
            got = await lead.next("update")
            assert not set(got.get("gone", ())) & {row["id"] for row in got.get("interactions", ())}
            for row in got.get("queues", ()):
                seen["waiting"] = row["waiting"]
            for row in got.get("interactions", ()):
                seen["entry"] = row["entry"]
        assert len(lead.told) < burst / 2
        assert (await desk.update_with("queues"))["queues"][0].keys() >= {"waiting", "agents_ready"}


async def test_a_nudge_reaches_the_desks_of_its_users_and_no_other_company(front: Front) -> None:
    mine, lead, stranger = ticket(), lead_ticket(), ticket(tenant=2)
    async with (
        front.desk(mine) as one,
        front.desk(mine) as same,
        front.desk(lead) as other,
        front.desk(stranger) as far,
    ):
        for desk in (one, same, other, far):
            await desk.next("settings")
        front.engine.tell(Nudged(tenant=1, users=(1001,), topic="notifications"))
        front.engine.tell(Nudged(tenant=1, users=None, topic="notices"))
        front.engine.tell(Nudged(tenant=2, users=None, topic="last"))
        for desk in (one, same):
            assert await desk.next("nudge") == {"type": "nudge", "topic": "notifications"}
            assert await desk.next("nudge") == {"type": "nudge", "topic": "notices"}
        assert await other.next("nudge") == {"type": "nudge", "topic": "notices"}
        assert await far.next("nudge") == {"type": "nudge", "topic": "last"}


async def test_a_browser_cannot_nudge(front: Front) -> None:
    async with front.desk(ticket()) as desk:
        await desk.next("snapshot")
        reply = await desk.do("c1", "Nudge", users=None, topic="notices")
        assert reply["problem"]["code"] == "bad_command"
