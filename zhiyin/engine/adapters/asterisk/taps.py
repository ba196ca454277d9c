"""Listening in: a snoop channel on the tapped leg, and the listener's own leg, in a bridge of their own.

The snoop hears both sides of the tapped leg and speaks to that leg alone; a listener who must not be heard is muted
before the snoop is there. Everything is found again by name, so nothing is lost with an engine.
"""

from __future__ import annotations

import asyncio
from zlib import crc32

from zhiyin.engine.adapters.asterisk import messages
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.translate import TAP
from zhiyin.engine.ports import LegGone, LegId, TelephonyAway

BAD_REQUEST, NOT_FOUND, CONFLICT, UNPROCESSABLE = 400, 404, 409, 422
#: A snoop channel is in our application a moment after it was made; only then can it be bridged.
ENTER_WITHIN_S = 3.0


class Taps:
    def __init__(self, *, ari: AriClient, application: str) -> None:
        self._ari = ari
        self._application = application
        self._entering: dict[str, asyncio.Event] = {}

    def entered(self, snoop: str) -> None:
        """A snoop channel is in our application."""
        if (waiting := self._entering.get(snoop)) is not None:
            waiting.set()

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        """As ``Telephony.tap``."""
        await self._mute(leg, is_muted=not is_heard)
        snoop = f"{snoop_prefix(leg)}{crc32(of.encode()):08x}"
        if not (await self._ari.request("GET", f"channels/{snoop}")).is_ok:
            await self._snoop(snoop, of)
        bridge = tap_bridge(leg)
        (await self._ari.request("POST", f"bridges/{bridge}", {"type": "mixing"})).expect(CONFLICT)
        answer = await self._ari.request("POST", f"bridges/{bridge}/addChannel", {"channel": f"{snoop},{leg}"})
        if answer.status in (BAD_REQUEST, CONFLICT, UNPROCESSABLE):
            raise LegGone(leg)
        answer.expect()
        await self._end_snoops(leg, but=snoop)

    async def remove(self, leg: LegId) -> None:
        """As ``Telephony.remove_tap``."""
        await self._end_snoops(leg)
        (await self._ari.request("DELETE", f"bridges/{tap_bridge(leg)}")).expect(NOT_FOUND)
        await self._ari.request("DELETE", f"channels/{leg}/mute", {"direction": "in"})

    async def _end_snoops(self, leg: LegId, *, but: str = "") -> None:
        """Take the snoop channels of this leg away, all but one."""
        found = await self._ari.request("GET", f"bridges/{tap_bridge(leg)}")
        if found.status == NOT_FOUND:
            return
        for channel in found.read(messages.Bridge).channels:
            if channel.startswith(snoop_prefix(leg)) and channel != but:
                (await self._ari.request("DELETE", f"channels/{channel}")).expect(NOT_FOUND)

    async def _mute(self, leg: LegId, *, is_muted: bool) -> None:
        answer = await self._ari.request("POST" if is_muted else "DELETE", f"channels/{leg}/mute", {"direction": "in"})
        if answer.status in (NOT_FOUND, CONFLICT):
            raise LegGone(leg)
        answer.expect()

    async def _snoop(self, snoop: str, of: LegId) -> None:
        """Make the snoop channel and wait until it can be bridged."""
        query = {"spy": "both", "whisper": "out", "app": self._application, "appArgs": TAP}
        has_entered = self._entering[snoop] = asyncio.Event()
        try:
            answer = await self._ari.request("POST", f"channels/{of}/snoop/{snoop}", query)
            if answer.status == NOT_FOUND:
                raise LegGone(of)
            answer.expect()
            async with asyncio.timeout(ENTER_WITHIN_S):
                await has_entered.wait()
        except TimeoutError as error:
            raise TelephonyAway("the snoop channel did not come") from error
        finally:
            del self._entering[snoop]


def tap_bridge(leg: LegId) -> str:
    return f"{leg}-b"


def snoop_prefix(leg: LegId) -> str:
    """Return how the id of every snoop channel made for this leg begins."""
    return f"{leg}-s"
