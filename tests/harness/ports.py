"""Ports for what tests start. Processes of one run that run side by side choose from parts of their own.

A port is chosen seconds before it is taken: two that chose the same would both find it free.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections import deque

from zhiyin.config.supervisor.networks import is_port_free

#: apart from the ports that products choose by themselves, that calls use here, and that connections go out by
_TEST_PORTS = range(30200, 32700)
#: below them: a product refuses to start where its own ports lie among those of the sound
_RTP = range(10000, 30000)
_SIDE_BY_SIDE = 4
_worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", ""))
#: chosen lately, perhaps not taken yet
_recent: deque[int] = deque(maxlen=100)


def choose_test_port() -> int:
    """Return a port that is free for TCP and UDP on loopback, and the one after it for TCP (SIP-TLS)."""
    kinds = ((0, socket.SOCK_STREAM), (0, socket.SOCK_DGRAM), (1, socket.SOCK_STREAM))
    while True:
        port = secrets.choice(_own_part(_TEST_PORTS)[::2])
        if port not in _recent and all(is_port_free("127.0.0.1", port + step, kind) for step, kind in kinds):
            _recent.append(port)
            return port


def choose_rtp_ports(count: int) -> tuple[int, int]:
    """Return the first and the last of so many ports for sound."""
    part = _own_part(_RTP)
    if count > len(part):
        part = _RTP
    first = secrets.choice(part[: len(part) - count + 1 : 100])
    return first, first + count - 1


def _own_part(ports: range) -> range:
    """Return this process's part of the ports; all of them where it is alone."""
    if not _worker:
        return ports
    size = len(ports) // _SIDE_BY_SIDE
    first = int(_worker) % _SIDE_BY_SIDE * size
    return ports[first : first + size]
