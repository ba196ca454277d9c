"""Telephones and trunks in memory, with the behaviour that a test or the twin gives them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zhiyin.contracts.dialplan import LET_IN
from zhiyin.engine.adapters.simulator.sight import NODE, Sight
from zhiyin.engine.ports import (
    DATA_HEADER,
    BridgeId,
    CallArrived,
    Fact,
    Inventory,
    KeyPressed,
    Lateness,
    LegAnswered,
    LegGone,
    LegGoneFact,
    LegId,
    LegRinging,
    LegSeen,
    MediaStopped,
    PlaybackEnded,
    PlaybackId,
    Refused,
    SipIdentity,
    SpeechHeard,
    TelephoneRegistered,
    TelephonyAway,
    TelephonyDown,
    TelephonyUp,
    TransferOutcome,
    Trunk,
    TrunkState,
)

#: How long each sound file takes.
SOUND_S = 1.5


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a rung party does: answers after ``answer_s`` (None: never), or ends with ``word`` after ``refuse_s``."""

    answer_s: float | None = 1.0
    refuse_s: float | None = None
    word: str = "busy"


@dataclass(slots=True)
class SimulatedLeg:
    id: LegId
    endpoint: str
    node: str = NODE
    is_up: bool = False
    dialled: str = ""
    caller: str = ""
    bridge: BridgeId | None = None
    has_music: bool = False
    has_ringback: bool = False
    playback: PlaybackId | None = None
    heard: list[str] = field(default_factory=list)
    recording: str | None = None
    is_speech_watched: bool = False
    digits: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tapped: LegId | None = None  # whom it hears by a tap
    is_heard_by_tapped: bool = False
    transfers: list[TransferOutcome] = field(default_factory=list)


class SimulatedTelephony:
    """Implements ``Telephony``. The other side of each call is played by the methods of the second half."""

    def __init__(self, *, on_fact: Callable[[Fact], None]) -> None:
        self.on_fact = on_fact
        self.legs: dict[LegId, SimulatedLeg] = {}
        self.bridges: dict[BridgeId, set[LegId]] = {}
        self.ended: dict[LegId, SimulatedLeg] = {}
        self._ended_at_s: dict[LegId, float] = {}
        self.identities: dict[str, SipIdentity] = {}
        self.registered: set[str] = set()
        self.trunks: dict[int, Trunk] = {}
        self.globals: dict[str, str] = {}
        self.behaviours: dict[str, Behaviour] = {}
        self.rung: list[tuple[LegId, str]] = []
        self.choose_behaviour: Callable[[LegId, str], Behaviour | None] = lambda _leg, _to: None
        self.is_away = False
        #: a sound that lies where the telephone side cannot read it
        self.cannot_read: Callable[[str], bool] = lambda _sound: False
        self.ears: dict[str, tuple[LegId, Callable[[bytes], None]]] = {}  # who is listened to, and who listens
        self.sight = Sight(self)
        self._count = 0
        self._before: dict[LegId, tuple[bool, PlaybackId | None]] = {}  # as it was when the connection broke

    # --- the port -------------------------------------------------------------------------------------------------

    async def answer(self, leg: LegId) -> None:
        self._leg(leg).is_up = True

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
        self._check()
        if leg in self.legs:
            return
        node = self.sight.node_to_ring(beside)
        kind, _, rest = to.partition(":")
        endpoint = rest if kind == "account" else f"trunk-{rest.partition(':')[0]}"
        if kind == "account" and rest not in self.registered:
            raise Refused("unreachable")
        if kind == "trunk" and int(rest.partition(":")[0]) not in self.trunks:
            raise Refused("unreachable")
        self.legs[leg] = SimulatedLeg(leg, endpoint, node, caller=caller_number, headers=dict(headers))
        self.rung.append((leg, to))
        behaviour = self.choose_behaviour(leg, to) or self.behaviours.get(rest, self.behaviours.get(kind, Behaviour()))
        self._later(0.05, lambda: self._fact_of(leg, LegRinging(leg)))
        if behaviour.refuse_s is not None:
            self._later(behaviour.refuse_s, lambda: self.end(leg, behaviour.word))
        elif behaviour.answer_s is not None and behaviour.answer_s < timeout_s:
            self._later(behaviour.answer_s, lambda: self.pick_up(leg))
        else:
            self._later(timeout_s, lambda: self._ring_out(leg))

    async def hang_up(self, leg: LegId, *, word: str = "hangup") -> None:
        self._check()
        if self.sight.is_on_a_node(leg) and leg in self.legs:
            self.end(leg, word)

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        known = self._leg(leg)
        known.playback = playback
        there = [sound for sound in sounds if not self.cannot_read(sound)]
        known.heard += there
        self._later(SOUND_S * len(there), lambda: self._played(leg, playback, failed=not there))

    async def read_headers(self, leg: LegId, *, prefix: str, at_most: int) -> Mapping[str, str]:
        found = {n[len(prefix) :]: value for n, value in self._leg(leg).headers.items() if n.startswith(prefix)}
        return dict(list(found.items())[:at_most])

    async def stop_playback(self, playback: PlaybackId) -> None:
        self._check()
        for leg in self.legs.values():
            if leg.playback == playback and self.sight.is_up(leg.node):
                self._played(leg.id, playback)

    async def start_music(self, leg: LegId) -> None:
        self._leg(leg).has_music = True

    async def stop_music(self, leg: LegId) -> None:
        self._leg(leg).has_music = False

    async def start_ringback(self, leg: LegId) -> None:
        self._leg(leg).has_ringback = True

    async def stop_ringback(self, leg: LegId) -> None:
        self._leg(leg).has_ringback = False

    async def bridge(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        members = [self._leg(leg) for leg in legs]
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
        known = self._leg(leg)
        known.bridge = None
        self.bridges.get(bridge, set()).discard(leg)

    async def remove_bridge(self, bridge: BridgeId) -> None:
        self._check()
        if not all(self.sight.is_on_a_node(leg) for leg in self.bridges.get(bridge, ())):
            return
        for leg in self.bridges.pop(bridge, set()):
            self.legs[leg].bridge = None

    async def send_digits(self, leg: LegId, digits: str) -> None:
        self._leg(leg).digits += digits

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        known = self._leg(leg)
        self._leg(of)
        if known.bridge is not None:
            await self.unbridge(known.bridge, leg)
        known.tapped, known.is_heard_by_tapped = of, is_heard

    async def remove_tap(self, leg: LegId) -> None:
        self._check()
        if self.sight.is_on_a_node(leg) and leg in self.legs:
            self.legs[leg].tapped = None

    async def report_transfer(self, leg: LegId, outcome: TransferOutcome) -> None:
        self._leg(leg).transfers.append(outcome)

    async def start_recording(self, leg: LegId, *, recording: str, path: str) -> None:
        del path
        self._leg(leg).recording = recording

    async def stop_recording(self, leg: LegId) -> None:
        if self.sight.is_on_a_node(leg) and leg in self.legs:
            self.legs[leg].recording = None

    async def watch_speech(self, leg: LegId) -> None:
        self._leg(leg).is_speech_watched = True

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        self._leg(leg)
        self.ears[ear] = leg, on_sound
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            del self.ears[ear]

    async def inventory(self) -> Inventory:
        self._check()
        legs = {
            leg.id: LegSeen(
                leg.id, leg.is_up, leg.endpoint, leg.bridge, leg.dialled, leg.caller, has_data=_has_data(leg)
            )
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
        self._check()
        return {leg: self.legs[leg].is_up for leg in self.sight.looked_for(legs)}

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        self._check()
        ended = [self.ended[leg] for leg in legs if leg in self.ended]
        told = (leg for leg in ended if leg.dialled and self.sight.is_up(leg.node))
        return {leg.id: Lateness(self._ago_s(leg.id), 0.0) for leg in told}

    async def put_identity(self, identity: SipIdentity) -> None:
        self._check()
        self.identities[identity.account] = identity

    async def remove_identity(self, account: str) -> None:
        self._check()
        self.identities.pop(account, None)
        self.registered.discard(account)

    async def put_trunk(self, trunk: Trunk) -> None:
        self._check()
        self.trunks[trunk.id] = trunk

    async def remove_trunk(self, trunk: int) -> None:
        self.trunks.pop(trunk, None)

    async def test_trunk(self, trunk: int) -> TrunkState:
        return TrunkState("ok", "200 OK", 1.0) if trunk in self.trunks else TrunkState("unknown")

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        self._check()
        for told in self.sight.globals_at(at):
            told.update(values)

    async def let_in(self) -> Mapping[str, int]:
        self._check()
        return {"": int(self.globals.get(LET_IN, "0"))}

    # --- the other side of the calls --------------------------------------------------------------------------------

    def call(
        self,
        dialled: str,
        *,
        caller: str = "13800138000",
        endpoint: str = "anonymous",
        headers: Mapping[str, str] | None = None,
    ) -> LegId:
        """A caller dials; returns the leg."""
        self._count += 1
        node = self.sight.node_to_call(self._count)
        leg = f"{node}-{self._count}"
        self.legs[leg] = SimulatedLeg(leg, endpoint, node, dialled=dialled, caller=caller, headers=headers or {})
        self._tell(self._arrival(self.legs[leg]))
        return leg

    def press(self, leg: LegId, key: str) -> None:
        self._fact_of(leg, KeyPressed(leg, key))

    def speak(self, leg: LegId, for_s: float = 3.0) -> None:
        """The party speaks for a while; only where that is watched it is told."""
        known = self.legs.get(leg)
        if known is None or not known.is_speech_watched:
            return
        self._tell(SpeechHeard(leg, is_speaking=True))
        self._later(for_s, lambda: self._fact_of(leg, SpeechHeard(leg, is_speaking=False)))

    def say(self, leg: LegId, sound: bytes) -> None:
        """The party says something: who listens to it hears that at once."""
        for heard, on_sound in list(self.ears.values()):
            if heard == leg:
                on_sound(sound)

    def pick_up(self, leg: LegId) -> None:
        known = self.legs.get(leg)
        if known is not None and not known.is_up:
            known.is_up = True
            self._tell(LegAnswered(leg))

    def end(self, leg: LegId, word: str = "hangup") -> None:
        """The party hangs up, or the leg ends for the reason ``word``."""
        known = self.legs.pop(leg, None)
        if known is None:
            return
        self.ended[leg] = known
        self._ended_at_s[leg] = asyncio.get_running_loop().time()
        if known.bridge is not None:
            self.bridges.get(known.bridge, set()).discard(leg)
        for other in self.legs.values():
            if other.tapped == leg:
                other.tapped = None
        if known.playback is not None:
            self._tell(PlaybackEnded(known.playback, leg, failed=True))  # as Asterisk says it, before the end
        self._tell(LegGoneFact(leg, 16, word))

    def lose_media(self, leg: LegId) -> None:
        self._fact_of(leg, MediaStopped(leg, 10.0))

    def register(self, account: str) -> None:
        self.registered.add(account)
        self._tell(TelephoneRegistered(account, is_reachable=True))

    def unregister(self, account: str) -> None:
        self.registered.discard(account)
        self._tell(TelephoneRegistered(account, is_reachable=False))

    def go_away(self) -> None:
        """The connection to the telephone side breaks; calls go on, what happens to them is not told."""
        if self.is_away:
            return
        self.is_away = True
        self._before = {leg.id: (leg.is_up, leg.playback) for leg in self.legs.values()}
        self.on_fact(TelephonyDown())

    def come_back(self, *, is_restarted: bool = False) -> None:
        """The connection is there again: what was missed is told first, as the adapter of Asterisk does.

        A restarted telephone side has lost every leg, identity and trunk.
        """
        if not self.is_away:
            return
        self.is_away = False
        before, self._before = self._before, {}
        self.sight.line_is_back(is_restarted=is_restarted)
        if is_restarted:
            for things in (self.legs, self.bridges, self.identities, self.registered, self.trunks, self.globals):
                things.clear()
        else:
            nodes = {node for node in self.sight.nodes if self.sight.is_up(node)}
            self.catch_up({leg: was for leg, was in before.items() if self._node_of(leg) in nodes}, nodes=nodes)
        self.on_fact(TelephonyUp(is_restarted=is_restarted))
        for account in sorted(self.identities):
            self.on_fact(TelephoneRegistered(account, is_reachable=account in self.registered))

    def changed_unseen(self, before: Mapping[LegId, tuple[bool, PlaybackId | None]]) -> None:
        """What became of these legs is told as the connection is there again."""
        self._before.update(before)

    def rung_first(self, legs: Iterable[LegId]) -> list[LegId]:
        """Return the legs, those that came in last: a call takes the end that is told last first."""
        known = {**self.ended, **self.legs}
        return sorted(legs, key=lambda leg: (bool(known[leg].dialled), leg))

    def vanish(self, leg: LegId) -> None:
        """The leg is gone with its Asterisk."""
        known = self.legs.pop(leg)
        self.ended[leg] = known
        self._ended_at_s[leg] = asyncio.get_running_loop().time()
        if known.bridge is not None:
            self.bridges.pop(known.bridge, None)

    def catch_up(
        self, before: Mapping[LegId, tuple[bool, PlaybackId | None]], *, nodes: Collection[str], word: str = "hangup"
    ) -> None:
        """Tell what became of these legs meanwhile, and which are new on their nodes."""
        for leg in self.rung_first(before):
            was_up, playback = before[leg]
            now = self.legs.get(leg)
            if now is None:
                came_in = leg in self.ended and bool(self.ended[leg].dialled)  # of who was rung Asterisk keeps nothing
                self.on_fact(LegGoneFact(leg, 16, word, self._ago_s(leg) if came_in else 0.0))
                continue
            if now.is_up and not was_up and not now.dialled:
                self.on_fact(LegAnswered(leg))
            if playback is not None and now.playback != playback:
                self.on_fact(PlaybackEnded(playback, leg))
        for leg, seen in list(self.legs.items()):
            if leg in before or seen.node not in nodes:
                continue
            if seen.dialled:
                self.on_fact(self._arrival(seen))
            elif seen.is_up:
                self.on_fact(LegAnswered(leg))

    def hears(self, leg: LegId) -> set[LegId]:
        """Return the legs that this one hears: those in its bridge, and who whispers to it or whom it has tapped."""
        known = self.legs[leg]
        heard = self.bridges[known.bridge] - {leg} if known.bridge else set()
        if known.tapped in self.legs:
            heard = heard | self.hears(known.tapped) | {known.tapped}
        return {
            *heard,
            *(other.id for other in self.legs.values() if other.tapped == leg and other.is_heard_by_tapped),
        } - {leg}

    # --- underneath -------------------------------------------------------------------------------------------------

    def _ago_s(self, leg: LegId) -> float:
        return asyncio.get_running_loop().time() - self._ended_at_s[leg]

    def _leg(self, leg: LegId) -> SimulatedLeg:
        self._check()
        if not self.sight.is_on_a_node(leg) or leg not in self.legs:
            raise LegGone(leg)
        return self.legs[leg]

    def _check(self) -> None:
        if self.is_away:
            raise TelephonyAway("the simulated telephone side is away")

    def _arrival(self, leg: SimulatedLeg) -> CallArrived:
        context = "telephone" if leg.endpoint in self.registered and leg.endpoint[0] not in "g" else "inbound"
        has_data = _has_data(leg)
        return CallArrived(leg.id, context, leg.endpoint, "alaw", leg.dialled, leg.caller, has_data=has_data)

    def _tell(self, fact: Fact) -> None:
        leg = getattr(fact, "leg", None)
        if not self.is_away and (leg is None or self.sight.is_up(self._node_of(leg))):
            self.on_fact(fact)

    def _node_of(self, leg: LegId) -> str:
        known = self.legs.get(leg) or self.ended.get(leg)
        return known.node if known is not None else NODE

    def _ring_out(self, leg: LegId) -> None:
        if leg in self.legs and not self.legs[leg].is_up:
            self.end(leg, "no_answer")

    def _played(self, leg: LegId, playback: PlaybackId, *, failed: bool = False) -> None:
        known = self.legs.get(leg)
        if known is not None and known.playback == playback:
            known.playback = None
            self._tell(PlaybackEnded(playback, leg, failed=failed))

    def _fact_of(self, leg: LegId, fact: Fact) -> None:
        if leg in self.legs:
            self._tell(fact)

    def _later(self, after_s: float, action: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(after_s, action)


def _has_data(leg: SimulatedLeg) -> bool:
    return any(name.startswith(DATA_HEADER) for name in leg.headers)
