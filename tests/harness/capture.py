"""What went over a wire: a capture by tcpdump, read back packet by packet, and what a listener could make of it."""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.asterisk_adapter import sound
from tests.harness.network import Machine
from tests.harness.waiting import wait_until

UDP, TCP = 17, 6
RTP_HEADER_BYTES, PCMA_FRAME_BYTES = 12, 160


@dataclass(frozen=True)
class Packet:
    protocol: int
    source: tuple[str, int]
    target: tuple[str, int]
    payload: bytes

    @property
    def is_rtp(self) -> bool:
        """RTP or RTCP by its first byte; STUN and DTLS begin otherwise (RFC 7983)."""
        return self.protocol == UDP and len(self.payload) > RTP_HEADER_BYTES and 128 <= self.payload[0] <= 191

    @property
    def is_rtcp(self) -> bool:
        return self.is_rtp and 192 <= self.payload[1] <= 223


@contextmanager
def capturing(machine: Machine, file: Path) -> Iterator[None]:
    """Capture all that the machine sends and receives over its network."""
    program = shutil.which("tcpdump")
    if program is None:
        pytest.fail("tcpdump is missing. Run: apt-get install tcpdump")
    command = [*machine.command, program, "-i", "eth0", "-U", "-n", "-s", "0", "-Z", "root", "-w", str(file)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: file.exists() and file.stat().st_size >= 24, what="tcpdump listens")
            yield
        finally:
            process.terminate()
            process.wait(10)


def read_packets(file: Path) -> Iterator[Packet]:
    """Read IPv4's UDP and TCP from a capture of an Ethernet."""
    raw = file.read_bytes()
    order = "<" if raw[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(raw):
        (length,) = struct.unpack_from(f"{order}I", raw, at + 8)
        frame = raw[at + 16 : at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x08\x00" and (packet := _packet(frame[14:])):
            yield packet


def _packet(ip: bytes) -> Packet | None:
    if len(ip) < 20 or ip[9] not in (UDP, TCP):
        return None
    content = ip[(ip[0] & 15) * 4 : struct.unpack_from(">H", ip, 2)[0]]
    source_port, target_port = struct.unpack_from(">HH", content)
    offset = 8 if ip[9] == UDP else (content[12] >> 4) * 4
    addresses = [".".join(map(str, ip[place : place + 4])) for place in (12, 16)]
    return Packet(ip[9], (addresses[0], source_port), (addresses[1], target_port), content[offset:])


def streams_of(packets: list[Packet]) -> dict[tuple[tuple[str, int], tuple[str, int]], list[bytes]]:
    """Return the voices' payloads by who sent them to whom."""
    found: dict[tuple[tuple[str, int], tuple[str, int]], list[bytes]] = defaultdict(list)
    for packet in packets:
        if packet.is_rtp and not packet.is_rtcp:
            found[packet.source, packet.target].append(packet.payload[RTP_HEADER_BYTES:])
    return {ends: payloads for ends, payloads in found.items() if len(payloads) >= 50}


def tone_in(payloads: list[bytes], frequency_hz: float) -> float:
    """Return how loud a tone is to somebody who takes the payloads for clear A-law: its part of all that is heard."""
    pcm = sound.decode(b"".join(payload[:PCMA_FRAME_BYTES] for payload in payloads), 8)
    return sound.amplitude(pcm, frequency_hz) / max(1.0, sound.rms(pcm))


def entropy_bits(payloads: list[bytes]) -> float:
    """Return the entropy of the payloads' bytes, 8 bits at most: what is encrypted looks like noise."""
    counts = Counter(b"".join(payload[:PCMA_FRAME_BYTES] for payload in payloads))
    total = counts.total()
    return -sum(count / total * math.log2(count / total) for count in counts.values())
