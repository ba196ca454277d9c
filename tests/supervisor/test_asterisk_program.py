"""Asterisk under the supervisor: one that nobody reaches does not pass for one that serves."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.asterisk_adapter.instance import AsteriskInstance
from tests.harness.waiting import until
from zhiyin.config.supervisor.asterisk import asterisk_program
from zhiyin.config.supervisor.processes import Part


def part_of(asterisk: AsteriskInstance, **changes: float) -> Part:
    asterisk.write()
    log = asterisk.folder / "log"
    program = asterisk_program(asterisk.install, asterisk.home, asterisk.settings(), log=log)
    return Part(program=replace(program, **changes), on_change=lambda: None)


async def test_an_asterisk_that_hangs_is_started_again(reachable_folder: Path) -> None:
    """Its threads wait for each other: its ports are open, and nobody answers any more."""
    part = part_of(AsteriskInstance(reachable_folder), hung_after_s=3.0)
    part.start()
    try:
        await until(lambda: part.state.state == "ok", what="it serves")
        assert part.program.is_alive is not None
        assert await part.program.is_alive()
        assert part.state.pid is not None
        os.kill(part.state.pid, signal.SIGSTOP)
        await until(lambda: part.state.state == "restarting", what="it is ended")
        assert part.state.detail.startswith("hung")
        await until(lambda: part.state.state == "ok", what="another serves")
    finally:
        await part.stop()


@pytest.mark.parametrize(("kind", "said"), [(socket.SOCK_DGRAM, "UDP"), (socket.SOCK_STREAM, "TCP")])
async def test_a_sip_port_taken_since_it_was_looked_at(
    reachable_folder: Path, kind: socket.SocketKind, said: str
) -> None:
    """Asterisk starts without it; who dials would reach nobody, or the other program."""
    asterisk = AsteriskInstance(reachable_folder)
    part = part_of(asterisk)
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", asterisk.sip_port))
        if kind == socket.SOCK_STREAM:
            other.listen()
        part.start()
        try:
            await until(lambda: part.state.state == "restarting", what="it is ended")
            assert f"{asterisk.sip_port}/{said}" in part.state.detail
            other.close()
            await until(lambda: part.state.state == "ok", what="it serves when the port is free again")
        finally:
            await part.stop()
