"""The little of SIP that the front reads and writes: whose dialogue a message belongs to, and how it is ended. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

_SHORT = {"i": "call-id", "f": "from", "t": "to", "v": "via", "m": "contact"}
_QUOTED = re.compile(r'(\w+)="?([^",]+)"?')
#: above every number that Asterisk counts its own requests with
_LAST_SEQUENCE = 1 << 30
MAX_DIALOGUES = 64


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A message's first line and its headers, the first of each name, in lower case."""

    first: str
    headers: dict[str, str]

    @property
    def call_id(self) -> str:
        return self.headers.get("call-id", "")

    @property
    def method(self) -> str:
        """The request's, or that of the request which a response answers."""
        return self.headers.get("cseq", "").rpartition(" ")[2]

    @property
    def status(self) -> int | None:
        """A response's status; None for a request."""
        parts = self.first.split(" ", 2)
        return int(parts[1]) if parts[0] == "SIP/2.0" and len(parts) > 1 and parts[1].isdecimal() else None


def read_sip(text: str) -> SipMessage | None:
    """Return the message's head; None for what is none (a keep-alive)."""
    head = text.partition("\r\n\r\n")[0]
    first, _, rest = head.partition("\r\n")
    headers: dict[str, str] = {}
    for line in rest.split("\r\n"):
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if colon:
            headers.setdefault(_SHORT.get(name, name), value.strip())
    return SipMessage(first, headers) if first and headers else None


def user_of(address: str) -> str:
    """Return the user of a From or To: "<sip:b1-5-x@zhiyin.invalid>;tag=1" -> "b1-5-x"."""
    found = re.search(r"sips?:([^@;>]+)@", address)
    return found[1] if found else ""


@dataclass(slots=True)
class _Dialogue:
    """One call as it stands between a node and a browser. ``bye`` is the From and To of a BYE by the node."""

    node: str
    invite: SipMessage
    is_from_node: bool
    bye: tuple[str, str] | None = None


@dataclass(slots=True)
class Dialogues:
    """Which node has which of one browser's dialogues."""

    _calls: dict[str, _Dialogue] = field(default_factory=dict)
    _nodes: dict[str, str] = field(default_factory=dict)  # Call-ID -> node, also of what is no call

    def node_of(self, message: SipMessage) -> str | None:
        return self._nodes.get(message.call_id)

    def note(self, message: SipMessage, node: str, *, is_from_node: bool) -> None:
        """Remember what passed between the browser and the node."""
        if message.method == "REGISTER":
            return  # by no node's dialogue: the next one goes to whichever node is home then
        self._nodes[message.call_id] = node
        while len(self._nodes) > MAX_DIALOGUES:
            self._nodes.pop(oldest := next(iter(self._nodes)))
            self._calls.pop(oldest, None)
        if message.status is None and message.method == "INVITE":
            self._calls.setdefault(message.call_id, _Dialogue(node, message, is_from_node))
        elif message.status is None and message.method in ("BYE", "CANCEL"):
            self._calls.pop(message.call_id, None)
        elif message.method == "INVITE" and (call := self._calls.get(message.call_id)):
            self._answered(call, message)

    def _answered(self, call: _Dialogue, answer: SipMessage) -> None:
        status = answer.status or 0
        if 200 <= status < 300:
            local, remote = answer.headers.get("from", ""), answer.headers.get("to", "")
            call.bye = (local, remote) if call.is_from_node else (remote, local)
        elif status >= 300 and status not in (401, 407) and call.bye is None:
            self._calls.pop(answer.call_id, None)

    def take_ends(self, node: str) -> list[str]:
        """Return what a node that died would have said to end its calls at the browser; forget them."""
        lost = {call_id: call for call_id, call in self._calls.items() if call.node == node}
        for call_id in lost:
            del self._calls[call_id], self._nodes[call_id]
        return [text for call_id, call in lost.items() if (text := _end(call_id, call))]


def _end(call_id: str, call: _Dialogue) -> str:
    target = call.invite.first.split(" ")[1] if call.is_from_node else "sip:browser@zhiyin.invalid"
    if call.bye is not None:
        via = f"SIP/2.0/WS zhiyin.invalid;branch=z9hG4bK{secrets.token_hex(8)}"
        return _request(f"BYE {target}", via, call.bye, f"Call-ID: {call_id}\r\nCSeq: {_LAST_SEQUENCE} BYE")
    if not call.is_from_node:
        return ""  # it was not answered yet: the browser's own transaction ends by its timer
    headers = call.invite.headers
    number = headers.get("cseq", "0").split(" ")[0]
    parties = (headers.get("from", ""), headers.get("to", ""))
    return _request(f"CANCEL {target}", headers.get("via", ""), parties, f"Call-ID: {call_id}\r\nCSeq: {number} CANCEL")


def _request(what: str, via: str, parties: tuple[str, str], dialogue: str) -> str:
    lines = (
        f"{what} SIP/2.0",
        f"Via: {via}",
        "Max-Forwards: 70",
        f"From: {parties[0]}",
        f"To: {parties[1]}",
        dialogue,
        'Reason: Q.850;cause=38;text="Network out of order"',
        "Content-Length: 0",
    )
    return "\r\n".join(lines) + "\r\n\r\n"


@dataclass(slots=True)
class Registration:
    """A browser's registration said again to another node, in the browser's name."""

    account: str
    secret: str
    domain: str
    contact: str
    expires_s: int
    call_id: str = field(default_factory=lambda: f"{secrets.token_hex(12)}@front")
    _number: int = 0

    def request(self, challenge: SipMessage | None = None) -> str:
        """Return the next REGISTER, with the answer to a challenge where there was one."""
        self._number += 1
        uri = f"sip:{self.domain}"
        address = f"<sip:{self.account}@{self.domain}>"
        lines = [
            f"REGISTER {uri} SIP/2.0",
            f"Via: SIP/2.0/WS zhiyin.invalid;branch=z9hG4bK{secrets.token_hex(8)}",
            "Max-Forwards: 70",
            f"From: {address};tag={secrets.token_hex(6)}",
            f"To: {address}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self._number} REGISTER",
            f"Contact: {self.contact}",
            f"Expires: {self.expires_s}",
        ]
        if challenge is not None:
            lines.append(f"Authorization: {self._authorization(challenge, uri)}")
        return "\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n"

    def _authorization(self, challenge: SipMessage, uri: str) -> str:
        asked = dict(_QUOTED.findall(challenge.headers.get("www-authenticate", "")))
        realm, nonce, own = asked.get("realm", ""), asked.get("nonce", ""), secrets.token_hex(8)
        secret = _md5(f"{self.account}:{realm}:{self.secret}")
        response = _md5(f"{secret}:{nonce}:00000001:{own}:auth:{_md5(f'REGISTER:{uri}')}")
        values = {
            "username": self.account,
            "realm": realm,
            "nonce": nonce,
            "uri": uri,
            "response": response,
            "cnonce": own,
        }
        if opaque := asked.get("opaque"):
            values["opaque"] = opaque
        quoted = ", ".join(f'{name}="{value}"' for name, value in values.items())
        return f"Digest {quoted}, algorithm=MD5, qop=auth, nc=00000001"


def _md5(text: str) -> str:
    # what SIP's digest is made of (RFC 3261, 22.4), inside the installation's own TLS
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
