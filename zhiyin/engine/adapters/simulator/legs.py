"""A leg of the simulated telephone side, and what the party that is rung by it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiyin.engine.ports import DATA_HEADER, BridgeId, LegId, PlaybackId, TransferOutcome

#: The one Asterisk, where there is only one.
NODE = "in"

#: Whether a leg was answered, and what was being said to it.
Was = tuple[bool, PlaybackId | None]


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

    @property
    def was(self) -> Was:
        """How it stands, to be compared with how it stands later."""
        return self.is_up, self.playback

    @property
    def has_data(self) -> bool:
        return any(name.startswith(DATA_HEADER) for name in self.headers)
