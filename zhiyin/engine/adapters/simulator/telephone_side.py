"""The telephone side of calls in memory: legs, bridges and telephones, and what the parties at their ends do.

Knows nothing of what is asked of it: that is ``telephony``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from zhiyin.engine.adapters.simulator.connection import Connection
from zhiyin.engine.adapters.simulator.legs import NODE, Behaviour, SimulatedLeg
from zhiyin.engine.adapters.simulator.sight import Sight
from zhiyin.engine.ports import (
    BridgeId,
    CallArrived,
    Fact,
    KeyPressed,
    LegAnswered,
    LegGone,
    LegGoneFact,
    LegId,
    LegRinging,
    MediaStopped,
    PlaybackEnded,
    PlaybackId,
    SipIdentity,
    SpeechHeard,
    TelephoneRegistered,
    Trunk,
)


class TelephoneSide:
    def __init__(self, *, on_fact: Callable[[Fact], None]) -> None:
        self.on_fact = on_fact
        self.legs: dict[LegId, SimulatedLeg] = {}
        self.bridges: dict[BridgeId, set[LegId]] = {}
        self.ended: dict[LegId, SimulatedLeg] = {}
        self.ended_at_s: dict[LegId, float] = {}  # by the loop's clock
        self.identities: dict[str, SipIdentity] = {}
        self.registered: set[str] = set()
        self.trunks: dict[int, Trunk] = {}
        self.globals: dict[str, str] = {}
        self.ears: dict[str, tuple[LegId, Callable[[bytes], None]]] = {}  # who is listened to, and who listens
        self.connection = Connection(self)
        self.sight = Sight(self)
        self._count = 0

    # --- what the parties do ----------------------------------------------------------------------------------------

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
        self._tell(self.arrival(self.legs[leg]))
        return leg

    def begin_ringing(self, leg: SimulatedLeg, behaviour: Behaviour, *, timeout_s: float) -> None:
        """A party is rung, and does what its behaviour says."""
        self.legs[leg.id] = leg
        self.later(0.05, lambda: self._tell_of(leg.id, LegRinging(leg.id)))
        if behaviour.refuse_s is not None:
            self.later(behaviour.refuse_s, lambda: self.end(leg.id, behaviour.word))
        elif behaviour.answer_s is not None and behaviour.answer_s < timeout_s:
            self.later(behaviour.answer_s, lambda: self.pick_up(leg.id))
        else:
            self.later(timeout_s, lambda: self._ring_out(leg.id))

    def press(self, leg: LegId, key: str) -> None:
        self._tell_of(leg, KeyPressed(leg, key))

    def speak(self, leg: LegId, for_s: float = 3.0) -> None:
        """The party speaks for a while; only where that is watched it is told."""
        known = self.legs.get(leg)
        if known is None or not known.is_speech_watched:
            return
        self._tell(SpeechHeard(leg, is_speaking=True))
        self.later(for_s, lambda: self._tell_of(leg, SpeechHeard(leg, is_speaking=False)))

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
        known = self._bury(leg)
        if known is None:
            return
        if known.bridge is not None:
            self.bridges.get(known.bridge, set()).discard(leg)
        for other in self.legs.values():
            if other.tapped == leg:
                other.tapped = None
        if known.playback is not None:
            self._tell(PlaybackEnded(known.playback, leg, failed=True))  # as Asterisk says it, before the end
        self._tell(LegGoneFact(leg, 16, word))

    def lose_media(self, leg: LegId) -> None:
        self._tell_of(leg, MediaStopped(leg, 10.0))

    def register(self, account: str) -> None:
        self.registered.add(account)
        self._tell(TelephoneRegistered(account, is_reachable=True))

    def unregister(self, account: str) -> None:
        self.registered.discard(account)
        self._tell(TelephoneRegistered(account, is_reachable=False))

    # --- what becomes of legs by themselves -------------------------------------------------------------------------

    def end_playback(self, leg: LegId, playback: PlaybackId, *, failed: bool = False) -> None:
        """It is over, unless another was begun since."""
        known = self.legs.get(leg)
        if known is not None and known.playback == playback:
            known.playback = None
            self._tell(PlaybackEnded(playback, leg, failed=failed))

    def vanish(self, leg: LegId) -> None:
        """The leg is gone with its Asterisk."""
        known = self._bury(leg)
        if known is not None and known.bridge is not None:
            self.bridges.pop(known.bridge, None)

    def lose_everything(self) -> None:
        """Every Asterisk is another one now."""
        for things in (self.legs, self.bridges, self.identities, self.registered, self.trunks, self.globals):
            things.clear()

    def later(self, after_s: float, action: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(after_s, action)

    # --- how it stands ----------------------------------------------------------------------------------------------

    def reach(self, leg: LegId) -> SimulatedLeg:
        """Return the leg that something is asked of. Raises ``TelephonyAway`` and ``LegGone``."""
        self.connection.check()
        if not self.lives(leg):
            raise LegGone(leg)
        return self.legs[leg]

    def lives(self, leg: LegId) -> bool:
        """Whether requests find the leg. Raises ``TelephonyAway`` where it may live out of sight."""
        return self.sight.is_on_a_node(leg) and leg in self.legs

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

    def arrival(self, leg: SimulatedLeg) -> CallArrived:
        """Return how a call is told that came by this leg."""
        context = "telephone" if leg.endpoint in self.registered and leg.endpoint[0] not in "g" else "inbound"
        return CallArrived(leg.id, context, leg.endpoint, "alaw", leg.dialled, leg.caller, has_data=leg.has_data)

    def ended_ago_s(self, leg: LegId) -> float:
        return asyncio.get_running_loop().time() - self.ended_at_s[leg]

    def known(self, leg: LegId) -> SimulatedLeg | None:
        """Return the leg, also one that has ended."""
        return self.legs.get(leg) or self.ended.get(leg)

    def home_of(self, leg: LegId) -> str:
        known = self.known(leg)
        return known.node if known is not None else NODE

    # --- underneath -------------------------------------------------------------------------------------------------

    def _bury(self, leg: LegId) -> SimulatedLeg | None:
        known = self.legs.pop(leg, None)
        if known is not None:
            self.ended[leg] = known
            self.ended_at_s[leg] = asyncio.get_running_loop().time()
        return known

    def _tell(self, fact: Fact) -> None:
        leg = getattr(fact, "leg", None)
        if not self.connection.is_away and (leg is None or self.sight.is_up(self.home_of(leg))):
            self.on_fact(fact)

    def _tell_of(self, leg: LegId, fact: Fact) -> None:
        if leg in self.legs:
            self._tell(fact)

    def _ring_out(self, leg: LegId) -> None:
        if leg in self.legs and not self.legs[leg].is_up:
            self.end(leg, "no_answer")
