"""What the engine asks of the world outside: HTTP, and rows of other databases. ``adapters/outside`` goes there;
``adapters/simulator/outside.py`` stands in for it in virtual time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from zhiyin.contracts.external_services import DatabaseSetting

#: Of an answer so much is read at most, where nothing else is said; a longer one is none.
MAX_ANSWER_BYTES = 64_000


class OutsideFailed(Exception):
    """Nothing came back that could be used; ``cause`` says why: unresolved refused_address unreachable tls late broken
    too_large not_json wrong_type closed busy unknown_service refused_login bad_statement http_500 ..."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One request. What it holds may be secret or personal: it is never shown. Of an answer longer than ``most_bytes``
    nothing is taken."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    most_bytes: int = MAX_ANSWER_BYTES


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SocketCall:
    """A websocket to be opened: ``url`` begins with "wss://", "ws://", or what they begin as. A message that is longer
    than ``most_bytes`` closes it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    subprotocols: tuple[str, ...] = ()
    most_bytes: int = MAX_ANSWER_BYTES


class OutsideSocket(Protocol):
    """A websocket that is open. ``send`` and ``receive`` raise ``OutsideFailed`` and nothing else: "closed" where the
    other side ended it. What comes faster than it is received waits at the other side."""

    async def send(self, message: str | bytes) -> None: ...

    async def receive(self) -> str | bytes: ...

    async def close(self) -> None:
        """Close it, within a second; repeated, nothing happens."""
        ...


class OutsideWorld(Protocol):
    """All raise ``OutsideFailed`` and nothing else, hold up nobody, and may be cancelled at any time. ``company``: who
    asks; what one company asks holds up no other's."""

    async def call(self, call: HttpCall, *, company: int, within_s: float) -> HttpAnswer: ...

    async def open_socket(self, call: SocketCall, *, company: int, within_s: float) -> OutsideSocket: ...

    async def query(
        self, database: DatabaseSetting, query: str, parameters: Mapping[str, str], *, company: int, within_s: float
    ) -> Mapping[str, Any] | None:
        """Return the first row of a query with places ``{{name}}``, as JSON has it; None where there is none."""
        ...


class NoOutside:
    """Where the engine was given no way outside."""

    async def call(self, call: HttpCall, *, company: int, within_s: float) -> HttpAnswer:  # noqa: ARG002 - the protocol's
        raise OutsideFailed("unknown_service")

    async def open_socket(self, call: SocketCall, *, company: int, within_s: float) -> OutsideSocket:  # noqa: ARG002
        raise OutsideFailed("unknown_service")

    async def query(
        self,
        database: DatabaseSetting,  # noqa: ARG002
        query: str,  # noqa: ARG002
        parameters: Mapping[str, str],  # noqa: ARG002
        *,
        company: int,  # noqa: ARG002
        within_s: float,  # noqa: ARG002
    ) -> Mapping[str, Any] | None:
        raise OutsideFailed("unknown_service")
