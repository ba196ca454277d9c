"""Turns Asterisk's events into facts, each told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zhiyin.engine.adapters.asterisk import messages, translate
from zhiyin.engine.adapters.asterisk.event_clock import AT_ONCE
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.ports import (
    Fact,
    KeyPressed,
    Lateness,
    LegAnswered,
    LegHeld,
    LegRinging,
    PlaybackEnded,
    SpeechHeard,
    TelephoneRegistered,
    TransferRequested,
)

#: The event types that carry our facts; Asterisk sends ten times as many.
CALL_EVENTS = (
    "StasisStart",
    "StasisEnd",
    "ChannelDestroyed",
    "ChannelStateChange",
    "ChannelDtmfReceived",
    "ChannelTalkingStarted",
    "ChannelTalkingFinished",
    "ChannelHold",
    "ChannelUnhold",
    "ChannelTransfer",
    "PlaybackFinished",
    "ApplicationReplaced",
)
TELEPHONE_EVENTS = ("EndpointStateChange",)


def is_telephone(endpoint: messages.Endpoint) -> bool:
    """Return whether it is no trunk and not the endpoint of callers without identity."""
    name = endpoint.resource
    return endpoint.technology == "PJSIP" and name != "anonymous" and not name.startswith("trunk-")


class Facts:
    """Keeps ``legs`` true to the events and tells ``on_fact`` what they mean. Events of unknown legs mean nothing."""

    def __init__(
        self, *, legs: Legs, on_fact: Callable[[Fact], None], lateness: Callable[[str], Lateness] = lambda _at: AT_ONCE
    ) -> None:
        """``lateness`` tells how long ago it was what Asterisk dated so."""
        self._legs = legs
        self._on_fact = on_fact
        self._lateness = lateness
        #: told when a channel that is nobody's leg is in our application: a snoop, or one that carries sound to us
        self.on_tap: Callable[[str], None] = lambda _snoop: None
        self._reachable: dict[str, bool] = {}

    def take(self, event: messages.Event) -> None:  # noqa: C901, PLR0912 - one arm an event
        match event:
            case messages.StasisStart():
                self._take_start(event)
            case messages.StasisEnd() | messages.ChannelDestroyed():
                if gone := self._legs.end(event, late=self._lateness(event.timestamp)):
                    self._on_fact(gone)
            case messages.ChannelStateChange():
                if leg := self._legs.get(event.channel.id):
                    self.note_state(leg, event.channel)
            case messages.ChannelDtmfReceived():
                if event.channel.id in self._legs:
                    self._on_fact(KeyPressed(leg=event.channel.id, key=event.digit))
            case messages.ChannelHold() | messages.ChannelUnhold():
                if event.channel.id in self._legs:
                    is_held = isinstance(event, messages.ChannelHold)
                    self._on_fact(LegHeld(leg=event.channel.id, is_held=is_held))
            case messages.ChannelTalkingStarted() | messages.ChannelTalkingFinished():
                if event.channel.id in self._legs:
                    is_speaking = isinstance(event, messages.ChannelTalkingStarted)
                    self._on_fact(SpeechHeard(leg=event.channel.id, is_speaking=is_speaking))
            case messages.ChannelTransfer(state=None):
                self._take_refer(event)
            case messages.PlaybackFinished():
                self._take_playback(event.playback)
            case messages.EndpointStateChange():
                self.note_telephones((event.endpoint,))

    def note_state(self, leg: Leg, channel: messages.Channel) -> None:
        """A rung leg rings; an incoming one was answered by us (that is no fact, we did it)."""
        if channel.state == "Ringing" and leg.is_rung and not leg.is_ringing:
            leg.is_ringing = True
            self._on_fact(LegRinging(leg=leg.id))
        elif channel.state == "Up" and not leg.is_rung:
            leg.is_up = True

    def note_entry(self, channel: messages.Channel, entry: translate.Entry) -> None:
        """A channel is in our application: a leg that we rang was answered, or a call arrived."""
        leg = self._legs.get(channel.id)
        if entry.is_rung:
            leg = leg or self._legs.add(Leg(channel.id, translate.to_endpoint(channel.name), is_rung=True))
            if not leg.is_up:
                leg.is_up = True
                self._on_fact(LegAnswered(leg=leg.id))
        elif leg is None or leg.is_adopted:
            leg = leg or self._legs.add(Leg(channel.id, entry.endpoint, is_rung=False))
            leg.is_adopted = False
            # A caller whom the dialplan kept waiting for us was answered there.
            leg.is_up = channel.state == "Up"
            self._on_fact(translate.to_arrival(channel, entry))

    def note_telephones(self, endpoints: Iterable[messages.Endpoint]) -> None:
        """Tell whose telephone came or went; trunks and the anonymous endpoint are no telephones."""
        for endpoint in endpoints:
            account = endpoint.resource
            if not is_telephone(endpoint):
                continue
            is_reachable = endpoint.state == "online"
            if self._reachable.get(account) is not is_reachable:
                self._reachable[account] = is_reachable
                self._on_fact(TelephoneRegistered(account=account, is_reachable=is_reachable))

    def forget_telephones(self) -> None:
        """After a reconnect each telephone is told anew."""
        self._reachable.clear()

    def knows_telephone(self, account: str) -> bool:
        """Return whether its state was told since the last reconnect."""
        return account in self._reachable

    def forget_telephone(self, account: str) -> None:
        self._reachable.pop(account, None)

    def _take_start(self, event: messages.StasisStart) -> None:
        if event.args in ((translate.TAP,), ()):
            self.on_tap(event.channel.id)
            return
        entry = translate.to_entry(event.args)
        if entry is not None:
            self.note_entry(event.channel, entry)

    def _take_refer(self, event: messages.ChannelTransfer) -> None:
        leg, other = event.referred_by.source_channel.id, event.refer_to.destination_channel
        if leg in self._legs:
            dialled = event.refer_to.requested_destination.destination
            self._on_fact(TransferRequested(leg=leg, dialled=dialled, other_leg=other.id if other else None))

    def _take_playback(self, playback: messages.Playback) -> None:
        leg = self._legs.get(playback.target_uri.removeprefix("channel:"))
        if leg is not None:
            leg.playbacks.discard(playback.id)
            self._on_fact(PlaybackEnded(playback=playback.id, leg=leg.id, failed=playback.state == "failed"))
