"""A small SIP load: agents that register and answer, callers that call and wait for the other side to hang up.

Signalling only, unless a port for RTP is given (``bench/rtp.py`` listens there). One UDP socket for all agents, one for
all callers. Made for loopback. Agents note when each hung up and when its next INVITE came: the distance is "agent
free to INVITE".
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import random
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

Address = tuple[str, int]

_HEADER = re.compile(r"^([A-Za-z-]+)\s*:\s*(.*)$")
_AUDIO = re.compile(r"^m=audio (\d+)", re.MULTILINE)
#: named in the SDP where no RTP is wanted
NOBODYS_PORT = 9


@dataclass(slots=True)
class Message:
    first: str
    headers: list[tuple[str, str]]
    body: str = ""

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def is_request(self) -> bool:
        return not self.first.startswith("SIP/2.0")

    @property
    def method(self) -> str:
        return self.first.split(" ", 1)[0] if self.is_request else self.get("cseq").split()[-1]

    @property
    def status(self) -> int:
        return int(self.first.split(" ")[1])


def parse(text: str) -> Message:
    head, _, body = text.partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = [(m[1], m[2]) for m in map(_HEADER.match, lines[1:]) if m]
    return Message(lines[0], headers, body)


def sdp(port: int) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n"
        "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
    )


def digest(challenge: str, *, user: str, secret: str, method: str, uri: str) -> str:
    """Return an Authorization header for a challenge (RFC 2617, MD5, with or without qop)."""
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
    ha1 = _md5(f"{user}:{fields['realm']}:{secret}")
    ha2 = _md5(f"{method}:{uri}")
    nonce = fields["nonce"]
    head = f'Digest username="{user}", realm="{fields["realm"]}", nonce="{nonce}", uri="{uri}", algorithm=MD5'
    if "qop" not in fields:
        answer = _md5(f"{ha1}:{nonce}:{ha2}")
        return f'{head}, response="{answer}"'
    answer = _md5(f"{ha1}:{nonce}:00000001:cafe:auth:{ha2}")
    extra = f', opaque="{fields["opaque"]}"' if "opaque" in fields else ""
    return f'{head}, response="{answer}", qop=auth, nc=00000001, cnonce="cafe"{extra}'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Endpoint(asyncio.DatagramProtocol):
    """Retransmits requests (timer A) and answers until the final response came."""

    def __init__(self, server: Address) -> None:
        self.server = server
        self.retransmissions = 0
        self._pending: dict[str, asyncio.TimerHandle] = {}

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = int(self.transport.get_extra_info("sockname")[1])
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(1, 8, 8 << 20)  # SOL_SOCKET, SO_RCVBUF

    def send(self, text: str) -> None:
        self.transport.sendto(text.encode(), self.server)

    def request(self, text: str, key: str, wait_s: float = 0.5) -> None:
        """Send a request and repeat it until ``answered`` is told."""
        self.send(text)
        if wait_s > 0.5:
            self.retransmissions += 1
        if wait_s < 16:
            loop = asyncio.get_running_loop()
            self._pending[key] = loop.call_later(wait_s, self.request, text, key, wait_s * 2)

    @property
    def is_done(self) -> bool:
        """Whether every request was answered or given up."""
        return not self._pending

    def answered(self, key: str) -> None:
        handle = self._pending.pop(key, None)
        if handle is not None:
            handle.cancel()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        del addr
        message = parse(data.decode(errors="replace"))
        self.take(message)

    def take(self, message: Message) -> None:
        raise NotImplementedError

    def reply(self, request: Message, status: str, *, tag: str = "", contact: str = "", body: str = "") -> None:
        lines = [f"SIP/2.0 {status}"]
        lines += [f"Via: {value}" for value in request.all("via")]
        lines += [f"Record-Route: {value}" for value in request.all("record-route")]
        to = request.get("to")
        if tag and ";tag=" not in to:
            to += f";tag={tag}"
        lines += [f"From: {request.get('from')}", f"To: {to}", f"Call-ID: {request.get('call-id')}"]
        lines += [f"CSeq: {request.get('cseq')}"]
        if contact:
            lines.append(f"Contact: <{contact}>")
        if body:
            lines.append("Content-Type: application/sdp")
        self.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))


@dataclass(slots=True)
class AgentCall:
    user: str
    invite: Message
    tag: str
    is_acked: bool = False


class Agents(Endpoint):
    """``count`` telephones "agent0001".. on one socket: register, answer at once, hang up after ``talk_s``."""

    def __init__(
        self, server: Address, *, count: int = 0, secret: str | Mapping[str, str], talk_s: float | Callable[[], float]
    ) -> None:
        """``secret``: of all, or of each account by its name. ``talk_s``: always the same, or asked for each call."""
        super().__init__(server)
        self.names = [f"agent{number:04d}" for number in range(1, count + 1)]
        self._secrets = dict.fromkeys(self.names, secret) if isinstance(secret, str) else dict(secret)
        self.names = list(self._secrets)
        self._talk_s = talk_s if callable(talk_s) else lambda: talk_s
        self.registered: set[str] = set()
        self.is_backlogged: Callable[[], bool] = lambda: False
        self.free_to_invite_s: list[float] = []
        self.answered_calls = 0
        self._round = 0
        #: told of each call that the other side ended, before its own time was over
        self.on_cut: Callable[[str], None] = lambda _call_id: None
        self._calls: dict[str, AgentCall] = {}
        self._free_since: dict[str, float] = {}
        self.rtp_port = NOBODYS_PORT

    async def register(self) -> None:
        """Register all, also again after Asterisk was restarted; returns when it has accepted each."""
        self.registered.clear()
        self._round += 1
        for start in range(0, len(self.names), 50):
            for name in self.names[start : start + 50]:
                self._register(name, 1, "")
            async with asyncio.timeout(20):
                while not self.registered >= set(self.names[start : start + 50]):  # noqa: ASYNC110 - loopback, brief
                    await asyncio.sleep(0.02)

    def _register(self, name: str, number: int, authorization: str) -> None:
        uri = f"sip:127.0.0.1:{self.server[1]}"
        text = (
            f"REGISTER {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{name}-{self._round}-{number}\r\n"
            f"From: <sip:{name}@127.0.0.1>;tag={name}\r\nTo: <sip:{name}@127.0.0.1>\r\n"
            f"Call-ID: reg-{name}-{self.port}-{self._round}\r\n"
            f"CSeq: {number} REGISTER\r\nContact: <sip:{name}@127.0.0.1:{self.port}>\r\nExpires: 3600\r\n"
            f"Max-Forwards: 70\r\n{authorization}Content-Length: 0\r\n\r\n"
        )
        self.request(text, f"reg-{name}-{number}")

    def take(self, message: Message) -> None:
        if not message.is_request:
            if message.method == "REGISTER":
                self._registered(message)
            elif message.method == "BYE":
                self.answered(f"bye-{message.get('call-id')}")
            return
        match message.method:
            case "INVITE":
                self._invited(message)
            case "ACK":
                self._acked(message)
            case "BYE" | "CANCEL":
                self.reply(message, "200 OK")
                if message.method == "BYE":
                    self.on_cut(message.get("call-id"))
                    self._freed(message.get("call-id"))
            case _:
                self.reply(message, "200 OK", tag="x")

    def _registered(self, message: Message) -> None:
        name = re.findall(r"sip:([\w.-]+)@", message.get("to"))[0]
        number = int(message.get("cseq").split()[0])
        self.answered(f"reg-{name}-{number}")
        if message.status == 401 and number == 1:
            uri = f"sip:127.0.0.1:{self.server[1]}"
            value = digest(
                message.get("www-authenticate"), user=name, secret=self._secrets[name], method="REGISTER", uri=uri
            )
            self._register(name, 2, f"Authorization: {value}\r\n")
        elif message.status == 200:
            self.registered.add(name)

    def _invited(self, message: Message) -> None:
        call_id = message.get("call-id")
        name = re.findall(r"sip:([\w.-]+)@", message.first)[0]
        if call_id not in self._calls:
            now = asyncio.get_running_loop().time()
            free_since = self._free_since.pop(name, None)
            if free_since is not None:
                self.free_to_invite_s.append(now - free_since)
            self._calls[call_id] = AgentCall(name, message, f"t{random.getrandbits(40):x}")
        call = self._calls[call_id]
        self.reply(
            message, "200 OK", tag=call.tag, contact=f"sip:{name}@127.0.0.1:{self.port}", body=sdp(self.rtp_port)
        )

    def _acked(self, message: Message) -> None:
        call = self._calls.get(message.get("call-id"))
        if call is not None and not call.is_acked:
            call.is_acked = True
            self.answered_calls += 1
            asyncio.get_running_loop().call_later(self._talk_s(), self._hang_up, message.get("call-id"))

    def _hang_up(self, call_id: str) -> None:
        call = self._calls.get(call_id)
        if call is None:
            return
        invite = call.invite
        uri = re.findall(r"<([^>]+)>", invite.get("contact"))[0]
        text = (
            f"BYE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{random.getrandbits(48):x}\r\n"
            f"From: {invite.get('to')};tag={call.tag}\r\nTo: {invite.get('from')}\r\nCall-ID: {call_id}\r\n"
            "CSeq: 2 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        self.request(text, f"bye-{call_id}")
        self._freed(call_id)

    def is_talking(self, call_id: str) -> bool:
        """Whether the call was answered and is not over for its agent."""
        call = self._calls.get(call_id)
        return call is not None and call.is_acked

    def forget_calls(self) -> None:
        """The server is another one: no call of the old one will ever end."""
        self._calls.clear()

    def _freed(self, call_id: str) -> None:
        call = self._calls.pop(call_id, None)
        if call is not None and self.is_backlogged():
            self._free_since[call.user] = asyncio.get_running_loop().time()


@dataclass(slots=True)
class CallerCall:
    started_s: float
    number: str
    is_up: bool = False
    to: str = ""
    uri: str = ""
    tries: int = field(default=0)


class Callers(Endpoint):
    """Call ``numbers`` in turn at a rate; each call ends when the other side hangs up."""

    def __init__(self, server: Address, *numbers: str) -> None:
        super().__init__(server)
        self._numbers = itertools.cycle(numbers)
        self._calls: dict[str, CallerCall] = {}
        #: given up, and perhaps answered meanwhile
        self.gone: dict[str, CallerCall] = {}
        self.begun = self.given_up = 0
        self.refused = 0
        self.over = 0
        self.rtp_port = NOBODYS_PORT
        self.on_answer: Callable[[int], None] = lambda _port: None

    @property
    def open_calls(self) -> int:
        return len(self._calls)

    async def call_at(self, rate: float, count: int) -> None:
        """Begin ``count`` calls, evenly, ``rate`` a second."""
        loop = asyncio.get_running_loop()
        begin_s = loop.time()
        for number in range(count):
            await asyncio.sleep(max(0.0, begin_s + number / rate - loop.time()))
            self.call()

    def call(self) -> str:
        """Begin one call; return its Call-ID."""
        call_id = f"c{random.getrandbits(64):x}"
        self._call(call_id)
        return call_id

    async def are_over(self, within_s: float) -> bool:
        """Wait for the calls to end; return whether all did."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._calls:  # noqa: ASYNC110 - a poll is cheaper than a wake-up a call
                    await asyncio.sleep(0.05)
        return not self._calls

    async def until_over(self, within_s: float) -> None:
        """Wait for the calls to end, hanging up what is left."""
        if not await self.are_over(within_s):
            self.give_up_all()

    def give_up_all(self) -> None:
        for call_id in list(self._calls):
            self.give_up(call_id)
        self._calls.clear()

    def give_up(self, call_id: str) -> None:
        """Hang up, if the call is still there: what is not answered yet is cancelled."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        self.given_up += 1
        self.answered(f"inv-{call_id}")
        self.gone[call_id] = call
        if call.is_up:
            self._bye(call_id, call)
        else:
            self._cancel(call_id, call.number)

    def forget_calls(self) -> None:
        """The server is another one: no call of the old one will ever end."""
        for call_id in list(self._calls):
            self.answered(f"inv-{call_id}")
        self._calls.clear()

    def _call(self, call_id: str) -> None:
        self.begun += 1
        number = next(self._numbers)
        self._calls[call_id] = CallerCall(asyncio.get_running_loop().time(), number)
        body = sdp(self.rtp_port)
        self.request(
            f"INVITE {self._uri(number)} SIP/2.0\r\n{self._via(call_id)}"
            f"{self._parties(call_id, f'<{self._uri(number)}>')}CSeq: 1 INVITE\r\n"
            f"Contact: <sip:13800138000@127.0.0.1:{self.port}>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}",
            f"inv-{call_id}",
        )

    def _via(self, branch: str) -> str:
        return f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{branch}\r\n"

    def _uri(self, number: str) -> str:
        return f"sip:{number}@127.0.0.1:{self.server[1]}"

    def _parties(self, call_id: str, to: str) -> str:
        return f"From: <sip:13800138000@127.0.0.1>;tag={call_id}\r\nTo: {to}\r\nCall-ID: {call_id}\r\n"

    def take(self, message: Message) -> None:
        call_id = message.get("call-id")
        if message.is_request:
            self.reply(message, "200 OK")
            if message.method == "BYE" and self._calls.pop(call_id, None) is not None:
                self.over += 1
            return
        if message.method in {"BYE", "CANCEL"}:
            self.answered(f"{message.method.lower()}-{call_id}")
            return
        call = self._calls.get(call_id)
        if message.method != "INVITE" or message.status < 180:
            return
        self.answered(f"inv-{call_id}")
        if message.status < 200:
            return
        uri = next(iter(re.findall(r"<([^>]+)>", message.get("contact"))), f"sip:127.0.0.1:{self.server[1]}")
        branch = f"a{random.getrandbits(40):x}" if message.status < 300 else call_id
        self.send(
            f"ACK {uri} SIP/2.0\r\n{self._via(branch)}{self._parties(call_id, message.get('to'))}CSeq: 1 ACK\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        if message.status >= 300:
            self.refused += self._calls.pop(call_id, None) is not None
        elif call is not None:
            if not call.is_up and (audio := _AUDIO.search(message.body)):
                self.on_answer(int(audio[1]))
            call.is_up, call.to, call.uri = True, message.get("to"), uri
        elif (late := self.gone.pop(call_id, None)) is not None and not late.is_up:
            late.to, late.uri = message.get("to"), uri
            self._bye(call_id, late)

    def _bye(self, call_id: str, call: CallerCall) -> None:
        self.request(
            f"BYE {call.uri} SIP/2.0\r\n{self._via(f'b{call_id}')}{self._parties(call_id, call.to)}CSeq: 2 BYE\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            f"bye-{call_id}",
        )

    def _cancel(self, call_id: str, number: str) -> None:
        self.request(
            f"CANCEL {self._uri(number)} SIP/2.0\r\n{self._via(call_id)}"
            f"{self._parties(call_id, f'<{self._uri(number)}>')}CSeq: 1 CANCEL\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            f"cancel-{call_id}",
        )
