"""Recording legs by MixMonitor, one file from the first word to the last, whoever talks with the leg.

Asterisk 22 turns what a leg hears into signed linear by one translator for the leg, and that drops every packet whose
RTP sequence number lies behind the last one's. After a hand-over the new party's numbers do in half of all cases, and
the file would have silence where it talks, for minutes (the leg itself hears it well: that way nothing is translated).
A translator ends with the last MixMonitor of the leg once a frame has passed without one; so the recording is begun
anew into the same file whenever somebody else is alone with the leg. Three and more are mixed first: no numbers there.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from zhiyin.engine.adapters.asterisk.errors import AriAway
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.adapters.asterisk.rest import Rest
from zhiyin.engine.ports import BridgeId, LegGone, LegId, Refused

log = structlog.get_logger(__name__)

#: Three packets: within this time one surely passed.
WITHOUT_S = 0.06
#: How often a recording that could not be begun anew is tried again: every second of it is lost.
TRY_AGAIN_AFTER_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
INTERLEAVED, APPENDING = "D", "Da"


class Recorder:
    """Raises ``LegGone`` and ``Refused``, and the manager's errors."""

    def __init__(self, *, legs: Legs, manager: ManagerClient, rest: Rest) -> None:
        self._legs = legs
        self._manager = manager
        self._rest = rest
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, leg: LegId, *, recording: str, path: str) -> None:
        """Record into ``path``: raw, interleaved, from bridge to bridge.

        It must end in ".raw" and its folder exist (else ``Refused``): Asterisk would record nothing and say so only in
        its log. A repeat with the same ``recording`` or into the same file changes nothing.
        """
        known = self._legs.get(leg)
        if known is not None and known.recording == recording:
            return
        may_run = known is None or known.is_adopted  # begun by an engine before this one
        if may_run and await self._rest.variable(leg, "MIXMONITOR_FILENAME") == path:
            self._note(leg, recording=recording, path=path)
            return
        if not path.endswith(".raw") or not Path(path).parent.is_dir():
            raise Refused(f"cannot record into {path}: a .raw file in an existing folder is needed")
        await self._mix(leg, path, INTERLEAVED)
        self._note(leg, recording=recording, path=path)

    def _note(self, leg: LegId, *, recording: str, path: str) -> None:
        if known := self._legs.get(leg):
            known.recording, known.recording_path = recording, path
            known.recorded_with = self._alone_with(known)

    async def stop(self, leg: LegId) -> None:
        await self._manager.act("StopMixMonitor", Channel=leg)
        if known := self._legs.get(leg):
            known.recording = known.recording_path = None

    async def parties_changed(self, bridge: BridgeId) -> None:
        """Begin anew the recordings of legs that are alone with somebody else than before."""
        for leg in self._inside(bridge):
            other = self._alone_with(leg) if leg.recording_path is not None else None
            if leg.recording_path is None or other is None or other == leg.recorded_with:
                continue
            is_first, leg.recorded_with = leg.recorded_with is None, other
            if not is_first:
                await self._begin_anew(leg, leg.recording_path)

    async def _begin_anew(self, leg: Leg, path: str) -> None:
        """Where the manager is away the call must not wait: it is tried again beside it."""
        if not await self._is_begun_anew(leg, path):
            task = asyncio.create_task(self._try_again(leg, path), name=f"recording-{leg.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _try_again(self, leg: Leg, path: str) -> None:
        for wait_s in TRY_AGAIN_AFTER_S:
            await asyncio.sleep(wait_s)
            if leg.recording_path != path or leg.is_ending or await self._is_begun_anew(leg, path):
                return
        log.error("recording_not_resumed", leg=leg.id, recording=leg.recording, why="the manager stays away")

    async def _is_begun_anew(self, leg: Leg, path: str) -> bool:
        """False where the manager is away; whether it stopped or went on is not known then, so both are asked anew."""
        try:
            await self._manager.act("StopMixMonitor", Channel=leg.id)
            await asyncio.sleep(WITHOUT_S)
            await self._mix(leg.id, path, APPENDING)
        except AriAway as error:
            log.warning("recording_waits", leg=leg.id, why=str(error))
            return False
        except LegGone:
            return True
        except Refused as error:
            log.error("recording_not_resumed", leg=leg.id, recording=leg.recording, why=str(error))
        return True

    async def _mix(self, leg: LegId, path: str, options: str) -> None:
        answer = await self._manager.act("MixMonitor", Channel=leg, File=path, options=options)
        if not answer.is_ok:
            raise LegGone(leg) if answer.text == "No such channel" else Refused(answer.text)

    def _alone_with(self, leg: Leg) -> LegId | None:
        """Return the one other leg in the leg's bridge, None where there is none or more than one."""
        others = [other.id for other in self._inside(leg.bridge) if other.id != leg.id] if leg.bridge else []
        return others[0] if len(others) == 1 else None

    def _inside(self, bridge: BridgeId) -> list[Leg]:
        return [leg for leg in self._legs.all() if leg.bridge == bridge and not leg.is_ending]
