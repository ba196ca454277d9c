"""The requests of the port that concern one leg: each is passed on to the node where the leg lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhiyin.engine.adapters.asterisk.nodes import NodeBook
from zhiyin.engine.ports import BridgeId, LegId, PlaybackId, Refused, TransferOutcome


class LegRequests:
    """Part of ``engine.ports.Telephony``. A leg that is on no node is gone."""

    def __init__(self, book: NodeBook) -> None:
        self._book = book

    async def answer(self, leg: LegId) -> None:
        await self._book.at(leg).answer(leg)

    async def hang_up(self, leg: LegId, *, word: str = "hangup") -> None:
        place = self._book.places.get(leg)
        if place is not None:
            await place.node.telephony.hang_up(leg, word=word)

    async def send_digits(self, leg: LegId, digits: str) -> None:
        await self._book.at(leg).send_digits(leg, digits)

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        await self._book.at(leg).play(leg, sounds, playback=playback)

    async def start_music(self, leg: LegId) -> None:
        await self._book.at(leg).start_music(leg)

    async def stop_music(self, leg: LegId) -> None:
        await self._book.at(leg).stop_music(leg)

    async def start_ringback(self, leg: LegId) -> None:
        await self._book.at(leg).start_ringback(leg)

    async def stop_ringback(self, leg: LegId) -> None:
        await self._book.at(leg).stop_ringback(leg)

    async def unbridge(self, bridge: BridgeId, leg: LegId) -> None:
        await self._book.at(leg).unbridge(bridge, leg)

    async def start_recording(self, leg: LegId, *, recording: str, path: str) -> None:
        await self._book.at(leg).start_recording(leg, recording=recording, path=path)

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        await self._book.at(leg).hear(leg, ear=ear, on_sound=on_sound)

    async def watch_speech(self, leg: LegId) -> None:
        await self._book.at(leg).watch_speech(leg)

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        """Raises ``Refused`` where the two live on several nodes."""
        if self._book.place(leg).node is not self._book.place(of).node:
            raise Refused("a leg on another node cannot be heard")
        await self._book.at(leg).tap(leg, of=of, is_heard=is_heard)

    async def report_transfer(self, leg: LegId, outcome: TransferOutcome) -> None:
        await self._book.at(leg).report_transfer(leg, outcome)

    async def read_headers(self, leg: LegId, *, prefix: str, at_most: int) -> Mapping[str, str]:
        return await self._book.at(leg).read_headers(leg, prefix=prefix, at_most=at_most)

    async def remove_tap(self, leg: LegId) -> None:
        place = self._book.places.get(leg)
        if place is not None:
            await place.node.telephony.remove_tap(leg)

    async def stop_recording(self, leg: LegId) -> None:
        place = self._book.places.get(leg)
        if place is not None:
            await place.node.telephony.stop_recording(leg)
