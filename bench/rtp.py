"""RTP for the media bench: one process sends for all callers and checks what returns, one echoes for all agents.

Each packet carries in its sound which call it is of, its number and when it was sent, so that whatever lies between
(two legs, a bridge, a recording) is judged by what comes back. Real time, loopback, one socket a side.
"""

from __future__ import annotations

import multiprocessing
import select
import socket
import struct
import time
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection

PACKET_S = 0.02
SLOTS = 20
PCMA = 8
_HEADER = struct.Struct("!BBHII")
#: in the sound: a word nobody's music has, call, packet, sent at (ns)
_MARK = struct.Struct("!4sIIQ")
_WORD = b"ZYrt"
_REST = b"\xd5" * (160 - _MARK.size)
#: How long a packet may be under way before it counts as lost.
LATE_S = 1.0


@dataclass
class Heard:
    """What came back of the packets sent within a window."""

    sent: int
    lost: int
    twice: int
    transit_ms: list[float]
    jitter_ms: list[float]  # change of the transit time from one packet of a call to its next


def open_socket() -> socket.socket:
    rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    rtp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
    rtp.bind(("127.0.0.1", 0))
    return rtp


def echo(rtp: socket.socket) -> None:
    """Send every packet back to where it came from, for ever."""
    while True:
        packet, source = rtp.recvfrom(2048)
        rtp.sendto(packet, source)


class Sender:
    """Runs in a process of its own. Asked over ``asked``: a port (a call more), or a window's seconds."""

    def __init__(self, rtp: socket.socket, asked: Connection) -> None:
        self._rtp = rtp
        self._asked = asked
        self._slots: list[list[int]] = [[] for _ in range(SLOTS)]
        self._peers: list[tuple[str, int]] = []
        self._sent: list[int] = []
        self._heard: set[int] = set()
        self._window: tuple[int, int] | None = None  # ns
        self._sent_in_window = 0
        self._returned: set[tuple[int, int]] = set()
        self._twice = 0
        self._transit_ns: dict[int, list[tuple[int, int]]] = {}

    def run(self) -> None:
        self._rtp.setblocking(False)
        slot, next_s = 0, time.monotonic()
        while True:
            for call in self._slots[slot]:
                self._send(call)
            slot, next_s = (slot + 1) % SLOTS, next_s + PACKET_S / SLOTS
            while (left_s := next_s - time.monotonic()) > 0:
                readable, _, _ = select.select([self._rtp, self._asked], [], [], left_s)
                if self._rtp in readable:
                    self._receive()
                if self._asked in readable:
                    self._answer(*self._asked.recv())
            self._receive()
            if self._window is not None and time.monotonic_ns() > self._window[1] + int(LATE_S * 1e9):
                self._tell()

    def _answer(self, what: str, value: float) -> None:
        if what == "call":
            self._slots[len(self._peers) % SLOTS].append(len(self._peers))
            self._peers.append(("127.0.0.1", int(value)))
            self._sent.append(0)
        elif what == "heard":
            self._asked.send(len(self._heard))
        else:
            now = time.monotonic_ns()
            self._window = (now, now + int(value * 1e9))

    def _send(self, call: int) -> None:
        number, now = self._sent[call], time.monotonic_ns()
        self._sent[call] = number + 1
        header = _HEADER.pack(0x80, PCMA, number & 0xFFFF, (160 * number) & 0xFFFFFFFF, call + 1)
        self._rtp.sendto(header + _MARK.pack(_WORD, call, number, now) + _REST, self._peers[call])
        if self._window is not None and self._window[0] <= now < self._window[1]:
            self._sent_in_window += 1

    def _receive(self) -> None:
        while True:
            try:
                packet = self._rtp.recv(2048)
            except BlockingIOError:
                return
            if len(packet) < _HEADER.size + _MARK.size or packet[12:16] != _WORD:
                continue  # hold music, before the agent is there
            _, call, number, sent_ns = _MARK.unpack_from(packet, _HEADER.size)
            self._heard.add(call)
            if self._window is None or not self._window[0] <= sent_ns < self._window[1]:
                continue
            if (call, number) in self._returned:
                self._twice += 1
                continue
            self._returned.add((call, number))
            self._transit_ns.setdefault(call, []).append((number, time.monotonic_ns() - sent_ns))

    def _tell(self) -> None:
        transit, jitter = [], []
        for packets in self._transit_ns.values():
            packets.sort()
            transit += [ns / 1e6 for _, ns in packets]
            jitter += [abs(b - a) / 1e6 for (_, a), (_, b) in pairwise(packets)]
        lost = self._sent_in_window - len(self._returned)
        self._asked.send(Heard(self._sent_in_window, lost, self._twice, transit, jitter))
        self._window = None


class Media:
    """Both processes."""

    def __init__(self) -> None:
        self._callers, self._agents = open_socket(), open_socket()
        self.callers_port = int(self._callers.getsockname()[1])
        self.agents_port = int(self._agents.getsockname()[1])
        self._asked, theirs = multiprocessing.Pipe()
        fork = multiprocessing.get_context("fork")
        self._processes = [
            fork.Process(target=_run_sender, args=(self._callers, theirs), daemon=True),
            fork.Process(target=echo, args=(self._agents,), daemon=True),
        ]
        for process in self._processes:
            process.start()

    def add_call(self, port: int) -> None:
        """Send to this port of the system under load from now on."""
        self._asked.send(("call", port))

    def heard_calls(self) -> int:
        """Return how many calls have heard themselves."""
        self._asked.send(("heard", 0))
        return int(self._asked.recv())

    def listen(self, for_s: float) -> Heard:
        """Judge the packets sent during the next ``for_s`` seconds; returns a second after them."""
        self._asked.send(("window", for_s))
        heard = self._asked.recv()
        assert isinstance(heard, Heard)
        return heard

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.join()


def _run_sender(rtp: socket.socket, asked: Connection) -> None:
    Sender(rtp, asked).run()
