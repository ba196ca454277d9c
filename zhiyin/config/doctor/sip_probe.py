"""One SIP OPTIONS to a carrier or proxy: does it answer, how fast, and how do we look from there.

The answer returns our own Via (RFC 3261, 18.2.1; RFC 3581): ``received`` and ``rport`` are our address as the other
side sees it, and whoever changed what we wrote ourselves stands in between (a router's "SIP ALG").
"""

from __future__ import annotations

import re
import secrets
import socket
import ssl
import time
from dataclasses import dataclass

_WITHIN_S = 2.0
#: over UDP a lost packet is no verdict
_TRIES = 2
_LARGEST_BYTES = 65_535
_STATUS = re.compile(r"SIP/2\.0 (\d{3}) ?(.*)")


@dataclass(frozen=True, slots=True)
class SipAnswer:
    """``seen_as`` is our address as the other side saw it, if it told; ``is_rewritten`` whether our Via was changed."""

    status: int
    reason: str
    rtt_ms: float
    local_address: str
    seen_as: str | None
    is_rewritten: bool


def probe(host: str, port: int, *, transport: str = "udp", within_s: float = _WITHIN_S) -> SipAnswer | None:
    """Return the first final answer; ``None`` where nothing answers. Raises ``OSError`` (no such name, refused)."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    family, _, _, _, address = socket.getaddrinfo(host, port, socket.AF_INET, kind)[0]
    with socket.socket(family, kind) as plain:
        plain.settimeout(within_s)
        plain.connect(address)
        line = _tls(plain, host) if transport == "tls" else plain
        local_address, local_port = line.getsockname()[:2]
        for _ in range(_TRIES if transport == "udp" else 1):
            branch = f"z9hG4bK{secrets.token_hex(8)}"
            asked_at = time.perf_counter()
            line.sendall(options_request(host, transport, f"{local_address}:{local_port}", branch))
            try:
                answer = line.recv(_LARGEST_BYTES).decode(errors="replace")
            except (TimeoutError, ConnectionRefusedError):
                continue
            rtt_ms = (time.perf_counter() - asked_at) * 1000
            return _read(answer, rtt_ms=rtt_ms, local=(local_address, local_port), branch=branch)
    return None


def _tls(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Whether its certificate is good is the trunk's own question."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def options_request(host: str, transport: str, local: str, branch: str) -> bytes:
    """Return the request (RFC 3261, 11.1) from ``local`` (address:port)."""
    lines = (
        f"OPTIONS sip:{host} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {local};branch={branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:doctor@{local}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{host}>",
        f"Call-ID: {secrets.token_hex(8)}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:doctor@{local}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _read(answer: str, *, rtt_ms: float, local: tuple[str, int], branch: str) -> SipAnswer | None:
    status = _STATUS.match(answer)
    via = re.search(r"^(?:Via|v)\s*:\s*(.+?)\r?$", answer, re.MULTILINE | re.IGNORECASE)
    if status is None or via is None:
        return None
    received = re.search(r";\s*received=([0-9.]+)", via[1])
    has_ours = re.search(rf"\s{re.escape(local[0])}:{local[1]}\b", via[1]) is not None and branch in via[1]
    return SipAnswer(
        status=int(status[1]),
        reason=status[2].strip(),
        rtt_ms=rtt_ms,
        local_address=local[0],
        seen_as=received[1] if received else None,
        is_rewritten=not has_ours,
    )
