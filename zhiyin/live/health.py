"""``/api/health``: the state of every part, as far as the front can see it. Public, so it says nothing personal."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from zhiyin.contracts.commands import GetHealth
from zhiyin.contracts.frames import EngineHealth
from zhiyin.domain.alarms import Alarm, NodeReading
from zhiyin.live.alarms import AlarmBook
from zhiyin.live.engine_link import EngineLink

log = structlog.get_logger(__name__)

PARTS = ("postgres", "asterisk", "engine", "web", "worker", "disk")
#: Everybody may ask; the parts are asked at most this often.
KEEP_S = 1.0
ENGINE_WITHIN_S = 2.0
LEAST_FREE_BYTES = 1024**3

OK, AWAY, UNKNOWN = "ok", "away", "unknown"
#: what serves; that some of several nodes are away is an alarm of its own
_SERVING = (OK, UNKNOWN, "draining", "starting", "partly")


class PartHealth(msgspec.Struct, frozen=True):
    """``detail`` is empty when all is well, else an English sentence."""

    state: str
    detail: str = ""


class Health(msgspec.Struct, frozen=True):
    """``alarms``: the codes of what administrators hear of; their words are at ``/api/alarms``."""

    status: str
    parts: dict[str, PartHealth]
    alarms: tuple[str, ...] = ()


class HealthBook:
    """Asks the parts and remembers the answer for a second."""

    def __init__(
        self,
        *,
        link: EngineLink,
        is_web_up: Callable[[], Awaitable[bool]],
        parts_status: Path,
        data: Path,
        alarms: AlarmBook,
    ) -> None:
        self._alarms = alarms
        #: the alarms that held when health was last read
        self.alarms: tuple[Alarm, ...] = ()
        self._link = link
        self._is_web_up = is_web_up
        self._parts_status = parts_status
        self._data = data
        self._lock = asyncio.Lock()
        self._known: Health | None = None
        self._known_at = 0.0
        self._asked = 0
        self._boot = f"{time.time_ns():x}"

    async def read(self) -> Health:
        async with self._lock:
            if self._known is None or time.monotonic() - self._known_at > KEEP_S:
                self._known = await self._ask()
                self._known_at = time.monotonic()
            return self._known

    async def _ask(self) -> Health:
        engine, web = await asyncio.gather(self._ask_engine(), self._is_web_up())
        supervised = _read_supervised(self._parts_status)
        parts = {
            "postgres": _postgres(engine, supervised.get("postgres")),
            "asterisk": _asterisk(engine, supervised.get("asterisk")),
            "engine": _engine(engine, supervised.get("engine")),
            "web": PartHealth(OK) if web else PartHealth(AWAY, "The web server does not answer."),
            "worker": supervised.get("worker", PartHealth(UNKNOWN, "Nobody tells of the worker.")),
            "disk": _disk(self._data),
        }
        away = tuple(name for name, part in parts.items() if name != "disk" and part.state not in _SERVING)
        self.alarms = self._alarms.find(
            parts_away=away,
            spooled_events=engine.spooled_events if engine else 0,
            refused_events=engine.refused_events if engine else 0,
            are_descriptors_short=engine is not None and engine.are_descriptors_short,
            nodes_away=_nodes_away(engine) if engine is not None else (),
        )
        # A part that nobody supervises here may well run on another machine.
        is_well = all(part.state in (OK, UNKNOWN) for part in parts.values())
        codes = tuple(dict.fromkeys(alarm.code for alarm in self.alarms))
        return Health(status=OK if is_well else "degraded", parts=parts, alarms=codes)

    async def _ask_engine(self) -> EngineHealth | None:
        self._asked += 1
        reply = await self._link.ask(
            GetHealth(), request_id=f"health:{self._boot}:{self._asked}", tenant=0, actor=None, within_s=ENGINE_WITHIN_S
        )
        if reply.problem is not None:
            return None
        try:
            return msgspec.json.decode(reply.result, type=EngineHealth)
        except msgspec.MsgspecError as error:
            log.error("engine_health_unreadable", why=str(error))
            return None


def _read_supervised(path: Path) -> dict[str, PartHealth]:
    """Return the supervisor's own view of its children; empty where there is none.

    Where the parts are on several machines it is what the front's pulse heard of them, good for a while only.
    """
    try:
        content = json.loads(path.read_text())
        if "good_until" in content and datetime.fromisoformat(content["good_until"]) < datetime.now(UTC):
            return {}
        parts = content["parts"]
        return {
            name: PartHealth(state=str(part["state"]), detail=str(part.get("detail", "")))
            for name, part in parts.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _engine(engine: EngineHealth | None, supervised: PartHealth | None) -> PartHealth:
    if engine is None:
        detail = supervised.detail if supervised and supervised.detail else "The engine does not answer."
        return PartHealth(AWAY, detail)
    return PartHealth("draining", f"{engine.live_calls} calls are live.") if engine.is_draining else PartHealth(OK)


def _postgres(engine: EngineHealth | None, supervised: PartHealth | None) -> PartHealth:
    if supervised is not None and supervised.state != OK:
        return supervised
    if engine is not None and engine.log != OK:
        return PartHealth(AWAY, f"The log cannot be written: {engine.spooled_events} events wait on disk.")
    return PartHealth(OK) if engine is not None or supervised is not None else PartHealth(UNKNOWN)


def _asterisk(engine: EngineHealth | None, supervised: PartHealth | None) -> PartHealth:
    if supervised is not None and supervised.state != OK:
        return supervised
    if engine is not None and engine.asterisk != OK:
        return PartHealth(AWAY, "The engine cannot reach Asterisk.")
    if engine is not None and (away := [name for name, node in engine.nodes.items() if node.state == AWAY]):
        return PartHealth("partly", f"Nodes {', '.join(away)} cannot be reached; the others take the calls.")
    return PartHealth(OK) if engine is not None or supervised is not None else PartHealth(UNKNOWN)


def _nodes_away(engine: EngineHealth) -> tuple[NodeReading, ...]:
    away = ((name, node) for name, node in sorted(engine.nodes.items()) if node.state == AWAY)
    return tuple(NodeReading(name, node.unseen_since, node.lost_at) for name, node in away)


def _disk(data: Path) -> PartHealth:
    try:
        free = shutil.disk_usage(data).free
    except OSError as error:
        return PartHealth(AWAY, f"The data folder cannot be read: {error.strerror}.")
    if free < LEAST_FREE_BYTES:
        return PartHealth("full", f"Only {free // 1024**2} MB are free; recordings need room: delete or move files.")
    return PartHealth(OK)
