"""This machine's addresses and ports, read from the kernel. Linux only, IPv4 (telephony here is IPv4)."""

from __future__ import annotations

import fcntl
import ipaddress
import secrets
import socket
import struct
from dataclasses import dataclass

_SIOCGIFADDR = 0x8915
_SIOCGIFNETMASK = 0x891B
# Above the kernel's range for outgoing connections (32768 to 60999), so that none of those takes it meanwhile.
_FREE_PORTS = range(61000, 65500)


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """One interface's address with its network, "192.168.1.5" in "192.168.1.0/24"."""

    interface: str
    address: str
    network: str


def list_local_addresses() -> tuple[LocalAddress, ...]:
    """Return the first IPv4 address of each interface, loopback included; interfaces without one are left out."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                address = socket.inet_ntoa(fcntl.ioctl(probe, _SIOCGIFADDR, request)[20:24])
                netmask = socket.inet_ntoa(fcntl.ioctl(probe, _SIOCGIFNETMASK, request)[20:24])
            except OSError:
                continue
            network = ipaddress.ip_interface(f"{address}/{netmask}").network
            found.append(LocalAddress(interface=name, address=address, network=str(network)))
    return tuple(found)


def is_port_free(host: str, port: int, kind: socket.SocketKind) -> bool:
    """Whether a server may listen there now. ``OSError`` other than "in use" counts as not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a past run may linger
        try:
            probe.bind((host, port))
            if kind == socket.SOCK_STREAM:
                probe.listen(1)
        except OSError:
            return False
    return True


def choose_loopback_port(*, other_than: int | None = None) -> int:
    """Return a TCP port on 127.0.0.1 that is free and likely to stay so."""
    for _ in range(200):
        port = secrets.choice(_FREE_PORTS)
        if port != other_than and is_port_free("127.0.0.1", port, socket.SOCK_STREAM):
            return port
    raise OSError("no free TCP port on 127.0.0.1 between 61000 and 65499")
