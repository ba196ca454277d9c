"""The SIP identities of agents' browsers: name and secret follow from page and installation; nothing is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

#: "b<tenant>-<agent>-<page>"
BROWSER_ACCOUNT = re.compile(r"b(\d+)-(\d+)-[0-9a-f]{12}")


def browser_secret(key: bytes, account: str) -> str:
    """Return the password of a browser's telephone; ``key`` is the installation's ticket key."""
    mac = hmac.new(key, account.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:18]).decode()
