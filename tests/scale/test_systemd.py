"""The units of deploy/systemd on machines that boot systemd, set up by the guides' own lines: they start, come back
by themselves whatever ends them, and let conversations live."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import cast

import pytest
import yaml

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.booted import PARTS, Booted, several_machines, single_machine
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import has_recording
from tests.harness.machines import SIP_PORT, Installation
from tests.harness.places import ROOT
from tests.harness.product import HOTLINE
from tests.harness.sipp import sipp_call
from tests.harness.waiting import until, wait_until
from tests.scale.conftest import agent, as_product, line, line_on, take
from zhiyin.config import cli

UNITS, COMPOSE = ROOT / "deploy" / "systemd", ROOT / "deploy" / "compose"
booted = pytest.mark.extended
in_module = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", sorted(file.name for file in UNITS.glob("*.service")))
def test_a_part_may_write_where_it_has_to(name: str) -> None:
    """The node's unit left /tmp unwritable, so apt refused Debian, and no node got its Asterisk."""
    unit = (UNITS / name).read_text()
    if "ProtectSystem=strict" in unit:
        assert "PrivateTmp=yes" in unit
        assert re.search(r"^(ReadWritePaths=/var/lib/zhiyin|StateDirectory=zhiyin)$", unit, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(file.name for file in UNITS.glob("zhiyin*.service")))
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    command = re.search(r"^ExecStart=(.*)$", (UNITS / name).read_text(), re.MULTILINE)
    assert command is not None
    program, *words = command[1].replace("%i", "a").split()
    if program != "/usr/sbin/kamailio":
        assert program == "/opt/zhiyin/.venv/bin/zhiyin"
        cli.parser().parse_args([word for word in words if not word.startswith("$")])


def test_compose_runs_the_parts_that_there_are_and_none_waits_for_one_that_has_ended() -> None:
    """Podman starts no container again whose dependency has ended: engine, web and worker stayed away once killed."""
    services = yaml.safe_load((COMPOSE / "compose.yml").read_text())["services"]
    for service in services.values():
        cli.parser().parse_args(service["command"].split())
        assert "depends_on" not in service
    assert {name.partition("-")[0] for name in services} == {"prepare", "engine", "web", "worker", "front", "node"}


def test_the_image_is_made_of_what_is_there() -> None:
    text = (COMPOSE / "Dockerfile").read_text()
    for copied in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists(), source


@pytest.fixture(scope="module")
def cluster() -> Iterator[Installation]:
    with several_machines() as found:
        yield cast(Installation, found)  # callers and agents ask for what both have


@pytest.fixture(scope="module")
def administrator(cluster: Installation) -> Iterator[Api]:
    with Api(as_product(cluster), ADMINISTRATOR) as api:
        yield api


def boxes_of(cluster: Installation) -> Booted:
    return cast(Booted, cluster)


@booted
@in_module
async def test_a_caller_reaches_an_agent_by_either_node(cluster: Installation, administrator: Api) -> None:
    async with agent(cluster, administrator, "1001", "8001") as one:
        for node in ("a", "b"):
            async with line_on(cluster, node) as caller:
                await take(one, caller)
                await caller.call.hang_up()
                await caller.contact.tells("InteractionEnded")
            record = await caller.contact.record(administrator, when=has_recording)
            assert record["outcome"] == "answered"
            await one.be_ready()


@booted
@in_module
async def test_a_node_that_is_restarted_waits_for_its_last_conversation(
    cluster: Installation, administrator: Api
) -> None:
    node = boxes_of(cluster).boxes["a"]
    async with agent(cluster, administrator, "1001", "8001") as one, line_on(cluster, "a") as kept:
        await take(one, kept)
        before = node.process_of("zhiyin-node@a")
        node.run("systemctl --no-block restart zhiyin-node@a")
        await until(lambda: "Draining" in node.journal("zhiyin-node@a"), what="the node drains")
        async with line(cluster) as other:
            assert other.node == "b"
            await other.call.hears_sound()
        await kept.call.hears_tone(AGENT_TONE_HZ)
        assert node.process_of("zhiyin-node@a") == before
        await kept.call.hang_up()
        await kept.contact.tells("InteractionEnded")
    await until(lambda: node.process_of("zhiyin-node@a") not in (0, before), what="the node is back")
    async with line_on(cluster, "a") as again:
        await again.call.hears_sound()


@booted
@in_module
async def test_a_second_signal_ends_the_conversations_a_node_waits_for(cluster: Installation) -> None:
    node = boxes_of(cluster).boxes["b"]
    async with line_on(cluster, "b") as cut:
        await cut.call.hears_sound()
        before = node.process_of("zhiyin-node@b")
        node.run("systemctl --no-block restart zhiyin-node@b")
        await until(lambda: "Draining" in node.journal("zhiyin-node@b"), what="the node drains")
        node.run("systemctl kill zhiyin-node@b")
        await cut.contact.tells("InteractionEnded")
    await until(lambda: node.process_of("zhiyin-node@b") not in (0, before), what="the node is back")
    async with line_on(cluster, "b") as again:
        await again.call.hears_sound()


@booted
@in_module
async def test_an_engine_that_is_restarted_hands_its_calls_over(cluster: Installation, administrator: Api) -> None:
    """Both, one after the other: one of the two led."""
    boxes = boxes_of(cluster).boxes
    async with agent(cluster, administrator, "1001", "8001") as one, line(cluster) as caller:
        await take(one, caller)
        for machine in ("engine", "standby"):
            await asyncio.to_thread(boxes[machine].run, "systemctl restart zhiyin-engine")
            await asyncio.to_thread(boxes_of(cluster).serves)
            await caller.call.hears_tone(AGENT_TONE_HZ)
        await caller.call.hang_up()
        await caller.contact.tells("InteractionEnded")
    record = await caller.contact.record(administrator, when=has_recording)
    assert record["outcome"] == "answered"


@booted
@pytest.mark.parametrize(("machine", "unit"), [(name, unit) for name, units in PARTS.items() for unit in units])
def test_a_killed_part_comes_back(cluster: Installation, machine: str, unit: str) -> None:
    box = boxes_of(cluster).boxes[machine]
    before = box.process_of(unit)
    assert before
    box.run(f"systemctl kill --signal KILL {unit}")
    wait_until(lambda: box.process_of(unit) not in (0, before), what=f"{unit} is back")
    boxes_of(cluster).serves()


@booted
@in_module
async def test_everything_comes_back_by_itself_after_a_boot(cluster: Installation, administrator: Api) -> None:
    """All machines at once: nobody finds the others there, and Debian's own Kamailio must not take the edge's place."""
    machines = boxes_of(cluster)
    await asyncio.to_thread(machines.reboot)
    await asyncio.to_thread(machines.serves)
    assert machines.failed_units() == {}
    assert "inactive" in machines.boxes["edge"].run("systemctl is-active kamailio || true")
    async with agent(cluster, administrator, "1002", "8002") as one, line(cluster) as caller:
        await take(one, caller)
        await caller.call.hang_up()
        await caller.contact.tells("InteractionEnded")
    await caller.contact.record(administrator, when=has_recording)
    for name in ("a", "b"):
        told = machines.boxes[name].journal(f"zhiyin-node@{name}").splitlines()
        states = [json.loads(text)["state"] for text in told if "part_state" in text]
        assert states == ["starting", "ok"], "a node said each change twice, in two forms"
        assert not [text for text in told if text.endswith("asterisk ok")]


@pytest.fixture
def server() -> Iterator[Booted]:
    with single_machine() as found:
        yield found


@booted
async def test_one_server_waits_for_its_calls_and_serves_after_a_boot_and_however_it_ended(server: Booted) -> None:
    (box,) = server.boxes.values()
    async with sipp_call(SIP_PORT, to=HOTLINE, host=server.edge, local=server.host) as call:
        await call.hears_sound()
        before = box.process_of("zhiyin")
        box.run("systemctl --no-block restart zhiyin")
        await until(lambda: "Draining" in box.journal("zhiyin"), what="it waits for the call")
        await call.hears_sound()
        assert box.process_of("zhiyin") == before
        await call.hang_up()
    await until(lambda: box.process_of("zhiyin") not in (0, before), what="it is started anew")
    for end in ("systemctl kill --signal KILL --kill-whom=main zhiyin", "reboot"):
        before = box.process_of("zhiyin")
        if end == "reboot":
            await asyncio.to_thread(server.reboot)
        else:
            box.run(end)
            await until(lambda gone=before: box.process_of("zhiyin") not in (0, gone), what="it is started again")
        await asyncio.to_thread(server.serves)
        async with sipp_call(SIP_PORT, to=HOTLINE, host=server.edge, local=server.host) as call:
            await call.hears_sound()
    assert server.failed_units() == {}
