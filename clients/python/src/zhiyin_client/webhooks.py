"""Checking a webhook's signature before believing it (Standard Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

TOLERANCE_S = 300


class BadSignature(Exception):
    """Signed by somebody else, for another body, or too long ago: do not use it."""


def read_webhook(*, headers: Mapping[str, str], body: bytes, secret: str, now: float | None = None) -> dict[str, Any]:
    """Return a webhook's message once its signature is right; ``id`` is the same when it comes again.

    ``headers`` by lower-case name; ``secret`` begins with ``whsec_``. Raises ``BadSignature``.
    """
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_S:
        raise BadSignature("signed too long ago, or not at all")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{message_id}.{timestamp}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given):
        raise BadSignature("no signature fits")
    message: dict[str, Any] = json.loads(body)
    return message
