"""Speech in virtual time: every text is said at once, by a sound that is its words, and sound is
understood as whoever simulates says."""

from __future__ import annotations

import asyncio
import struct
from array import array
from collections.abc import Callable, Sequence

from zhiyin.domain.speech.end_pointing import PAUSE_S, RATE_HZ
from zhiyin.engine.speech_port import SpeechTools


class SimulatedVoice:
    """``speaks`` and ``brings`` say what comes of a text or a WAV file, or raise ``SpeechFailed``; ``takes_s`` how long
    it takes. ``said`` is what was asked of it: text and language."""

    def __init__(self) -> None:
        self.speaks: Callable[[str, str], bytes] = lambda text, _language: text.encode()
        self.brings: Callable[[bytes], bytes] = lambda wav: wav
        self.takes_s = 0.05
        self.said: list[tuple[str, str]] = []

    async def speak(self, text: str, language: str, *, within_s: float) -> bytes:  # noqa: ARG002 - the protocol's
        self.said.append((text, language))
        await asyncio.sleep(self.takes_s)
        return self.speaks(text, language)

    async def to_line(self, wav: bytes, *, within_s: float) -> bytes:  # noqa: ARG002 - the protocol's
        await asyncio.sleep(self.takes_s)
        return self.brings(wav)

    async def close(self) -> None:
        pass


class SimulatedEar:
    """``understands`` says what comes of an utterance, or raises ``SpeechFailed``; ``heard`` how many there were."""

    def __init__(self) -> None:
        self.understands: Callable[[bytes], str] = lambda _sound: ""
        self.takes_s = 0.1
        self.heard = 0

    async def understand(
        self,
        sound: bytes,
        phrases: Sequence[str],  # noqa: ARG002 - the protocol's
        language: str,  # noqa: ARG002
        *,
        within_s: float,  # noqa: ARG002
    ) -> str:
        self.heard += 1
        await asyncio.sleep(self.takes_s)
        return self.understands(sound)

    async def close(self) -> None:
        pass


def words(number: int, for_s: float = 0.6) -> bytes:
    """Return sound that is an utterance with its pause after it; ``number`` tells it from others (``number_of``)."""
    loud = struct.pack("<2h", 8000, -8000 - number) * (round(for_s * RATE_HZ) // 2)
    return loud + bytes(2 * round((PAUSE_S + 0.2) * RATE_HZ))


def number_of(sound: bytes) -> int:
    """Return which utterance of ``words`` this is."""
    return -8000 - min(array("h", sound))


class SimulatedShelf:
    """What lies there now, and all that ever did, by name."""

    def __init__(self) -> None:
        self.sounds: dict[str, bytes] = {}
        self.ever: dict[str, bytes] = {}

    async def put(self, sound: bytes) -> str:
        name = f"/spoken/{len(self.ever) + 1}"
        self.sounds[name] = self.ever[name] = sound
        return name

    def remove(self, name: str) -> None:
        self.sounds.pop(name, None)

    def clear(self) -> None:
        self.sounds.clear()


def simulated_speech() -> SpeechTools:
    return SpeechTools(SimulatedVoice(), SimulatedShelf(), SimulatedEar())
