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


async def test_an_asterisk_whose_dns_is_away_starts_all_the_same(reachable_folder: Path) -> None:
    """It asks for the machine's own name, at its start and for each call; the questions are lost."""
    if os.geteuid() != 0:
        pytest.skip("a machine of another name needs root")
    part = part_of(AsteriskInstance(reachable_folder))
    resolver = reachable_folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.77\n")
    elsewhere = f'hostname nowhere && mount --bind {resolver} /etc/resolv.conf && exec "$@"'
    argv = ("unshare", "--uts", "--mount", "sh", "-c", elsewhere, "sh", *part.program.argv)
    part.program = replace(part.program, argv=argv)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.77", 53))
        part.start()
        try:
            await until(lambda: part.state.state == "ok", what="it serves", within_s=15)
            assert silent.recv(512), "it did ask"
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
