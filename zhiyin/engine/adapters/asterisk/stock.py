"""Takes stock of what Asterisk has of ours: the inventory, and what was missed while we were not connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhiyin.engine.adapters.asterisk import messages, translate
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.facts import Facts
from zhiyin.engine.adapters.asterisk.late_ends import LateEnds
from zhiyin.engine.adapters.asterisk.legs import Legs
from zhiyin.engine.ports import BridgeId, Fact, Inventory, Lateness, LegId, LegSeen, PlaybackEnded, PlaybackId

NOT_FOUND = 404
#: Channels that are no leg: snoops, and those that carry sound to us.
_NOBODYS = ("Snoop/", "WebSocket/")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Our channels and all bridges at one moment. ``entries`` has the channels inside our application."""

    channels: dict[LegId, messages.Channel]
    entries: dict[LegId, translate.Entry]
    bridges: dict[BridgeId, frozenset[LegId]]

    def bridge_of(self, leg: LegId) -> BridgeId | None:
        return next((bridge for bridge, legs in self.bridges.items() if leg in legs), None)


class Stock:
    """Reads Asterisk's channels, bridges and playbacks, and brings ``legs`` in line with them."""

    def __init__(self, *, ari: AriClient, application: str, legs: Legs) -> None:
        self._ari = ari
        self._application = application
        self._legs = legs
        self.late_ends = LateEnds(ari)

    async def inventory(self) -> Inventory:
        """Return all that Asterisk has of ours, and know it from now on."""
        snapshot = await self._snapshot()
        bridge_of = {leg: bridge for bridge, legs in snapshot.bridges.items() for leg in legs}
        seen: dict[LegId, LegSeen] = {}
        for channel in snapshot.channels.values():
            entry = snapshot.entries.get(channel.id)
            is_rung = entry.is_rung if entry else True
            leg = self._legs.adopt(channel, is_rung=is_rung, bridge=bridge_of.get(channel.id))
            seen[channel.id] = LegSeen(
                leg=channel.id,
                is_up=channel.state == "Up",
                endpoint=leg.endpoint,
                bridge=leg.bridge,
                dialled=entry.dialled if entry else "",
                caller=channel.caller.number,
                has_data=entry.has_data if entry else False,
            )
        playing = await self._still_playing()
        return Inventory(legs=seen, bridges=snapshot.bridges, playbacks=playing)

    async def look(self, legs: Iterable[LegId]) -> dict[LegId, bool]:
        """Return those of the legs that Asterisk has, and whether each is answered."""
        asked = tuple(legs)
        answers = await asyncio.gather(*(self._ari.request("GET", f"channels/{leg}") for leg in asked))
        return {
            leg: answer.read(messages.Channel).state == "Up"
            for leg, answer in zip(asked, answers, strict=True)
            if answer.status != NOT_FOUND
        }

    async def catch_up(self, *, facts: Facts, on_fact: Callable[[Fact], None], silent_s: float) -> None:
        """Tell what happened to the legs we know, and which calls arrived, since the last word ``silent_s`` ago."""
        snapshot = await self._snapshot()
        playing = await self._still_playing()
        came_in = (leg.id for leg in self._legs.all() if leg.id not in snapshot.channels and not leg.is_rung)
        late = await self.late_ends.of(came_in, silent_s=silent_s)
        unknown = Lateness(0.0, silent_s)
        for leg in self._legs.all():
            channel = snapshot.channels.get(leg.id)
            if channel is None:
                self._legs.drop(leg.id)
                on_fact(leg.end(cause=translate.NORMAL_CLEARING, late=late.get(leg.id, unknown)))
                continue
            facts.note_state(leg, channel)
            leg.bridge = snapshot.bridge_of(leg.id)
            for ended in leg.playbacks - playing:
                leg.playbacks.discard(ended)
                on_fact(PlaybackEnded(playback=ended, leg=leg.id))
        for leg_id, entry in snapshot.entries.items():
            facts.note_entry(snapshot.channels[leg_id], entry)

    async def _snapshot(self) -> Snapshot:
        application, channels, bridges = await self._ari.lists(
            f"applications/{self._application}", "channels", "bridges"
        )
        # The application's own list has the legs that still ring: they are not in Stasis yet.
        subscribed = set(application.read(messages.Application).channel_ids)
        listed_channels = channels.read(list[messages.Channel])
        found = {
            channel.id: channel
            for channel in listed_channels
            if not self._legs.has_ended(channel.id) and not channel.name.startswith(_NOBODYS)
        }
        entries = {
            channel.id: entry
            for channel in found.values()
            if (entry := translate.to_entry_of_channel(channel, application=self._application))
        }
        ours = {leg: channel for leg, channel in found.items() if leg in subscribed or leg in entries}
        listed = bridges.read(list[messages.Bridge])
        return Snapshot(ours, entries, {bridge.id: frozenset(bridge.channels) & ours.keys() for bridge in listed})

    async def _still_playing(self) -> frozenset[PlaybackId]:
        """Asterisk has no list of playbacks: ask for each that we know."""
        known = [playback for leg in self._legs.all() for playback in leg.playbacks]
        answers = await asyncio.gather(*(self._ari.request("GET", f"playbacks/{playback}") for playback in known))
        return frozenset(playback for playback, answer in zip(known, answers, strict=True) if answer.is_ok)
