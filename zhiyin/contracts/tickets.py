"""The signed ticket by which ``live`` admits a browser's socket without asking the database.

Form: base64url(JSON of ``Ticket``) "." base64url(HMAC-SHA256 over the first part).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

import msgspec


class Ticket(msgspec.Struct, frozen=True):
    """``rights`` are permission codes; ``agent`` is set where the user may sign in as an agent."""

    tenant: int
    user: int
    name: str
    role: str  # "agent", "lead", "administrator"
    rights: tuple[str, ...]
    expires_at: datetime
    session: str
    agent: int | None = None
    #: right -> the teams within its reach; one of ``rights`` that is not named here reaches everybody
    reach: dict[str, tuple[int, ...]] = {}


#: By this header ``web`` tells the front which login just ended; it goes no further.
SESSION_ENDED_HEADER = "x-zhiyin-session-ended"


class BadTicket(Exception):
    """Forged, garbled or expired."""


def sign_ticket(ticket: Ticket, key: bytes) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(ticket)).rstrip(b"=")
    return f"{body.decode()}.{_mac(body, key)}"


def read_ticket(text: str, key: bytes, *, now: datetime) -> Ticket:
    """Return the ticket. Raises ``BadTicket``."""
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(body.encode(), key).encode()):
        raise BadTicket("signature")
    try:
        ticket = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=Ticket)
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadTicket("form") from error
    if ticket.expires_at <= now:
        raise BadTicket("expired")
    return ticket


def _mac(body: bytes, key: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.new(key, body, hashlib.sha256).digest()).rstrip(b"=").decode()
