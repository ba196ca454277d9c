"""What a carrier is told by the edge when every node is full."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.asterisk_adapter.instance import free_udp_port
from tests.asterisk_adapter.telephone import Call, Telephone
from tests.harness.waiting import until
from zhiyin.config.parts.edge import EdgeSettings, edge_files
from zhiyin.contracts.dialplan import ELSEWHERE


@asynccontextmanager
async def edge(on_call: Callable[[Call], None], *, nodes: int = 2) -> AsyncIterator[int]:
    """The edge before nodes that answer its probes and do so with every call; its port."""
    program = shutil.which("kamailio")
    if program is None:
        pytest.skip("kamailio is missing. Run: apt-get install kamailio")
    folder, port = Path(tempfile.mkdtemp(prefix="zy-edge-")), free_udp_port()
    async with AsyncExitStack() as stack:
        there = {}
        for name in ("a", "b")[:nodes]:
            node = Telephone(0, user=name, on_call=on_call)
            await stack.enter_async_context(node)
            there[name] = f"127.0.0.1:{node.port}"
        settings = EdgeSettings(f"127.0.0.1:{port}", there, children=1)
        for name, text in edge_files(settings, folder, folder).items():
            (folder / name).write_text(text)
        config = ("-f", str(folder / "kamailio.cfg"), "-P", str(folder / "pid"), "-Y", str(folder))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                [program, "-DD", "-E", *config], stdout=log, stderr=log
            )
        try:
            yield port
        finally:
            process.terminate()
            process.wait(10)
            shutil.rmtree(folder, ignore_errors=True)


async def test_when_all_nodes_are_full_the_carrier_is_told_when_to_come_again() -> None:
    """Asterisk cannot say it: it writes headers into requests alone."""
    async with edge(lambda call: call.refuse("503 Service Unavailable")) as port:
        await is_told_when_to_come_again(port)


async def is_told_when_to_come_again(port: int) -> None:
    answers: list[str] = []

    async def is_refused() -> bool:
        async with Telephone(port, local_host="127.0.0.2") as carrier:
            call = await carrier.call("4008001234")
            await until(call.ended.is_set, what="a final answer", within_s=5)
            answers.append(call.final)
            return "Retry-After: 2" in call.final

    async with asyncio.timeout(100):
        for _ in range(20):  # until the edge runs and has asked its nodes
            try:
                if await is_refused():
                    break
            except AssertionError:
                continue
    assert answers, "the edge answers"
    assert answers[-1].startswith("SIP/2.0 503")
    assert "Retry-After: 2" in answers[-1], answers[-1]
    assert "Reason: Q.850;cause=42" in answers[-1]


@pytest.mark.parametrize("nodes", [1, 2], ids=["one node", "two nodes"])
async def test_a_node_that_sees_no_engine_sends_callers_on_and_the_last_one_keeps_them(nodes: int) -> None:
    """They heard music at a node for as long as its link to the engine was cut, while another one took calls."""
    asked: list[bool] = []

    def is_stale(call: Call) -> None:
        may_go_on = f"{ELSEWHERE}: 1" in call.invite
        asked.append(may_go_on)
        call.refuse("500 Server Internal Error") if may_go_on else call.answer()

    async with edge(is_stale, nodes=nodes) as port, asyncio.timeout(60):
        for _ in range(20):  # until the edge runs and has asked its nodes
            async with Telephone(port, local_host="127.0.0.2") as caller:
                call = await caller.call("4008001234")
                over = asyncio.wait(
                    [asyncio.create_task(call.answered.wait()), asyncio.create_task(call.ended.wait())],
                    timeout=2,  # what came before the edge was there is answered never
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in (await over)[1]:
                    task.cancel()
                if call.answered.is_set():
                    break
        assert asked[-nodes:] == [True, False][-nodes:]
