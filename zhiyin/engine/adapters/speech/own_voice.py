"""The installation's own voice: a program beside the engine (``config/prompts/voice_process.py``)."""

from __future__ import annotations

from zhiyin.engine.adapters.speech.side_process import SideProcess


class OwnVoiceProcess(SideProcess):
    """Implements ``OwnVoice``."""

    async def speak(self, text: str, language: str, *, within_s: float) -> bytes:
        return await self.ask({"verb": "speak", "text": text, "language": language}, b"", within_s=within_s)

    async def to_line(self, wav: bytes, *, within_s: float) -> bytes:
        return await self.ask({"verb": "to_line"}, wav, within_s=within_s)
