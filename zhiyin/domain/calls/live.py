"""What a call keeps in memory only, beside the state that its events rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.flows.steps import Memory
from zhiyin.domain.interactions import LegId


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A caller in line arranges a callback. ``step``: "confirm" one's own number, "enter" another, "repeat" it."""

    step: str
    digits: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a flow asks outside just now, at ``node``; ``kind`` as of its request, ``service`` where it asks one."""

    id: str
    node: str
    kind: str
    service: int | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """What a call keeps in memory only. After a crash it begins anew from ``Resumed``."""

    memory: Memory | None = None
    playbacks: int = 0
    playback: str | None = None
    says: str = ""  # why it is being said: "flow", "wait", "last_words"
    last_words_to: LegId | None = None
    music: frozenset[LegId] = frozenset()  # who hears music
    legs: frozenset[LegId] = frozenset()  # all that are known to live
    is_announced: bool = False
    has_spoken: bool | None = None  # into a voice message; None: not known
    dialogue: Dialogue | None = None
    looks_for_surveys: bool = False  # it was asked when the customer was surveyed last
    is_survey_known: bool = False  # and that was told
    surveyed_at: datetime | None = None
    asks: int = 0  # how often the flow asked outside
    asked: Asked | None = None
    ears: int = 0  # how often the flow began to listen
    ear: str | None = None  # by which it listens now
    unseen_since: datetime | None = None  # its Asterisk is out of sight, for all that this engine knows
