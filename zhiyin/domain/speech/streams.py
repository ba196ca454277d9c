"""Recognisers that hear sound as it is said, by a websocket: what is sent to each, and what its messages mean. Pure.

FunASR: the runtime's websocket (runtime/docs/websocket_protocol.md in modelscope/FunASR), mode "2pass": words come bit
by bit ("2pass-online"), and the whole of a sentence once more, corrected ("2pass-offline"). ``is_final`` is true once
the end that we told is reached; its server in Python says by it that we have told no end yet, so that the corrected
sentence without it is the last there.

sherpa-onnx: its online websocket server; sound is 32-bit floats, an answer has the words of a segment
so far, and "Done!" ends it (csrc/online-websocket-server-impl.cc, python-api-examples/streaming_server.py).

What a server says is believed as far as it goes: words that are too many are cut off, and what is no message of the
protocol raises ``NotUnderstood``.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from zhiyin.domain.speech.end_pointing import RATE_HZ

#: What both servers expect: 16 bits, twice the line's rate.
SENT_RATE_HZ = 2 * RATE_HZ
#: So much sound goes in one message: FunASR counts in pieces of 60 ms, ten to a chunk of 600.
PIECE_S = 0.06
PIECE_BYTES = int(SENT_RATE_HZ * PIECE_S) * 2
_CHUNKS, _PIECES_OF_A_CHUNK = (5, 10, 5), 10
#: More than this nobody says in one breath.
_MOST_SIGNS, _MOST_SEGMENTS = 1000, 50


class NotUnderstood(ValueError):
    """A message that is none of the protocol."""


class Stream(Protocol):
    """One utterance at one recogniser. ``words`` is what it has understood so far; ``is_over``: no more will come."""

    subprotocols: tuple[str, ...]

    @property
    def words(self) -> str: ...

    @property
    def is_over(self) -> bool: ...

    def opening(self) -> str | None:
        """Return what is sent before the sound."""
        ...

    def piece(self, sound: bytes) -> bytes:
        """Return sound of 16 bits at ``SENT_RATE_HZ`` as it is sent."""
        ...

    def ending(self) -> str:
        """Return what is sent after the sound; answers that come from now on may be the last."""
        ...

    def take(self, message: str | bytes) -> None:
        """Take in an answer. Raises ``NotUnderstood``."""
        ...


@dataclass(slots=True)
class FunAsr:
    """``phrases`` are told as words that are likely said."""

    phrases: tuple[str, ...] = ()
    subprotocols: tuple[str, ...] = ("binary",)
    is_over: bool = False
    _corrected: str = ""
    _newest: str = ""
    _has_ended: bool = False
    _is_in_python: bool = False

    @property
    def words(self) -> str:
        return (self._corrected + self._newest)[:_MOST_SIGNS]

    def opening(self) -> str:
        told = {
            "mode": "2pass",
            "wav_name": "call",
            "wav_format": "pcm",
            "audio_fs": SENT_RATE_HZ,
            "is_speaking": True,
            "chunk_size": _CHUNKS,
            "chunk_interval": _PIECES_OF_A_CHUNK,
            "itn": True,
        }
        if self.phrases:
            told["hotwords"] = json.dumps(dict.fromkeys(self.phrases, 20), ensure_ascii=False)
        return json.dumps(told, ensure_ascii=False)

    def piece(self, sound: bytes) -> bytes:
        return sound

    def ending(self) -> str:
        self._has_ended = True
        return json.dumps({"is_speaking": False})

    def take(self, message: str | bytes) -> None:
        told = _object_of(message)
        text, mode, is_final = _text_of(told), told.get("mode", ""), told.get("is_final") is True
        is_corrected = mode == "2pass-offline"
        if is_corrected:
            self._corrected, self._newest = (self._corrected + text)[:_MOST_SIGNS], ""
        else:
            self._newest = (self._newest + text)[:_MOST_SIGNS]
        if mode == "2pass-online" and is_final:
            self._is_in_python = True
        # what was on its way when we told the end is not the last
        is_last = is_corrected and not is_final if self._is_in_python else is_final
        self.is_over = self._has_ended and is_last


@dataclass(slots=True)
class Sherpa:
    """Words come by segments, each time the whole of the segment so far."""

    subprotocols: tuple[str, ...] = ()
    is_over: bool = False
    _segments: dict[int, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        parts = (self._segments[number].strip() for number in sorted(self._segments))
        return " ".join(part for part in parts if part)[:_MOST_SIGNS]

    def opening(self) -> None:
        return None

    def piece(self, sound: bytes) -> bytes:
        samples = array("h", sound)
        return array("f", (sample / 32768 for sample in samples)).tobytes()

    def ending(self) -> str:
        return "Done"

    def take(self, message: str | bytes) -> None:
        if message == "Done!":
            self.is_over = True
            return
        told = _object_of(message)
        segment = told.get("segment", 0)
        if type(segment) is not int or (segment not in self._segments and len(self._segments) >= _MOST_SEGMENTS):
            raise NotUnderstood
        self._segments[segment] = _text_of(told)[:_MOST_SIGNS]
        self.is_over = self.is_over or told.get("is_eof") is True


#: By their codes, as settings name them.
STREAMS: Mapping[str, Callable[[tuple[str, ...]], Stream]] = {
    "funasr": FunAsr,
    "sherpa": lambda _phrases: Sherpa(),
}


def _object_of(message: str | bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood from error
    if not isinstance(told, dict):
        raise NotUnderstood
    return told


def _text_of(told: Mapping[str, Any]) -> str:
    text = told.get("text", "")
    if not isinstance(text, str):
        raise NotUnderstood
    return text


@dataclass(slots=True)
class Doubler:
    """Brings the line's sound to twice its rate, bit by bit: between two samples stands what a curve through the four
    around them has there. Half a frame of delay would be audible in music, and is none in words."""

    _last: tuple[int, int, int] = (0, 0, 0)
    _rest: bytes = b""

    def take(self, sound: bytes) -> bytes:
        """Return the sound of 16 bits at ``SENT_RATE_HZ``; an odd byte waits for its other half."""
        sound = self._rest + sound
        whole = len(sound) // 2 * 2
        self._rest = sound[whole:]
        before, here, after = self._last
        doubled = array("h")
        for sample in array("h", sound[:whole]):
            between = (9 * (here + after) - before - sample) // 16
            doubled.append(here)
            doubled.append(max(-32768, min(32767, between)))
            before, here, after = here, after, sample
        self._last = before, here, after
        return doubled.tobytes()
