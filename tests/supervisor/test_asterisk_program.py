"""Asterisk under the supervisor: one whose SIP port another program took does not pass for one that serves."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.asterisk_adapter.instance import AsteriskInstance
from tests.harness.waiting import until
from zhiyin.config.supervisor.asterisk import asterisk_program
from zhiyin.config.supervisor.processes import Part


@pytest.mark.parametrize(("kind", "said"), [(socket.SOCK_DGRAM, "UDP"), (socket.SOCK_STREAM, "TCP")])
async def test_a_sip_port_taken_since_it_was_looked_at(
    reachable_folder: Path, kind: socket.SocketKind, said: str
) -> None:
    """Asterisk starts without it; who dials would reach nobody, or the other program."""
    asterisk = AsteriskInstance(reachable_folder)
    asterisk.write()
    program = asterisk_program(asterisk.install, asterisk.home, asterisk.settings(), log=reachable_folder / "log")
    part = Part(program=program, on_change=lambda: None)
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
