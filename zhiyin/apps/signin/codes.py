"""Codes that prove a second factor: time-based ones of an app (TOTP, RFC 6238), and recovery codes. No database.

Six digits, SHA-1 and 30 seconds are what every authenticator app can do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS = 6
STEP_S = 30
#: a telephone's clock may be so many steps behind or ahead
DRIFT_STEPS = 1
SECRET_BYTES = 20
RECOVERY_CODES = 10
#: without signs that look alike
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


def new_secret() -> str:
    """Return a secret in the form that people can type (base32)."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def setup_address(secret: str, *, company: str, username: str) -> str:
    """Return what the QR code holds for an authenticator app."""
    issuer = company.replace(":", " ")
    facts = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{quote(f'{issuer}:{username}')}?{urlencode(facts, quote_via=quote)}"


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the time step whose code this is, later than ``after``; ``None``: the code is wrong, stale or used."""
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        return None
    hotp = HOTP(base64.b32decode(secret), DIGITS, SHA1())  # noqa: S303 - the algorithm that apps know; HMAC keeps it sound
    present = int(now.timestamp()) // STEP_S
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        try:
            hotp.verify(code.encode(), step)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def code_at(secret: str, *, now: datetime) -> str:
    """Return the code that an app shows."""
    step = int(now.timestamp()) // STEP_S
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()  # noqa: S303 - as above


def new_recovery_codes() -> list[str]:
    """Return ten codes of about 50 bits each, as they are shown: "k3m9x-7q2wd"."""
    return [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(_HALF)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str, *, key: bytes, user_id: int) -> str:
    """Return what is kept of a recovery code: with the database alone nobody can search for it."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hmac.new(key, f"recovery code:{user_id}:{plain}".encode(), hashlib.sha256).hexdigest()
