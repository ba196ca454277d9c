"""Holds what the telephone side has against what the engine knows, every so often.

A fact that never came would leave an agent or a caller stuck for ever; a request that was never answered would leave a
leg up that nobody owns. What differs at two looks in a row is put right: a call looks again, an orphan is taken down.

What was asked over a connection that has ended, of this engine or of a dead one, may still be carried out after that:
Asterisk works off what it had received. So the first looks follow soon after a connection is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import structlog

from zhiyin.engine import recovery
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.ports import Inventory, LegId, PlaybackEnded, PlaybackId, TelephonyError
from zhiyin.engine.switchboard import Switchboard
from zhiyin.engine.telephone_effects import interaction_of_bridge

log = structlog.get_logger(__name__)

#: Seconds between two looks, and between those that follow a new connection.
EVERY_S, SOON_S = 20.0, 3.0
SOON_LOOKS = 2

#: What is suspected of which leg or bridge.
Suspicion = tuple[str, str]


class Stocktaking:
    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._suspected: frozenset[Suspicion] = frozenset()
        self._saying: dict[PlaybackId, LegId] = {}
        self._is_newly_connected = asyncio.Event()
        self._is_newly_connected.set()  # by an engine that begins

    def look_soon(self) -> None:
        """A connection was made anew."""
        self._is_newly_connected.set()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):  # 3.11's wait_for may swallow a cancellation
                    await self._is_newly_connected.wait()
            if not self._is_newly_connected.is_set():
                await self._look_safely()
                continue
            self._is_newly_connected.clear()
            for _ in range(SOON_LOOKS):
                await asyncio.sleep(SOON_S)
                await self._look_safely()

    async def _look_safely(self) -> None:
        try:
            await self.look()
        except TelephonyError as error:
            log.info("stocktaking_failed", why=str(error))
        except Exception:
            log.exception("stocktaking_broke")

    async def look(self) -> None:
        """Look once. Raises ``TelephonyError``; then nothing is concluded."""
        inventory = await self._board.telephony.inventory()
        suspected = frozenset(self._suspicions(inventory))
        confirmed, self._suspected = suspected & self._suspected, suspected
        if not confirmed:
            return
        log.warning("stock_differs", what=sorted({what for what, _ in confirmed}), count=len(confirmed))
        for what, playback in sorted(confirmed):
            if what == "said":
                self._board.take_fact(PlaybackEnded(playback, self._saying[playback]))
        doubted = {leg for what, leg in confirmed if what in ("gone", "answered")}
        for session in self._board.every_session:
            if not doubted.isdisjoint((*session.live.legs, *_unanswered(session))):
                session.doubt()
        orphans = {name for what, name in confirmed if what == "orphan"}
        await recovery.reap(
            self._board,
            Inventory(
                legs={leg: seen for leg, seen in inventory.legs.items() if leg in orphans},
                bridges={bridge: legs for bridge, legs in inventory.bridges.items() if bridge in orphans},
            ),
        )

    def _suspicions(self, inventory: Inventory) -> Iterator[Suspicion]:
        in_sight = [s for s in self._board.every_session if not recovery.is_unseen(s, inventory)]
        self._saying = {
            session.live.playback: session.call.customer_leg
            for session in in_sight
            if session.live.playback is not None
        }
        yield from (("said", playback) for playback in self._saying if playback not in inventory.playbacks)
        for session in in_sight:
            yield from (("gone", leg) for leg in session.live.legs if leg not in inventory.legs)
            for leg in _unanswered(session):
                if (seen := inventory.legs.get(leg)) and seen.is_up:
                    yield "answered", leg
        for leg in inventory.legs:
            if self._board.session_of(leg) is None and leg not in self._board.test_legs:
                yield "orphan", leg
        for bridge in inventory.bridges:
            if interaction_of_bridge(bridge) not in self._board.sessions:
                yield "orphan", bridge


def _unanswered(session: InteractionSession) -> Iterator[LegId]:
    """Yield the legs that the call believes to be ringing."""
    yield from (offer.leg for offer in session.call.offers)
    if session.call.dialling is not None:
        yield session.call.dialling.leg
