"""What a leg hears while it is with nobody: prompts, hold music, ringing tone."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.engine.adapters.asterisk.errors import port_errors
from zhiyin.engine.adapters.asterisk.legs import Legs
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.adapters.asterisk.rest import NOT_FOUND, Rest
from zhiyin.engine.ports import LegGone, LegId, PlaybackId, Refused

MUSIC_CLASS = "default"
#: A prompt is a list of sounds; a stop ends one of them, and what nothing plays is lost without harm.
MOST_SOUNDS = 8


class Sounds:
    """Starts and stops them, and remembers in ``legs`` what plays."""

    def __init__(self, *, rest: Rest, manager: ManagerClient, legs: Legs) -> None:
        self._rest = rest
        self._manager = manager
        self._legs = legs

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        """Start playing; returns when Asterisk accepts it. A missing file is skipped, the last one tells.

        A repeat while it plays changes nothing, also when the first request came from an engine before this one.
        """
        known = self._legs.get(leg)
        if known is not None and playback in known.playbacks:
            return
        if known is not None and known.is_adopted and (await self._rest.ask("GET", f"playbacks/{playback}")).is_ok:
            known.playbacks.add(playback)
            return
        await self.hush(leg)
        if known is not None:
            known.playbacks.add(playback)
        try:
            media = ",".join(f"sound:{sound}" for sound in sounds)
            await self._rest.of_leg(leg, "POST", f"play/{playback}", {"media": media})
        except (LegGone, Refused):
            if known is not None:
                known.playbacks.discard(playback)
            raise

    async def hush(self, leg: LegId) -> None:
        """Stop what an engine before this one is saying to the leg: its names for that are lost.

        To join a leg, Asterisk waits until the prompt there is over, and lets every later request of ours wait too.
        """
        known = self._legs.get(leg)
        if known is None or not known.is_adopted or known.is_hushed or known.playbacks:
            return
        known.is_hushed = True
        with port_errors():
            for _ in range(MOST_SOUNDS):
                await self._manager.act("ControlPlayback", Channel=leg, Control="stop")

    async def stop(self, playback: PlaybackId) -> None:
        self._rest.expect(await self._rest.ask("DELETE", f"playbacks/{playback}"), NOT_FOUND)

    async def start_music(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "POST", "moh", {"mohClass": MUSIC_CLASS})
        if known := self._legs.get(leg):
            known.has_music = True

    async def stop_music(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "DELETE", "moh")
        if known := self._legs.get(leg):
            known.has_music = False

    async def start_ringback(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "POST", "ring")

    async def stop_ringback(self, leg: LegId) -> None:
        await self._rest.of_leg(leg, "DELETE", "ring")
