"""Speech in virtual time: every text is said at once, by a sound that is its words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

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
    return SpeechTools(SimulatedVoice(), SimulatedShelf())
