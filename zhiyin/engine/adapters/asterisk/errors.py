"""What can go wrong between us and Asterisk.

``AriError``
 +- ``AriAway``      not connected, the connection broke, or no answer in time
 +- ``AriRefused``   answered, but not with success
"""

from __future__ import annotations


class AriError(Exception):
    """A request to Asterisk failed."""


class AriAway(AriError):
    """Asterisk cannot be reached, or did not answer in time."""


class AriRefused(AriError):
    """Asterisk answered ``status`` with ``reason``."""

    def __init__(self, *, request: str, status: int, reason: str) -> None:
        super().__init__(f"{request}: {status} {reason}")
        self.status = status
        self.reason = reason
