"""What can go wrong between us and Asterisk.

``AriError``
 +- ``AriAway``      not connected, the connection broke, or no answer in time
 +- ``AriRefused``   answered, but not with success
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zhiyin.engine.ports import Refused, TelephonyAway


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


@contextmanager
def port_errors() -> Iterator[None]:
    """Say the engine's errors for Asterisk's."""
    try:
        yield
    except AriAway as error:
        raise TelephonyAway(str(error)) from error
    except AriRefused as error:
        raise Refused(str(error)) from error
