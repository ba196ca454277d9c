"""What the adapter remembers of each leg: enough to tell every end once and to make repeats harmless."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiyin.engine.adapters.asterisk import translate
from zhiyin.engine.adapters.asterisk.event_clock import AT_ONCE
from zhiyin.engine.adapters.asterisk.messages import Channel, ChannelDestroyed, StasisEnd
from zhiyin.engine.ports import BridgeId, Lateness, LegGoneFact, LegId, PlaybackId

MAX_ENDED = 2_000


@dataclass(slots=True)
class Leg:
    """One channel in our application, or being rung by us.

    ``is_adopted``: found in the inventory, so what was asked of it before is not known here.
    """

    id: LegId
    endpoint: str
    is_rung: bool
    is_ringing: bool = False
    is_up: bool = False
    is_adopted: bool = False
    #: nothing that an engine before this one began to say is heard any more
    is_hushed: bool = False
    has_music: bool = False
    bridge: BridgeId | None = None
    #: we asked for its end
    is_ending: bool = False
    #: nobody is where it rings: its trunk did not answer when it was asked
    is_unreachable: bool = False
    recording: str | None = None
    recording_path: str | None = None
    #: with whom it was alone when its recording was begun, last
    recorded_with: LegId | None = None
    playbacks: set[PlaybackId] = field(default_factory=set)

    def end(self, *, cause: int, sip_status: int | None = None, late: Lateness = AT_ONCE) -> LegGoneFact:
        """Return the fact of its end."""
        if self.is_unreachable and not self.is_up:
            return LegGoneFact(self.id, cause, "unreachable", late.ago_s, late.within_s)
        word = translate.to_word(
            cause=cause,
            sip_status=sip_status,
            was_answered=self.is_up,
            was_rung=self.is_rung,
            # A trunk may say "progress" and never "ringing": its silence is no proof that nothing rang.
            has_rung=self.is_ringing or self.endpoint.startswith("trunk-"),
        )
        return LegGoneFact(self.id, cause, word, late.ago_s, late.within_s)


class Legs:
    """All legs known to be alive, by id."""

    def __init__(self) -> None:
        self._legs: dict[LegId, Leg] = {}
        #: ended lately, oldest first: Asterisk lists a channel a little longer than it is ours
        self._ended: dict[LegId, None] = {}

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._legs

    def get(self, leg: LegId) -> Leg | None:
        return self._legs.get(leg)

    def all(self) -> list[Leg]:
        return list(self._legs.values())

    def has_ended(self, leg: LegId) -> bool:
        return leg in self._ended

    def add(self, leg: Leg) -> Leg:
        self._ended.pop(leg.id, None)
        self._legs[leg.id] = leg
        return leg

    def drop(self, leg: LegId) -> Leg | None:
        return self._legs.pop(leg, None)

    def clear(self) -> None:
        self._legs.clear()

    def leave_bridge(self, bridge: BridgeId) -> None:
        """Forget that legs were in a bridge that is gone."""
        for leg in self._legs.values():
            if leg.bridge == bridge:
                leg.bridge = None

    def adopt(self, channel: Channel, *, is_rung: bool, bridge: BridgeId | None) -> Leg:
        """Return the leg of a channel found in the inventory, refreshed or new."""
        leg = self._legs.get(channel.id)
        if leg is None:
            leg = self.add(
                Leg(channel.id, translate.to_endpoint(channel.name), is_rung=is_rung, is_adopted=True, is_ringing=True)
            )
        leg.is_up = leg.is_up or channel.state == "Up"
        leg.bridge = bridge
        return leg

    def end(self, event: ChannelDestroyed | StasisEnd, *, late: Lateness = AT_ONCE) -> LegGoneFact | None:
        """Return the fact of a leg's end, once: a rung leg ends with two events, one that came in with one.

        Of a leg that we rang the others are on the line until we let them go, so long is its contact's end unsure.
        """
        leg = self._legs.pop(event.channel.id, None)
        if leg is None:
            return None
        self._ended[leg.id] = None
        if len(self._ended) > MAX_ENDED:
            del self._ended[next(iter(self._ended))]
        if leg.is_rung:
            late = Lateness(late.ago_s, late.ago_s)
        if isinstance(event, StasisEnd):
            return leg.end(cause=translate.NORMAL_CLEARING, late=late)
        return leg.end(cause=event.cause, sip_status=event.tech_cause, late=late)
