"""A SIP telephone as they are bought: baresip, which speaks TLS and SRTP and takes only our authority's word."""

from __future__ import annotations

import asyncio
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.asterisk_adapter import sound
from tests.harness.network import Machine
from tests.harness.waiting import until

TELEPHONE_TONE_HZ = 440.0
_MODULES = Path("/usr/lib/baresip/modules")


@dataclass
class Baresip:
    """One telephone. ``said`` is what it printed."""

    folder: Path
    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    async def says(self, words: str, *, within_s: float = 20) -> None:
        def is_said() -> bool:
            return any(words in line for line in self.said)

        try:
            await until(is_said, what=f"the telephone says {words!r}", within_s=within_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; it said {self.said[-30:]}") from None

    async def does(self, command: str) -> None:
        """Type a command of its menu."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n".encode())
        await self.process.stdin.drain()

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode(errors="replace").rstrip())


@asynccontextmanager
async def baresip(
    folder: Path, *, account: str, secret: str, server: str, authority: Path, machine: Machine, encryption: str
) -> AsyncIterator[Baresip]:
    """Run a telephone on ``machine`` that registers at ``server`` (host:port) and says a tone.

    ``encryption``: baresip's word for it, "srtp-mand" or "" for none.
    """
    program = shutil.which("baresip")
    if program is None:
        pytest.fail("baresip is missing. Run: apt-get install baresip")
    account_line = f"<sip:{account}@{server};transport=tls>;auth_pass={secret};regint=60;audio_codecs=PCMA"
    _furnish(folder, account_line + (f";mediaenc={encryption}" if encryption else ""), authority, machine.address)
    process = await asyncio.create_subprocess_exec(
        *machine.command, program, "-4", "-f", str(folder),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    telephone = Baresip(folder, process)
    listening = asyncio.create_task(telephone.listen())
    try:
        yield telephone
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 10)
        listening.cancel()


def _furnish(folder: Path, account_line: str, authority: Path, address: str) -> None:
    """Write what baresip is told and what it says into its microphone."""
    folder.mkdir()
    with wave.open(str(folder / "tone.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(sound.tone(TELEPHONE_TONE_HZ, 120))
    shutil.copy(authority, folder / "authority.crt")
    (folder / "config").write_text(_CONFIG.format(folder=folder, modules=_MODULES, address=address))
    (folder / "accounts").write_text(f"{account_line}\n")
    (folder / "contacts").touch()


_CONFIG = """\
poll_method epoll
sip_listen {address}:0
sip_cafile {folder}/authority.crt
call_local_timeout 120
call_max_calls 1
audio_source aufile,{folder}/tone.wav
audio_level no
rtp_ports 40000-40100
module_path {modules}
module stdio.so
module g711.so
module aufile.so
module srtp.so
module_tmp account.so
module_app menu.so
"""
