"""Where trial calls are written down while they last: a file each, and never the log, where every list and figure would
have to leave them out. The next engine goes on from it; with the call the file is gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from zhiyin.contracts.events import EVENT_TYPES, UnknownEvent, decode_body, encode_body
from zhiyin.domain.flow_scripts.call_story import MASK, Entry
from zhiyin.domain.interactions import InteractionEvent
from zhiyin.domain.replacing import replace

log = structlog.get_logger(__name__)


class KeptTrial(msgspec.Struct, frozen=True):
    """What the call is of and for whom; the first line of its file."""

    trial: str
    tenant: int
    user: int
    flow: int
    graph: msgspec.Raw
    number: str
    is_vip: bool
    may_change: bool
    interaction: str
    leg: str
    account: str


class KeptTurn(msgspec.Struct, frozen=True):
    """One turn. ``events`` are pairs of type and body, ``personal`` the values that they refer to."""

    at: datetime
    events: tuple[tuple[str, msgspec.Raw], ...]
    entry: Entry | None
    personal: dict[str, str]
    shares: dict[str, float]


_read_trial = msgspec.json.Decoder(KeptTrial).decode
_read_turn = msgspec.json.Decoder(KeptTurn).decode


class TrialCallShelf:
    """Never raises: a trial that cannot be written down goes on, and ends with its engine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, trial: KeptTrial) -> None:
        self._write(trial.trial, msgspec.json.encode(trial))

    def add(self, trial: str, turn: KeptTurn) -> None:
        """Write a turn down. Keys that nobody may keep are told by their number alone."""
        entry = turn.entry
        if entry is not None and entry.is_private and entry.act[0] == "press":
            turn = msgspec.structs.replace(turn, entry=replace(entry, act=("press", MASK)))
        self._write(trial, msgspec.json.encode(turn))

    def forget(self, trial: str) -> None:
        with suppress(OSError):
            self._path(trial).unlink(missing_ok=True)

    def all(self) -> Iterator[tuple[KeptTrial, list[KeptTurn]]]:
        """Yield what earlier engines left. A file that cannot be read is taken away."""
        for path in sorted(self._folder.glob("*.jsonl")):
            try:
                first, *lines = path.read_bytes().splitlines()
                yield _read_trial(first), [_read_turn(line) for line in lines]
            except (OSError, ValueError, msgspec.MsgspecError) as error:
                log.info("trial_call_unreadable", why=type(error).__name__)
                self.forget(path.stem)

    def _path(self, trial: str) -> Path:
        return self._folder / f"{trial}.jsonl"

    def _write(self, trial: str, line: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path(trial), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line + b"\n")
            finally:
                os.close(descriptor)
        except OSError as error:
            log.info("trial_call_not_kept", trial=trial, why=str(error))


def to_pairs(events: tuple[InteractionEvent, ...]) -> tuple[tuple[str, msgspec.Raw], ...]:
    return tuple((type(event).__name__, msgspec.Raw(encode_body(event))) for event in events)


def from_pairs(pairs: tuple[tuple[str, msgspec.Raw], ...]) -> Iterator[InteractionEvent]:
    """Yield the events. Raises ``UnknownEvent``."""
    for name, body in pairs:
        if name not in EVENT_TYPES:
            raise UnknownEvent(name)
        event = decode_body(name, EVENT_TYPES[name][0], bytes(body))
        if isinstance(event, InteractionEvent):
            yield event
