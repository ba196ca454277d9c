"""What Asterisk's ARI answered."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from zhiyin.engine.adapters.asterisk.errors import AriRefused
from zhiyin.engine.adapters.asterisk.messages import Failure

T = TypeVar("T")

_decode_failure = msgspec.json.Decoder(Failure).decode


@dataclass(frozen=True, slots=True)
class Answer:
    """What Asterisk answered to one request."""

    request: str
    status: int
    reason: str
    body: str

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    def expect(self, *also: int) -> Answer:
        """Return itself when the request succeeded or ended with one of the statuses. Raises ``AriRefused``."""
        if self.is_ok or self.status in also:
            return self
        raise AriRefused(request=self.request, status=self.status, reason=self.why())

    def read(self, kind: type[T]) -> T:
        """Return the body as ``kind``. Raises ``AriRefused`` when the request failed or the body is no such thing."""
        self.expect()
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise AriRefused(request=self.request, status=self.status, reason=f"unreadable answer: {error}") from error

    def why(self) -> str:
        """Return Asterisk's own words for a failure."""
        with contextlib.suppress(msgspec.MsgspecError):
            failure = _decode_failure(self.body)
            return failure.message or failure.error or self.reason
        return self.reason
