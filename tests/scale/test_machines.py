"""The parts on machines of their own, two Asterisk nodes behind Kamailio: spread, drained, killed, cut apart."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime

import pytest

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import has_recording
from tests.harness.machines import NODES, Installation
from tests.harness.network import links_down
from tests.harness.seeds import fresh_seed
from tests.harness.waiting import until
from tests.scale.conftest import agent, line, line_on, take
from zhiyin.config.reconcile.audit import Subject, audit

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENGINES = ("engine", "standby")
LEADER = "leader"
#: how far the record of an unheard hang-up may be from it
EXACT_S = 3.0
#: between whom, and for how long
LINKS = {
    "engine and database": ((LEADER, "database"), 5.0),
    "engine and Asterisk": ((LEADER, *NODES), 5.0),
    "front and engine": (("front", LEADER), 3.0),
}
#: one a run: each takes ten seconds and more
LINK_TRIED = [*LINKS][fresh_seed(len(LINKS))]
#: longer than any time limit between the parts: they must find each other anew by themselves
HALF_A_MINUTE_S = 30.0
#: longer than what once counted as dead, and until the next look of the stocktaking after that
OUT_OF_SIGHT_S, CUT_BY_S = 45.0, 8.0
CUTS = [
    pytest.param(LINK_TRIED, LINKS[LINK_TRIED][1], id=f"{LINK_TRIED}, shortly"),
    *(pytest.param(link, HALF_A_MINUTE_S, id=f"{link}, half a minute", marks=pytest.mark.extended) for link in LINKS),
]


async def test_calls_are_spread_over_the_nodes(machines: Installation) -> None:
    """Twelve at a time: that all come to one node is less likely than one in two thousand."""
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(line(machines)) for _ in range(12)]
        spread = Counter(each.node for each in lines)
        assert set(spread) == {"a", "b"}, spread


async def test_an_agent_is_rung_from_either_node(machines: Installation, administrator: Api) -> None:
    """The telephone is registered at one of them; both directions are heard, whichever has the caller."""
    async with agent(machines, administrator, "1001", "8001") as one:
        for node in ("a", "b"):
            async with line_on(machines, node) as caller:
                await take(one, caller)
                await caller.call.hang_up()
                await caller.contact.tells("InteractionEnded")
            await one.be_ready()


async def test_a_drained_node_keeps_its_call_and_gets_no_new_one(machines: Installation, administrator: Api) -> None:
    async with agent(machines, administrator, "1001", "8001") as one, line_on(machines, "a") as kept:
        await take(one, kept)
        assert "draining" in machines.ask("engine", "drain", "a")
        async with AsyncExitStack() as stack:
            new = [await stack.enter_async_context(line(machines)) for _ in range(8)]
            assert {each.node for each in new} == {"b"}
            for each in new:
                await each.call.hears_sound()
        await kept.call.hears_tone(AGENT_TONE_HZ)
        machines.ask("engine", "undrain", "a")
        async with line_on(machines, "a"):
            pass
        await kept.call.hang_up()
        await kept.contact.tells("InteractionEnded")


async def test_a_node_that_is_told_to_stop_waits_for_its_last_call(machines: Installation) -> None:
    """As at an upgrade: SIGTERM, the last caller hangs up, it ends; started again it takes calls without more ado."""
    node = machines.running["a"]
    async with line_on(machines, "a") as last:
        node.send_signal(signal.SIGTERM)
        await until(lambda: "Draining" in (machines.folder / "a.log").read_text(), what="the node drains")
        async with line(machines) as other:
            assert other.node == "b"
        await last.call.hears_sound()
        assert node.poll() is None
        await last.call.hang_up()
    await until(lambda: node.poll() == 0, what="the node ends")
    machines.start("node", "a", on="a")
    async with line_on(machines, "a"):
        pass


async def test_a_killed_node_takes_only_its_calls_along(machines: Installation, administrator: Api) -> None:
    """Its agent is free within five seconds, new callers are served meanwhile, and it is back by itself."""
    async with (
        agent(machines, administrator, "1001", "8001") as one,
        agent(machines, administrator, "1002", "8002") as other,
    ):
        async with line_on(machines, "a") as lost, line_on(machines, "b") as kept:
            await take(one, lost)
            await take(other, kept)
            machines.kill_asterisk("a")
            ended = await lost.contact.tells("InteractionEnded")
            await one.desk.is_in("wrap_up")
            async with AsyncExitStack() as stack:
                meanwhile = [await stack.enter_async_context(line(machines)) for _ in range(4)]
                for each in meanwhile:
                    await each.call.hears_sound()
            await kept.call.hears_tone(AGENT_TONE_HZ)
            assert kept.contact.find("InteractionEnded") is None
            async with line_on(machines, "a") as again:
                await again.call.hears_sound()
            await kept.call.hang_up()
            await kept.contact.tells("InteractionEnded")
        record = await lost.contact.record(administrator)
        assert ended.body["reason"] == "lost"
        assert record["outcome"] == "answered"
        assert sum(event.type == "InteractionEnded" for event in lost.contact.events()) == 1


async def test_a_dead_node_is_out_in_seconds_and_back_by_itself(machines: Installation) -> None:
    """Nothing of the node runs. Callers meanwhile are tried at the next one; afterwards they do not even meet it."""
    await until(lambda: machines.edge_sees() == {"a": "AP", "b": "AP"}, what="both nodes take calls")
    machines.stop("a", number=signal.SIGKILL)
    await until(lambda: machines.edge_sees()["a"] == "IP", what="the dead node is out", within_s=10)
    async with AsyncExitStack() as stack:
        for _ in range(4):
            found = await stack.enter_async_context(line(machines))
            assert found.node == "b"
            await found.call.hears_sound()
    machines.start("node", "a", on="a")
    await until(lambda: machines.edge_sees()["a"] == "AP", what="the node is back", within_s=20)
    async with line_on(machines, "a") as again:
        await again.call.hears_sound()


async def test_an_engine_elsewhere_takes_over_the_calls_of_both_nodes(
    machines: Installation, administrator: Api
) -> None:
    """The leader is killed; nobody is cut off, and the calls are worked and recorded to their end by the other."""
    async with (
        agent(machines, administrator, "1001", "8001") as one,
        agent(machines, administrator, "1002", "8002") as other,
    ):
        async with line_on(machines, "a") as first, line_on(machines, "b") as second:
            await take(one, first)
            await take(other, second)
            machines.stop("engine", number=signal.SIGKILL)
            machines.is_healthy(within_s=10)
            machines.start("engine", on="engine")  # stands by from now on
            for each in (first, second):
                await each.call.hears_tone(AGENT_TONE_HZ)
                await each.call.hang_up()
                await each.contact.tells("InteractionEnded")
        for each in (first, second):
            record = await each.contact.record(administrator, when=has_recording)
            assert record["outcome"] == "answered"


def leader(machines: Installation) -> str:
    """Return on which machine the engine runs that leads."""
    (row,) = machines.rows("SELECT holder FROM engine_lease")
    pid = int(row["holder"].split(":")[1])
    return next(name for name in ENGINES if machines.running[name].pid == pid)


def findings(machines: Installation, since: datetime) -> list[str]:
    subject = Subject(database_url=machines.database_url, recordings=machines.data / "recordings", has_figures=False)
    found = audit(subject, since=since).findings
    return [f"{each.code} {each.subject}: {each.en}" for each in found]


@pytest.mark.extended
async def test_a_conversation_on_a_node_out_of_sight_goes_on(machines: Installation, administrator: Api) -> None:
    """It counted as lost after half a minute and was cut as the node was back (decision 72). It is recorded whole."""
    since, leading = datetime.now(UTC), leader(machines)
    async with agent(machines, administrator, "1001", "8001") as one, line_on(machines, "b") as caller:
        await take(one, caller)
        with links_down(machines.machines[leading], machines.machines["b"]):
            await asyncio.sleep(OUT_OF_SIGHT_S)  # so long lasts the fault
            await caller.call.hears_tone(AGENT_TONE_HZ)
            assert machines.health()["status"] == "degraded"
        machines.is_healthy()
        await asyncio.sleep(CUT_BY_S)  # what would cut it has had its time
        await caller.call.hears_tone(AGENT_TONE_HZ)
        assert caller.contact.find("InteractionEnded") is None
        await caller.call.hang_up()
        await caller.contact.tells("InteractionEnded")
        await one.be_ready()
    record = await caller.contact.record(administrator, when=has_recording)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert record["talk_s"] > OUT_OF_SIGHT_S
    with suppress(AssertionError):  # recordings are finished and records projected by and by
        await until(lambda: findings(machines, since) == [], what="all adds up", within_s=20)
    assert findings(machines, since) == []


@pytest.mark.parametrize(("link", "down_s"), CUTS)
async def test_calls_outlive_a_link_that_is_down(
    machines: Installation, administrator: Api, link: str, down_s: float
) -> None:
    """Packets just vanish. One caller hangs up while nobody can tell of it, the other one talks on.

    The record says when it was (decision 69): its end is not as late as the link was down.
    """
    ends = LINKS[link][0]
    since, leading = datetime.now(UTC), leader(machines)
    async with (
        agent(machines, administrator, "1001", "8001") as one,
        agent(machines, administrator, "1002", "8002") as other,
        line(machines) as first,
    ):
        await take(one, first)
        async with line(machines) as second:
            await take(other, second)
            with links_down(*(machines.machines[leading if end == LEADER else end] for end in ends)):
                await first.call.hang_up()
                hung_up_at = datetime.now(UTC)
                await asyncio.sleep(down_s)  # so long lasts the fault
                await second.call.hears_tone(AGENT_TONE_HZ)
            ended = await first.contact.tells("InteractionEnded", within_s=20)
            assert abs((ended.at - hung_up_at).total_seconds()) < EXACT_S
            assert second.contact.find("InteractionEnded") is None
            await second.call.hears_tone(AGENT_TONE_HZ)
            await second.call.hang_up()
            await second.contact.tells("InteractionEnded", within_s=20)
        machines.is_healthy()
        for found in (one, other):
            await found.be_ready()
    for each in (first, second):
        record = await each.contact.record(administrator, when=has_recording)
        assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    with suppress(AssertionError):  # recordings are finished and records projected by and by
        await until(lambda: findings(machines, since) == [], what="all adds up", within_s=20)
    assert findings(machines, since) == []
    for name in ENGINES:
        if machines.running[name].poll() is not None:  # a deposed one ends; here nobody starts it again
            machines.start("engine", on=name)
