"""The parts on machines of their own, two Asterisk nodes behind Kamailio: spread, drained, killed, cut apart."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from random import Random

import httpx
import pytest
from prometheus_client.metrics_core import Metric

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import has_recording
from tests.harness.link_rounds import CUTS, Cut, adds_up, cut_under_calls, leader
from tests.harness.machines import NODES, Installation
from tests.harness.metrics import families, value
from tests.harness.network import links_down
from tests.harness.seeds import fresh_seed
from tests.harness.waiting import until
from tests.scale.conftest import agent, line, line_on, take
from zhiyin.config.reconcile.asterisk_checks import YOUNG
from zhiyin.contracts.links import LinkKeys

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: longer than any time limit between the parts: they must find each other anew by themselves
HALF_A_MINUTE_S = 30.0
SEED = fresh_seed(10**6)
#: one a run of those that are over soon: each takes ten seconds and more
SHORT = [cut for cut in CUTS if cut.down_s < HALF_A_MINUTE_S]
SHORT_TRIED = SHORT[fresh_seed(len(SHORT))]
TRIED = [
    SHORT_TRIED,
    *(pytest.param(cut, marks=pytest.mark.extended) for cut in CUTS if cut.down_s >= HALF_A_MINUTE_S),
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


async def test_the_front_knows_how_the_worker_is(machines: Installation) -> None:
    """It lives on a machine of its own and answers nobody: its pulse tells, also that it was stopped."""

    def worker() -> str:
        state: str = machines.health()["parts"]["worker"]["state"]
        return state

    await until(lambda: worker() == "ok", what="the worker is known", within_s=20)
    machines.running["worker"].send_signal(signal.SIGSTOP)
    try:
        await until(lambda: worker() == "away", what="it is known to be stopped", within_s=20)
        assert "part_away" in machines.health()["alarms"]
    finally:
        machines.running["worker"].send_signal(signal.SIGCONT)
    await until(lambda: worker() == "ok", what="it works again", within_s=20)


async def test_status_and_doctor_look_at_every_machine(machines: Installation) -> None:
    """They knew one machine only. A part that was stopped is named, and no secret of the description is told."""
    control = str(machines.folder / "edge" / "kamailio_ctl")

    def states(*, ends_with: int = 0) -> dict[str, str]:
        said = json.loads(machines.ask("edge", "status", "--json", "--ctl", control, ends_with=ends_with))
        return {f"{part['part']} {part['host']}": part["state"] for part in said["parts"]}

    at = {name: machine.address for name, machine in machines.machines.items()}
    await until(lambda: all_tell(machines), what="all have told of themselves", within_s=20)
    assert states() == {
        f"engine {at['engine']}": "leads",
        f"engine {at['standby']}": "stands_by",
        f"node {at['a']}": "ok",
        f"node {at['b']}": "ok",
        f"web {at['web']}": "ok",
        f"worker {at['worker']}": "ok",
        f"front {at['front']}": "ok",
    }
    said = machines.ask("worker", "doctor", "--json")
    findings = {finding["code"]: finding["level"] for finding in map(json.loads, said.splitlines())}
    assert "bad" not in findings.values()
    assert {"folder_shared", "clocks", "program", "description", "edge_answers", "engine_lease"} <= findings.keys()
    secrets = [line.partition("=")[2] for line in machines.config.read_text().splitlines() if "_KEY=" in line]
    assert not [secret for secret in secrets if len(secret) > 30 and secret in said]
    machines.running["standby"].send_signal(signal.SIGSTOP)
    try:
        frozen = f"engine {at['standby']}"
        await until(lambda: heard_of(machines, "engine", "frozen"), what="it is told to be stopped", within_s=20)
        assert states(ends_with=1)[frozen] == "frozen"
        assert "engine_frozen" in machines.ask("worker", "doctor", "--json", ends_with=1)
    finally:
        machines.running["standby"].send_signal(signal.SIGCONT)
    await until(lambda: not heard_of(machines, "engine", "frozen"), what="it stands by again", within_s=20)


async def test_each_part_hands_its_figures_to_prometheus(machines: Installation) -> None:
    """They stood on each machine's own sockets, and a node had none."""
    await until(lambda: all_tell(machines), what="all have told of themselves", within_s=20)
    machines.health()
    told = json.loads(machines.ask("engine", "status", "--json"))["parts"]
    targets = {part["part"]: part["metrics_at"] for part in told if part["state"] != "stands_by"}
    assert targets.keys() == {"engine", "node", "web", "worker", "front"}
    own = {
        "engine": "zhiyin_engine_epoch",
        "node": "zhiyin_disk_free_bytes",
        "web": "zhiyin_web_request_seconds",
        "worker": "zhiyin_projection_lag_seconds",
        "front": "zhiyin_sockets",
    }
    for part, at in targets.items():
        found = figures_at(at)
        assert own[part] in found
        assert value(found, "zhiyin_part_is_up", part=part) == 1
        assert value(found, "zhiyin_part_answers", part=part) == 1
        assert value(found, "zhiyin_part_resident_bytes", part=part) > 0
        assert value(found, "zhiyin_link_certificate_seconds_left") > 0


async def test_reconciling_asks_every_node(machines: Installation) -> None:
    """It left the nodes out. Both callers' legs are found where they live, and what nobody owns is named with it."""
    legs = {"leg_missing", "leg_orphan", "contact_stays_open", "bridge_orphan"}

    def found() -> dict[str, str]:
        said = json.loads(machines.ask("worker", "reconcile", "--json", "--since", "10m", ends_with=None))
        assert not [words for words in said["left_out"] if "Node" in words]
        return {each["code"]: each["subject"] for each in said["findings"] if each["code"] in legs}

    async with line_on(machines, "a") as one, line_on(machines, "b") as other:
        for each in (one, other):
            await each.call.hears_sound()
        begun_at = other.contact.events()[0].at
        await until(lambda: datetime.now(UTC) > begun_at + YOUNG, what="their legs must be there", within_s=20)
        description = dict(line.split("=", 1) for line in machines.config.read_text().splitlines() if "=" in line)
        with bridge_of_nobody(machines, description):
            assert found() == {"bridge_orphan": "nobody-b"}
        for each in (one, other):
            await each.call.hang_up()
            await each.contact.tells("InteractionEnded")


@contextmanager
def bridge_of_nobody(machines: Installation, description: dict[str, str]) -> Iterator[None]:
    """A bridge on node b that no contact knows of."""
    at = f"https://{machines.machines['b'].address}:7088/ari/bridges/nobody-b"
    login = (description["ZHIYIN_ARI_USER"], description["ZHIYIN_ARI_PASSWORD"])
    tls = LinkKeys(machines.folder / "etc" / "link").client
    with httpx.Client(verify=tls, auth=login) as client:
        client.post(at, params={"type": "mixing"}).raise_for_status()
        try:
            yield
        finally:
            client.delete(at).raise_for_status()


def figures_at(at: str) -> dict[str, Metric]:
    with urllib.request.urlopen(f"http://{at}/metrics", timeout=10) as answer:
        return families(answer.read().decode())


def all_tell(machines: Installation) -> bool:
    """Every part has told that it is well, the shared folders included."""
    rows = machines.rows("SELECT part, pulse FROM part_pulse WHERE told_at > now() - interval '20 seconds'")
    folders = [folder for row in rows for folder in row["pulse"]["folders"].values()]
    is_well = all(row["pulse"]["state"] == "ok" for row in rows)
    return len(rows) >= 7 and is_well and all(each["mark"] and not each["problem"] for each in folders)


def heard_of(machines: Installation, part: str, state: str) -> bool:
    return any(
        row["pulse"]["state"] == state for row in machines.rows("SELECT pulse FROM part_pulse WHERE part = %s", part)
    )


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


@pytest.mark.parametrize("cut", TRIED, ids=lambda cut: f"{cut.label}".replace(" ", "-"))
async def test_calls_outlive_a_link_that_is_down(machines: Installation, administrator: Api, cut: Cut) -> None:
    """Packets just vanish. One caller hangs up while nobody can tell of it, the other one talks on.

    The record says when it was (decision 69), and who talks on an Asterisk out of sight is not cut (decision 72).
    """
    done = await cut_under_calls(machines, administrator, cut, chosen=Random(SEED))
    assert done.violations == [], f"seed {SEED}, the first caller hung up after {done.at_s:.1f} s"


@pytest.mark.extended
@pytest.mark.parametrize("down_s", [2.0, 5.0])
async def test_a_recording_is_as_long_as_the_log_says_when_its_beginning_falls_into_a_cut(
    machines: Installation, administrator: Api, down_s: float
) -> None:
    """The agent answers while engine and Asterisks are apart: nobody talks before it is recorded, or the log tells."""
    since = datetime.now(UTC)
    async with agent(machines, administrator, "1001", "8001") as one, line(machines) as caller:
        await caller.call.hears_sound()
        caller.call.press("1")
        ringing = await one.rings()
        with links_down(*(machines.machines[name] for name in (leader(machines), *NODES))):
            ringing.answer()
            await asyncio.sleep(down_s)  # that is the fault
        await caller.call.hears_tone(AGENT_TONE_HZ)
        await caller.contact.tells("SegmentStarted")
        await caller.call.hang_up()
        await caller.contact.tells("InteractionEnded")
    await caller.contact.record(administrator, when=has_recording)
    assert await adds_up(machines, since) == []
