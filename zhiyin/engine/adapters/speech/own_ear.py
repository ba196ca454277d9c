"""The installation's own hearing: pocketsphinx in a program beside the engine (``config/speech/ear_process.py``)."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.engine.adapters.speech.side_process import SideProcess


class OwnEarProcess(SideProcess):
    """Implements ``OwnEar``."""

    async def understand(self, sound: bytes, phrases: Sequence[str], language: str, *, within_s: float) -> str:
        asked = {"phrases": list(phrases), "language": language}
        return (await self.ask(asked, sound, within_s=within_s)).decode()
