"""Sounds of calls as files in a folder that the telephone side reads."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from zhiyin.engine.speech_port import SpeechFailed

_SUFFIX = ".alaw"


class SoundFolder:
    """Implements ``SoundShelf``. A name is a file's path without its suffix, as Asterisk has it; it can be guessed by
    nobody, and says nothing of what is heard."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, sound: bytes) -> str:
        path = self._folder / secrets.token_hex(16)
        writing = asyncio.ensure_future(asyncio.to_thread(path.with_suffix(_SUFFIX).write_bytes, sound))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            writing.add_done_callback(lambda _done: self.remove(str(path)))
            raise
        except OSError as error:
            raise SpeechFailed("broken") from error
        return str(path)

    def remove(self, name: str) -> None:
        Path(name).with_suffix(_SUFFIX).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all sounds. What begins with a dot stays: a shared folder is known by such a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("[!.]*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
