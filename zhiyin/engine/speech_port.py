"""What the engine asks of those who speak and hear: texts made into the sound of a line, and back.

``adapters/speech`` does it; ``adapters/simulator/speech.py`` stands in for it in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class SpeechFailed(Exception):
    """Nothing came of it; ``cause`` says why: no_voice no_recogniser not_sound late broken, or why a service was of
    no use (``outside_port.OutsideFailed``)."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class OwnVoice(Protocol):
    """The installation's own voice, by which everything can be said. Both raise ``SpeechFailed`` and nothing else, hold
    up nobody, and may be cancelled at any time. Sound is A-law of 8000 samples a second, without a header."""

    async def speak(self, text: str, language: str, *, within_s: float) -> bytes:
        """Return the sound of a text in "zh" or "en"."""
        ...

    async def to_line(self, wav: bytes, *, within_s: float) -> bytes:
        """Return the sound of a WAV file of 16 bits, brought to the line's rate, band and level."""
        ...

    async def close(self) -> None: ...


class OwnEar(Protocol):
    """The installation's own hearing: it understands nothing but the phrases that are expected."""

    async def understand(self, sound: bytes, phrases: Sequence[str], language: str, *, within_s: float) -> str:
        """Return which of the phrases an utterance is, "" for none. ``sound``: 16 bits, 8000 samples a second.

        Raises ``SpeechFailed``: "no_recogniser" where it does not know the language.
        """
        ...

    async def close(self) -> None: ...


class NoEar:
    """Where the engine hears nothing by itself."""

    async def understand(
        self,
        sound: bytes,  # noqa: ARG002 - the protocol's
        phrases: Sequence[str],  # noqa: ARG002
        language: str,  # noqa: ARG002
        *,
        within_s: float,  # noqa: ARG002
    ) -> str:
        raise SpeechFailed("no_recogniser")

    async def close(self) -> None:
        pass


class SoundShelf(Protocol):
    """Where the telephone side finds sounds that are made at a call."""

    async def put(self, sound: bytes) -> str:
        """Return by what name the sound is played from now on. Raises ``SpeechFailed``."""
        ...

    def remove(self, name: str) -> None:
        """Take it away; what is gone is no error."""
        ...

    def clear(self) -> None:
        """Take away what an engine before this one left."""
        ...


class NoShelf:
    """Where nothing can be laid out."""

    async def put(self, sound: bytes) -> str:  # noqa: ARG002 - the protocol's
        raise SpeechFailed("no_voice")

    def remove(self, name: str) -> None:
        pass

    def clear(self) -> None:
        pass


class NoVoice:
    """Where the engine was given no voice."""

    async def speak(self, text: str, language: str, *, within_s: float) -> bytes:  # noqa: ARG002 - the protocol's
        raise SpeechFailed("no_voice")

    async def to_line(self, wav: bytes, *, within_s: float) -> bytes:  # noqa: ARG002 - the protocol's
        raise SpeechFailed("no_voice")

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class SpeechTools:
    """By what an engine speaks and hears."""

    voice: OwnVoice = field(default_factory=NoVoice)
    shelf: SoundShelf = field(default_factory=NoShelf)
    ear: OwnEar = field(default_factory=NoEar)
