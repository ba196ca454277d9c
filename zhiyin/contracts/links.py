"""How the parts of an installation reach and trust each other: over unix sockets, or over TCP with mutual TLS.

On one machine every link is a unix socket that only the service's account can open. On several machines all parts
share one certificate: who holds its key belongs to the installation, and nobody else is answered.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


class BadAddress(ValueError):
    """An address is neither a socket's path nor "host:port", or there are no keys for it; the text says what to do."""


@dataclass(frozen=True)
class LinkKeys:
    """The certificate of all parts: ``ca.crt``, ``part.crt`` and ``part.key`` in one folder."""

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.crt"

    @property
    def certificate(self) -> Path:
        return self.folder / "part.crt"

    @property
    def key(self) -> Path:
        return self.folder / "part.key"

    @cached_property
    def client(self) -> ssl.SSLContext:
        """For who connects. The name is not looked at: it is the key that counts. Raises ``OSError``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        return self._with_keys(context)

    @cached_property
    def server(self) -> ssl.SSLContext:
        """For who listens. Raises ``OSError``."""
        return self._with_keys(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))

    def _with_keys(self, context: ssl.SSLContext) -> ssl.SSLContext:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.ca)
        context.load_cert_chain(self.certificate, self.key)
        return context


#: Where nothing is heard for so many seconds the other side is asked, each second, so many times at most.
ASK_AFTER_S, ASK_TIMES = 2, 3


@dataclass(frozen=True, slots=True)
class PartLink:
    """Where a part is reached: a unix socket's path or "host:port"; of several, any one may serve."""

    addresses: tuple[str, ...]
    keys: LinkKeys | None = None

    async def open(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect. Raises ``OSError`` (also for a certificate that is not ours) and ``BadAddress``."""
        if is_socket_path(address):
            return await asyncio.open_unix_connection(address)
        host, port = split_address(address)
        reader, writer = await asyncio.open_connection(host, port, ssl=self.need_keys(address).client)
        notice_silence(writer)
        return reader, writer

    def connect(self, address: str, *, timeout_s: float) -> socket.socket:
        """The same without an event loop. Every step may take ``timeout_s``."""
        if is_socket_path(address):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(timeout_s)
            try:
                line.connect(address)
            except OSError:
                line.close()
                raise
            return line
        line = socket.create_connection(split_address(address), timeout=timeout_s)
        try:
            return self.need_keys(address).client.wrap_socket(line)
        except OSError:
            line.close()
            raise

    def need_keys(self, address: str) -> LinkKeys:
        """Return the keys for an address on the network. Raises ``BadAddress`` where there are none."""
        if self.keys is None:
            raise BadAddress(f"{address} is on the network, and ZHIYIN_LINK_KEYS names no folder with the parts' keys.")
        return self.keys


def notice_silence(writer: asyncio.StreamWriter) -> None:
    """Let a connection over the network end within seconds where its other side, or the way there, is dead.

    TCP alone waits for an answer to what was sent for a quarter of an hour, and for ever where nothing is sent; and as
    a link is healed it says nothing for as long as the link was down.
    """
    line = writer.get_extra_info("socket")
    if line is None or line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, ASK_AFTER_S)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, ASK_TIMES)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, (ASK_AFTER_S + ASK_TIMES) * 1000)


def part_link(environ: Mapping[str, str], part: str) -> PartLink:
    """Return how ``part`` ("engine", "web") is reached: by ``ZHIYIN_ENGINE_AT`` and so on, else its socket in RUN."""
    at = environ.get(f"ZHIYIN_{part.upper()}_AT", "").split()
    return PartLink(tuple(at) or (str(Path(environ.get("ZHIYIN_RUN", "")) / f"{part}.sock"),), link_keys(environ))


def link_keys(environ: Mapping[str, str]) -> LinkKeys | None:
    folder = environ.get("ZHIYIN_LINK_KEYS")
    return LinkKeys(Path(folder)) if folder else None


def socket_link(path: Path) -> PartLink:
    """Return the link to a unix socket."""
    return PartLink((str(path),))


def is_socket_path(address: str) -> bool:
    return "/" in address


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of "host:port" or "[::1]:port". Raises ``BadAddress``."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise BadAddress(f"{address!r} must be HOST:PORT.")
    return host.strip("[]"), int(port)
