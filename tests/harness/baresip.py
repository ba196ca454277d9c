"""A SIP telephone as they are bought: baresip, which speaks TLS and SRTP and takes only our authority's word."""

from __future__ import annotations

import asyncio
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.asterisk_adapter import sound
from tests.harness.network import Machine
from tests.harness.waiting import until
from zhiyin.config.supervisor.tls import AUTHORITY, ensure_own_certificate

TELEPHONE_TONE_HZ = 440.0
_MODULES = Path("/usr/lib/baresip/modules")


@dataclass
class Baresip:
    """One telephone. ``said`` is what it printed."""

    folder: Path
    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    async def says(self, words: str, *, within_s: float = 40) -> None:
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
    account_line = f"<sip:{account}@{server};transport=tls>;auth_pass={secret};regint=60;audio_codecs=PCMA"
    account_line += f";mediaenc={encryption}" if encryption else ""
    async with _running(folder, account_line, authority, machine, sip_port=0) as telephone:
        yield telephone


@dataclass(frozen=True)
class Certificates:
    """A carrier's certificate, in one file with its key, and the authority that signed it."""

    own: Path
    authority: Path


def make_certificates(folder: Path, machine: Machine) -> Certificates:
    folder.mkdir(exist_ok=True)
    cert, key = ensure_own_certificate(folder, (machine.address,), now=datetime.now(UTC))
    own = folder / "carrier.pem"
    own.write_bytes(key.read_bytes() + cert.read_bytes())
    return Certificates(own, folder / AUTHORITY)


#: where the carrier listens for TLS
CARRIER_TLS_PORT = 5061


@asynccontextmanager
async def encrypting_carrier(
    folder: Path, *, number: str, server: str, authority: Path, certificates: Certificates, machine: Machine
) -> AsyncIterator[Baresip]:
    """Run a carrier on ``machine``, over TLS and SRTP alone, that calls from ``number`` and answers calls to it."""
    account_line = f"<sip:{number}@{server};transport=tls>;regint=0;audio_codecs=PCMA;mediaenc=srtp-mand"
    port = CARRIER_TLS_PORT - 1  # baresip listens for TLS at the next one
    async with _running(
        folder, f"{account_line};answermode=auto", authority, machine, sip_port=port, certificates=certificates
    ) as carrier:
        yield carrier


@asynccontextmanager
async def _running(
    folder: Path,
    account_line: str,
    authority: Path,
    machine: Machine,
    *,
    sip_port: int,
    certificates: Certificates | None = None,
) -> AsyncIterator[Baresip]:
    program = shutil.which("baresip")
    if program is None:
        pytest.fail("baresip is missing. Run: apt-get install baresip")
    _furnish(folder, account_line, authority, f"{machine.address}:{sip_port}", certificates)
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


def _furnish(
    folder: Path, account_line: str, authority: Path, listens_at: str, certificates: Certificates | None
) -> None:
    """Write what baresip is told and what it says into its microphone."""
    folder.mkdir()
    with wave.open(str(folder / "tone.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(sound.tone(TELEPHONE_TONE_HZ, 120))
    shutil.copy(authority, folder / "authority.crt")
    config = _CONFIG.format(folder=folder, modules=_MODULES, listens_at=listens_at)
    if certificates is not None:
        config += f"sip_certificate {certificates.own}\n"
    (folder / "config").write_text(config)
    (folder / "accounts").write_text(f"{account_line}\n")
    (folder / "contacts").touch()


_CONFIG = """\
poll_method epoll
sip_listen {listens_at}
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
