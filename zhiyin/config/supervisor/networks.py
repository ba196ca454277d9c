"""This machine's addresses and ports, read from the kernel. Linux only, IPv4 (telephony here is IPv4)."""

from __future__ import annotations

import array
import fcntl
import ipaddress
import secrets
import socket
import struct
from dataclasses import dataclass

_SIOCGIFCONF = 0x8912
_SIOCGIFNETMASK = 0x891B
#: the kernel's struct ifreq with an IPv4 address in it; as many as are asked for
_REQUEST = "16sHxx4s16x"
_MOST_ADDRESSES = 1024
# Above the kernel's range for outgoing connections (32768 to 60999), so that none of those takes it meanwhile.
_FREE_PORTS = range(61000, 65500)


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """One interface's address with its network, "192.168.1.5" in "192.168.1.0/24"."""

    interface: str
    address: str
    network: str


def list_local_addresses() -> tuple[LocalAddress, ...]:
    """Return every IPv4 address of every interface, loopback included; interfaces without one are left out.

    An interface may have several: one that moves between machines, or one for each node of a small installation.
    """
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for interface, address in _requests(probe):
            # name and address together: only so is a further address of the interface told apart from its first
            request = struct.pack(_REQUEST, interface, socket.AF_INET, address)
            netmask = socket.inet_ntoa(fcntl.ioctl(probe, _SIOCGIFNETMASK, request)[20:24])
            own = ipaddress.ip_interface(f"{socket.inet_ntoa(address)}/{netmask}")
            name = interface.partition(b"\0")[0].decode(errors="replace")
            found.append(LocalAddress(interface=name, address=str(own.ip), network=str(own.network)))
    return tuple(found)


def _requests(probe: socket.socket) -> list[tuple[bytes, bytes]]:
    """Return interface (16 bytes; a label for some further addresses) and address (4 bytes), as the kernel has them."""
    room = array.array("B", bytes(_MOST_ADDRESSES * struct.calcsize(_REQUEST)))
    place, _ = room.buffer_info()
    answer = fcntl.ioctl(probe, _SIOCGIFCONF, struct.pack("@iP", len(room), place))
    used_bytes, _ = struct.unpack("@iP", answer)
    return [(interface, address) for interface, _, address in struct.iter_unpack(_REQUEST, room.tobytes()[:used_bytes])]


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
