"""A caller on a real SIP telephone: sipp speaks SIP, and a socket of ours sends and keeps the sound.

sipp can send sound, but it neither records nor sends keys and sound in one stream without root; so its SDP names our
socket. Keys are RFC 4733 events inside the same stream, as a telephone sends them.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.instance import free_udp_port
from tests.asterisk_adapter.media import Media
from tests.harness.network import Machine
from tests.harness.waiting import until

CALLER_TONE_HZ = 440.0
_LONGEST_CALL_MS = 600_000


class LearningMedia(Media):
    """Sends to wherever the first sound came from."""

    def datagram_received(self, packet: bytes, address: tuple[str, int]) -> None:
        if self.remote is None:
            self.remote = address
        super().datagram_received(packet, address)


@dataclass
class SippCall:
    """One call by sipp. ``media`` holds what the caller hears and takes the keys to press."""

    media: LearningMedia
    process: asyncio.subprocess.Process
    #: where sipp listens, and the dialogue it has
    address: tuple[str, int]
    call_id: str
    #: whose network it is in; None: this machine's own
    machine: Machine | None = None

    async def hears_sound(self, *, within_s: float = 40) -> None:
        """Wait until the other side says anything audible."""
        await until(lambda: sound.rms(self.heard(1.0)) > 300, what="the caller hears something", within_s=within_s)

    async def hears_tone(
        self, frequency_hz: float, *, within_s: float = 40, least: float = 1500, lasting_s: int = 1
    ) -> None:
        """Wait until a tone is heard in each of the last seconds."""

        def is_heard() -> bool:
            pcm = self.heard(lasting_s)
            second = sound.RATE * 2
            parts = [pcm[at : at + second] for at in range(0, lasting_s * second, second)]
            return all(sound.amplitude(part, frequency_hz) > least for part in parts)

        await until(
            is_heard,
            what=f"the caller hears {frequency_hz:g} Hz",
            within_s=within_s,
        )

    def heard(self, last_s: float | None = None) -> bytes:
        """Return what was heard, 16-bit PCM at 8 kHz; with ``last_s`` only the end."""
        pcm = self.media.heard_pcm()
        return pcm if last_s is None else pcm[-int(last_s * sound.RATE) * 2 :]

    def press(self, keys: str) -> None:
        self.media.keys_to_send.extend(keys)

    async def hang_up(self) -> None:
        """End the call from the caller's side: a MESSAGE in its dialogue tells sipp's scenario to send BYE."""
        if self.process.returncode is None:
            with _on(self.machine), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
                line.sendto(_HANG_UP.format(call_id=self.call_id).replace("\n", "\r\n").encode(), self.address)
        await self.ended()

    async def ended(self, *, within_s: float = 40) -> int:
        """Wait until the call is over; return sipp's exit code, 0 for a call that was answered and ended well."""
        async with asyncio.timeout(within_s):
            return await self.process.wait()


@asynccontextmanager
async def sipp_call(
    sip_port: int,
    *,
    to: str,
    caller: str = "13800138000",
    host: str = "127.0.0.1",
    local: str = "127.0.0.1",
    tone_hz: float = CALLER_TONE_HZ,
    payload_type: int = 8,
    machine: Machine | None = None,
) -> AsyncIterator[SippCall]:
    """Call ``to``; sends a tone as long as the call lasts. On leaving, a live call is hung up.

    With ``machine`` the telephone stands there, at ``local``.
    """
    program = shutil.which("sipp")
    if program is None:
        pytest.fail("sipp is missing. Run: apt-get install sip-tester")
    folder = Path(tempfile.mkdtemp(prefix="zy-sipp-"))
    port, call_id = free_udp_port(), f"test-{secrets.token_hex(8)}"
    loop = asyncio.get_running_loop()
    with _on(machine):
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.bind((local, 0))
    line.setblocking(False)
    _, media = await loop.create_datagram_endpoint(lambda: LearningMedia(sound.tone(tone_hz)), sock=line)
    media.payload_type = payload_type
    media.start()
    scenario = folder / "caller.xml"
    scenario.write_text(_SCENARIO.format(port=media.port, local=local, caller=caller, **_codec(payload_type)))
    with (folder / "output").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(machine.command if machine else ()),
            program, "-sf", str(scenario), "-s", to, "-m", "1", "-l", "1", "-i", local, "-p", str(port),
            "-cid_str", call_id, "-nostdin", "-trace_err", f"{host}:{sip_port}",
            cwd=folder, stdout=output, stderr=output,
        )  # fmt: skip
    call = SippCall(media=media, process=process, address=(local, port), call_id=call_id, machine=machine)
    try:
        yield call
    finally:
        try:
            await call.hang_up()
        except TimeoutError:
            process.kill()
            await process.wait()
        media.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _on(machine: Machine | None) -> AbstractContextManager[None]:
    return machine.inside() if machine else nullcontext()


def _codec(payload_type: int) -> dict[str, object]:
    return {"kind": payload_type, "codec": {8: "PCMA", 0: "PCMU"}[payload_type]}


_HANG_UP = """MESSAGE sip:caller@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKhangup
From: <sip:test@127.0.0.1>
To: <sip:caller@127.0.0.1>
Call-ID: {call_id}
CSeq: 1 MESSAGE
Content-Length: 0

"""

# The call lasts until a BYE from the other side, or until the test says to hang up.
_SCENARIO = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{{caller}}@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{{caller}}@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 {{local}}
t=0 0
m=audio {{port}} RTP/AVP {{kind}} 101
a=rtpmap:{{kind}} {{codec}}/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[routes]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv request="MESSAGE" optional="true" next="1"/>
<recv request="BYE" timeout="{_LONGEST_CALL_MS}"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<nop next="2"/>
<label id="1"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{{caller}}@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<label id="2"/>
</scenario>
"""
