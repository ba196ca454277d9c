"""Webhooks' arithmetic: what a signature is, how long to wait before the next try, when to give up.

Signatures follow the Standard Webhooks specification: HMAC-SHA256 over "id.timestamp.body" with the secret behind
``whsec_``, written as ``v1,`` and base64; several stand side by side while a secret is being changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

SECRET_PREFIX = "whsec_"  # noqa: S105 - how a secret begins
_VERSION = "v1,"
#: how far a signature's instant may lie from now: older ones are replays
TOLERANCE = timedelta(minutes=5)

#: before the second try, the third ...: eleven tries in a day and six hours
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60, 2 * 60, 4 * 60, 8 * 60, 14 * 60))
#: nothing was taken for so long: the address is gone
DISABLED_AFTER = timedelta(days=5)


class BadSecret(ValueError):
    """Not ``whsec_`` and base64 of 24 to 64 bytes."""


class BadSignature(ValueError):
    """Signed by somebody else, for another message, or too long ago."""


def secret_of(key: bytes) -> str:
    """Return a key as its users hold it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(*, secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Return one signature. Raises ``BadSecret``."""
    said = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return _VERSION + base64.b64encode(hmac.digest(_key(secret), said, hashlib.sha256)).decode()


def verify(
    *, secrets: Iterable[str], message_id: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> datetime:
    """Return when a message was signed, by one of ``secrets``. Raises ``BadSignature`` and ``BadSecret``."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise BadSignature("the timestamp is no number")
    at = datetime.fromtimestamp(int(timestamp), now.tzinfo)
    if abs(now - at) > TOLERANCE:
        raise BadSignature("signed too long ago, or by a clock that is wrong")
    given = [each.encode() for each in signatures.split(" ")[:8]]
    for secret in secrets:
        wanted = sign(secret=secret, message_id=message_id, at=at, body=body).encode()
        if any(hmac.compare_digest(wanted, each) for each in given):
            return at
    raise BadSignature("no signature fits")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise BadSecret("not base64") from error
    if not 24 <= len(key) <= 64:
        raise BadSecret("24 to 64 bytes are needed")
    return key


def wait_before_next(tries: int, *, asked_s: float | None = None) -> timedelta | None:
    """Return how long to wait after so many failed tries; None: give up.

    ``asked_s``: what the receiver asked for (Retry-After); it lengthens a wait, at most to the longest one.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[max(1, tries) - 1]
    asked = timedelta(seconds=min(max(asked_s or 0.0, 0.0), WAITS[-1].total_seconds()))
    return max(wait, asked)


def is_dead(*, failing_since: datetime | None, now: datetime) -> bool:
    """Whether an address has taken nothing for so long that asking it again is pointless."""
    return failing_since is not None and now - failing_since >= DISABLED_AFTER
