"""A small local network of machines: network namespaces with addresses of their own. Linux, root only."""

from __future__ import annotations

import ctypes
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_libc = ctypes.CDLL(None, use_errno=True)
_NAMESPACES = Path("/var/run/netns")
#: this machine's number on a switch of its own
HOST = 254


@dataclass(frozen=True)
class Machine:
    """One machine of the network. Programs run there with ``command`` before their own words."""

    name: str
    address: str
    #: where it is plugged in: the switch and the port there
    switch: str = ""
    port: str = ""

    @property
    def command(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Sockets made meanwhile by this thread belong to the machine, and stay its own afterwards."""
        with open("/proc/thread-self/ns/net") as home, (_NAMESPACES / self.name).open() as there:  # noqa: PTH123
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    def program(self, folder: Path, program: str) -> Path:
        """Write a script that runs ``program`` on the machine, for whoever takes one path only."""
        path = folder / f"{Path(program).name}-on-{self.name}"
        path.write_text(f'#!/bin/sh\nexec {" ".join(self.command)} {program} "$@"\n')
        path.chmod(0o755)
        return path


@contextmanager
def local_network(count: int, *, has_host: bool = False) -> Iterator[tuple[Machine, ...]]:
    """Make that many machines on one switch, 10.83.x.1 and so on; skip the test where this user may not.

    With ``has_host`` this machine is on the switch too, at 10.83.x.254: then a test needs no machine of its own.
    """
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    mark, network = secrets.token_hex(2), secrets.randbelow(250)
    switch = f"zysw{mark}"
    machines = tuple(
        Machine(f"zy{mark}-{n}", f"10.83.{network}.{n}", switch=switch, port=f"p{n}") for n in range(1, count + 1)
    )
    try:
        _ip("netns", "add", switch)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"network namespaces cannot be made here: {error.stderr.strip()}")
    try:
        _ip("-n", switch, "link", "add", "lan0", "type", "bridge")
        _ip("-n", switch, "link", "set", "lan0", "up")
        for machine in machines:
            _connect(machine)
        if has_host:
            _connect_host(switch, mark, f"10.83.{network}.{HOST}")
        yield machines
    finally:
        for name in (*(machine.name for machine in machines), switch):
            if (_NAMESPACES / name).exists():
                _ip("netns", "del", name)


@contextmanager
def links_down(*machines: Machine) -> Iterator[None]:
    """Let no packet through between any two of these; each reaches all others as before. Nobody is told."""
    try:
        for machine in machines:
            _isolate(machine, "on")
        yield
    finally:
        for machine in machines:
            _isolate(machine, "off")


def _isolate(machine: Machine, how: str) -> None:
    _ip("-n", machine.switch, "link", "set", "dev", machine.port, "type", "bridge_slave", "isolated", how)


def _connect(machine: Machine) -> None:
    switch, port = machine.switch, machine.port
    _ip("netns", "add", machine.name)
    _ip("-n", machine.name, "link", "set", "lo", "up")
    _ip("-n", switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", machine.name)
    _ip("-n", switch, "link", "set", port, "master", "lan0", "up")
    _ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", "eth0")
    _ip("-n", machine.name, "link", "set", "eth0", "up")


def _connect_host(switch: str, mark: str, address: str) -> None:
    interface = f"zyh{mark}"  # it goes with the switch
    _ip("-n", switch, "link", "add", "host", "type", "veth", "peer", "name", interface, "netns", str(os.getpid()))
    _ip("-n", switch, "link", "set", "host", "master", "lan0", "up")
    _ip("address", "add", f"{address}/24", "dev", interface)
    _ip("link", "set", interface, "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=10)


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, 0) != 0:
        raise OSError(ctypes.get_errno(), "the thread cannot enter the namespace")
