"""What a carrier is told by the edge when every node is full."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.asterisk_adapter.instance import free_udp_port
from tests.asterisk_adapter.telephone import Telephone
from tests.harness.waiting import until
from zhiyin.config.parts.edge import EdgeSettings, edge_files


@pytest.fixture
async def full_nodes() -> AsyncIterator[dict[str, str]]:
    """Two nodes that answer the edge's probes and refuse every call as the dialplan does."""
    async with AsyncExitStack() as stack:
        nodes = {}
        for name in ("a", "b"):
            node = Telephone(0, user=name, on_call=lambda call: call.refuse("503 Service Unavailable"))
            await stack.enter_async_context(node)
            nodes[name] = f"127.0.0.1:{node.port}"
        yield nodes


@pytest.fixture
def edge_port(full_nodes: dict[str, str]) -> Iterator[int]:
    program = shutil.which("kamailio")
    if program is None:
        pytest.skip("kamailio is missing. Run: apt-get install kamailio")
    folder, port = Path(tempfile.mkdtemp(prefix="zy-edge-")), free_udp_port()
    settings = EdgeSettings(f"127.0.0.1:{port}", full_nodes, children=1)
    for name, text in edge_files(settings, folder, folder).items():
        (folder / name).write_text(text)
    command = [program, "-DD", "-E", "-f", str(folder / "kamailio.cfg"), "-P", str(folder / "pid"), "-Y", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield port
        finally:
            process.terminate()
            process.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


async def test_when_all_nodes_are_full_the_carrier_is_told_when_to_come_again(edge_port: int) -> None:
    """Asterisk cannot say it: it writes headers into requests alone."""
    answers: list[str] = []

    async def is_refused() -> bool:
        async with Telephone(edge_port, local_host="127.0.0.2") as carrier:
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
