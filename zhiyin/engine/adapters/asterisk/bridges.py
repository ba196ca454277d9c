"""Who hears whom: legs joined in Asterisk's bridges, which are made when first needed."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.engine.adapters.asterisk.answers import Answer
from zhiyin.engine.adapters.asterisk.errors import port_errors
from zhiyin.engine.adapters.asterisk.legs import Legs
from zhiyin.engine.adapters.asterisk.recorder import Recorder
from zhiyin.engine.adapters.asterisk.rest import BAD_REQUEST, CONFLICT, NOT_FOUND, UNPROCESSABLE, Rest
from zhiyin.engine.adapters.asterisk.sounds import Sounds
from zhiyin.engine.ports import BridgeId, LegGone, LegId


class Bridges:
    """Joins and parts legs, and remembers in ``legs`` who is where."""

    def __init__(self, *, rest: Rest, legs: Legs, sounds: Sounds, recorder: Recorder) -> None:
        self._rest = rest
        self._legs = legs
        self._sounds = sounds
        self._recorder = recorder
        self._made: set[BridgeId] = set()

    def forget(self) -> None:
        """Not know any more which bridges there are: they may have gone unheard."""
        self._made.clear()

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        """Join the legs; music on them stops. A leg already in this bridge stays undisturbed."""
        joining = [leg for leg in legs if not (known := self._legs.get(leg)) or known.bridge != bridge]
        for leg in joining:
            await self._sounds.hush(leg)
            if (known := self._legs.get(leg)) and (known.has_music or known.is_adopted):
                await self._sounds.stop_music(leg)
        if bridge not in self._made:
            await self._make(bridge)
        if joining:
            await self._let_join(bridge, joining, legs)
        with port_errors():
            await self._recorder.parties_changed(bridge)

    async def _let_join(self, bridge: BridgeId, joining: list[LegId], legs: Sequence[LegId]) -> None:
        answer = await self._add(bridge, joining)
        if answer.status == NOT_FOUND:  # somebody removed it; then nobody is in it
            self._legs.leave_bridge(bridge)
            joining = list(legs)
            await self._make(bridge)
            answer = await self._add(bridge, joining)
        if answer.status in (BAD_REQUEST, CONFLICT, UNPROCESSABLE):
            raise LegGone(await self._first_gone(joining))
        self._rest.expect(answer)
        for leg in joining:
            if known := self._legs.get(leg):
                known.bridge = bridge

    async def part(self, bridge: BridgeId, leg: LegId) -> None:
        """Take the leg out; not being in it is no error."""
        answer = await self._rest.ask("POST", f"bridges/{bridge}/removeChannel", {"channel": leg})
        if known := self._legs.get(leg):
            known.bridge = None
        if answer.status in (BAD_REQUEST, CONFLICT):
            raise LegGone(leg)
        self._rest.expect(answer, NOT_FOUND, UNPROCESSABLE)

    async def remove(self, bridge: BridgeId) -> None:
        self._made.discard(bridge)
        self._rest.expect(await self._rest.ask("DELETE", f"bridges/{bridge}"), NOT_FOUND)
        self._legs.leave_bridge(bridge)

    async def _make(self, bridge: BridgeId) -> None:
        self._rest.expect(await self._rest.ask("POST", f"bridges/{bridge}", {"type": "mixing"}), CONFLICT)
        self._made.add(bridge)

    async def _add(self, bridge: BridgeId, legs: Sequence[LegId]) -> Answer:
        return await self._rest.ask("POST", f"bridges/{bridge}/addChannel", {"channel": ",".join(legs)})

    async def _first_gone(self, legs: Sequence[LegId]) -> LegId:
        for leg in legs:
            if not (await self._rest.ask("GET", f"channels/{leg}")).is_ok:
                return leg
        return legs[0]
