"""RTP of a test's telephone: it sends a tone and keys, and keeps every packet it hears."""

from __future__ import annotations

import asyncio
import random
import struct
import time
from typing import cast

from tests.asterisk_adapter import sound

KEYS = "0123456789*#ABCD"
_PACKET_S = 0.02
#: Nobody's finger is quicker, and Asterisk takes less for one key's end.
_BETWEEN_KEYS_S = 0.1


class Media(asyncio.DatagramProtocol):
    """RTP of one call: sends ``pcm`` for ever at 50 packets a second, keeps every packet heard with its instant."""

    def __init__(self, pcm: bytes, *, first_sequence: int | None = None) -> None:
        self.pcm = pcm
        self.payload_type = 8
        self.remote: tuple[str, int] | None = None
        self.heard: list[tuple[float, int, bytes]] = []
        self.keys_heard: list[str] = []
        self.keys_to_send: list[str] = []
        self._is_pressing = False
        self.is_silent = False
        self._words = b""
        self._seen_events: set[bytes] = set()
        self._sequence = random.randrange(60000) if first_sequence is None else first_sequence
        self._stamp = random.randrange(1 << 30)
        self._ssrc = random.randrange(1 << 31)
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, packet: bytes, _address: tuple[str, int]) -> None:
        if len(packet) < 13:
            return
        payload_type = packet[1] & 127
        if payload_type in (0, 8):
            self.heard.append((time.monotonic(), payload_type, packet[12:]))
        elif payload_type == 101 and packet[13] & 0x80 and packet[4:8] not in self._seen_events:
            self._seen_events.add(packet[4:8])
            self.keys_heard.append(KEYS[packet[12]])

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._stream())

    def say(self, pcm: bytes) -> None:
        """Say this once, instead of what is said for ever."""
        self._words += sound.encode(pcm, self.payload_type)

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self.transport.close()

    @property
    def are_keys_pressed(self) -> bool:
        """Whether every key was sent to its end."""
        return not self.keys_to_send and not self._is_pressing

    def heard_pcm(self, since: float = 0, until: float = float("inf")) -> bytes:
        return b"".join(sound.decode(payload, kind) for at, kind, payload in self.heard if since <= at <= until)

    def _send(self, payload_type: int, stamp: int, payload: bytes, *, mark: bool = False) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        if self.remote:
            head = struct.pack(
                "!BBHII", 0x80, payload_type | (mark << 7), self._sequence, stamp & 0xFFFFFFFF, self._ssrc
            )
            self.transport.sendto(head + payload, self.remote)

    async def _stream(self) -> None:
        pcm, payload = self.pcm, sound.encode(self.pcm, self.payload_type)
        began, sent, position, rested_at = time.monotonic(), 0, 0, 0.0
        while True:
            if pcm is not self.pcm:  # the caller sounds otherwise from here on
                pcm, payload, position = self.pcm, sound.encode(self.pcm, self.payload_type), 0
            if self.keys_to_send and time.monotonic() >= rested_at:
                self._is_pressing = True
                key, stamp = KEYS.index(self.keys_to_send.pop(0)), self._stamp
                for n in range(8):
                    flags = 0x0A | (0x80 if n > 4 else 0)
                    self._send(101, stamp, struct.pack("!BBH", key, flags, 160 * min(n + 1, 6)), mark=n == 0)
                    self._stamp += 160
                    sent += 1
                    # never quicker, to make up for a loop that stood still: a key in one burst is none to Asterisk
                    await asyncio.sleep(max(_PACKET_S, began + sent * _PACKET_S - time.monotonic()))
                self._is_pressing = False
                rested_at = time.monotonic() + _BETWEEN_KEYS_S
                continue
            if self._words:
                piece, self._words = self._words[:160], self._words[160:]
                self._send(self.payload_type, self._stamp, piece.ljust(160, piece[-1:]))
            elif not self.is_silent:
                self._send(self.payload_type, self._stamp, (payload + payload)[position : position + 160])
            position = (position + 160) % len(payload)
            self._stamp += 160
            sent += 1
            await asyncio.sleep(max(0.0, began + sent * _PACKET_S - time.monotonic()))
