"""The telephone's page inside another system's: whose frames it may stand in, and cookies that work there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

#: A page in a frame of another site asks with this for cookies of its own for that site (CHIPS). Pages of other
#: origins cannot send it without our leave (CORS).
COOKIES_HEADER: Final = "x-zhiyin-cookies"
PARTITIONED: Final = "partitioned"
_COMPANY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_REMEMBERED = 1_000
_OF_SITES = frozenset({b"samesite", b"secure", b"partitioned"})


class _Embedding(msgspec.Struct):
    origins: list[str] = []


class Embedders:
    """Who may embed a company's telephone: asked of ``web`` each time; the last answer stands while ``web`` is away."""

    def __init__(self, ask_web: Callable[[str, str], Awaitable[tuple[int, bytes] | None]]) -> None:
        self._ask_web = ask_web
        self._last: dict[str, tuple[str, ...]] = {}

    async def of(self, company: str) -> tuple[str, ...]:
        """Return the company's origins; none where it has none, is none, or was never heard of and cannot be now."""
        if not _COMPANY.fullmatch(company):
            return ()
        answer = await self._ask_web(f"/api/embedding/{company}", "")
        if answer is None or answer[0] >= 500:
            return self._last.get(company, ())
        self._last.pop(company, None)
        found = _origins_in(answer[1]) if answer[0] == 200 else ()
        if found:
            self._last[company] = found
            while len(self._last) > _REMEMBERED:
                del self._last[next(iter(self._last))]
        return found


def _origins_in(body: bytes) -> tuple[str, ...]:
    try:
        told = msgspec.json.decode(body, type=_Embedding)
    except msgspec.MsgspecError:
        return ()
    return tuple(origin for origin in told.origins if _ORIGIN.fullmatch(origin))


def partitioned(cookie: bytes) -> bytes:
    """Return a ``Set-Cookie`` that the browser keeps in a frame of another site, for that site's pages alone."""
    value, *attributes = (part.strip() for part in cookie.split(b";"))
    kept = [each for each in attributes if each.lower().partition(b"=")[0] not in _OF_SITES]
    return b"; ".join([value, *kept, b"Secure", b"SameSite=None", b"Partitioned"])
