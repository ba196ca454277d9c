"""Messages that try a SIP parser: those of RFC 4475, and mutations of ordinary ones.

The RFC's texts stand in ``rfc4475.txt``, each by its name there; bytes that no text can hold are put in by name.
Host names are the RFC's and lead nowhere.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.harness.product import Product
from tests.harness.sip_attacker import attacker

#: "=== name", then the message; spaces at a line's end are part of it
_TEXTS = Path(__file__).with_name("rfc4475.txt")
_LONG = "long" * 12
FROM_ONE_ADDRESS = 8
_BYTES = {"BEL": b"\x07", "NUL": b"\x00", "DEL": b"\x7f", "UTF8": "хорошо 你好".encode(), "LONG": _LONG.encode()}

_ORDINARY = (
    "{method} sip:{user}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK{branch}\r\n"
    'From: "Alice" <sip:alice@192.0.2.9>;tag={branch}\r\nTo: <sip:{user}@192.0.2.1>\r\nCall-ID: {branch}@x\r\n'
    "CSeq: 1 {method}\r\nContact: <sip:alice@192.0.2.9:5060>\r\nMax-Forwards: 70\r\nSupported: timer, replaces\r\n"
    "Content-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{sdp}"
)
_SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
)
_METHODS = ("INVITE", "REGISTER", "OPTIONS", "BYE", "CANCEL", "ACK", "REFER", "NOTIFY", "MESSAGE", "UPDATE", "INFO")
#: what mutations put in: long, empty, foreign, signs with a meaning, numbers at the edges
_SPICES = (
    b"", b"\x00", b"\xff\xfe", b"%n%s%x", b"\r\n", b"\r\n\r\n", b"A" * 3000, b"9" * 400, b"-1", b"4294967296",
    b";" * 200, b"<" * 100, b'"', b"\\", b"=?utf-8?", b"[::1]", "你好".encode(), b"$(id)", b"${CHANNEL(name)}", b",",
)  # fmt: skip


def rfc4475() -> dict[str, bytes]:
    """Return the RFC's messages by name, as they go over the wire."""
    parts = re.split(r"^=== (\w+)\n", _TEXTS.read_text(), flags=re.MULTILINE)
    return {name: _to_bytes(text) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _to_bytes(text: str) -> bytes:
    raw = text.replace("\n", "\r\n").encode()
    for name, value in _BYTES.items():
        raw = raw.replace(f"{{{name}}}".encode(), value)
    return raw.replace(b"{{", b"{").replace(b"}}", b"}")


def mutations(seed: int) -> Iterator[bytes]:
    """Return messages without end, each an ordinary or a strange one changed in one to four places."""
    chance = random.Random(seed)
    strange = list(rfc4475().values())
    while True:
        message = bytearray(chance.choice(strange) if chance.random() < 0.3 else _ordinary(chance))
        for _ in range(chance.randint(1, 4)):
            _change(message, chance)
        yield bytes(message[:60_000])


def _ordinary(chance: random.Random) -> bytes:
    method, branch = chance.choice(_METHODS), f"{chance.getrandbits(48):x}"
    sdp = _SDP if method in ("INVITE", "UPDATE", "ACK") else ""
    user = chance.choice(("100", "4008001234", "echo", "%00", "a" * 200))
    return _ORDINARY.format(method=method, branch=branch, user=user, length=len(sdp), sdp=sdp).encode()


def _change(message: bytearray, chance: random.Random) -> None:
    if not message:
        return
    at = chance.randrange(len(message))
    until = min(len(message), at + chance.randint(1, 40))
    match chance.randrange(6):
        case 0:
            message[at] = chance.randrange(256)
        case 1:
            del message[at:until]
        case 2:
            message[at:at] = chance.choice(_SPICES)
        case 3:
            message[at:until] = chance.choice(_SPICES)
        case 4:
            message[at:at] = bytes(message[at:until]) * chance.randint(1, 30)
        case _:
            lines = bytes(message).split(b"\r\n")
            chance.shuffle(lines)
            message[:] = b"\r\n".join(lines)


async def torment(product: Product, messages: Iterable[bytes], round_number: int) -> float:
    """Send messages to Asterisk, then make a probe call; return how long its answer took, in seconds.

    Few come from one address: one that is banned would not be listened to any more.
    """
    for number, message in enumerate(messages):
        host = number // FROM_ONE_ADDRESS
        source = f"127.{16 + round_number % 200}.{10 + host // 250}.{1 + host % 250}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind((source, 0))
            line.sendto(message, ("127.0.0.1", product.sip_port))
    caller = await attacker(("127.0.0.1", product.sip_port), f"127.{16 + round_number % 200}.9.1")
    try:
        began = time.monotonic()
        status = await caller.ask("INVITE", "0000", within_s=10)
        assert status == 404, status
        return time.monotonic() - began
    finally:
        caller.close()
