"""A small real SIP telephone on UDP for tests: it registers, calls and answers; ``media`` has its sound."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.media import Media


def header(message: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}\s*:\s*(.*?)\r?$", message)
    return found[1] if found else ""


def headers(message: str, name: str) -> list[str]:
    return re.findall(rf"(?im)^{name}\s*:\s*(.*?)\r?$", message)


def tag_of(party: str) -> str:
    found = re.search(r"tag=([^;>\s]+)", party)
    return found[1] if found else ""


def invite_branch(sequence: int, call_id: str) -> str:
    """An INVITE's branch; its CANCEL and the ACK of its refusal must carry the same."""
    return f"z9hG4bKinv{sequence}{call_id[:12]}"


def new_branch() -> str:
    return f"z9hG4bK{random.getrandbits(48):x}"


@dataclass
class Call:
    """One dialogue. ``status``: final SIP status of an outgoing call; ``invite``: the request of an incoming one."""

    telephone: Telephone
    call_id: str
    media: Media
    peer: tuple[str, int]
    local: str = ""
    remote: str = ""
    target: str = ""
    invite: str = ""
    #: the dialogue's route set, as its requests carry it
    routes: tuple[str, ...] = ()
    sequence: int = 0
    status: int | None = None
    final: str = ""
    rang: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    agreed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def sdp(self, direction: str = "sendrecv") -> str:
        offered, here = self.telephone.payload_types, self.telephone.local_host
        kinds = " ".join(map(str, offered))
        maps = "".join(f"a=rtpmap:{kind} {'PCMA' if kind == 8 else 'PCMU'}/8000\r\n" for kind in offered)
        return (
            f"v=0\r\no=u 1 {random.randrange(1 << 20)} IN IP4 {here}\r\ns=-\r\nc=IN IP4 {here}\r\nt=0 0\r\n"
            f"m=audio {self.media.port} RTP/AVP {kinds} 101\r\n{maps}a=rtpmap:101 telephone-event/8000\r\n"
            f"a=fmtp:101 0-16\r\na=ptime:20\r\na={direction}\r\n"
        )

    def take_sdp(self, body: str) -> None:
        port, address = re.search(r"m=audio (\d+) \S+ (\d+)", body), re.search(r"c=IN IP4 (\S+)", body)
        if port and address:
            self.media.remote = (address[1], int(port[1]))
            self.media.payload_type = int(port[2])

    def request(self, method: str, *, extra: str = "", body: str = "", sequence: int | None = None) -> None:
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        extra += "".join(f"Route: {route}\r\n" for route in self.routes)
        self.telephone.send(
            method,
            self.target,
            self.peer,
            local=self.local,
            remote=self.remote,
            call_id=self.call_id,
            sequence=sequence,
            extra=extra,
            body=body,
        )

    def answer(self) -> None:
        self.telephone.reply(self.invite, self.peer, "200 OK", self, self.sdp())
        self.media.start()
        self.answered.set()

    def refuse(self, status: str) -> None:
        self.telephone.reply(self.invite, self.peer, status, self)
        self.close()

    def press(self, keys: str) -> None:
        self.media.keys_to_send.extend(keys)

    async def hold(self, *, held: bool) -> None:
        """Hold or resume by re-INVITE; returns when Asterisk has agreed."""
        self.agreed.clear()
        self.request("INVITE", body=self.sdp("sendonly" if held else "sendrecv"))
        async with asyncio.timeout(20):
            await self.agreed.wait()

    def refer(self, number: str, *, replaces: Call | None = None) -> None:
        """Ask for a transfer to a number; with ``replaces``, to the party of that other call of this telephone."""
        target = f"sip:{number}@127.0.0.1:{self.telephone.server[1]}"
        if replaces is not None:
            tags = f"to-tag={tag_of(replaces.remote)};from-tag={tag_of(replaces.local)}"
            target += "?Replaces=" + quote(f"{replaces.call_id};{tags}", safe="")
        self.request("REFER", extra=f"Refer-To: <{target}>\r\nReferred-By: {self.local.partition(';')[0]}\r\n")

    def hang_up(self) -> None:
        if not self.ended.is_set():
            self.request("BYE")
            self.close()

    def cancel(self) -> None:
        self.request("CANCEL", sequence=self.sequence)

    def close(self) -> None:
        if not self.ended.is_set():
            self.ended.set()
            self.media.stop()


class Telephone(asyncio.DatagramProtocol):
    """One SIP telephone. ``on_call`` decides what to do with an incoming call; by default it answers at once."""

    def __init__(
        self,
        server_port: int,
        *,
        user: str = "caller",
        secret: str = "",
        frequency_hz: float = 440,
        first_sequence: int | None = None,
        payload_types: tuple[int, ...] = (8, 0),
        on_call: Callable[[Call], None] | None = None,
        server_host: str = "127.0.0.1",
        local_host: str = "127.0.0.1",
    ) -> None:
        self.server = (server_host, server_port)
        self.local_host = local_host
        self.user, self.secret = user, secret
        self.pcm = sound.tone(frequency_hz)
        self.first_sequence = first_sequence
        self.payload_types = payload_types
        self.on_call = on_call or (lambda call: call.answer())
        self.calls: dict[str, Call] = {}
        self.incoming: asyncio.Queue[Call] = asyncio.Queue()
        self.requests: list[str] = []
        #: as a carrier: what a REGISTER is answered
        self.register_status = "200 OK"
        self._registering: dict[str, asyncio.Future[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Telephone:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, (self.local_host, 0))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for call in list(self.calls.values()):
            if not call.ended.is_set() and call.answered.is_set():
                call.hang_up()
            call.close()
        self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.port: int = transport.get_extra_info("sockname")[1]

    # --- sending

    def send(
        self,
        method: str,
        target: str,
        peer: tuple[str, int],
        *,
        local: str,
        remote: str,
        call_id: str,
        sequence: int,
        extra: str = "",
        body: str = "",
        branch: str | None = None,
    ) -> None:
        branch = branch or (invite_branch(sequence, call_id) if method in ("INVITE", "CANCEL") else new_branch())
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.local_host}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: {local}",
            f"To: {remote}",
            f"Call-ID: {call_id}",
            f"CSeq: {sequence} {method}",
            *extra.splitlines(),
        ]
        self._send_lines(lines, body, peer)

    def _send_lines(self, lines: list[str], body: str, peer: tuple[str, int]) -> None:
        lines.append(f"Contact: <sip:{self.user}@{self.local_host}:{self.port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        lines += [f"Content-Length: {len(body.encode())}", "", body]
        self.transport.sendto("\r\n".join(lines).encode(), peer)

    def reply(self, request: str, peer: tuple[str, int], status: str, call: Call | None = None, body: str = "") -> None:
        to = header(request, "To")
        if call is not None and "tag=" not in to:
            to = call.local
        lines = [
            f"SIP/2.0 {status}",
            *(f"Via: {via}" for via in headers(request, "Via")),
            *(f"Record-Route: {route}" for route in headers(request, "Record-Route")),
            f"From: {header(request, 'From')}",
            f"To: {to}",
            f"Call-ID: {header(request, 'Call-ID')}",
            f"CSeq: {header(request, 'CSeq')}",
        ]
        self._send_lines(lines, body, peer)

    async def register(self, *, expires_s: int = 300) -> int:
        """Register (0 takes it back); returns the final SIP status."""
        server = f"{self.server[0]}:{self.server[1]}"
        target, local = f"sip:{server}", f"<sip:{self.user}@{server}>"
        call_id, authorization = f"{random.getrandbits(64):x}@register", ""
        for sequence in (1, 2):
            self._registering[call_id] = asyncio.get_running_loop().create_future()
            self.send(
                "REGISTER",
                target,
                self.server,
                local=f"{local};tag={random.getrandbits(32):x}",
                remote=local,
                call_id=call_id,
                sequence=sequence,
                extra=f"{authorization}Expires: {expires_s}\r\n",
            )
            answer = await asyncio.wait_for(self._registering[call_id], 5)
            if not answer.startswith("SIP/2.0 401"):
                break
            authorization = self._authorize(answer, "REGISTER", target, name="Authorization")
        return int(answer.split()[1])

    def _authorize(self, challenge: str, method: str, uri: str, *, name: str) -> str:
        line = header(challenge, "WWW-Authenticate") or header(challenge, "Proxy-Authenticate")
        realm, nonce = re.search(r'realm="(.*?)"', line), re.search(r'nonce="(.*?)"', line)
        assert realm is not None
        assert nonce is not None

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        secret, asked = md5(f"{self.user}:{realm[1]}:{self.secret}"), md5(f"{method}:{uri}")
        response = md5(f"{secret}:{nonce[1]}:00000001:c0ffee:auth:{asked}")
        opaque = re.search(r'opaque="(.*?)"', line)
        answer = {"username": self.user, "realm": realm[1], "nonce": nonce[1], "uri": uri, "response": response}
        answer |= {"cnonce": "c0ffee"} | ({"opaque": opaque[1]} if opaque else {})
        quoted = ", ".join(f'{key}="{value}"' for key, value in answer.items())
        return f"{name}: Digest {quoted}, algorithm=MD5, qop=auth, nc=00000001\r\n"

    async def call(self, number: str, *, extra: str = "", name: str = "") -> Call:
        """Send an INVITE; the returned call tells when it rings, is answered, or ends."""
        media = await self._media()
        call = Call(self, f"{random.getrandbits(64):x}@test", media, self.server)
        shown = f'"{name}" ' if name else ""
        call.local = f"{shown}<sip:{self.user}@{self.local_host}:{self.port}>;tag={random.getrandbits(32):x}"
        call.target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        call.remote = f"<{call.target}>"
        self.calls[call.call_id] = call
        call.request("INVITE", extra=extra, body=call.sdp())
        return call

    async def _media(self) -> Media:
        loop = asyncio.get_running_loop()
        _, media = await loop.create_datagram_endpoint(
            lambda: Media(self.pcm, first_sequence=self.first_sequence), (self.local_host, 0)
        )
        return media

    # --- receiving

    def datagram_received(self, packet: bytes, address: tuple[str, int]) -> None:
        message = packet.decode("utf-8", "replace")
        head, _, body = message.partition("\r\n\r\n")
        call_id = header(head, "Call-ID")
        if head.startswith("SIP/2.0"):
            self._take_answer(head, body, call_id)
        else:
            self.requests.append(message)
            self._take_request(head, body, call_id, address)

    def _take_answer(self, head: str, body: str, call_id: str) -> None:
        waiting = self._registering.get(call_id)
        if waiting is not None:
            if not waiting.done():
                waiting.set_result(head)
            return
        call = self.calls.get(call_id)
        status = int(head.split()[1])
        sequence, method = header(head, "CSeq").split()
        if call is None or method != "INVITE":
            return
        if status in (180, 183):
            call.rang.set()
        if status < 200:
            return
        if "tag=" in header(head, "To"):
            call.remote = header(head, "To")
        if status >= 300:
            self.send(
                "ACK",
                call.target,
                call.peer,
                local=call.local,
                remote=header(head, "To"),
                call_id=call_id,
                sequence=int(sequence),
                branch=invite_branch(int(sequence), call_id),
            )
            if status in (401, 407) and self.secret and call.status is None:
                call.status = status
                call.remote = f"<{call.target}>"
                name = "Authorization" if status == 401 else "Proxy-Authorization"
                call.request("INVITE", extra=self._authorize(head, "INVITE", call.target, name=name), body=call.sdp())
                return
            call.status, call.final = status, head
            call.close()
            return
        contact = re.search(r"<(.*?)>", header(head, "Contact"))
        call.target = contact[1] if contact else call.target
        call.routes = tuple(reversed(headers(head, "Record-Route")))
        call.request("ACK", sequence=int(sequence))
        call.take_sdp(body)
        call.status = status
        call.agreed.set()
        if not call.answered.is_set() and not call.ended.is_set():
            call.final = head + "\r\n\r\n" + body
            call.media.start()
            call.answered.set()

    def _take_request(self, head: str, body: str, call_id: str, address: tuple[str, int]) -> None:
        call = self.calls.get(call_id)
        method = head.split(maxsplit=1)[0]
        if method == "INVITE" and call is None:
            task = asyncio.create_task(self._ring(head, body, call_id, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif method == "INVITE" and call is not None:
            if call.answered.is_set():
                call.take_sdp(body)
                self.reply(head, address, "200 OK", call, call.sdp())
        elif method == "CANCEL" and call is not None:
            self.reply(head, address, "200 OK", call)
            if not call.answered.is_set():
                self.reply(call.invite, address, "487 Request Terminated", call)
                call.status = 487
                call.close()
        elif method == "BYE":
            self.reply(head, address, "200 OK", call)
            if call is not None:
                call.close()
        elif method == "REGISTER":
            self.reply(head, address, self.register_status)
        elif method != "ACK":
            self.reply(head, address, "200 OK", call)

    async def _ring(self, head: str, body: str, call_id: str, address: tuple[str, int]) -> None:
        if call_id in self.calls:
            return
        media = await self._media()
        call = Call(self, call_id, media, address, invite=head + "\r\n\r\n" + body)
        call.local = f"{header(head, 'To')};tag={random.getrandbits(32):x}"
        call.remote = header(head, "From")
        call.routes = tuple(headers(head, "Record-Route"))
        contact = re.search(r"<(.*?)>", header(head, "Contact"))
        call.target = contact[1] if contact else ""
        self.calls[call_id] = call
        call.take_sdp(body)
        self.reply(head, address, "180 Ringing", call)
        self.incoming.put_nowait(call)
        self.on_call(call)
