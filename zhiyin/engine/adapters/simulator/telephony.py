"""``SimulatedTelephony``: the engine's telephony on the simulated telephone side, without any time of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from zhiyin.contracts.dialplan import LET_IN
from zhiyin.engine.adapters.simulator.legs import Behaviour, SimulatedLeg
from zhiyin.engine.adapters.simulator.telephone_side import TelephoneSide
from zhiyin.engine.ports import (
    BridgeId,
    Fact,
    Inventory,
    Lateness,
    LegId,
    LegSeen,
    PlaybackId,
    Refused,
    SipIdentity,
    TransferOutcome,
    Trunk,
    TrunkState,
)

#: How long each sound file takes.
SOUND_S = 1.5


class SimulatedTelephony(TelephoneSide):
    """Implements ``Telephony``: what is asked is done at once, or refused."""

    def __init__(self, *, on_fact: Callable[[Fact], None]) -> None:
        super().__init__(on_fact=on_fact)
        #: what a rung party does, by account, "<trunk>:<number>" or "account" and "trunk", unless chosen
        self.behaviours: dict[str, Behaviour] = {}
        self.choose_behaviour: Callable[[LegId, str], Behaviour | None] = lambda _leg, _to: None
        self.rung: list[tuple[LegId, str]] = []
        #: a sound that lies where the telephone side cannot read it
        self.cannot_read: Callable[[str], bool] = lambda _sound: False

    async def answer(self, leg: LegId) -> None:
        self.reach(leg).is_up = True

    async def ring(
        self,
        leg: LegId,
        *,
        to: str,
        caller_number: str,
        caller_name: str,
        codec: str,
        timeout_s: int,
        headers: Mapping[str, str],
        beside: LegId | None = None,
    ) -> None:
        del caller_name, codec
        self.connection.check()
        if leg in self.legs:
            return
        node = self.sight.node_to_ring(beside)
        kind, _, rest = to.partition(":")
        endpoint = rest if kind == "account" else f"trunk-{rest.partition(':')[0]}"
        if kind == "account" and rest not in self.registered:
            raise Refused("unreachable")
        if kind == "trunk" and int(rest.partition(":")[0]) not in self.trunks:
            raise Refused("unreachable")
        self.rung.append((leg, to))
        behaviour = self.choose_behaviour(leg, to) or self.behaviours.get(rest, self.behaviours.get(kind, Behaviour()))
        rung = SimulatedLeg(leg, endpoint, node, caller=caller_number, headers=dict(headers))
        self.begin_ringing(rung, behaviour, timeout_s=timeout_s)

    async def hang_up(self, leg: LegId, *, word: str = "hangup") -> None:
        self.connection.check()
        if self.lives(leg):
            self.end(leg, word)

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        known = self.reach(leg)
        known.playback = playback
        there = [sound for sound in sounds if not self.cannot_read(sound)]
        known.heard += there
        self.later(SOUND_S * len(there), lambda: self.end_playback(leg, playback, failed=not there))

    async def read_headers(self, leg: LegId, *, prefix: str, at_most: int) -> Mapping[str, str]:
        found = {n[len(prefix) :]: value for n, value in self.reach(leg).headers.items() if n.startswith(prefix)}
        return dict(list(found.items())[:at_most])

    async def stop_playback(self, playback: PlaybackId) -> None:
        self.connection.check()
        for leg in self.legs.values():
            if leg.playback == playback and self.sight.is_up(leg.node):
                self.end_playback(leg.id, playback)

    async def start_music(self, leg: LegId) -> None:
        self.reach(leg).has_music = True

    async def stop_music(self, leg: LegId) -> None:
        self.reach(leg).has_music = False

    async def start_ringback(self, leg: LegId) -> None:
        self.reach(leg).has_ringback = True

    async def stop_ringback(self, leg: LegId) -> None:
        self.reach(leg).has_ringback = False

    async def bridge(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        members = [self.reach(leg) for leg in legs]
        if len({member.node for member in members}) > 1:
            raise Refused("legs on several nodes cannot be joined")
        joined = self.bridges.setdefault(bridge, set())
        for leg in members:
            if leg.bridge is not None:
                self.bridges[leg.bridge].discard(leg.id)
            leg.bridge = bridge
            leg.has_music = False
            leg.tapped = None
            joined.add(leg.id)

    async def unbridge(self, bridge: BridgeId, leg: LegId) -> None:
        known = self.reach(leg)
        known.bridge = None
        self.bridges.get(bridge, set()).discard(leg)

    async def remove_bridge(self, bridge: BridgeId) -> None:
        self.connection.check()
        if not all(self.sight.is_on_a_node(leg) for leg in self.bridges.get(bridge, ())):
            return
        for leg in self.bridges.pop(bridge, set()):
            self.legs[leg].bridge = None

    async def send_digits(self, leg: LegId, digits: str) -> None:
        self.reach(leg).digits += digits

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        known = self.reach(leg)
        self.reach(of)
        if known.bridge is not None:
            await self.unbridge(known.bridge, leg)
        known.tapped, known.is_heard_by_tapped = of, is_heard

    async def remove_tap(self, leg: LegId) -> None:
        self.connection.check()
        if self.lives(leg):
            self.legs[leg].tapped = None

    async def report_transfer(self, leg: LegId, outcome: TransferOutcome) -> None:
        self.reach(leg).transfers.append(outcome)

    async def start_recording(self, leg: LegId, *, recording: str, path: str) -> None:
        del path
        self.reach(leg).recording = recording

    async def stop_recording(self, leg: LegId) -> None:
        if self.lives(leg):
            self.legs[leg].recording = None

    async def watch_speech(self, leg: LegId) -> None:
        self.reach(leg).is_speech_watched = True

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        self.reach(leg)
        self.ears[ear] = leg, on_sound
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            del self.ears[ear]

    async def inventory(self) -> Inventory:
        self.connection.check()
        legs = {
            leg.id: LegSeen(leg.id, leg.is_up, leg.endpoint, leg.bridge, leg.dialled, leg.caller, has_data=leg.has_data)
            for leg in self.legs.values()
            if self.sight.is_up(leg.node)
        }
        bridges = {
            bridge: frozenset(members)
            for bridge, members in self.bridges.items()
            if not members or members & legs.keys()
        }
        playbacks = frozenset(leg.playback for leg in self.legs.values() if leg.playback and leg.id in legs)
        unseen, hidden, hides_others = self.sight.unknown()
        return Inventory(legs, bridges, playbacks, unseen=unseen, hidden=hidden, hides_others=hides_others)

    async def look(self, legs: Iterable[LegId]) -> Mapping[LegId, bool]:
        self.connection.check()
        return {leg: self.legs[leg].is_up for leg in self.sight.looked_for(legs)}

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        self.connection.check()
        ended = [self.ended[leg] for leg in legs if leg in self.ended]
        told = (leg for leg in ended if leg.dialled and self.sight.is_up(leg.node))
        return {leg.id: Lateness(self.ended_ago_s(leg.id), 0.0) for leg in told}

    async def put_identity(self, identity: SipIdentity) -> None:
        self.connection.check()
        self.identities[identity.account] = identity

    async def remove_identity(self, account: str) -> None:
        self.connection.check()
        self.identities.pop(account, None)
        self.registered.discard(account)

    async def put_trunk(self, trunk: Trunk) -> None:
        self.connection.check()
        self.trunks[trunk.id] = trunk

    async def remove_trunk(self, trunk: int) -> None:
        self.trunks.pop(trunk, None)

    async def test_trunk(self, trunk: int) -> TrunkState:
        return TrunkState("ok", "200 OK", 1.0) if trunk in self.trunks else TrunkState("unknown")

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        self.connection.check()
        for told in self.sight.globals_at(at):
            told.update(values)

    async def let_in(self) -> Mapping[str, int]:
        self.connection.check()
        return {"": int(self.globals.get(LET_IN, "0"))}
