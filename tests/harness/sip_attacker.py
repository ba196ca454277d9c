"""An attacker on the network: sends SIP as fast as it is told, from an address of its own on loopback."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field

from bench.sip_load import digest
from tests.harness.waiting import until

_STATUS = re.compile(rb"SIP/2\.0 (\d{3})")
_CALL_ID = re.compile(rb"\r\nCall-ID: ([^\r]+)", re.IGNORECASE)
_CHALLENGE = re.compile(rb"\r\nWWW-Authenticate: ([^\r]+)", re.IGNORECASE)


@dataclass
class Attacker(asyncio.DatagramProtocol):
    """``answers`` counts the statuses that came; ``guesses`` answers each challenge with a wrong password."""

    server: tuple[str, int]
    address: str
    does_guess: bool = True
    answers: Counter[int] = field(default_factory=Counter)
    sent: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _accounts: dict[bytes, str] = field(default_factory=dict)
    _statuses: dict[bytes, int] = field(default_factory=dict)

    async def open(self) -> Attacker:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.address, 0))
        self.port: int = self.transport.get_extra_info("sockname")[1]
        return self

    def close(self) -> None:
        self.transport.close()

    def send(self, method: str, user: str, *, account: str = "100", more: str = "", seq: int = 1) -> bytes:
        """Send one request; return its Call-ID."""
        call_id = f"{secrets.token_hex(6)}-{next(self._numbers)}".encode()
        self._send(method, user, account=account, call_id=call_id, more=more, seq=seq)
        return call_id

    def _send(self, method: str, user: str, *, account: str, call_id: bytes, more: str, seq: int) -> None:
        host, port = self.server
        target = f"sip:{host}:{port}" if method == "REGISTER" else f"sip:{user}@{host}:{port}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{self.port};rport;branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: <sip:{account}@{host}>;tag={secrets.token_hex(4)}",
            f"To: <sip:{user}@{host}>",
            f"Call-ID: {call_id.decode()}",
            f"CSeq: {seq} {method}",
            f"Contact: <sip:{account}@{self.address}:{self.port}>",
            "Max-Forwards: 70",
            "User-Agent: friendly-scanner",
        ]
        self._accounts[call_id] = account
        self.sent += 1
        text = "\r\n".join(lines) + f"\r\n{more}Content-Length: 0\r\n\r\n"
        self.transport.sendto(text.encode(), self.server)

    def datagram_received(self, packet: bytes, _address: tuple[str, int]) -> None:
        status, call_id = _STATUS.match(packet), _CALL_ID.search(packet)
        if status is None or call_id is None:
            return
        code = int(status[1])
        self.answers[code] += 1
        self._statuses[call_id[1]] = code
        account, challenge = self._accounts.get(call_id[1], ""), _CHALLENGE.search(packet)
        if code == 401 and self.does_guess and challenge and b"2 REGISTER" not in packet:
            uri = f"sip:{self.server[0]}"
            guess = digest(challenge[1].decode(), user=account, secret=secrets.token_hex(4), method="REGISTER", uri=uri)
            self._send(
                "REGISTER", account, account=account, call_id=call_id[1], more=f"Authorization: {guess}\r\n", seq=2
            )

    async def ask(self, method: str = "OPTIONS", user: str = "100", *, within_s: float = 2.0) -> int:
        """Send a request and return the status of its answer."""
        call_id = self.send(method, user)
        await until(lambda: self._statuses.get(call_id, 0) >= 200, what="an answer to the attacker", within_s=within_s)
        return self._statuses[call_id]

    async def flood(
        self, method: str, users: list[str], *, per_s: int, for_s: float, are_accounts: bool = False
    ) -> None:
        """Send at this rate for so long."""
        loop = asyncio.get_running_loop()
        began_s, count = loop.time(), 0
        while (now_s := loop.time() - began_s) < for_s:
            while count < now_s * per_s:
                user = users[count % len(users)]
                self.send(method, user, account=user if are_accounts else "100")
                count += 1
            await asyncio.sleep(0.005)

    async def is_banned(self, *, within_s: float) -> float:
        """Wait until requests are refused outright; return after how many seconds."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        while loop.time() - began_s < within_s:
            if await self.ask() == 403:
                return loop.time() - began_s
            await asyncio.sleep(0.02)
        raise AssertionError(f"not banned within {within_s:g} s; answers {dict(self.answers)}")


async def attacker(server: tuple[str, int], address: str, *, does_guess: bool = True) -> Attacker:
    return await Attacker(server, address, does_guess).open()
