"""A real browser as the agent's telephone: WebRTC through the front's ``/sip`` to Asterisk, heard in the recording."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import time
import uuid
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.test_calls import CALLER_HZ, FAINT, hears, identity, loud_since, new_id
from zhiyin.engine.ports import LegAnswered, LegGone, LegGoneFact, MediaStopped, TelephoneRegistered
from zhiyin.live.app import SERVER_OPTIONS
from zhiyin.live.limits import Connections
from zhiyin.live.sip_proxy import SipProxy

WEB = Path(__file__).parents[2] / "web"
BROWSER_HZ = 1000
ACCOUNT = "zb1001"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The telephone's script with JsSIP in it."""
    folder = tmp_path_factory.mktemp("script")
    if not (WEB / "node_modules" / "jssip").exists():
        pytest.fail("The front end's packages are missing. Run: ./dev test")
    (folder / "node_modules").symlink_to(WEB / "node_modules")
    shutil.copy(Path(__file__).with_name("browser_telephone.js"), folder / "entry.js")
    command = [str(WEB / "node_modules" / ".bin" / "rolldown"), "entry.js", "--format", "iife", "-o", "telephone.js"]
    subprocess.run([*command, "--platform", "browser"], cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / "telephone.js"


@contextlib.asynccontextmanager
async def page_of(proxy: SipProxy, script: Path, microphone: Path) -> AsyncIterator[Page]:
    """Serve the script and ``/sip`` as the front does, and open them in a headless browser with a fake microphone."""

    async def sip(socket: WebSocket) -> None:
        await proxy(socket)

    routes = [
        Route("/", lambda _: HTMLResponse("<script src=/telephone.js></script>")),
        Route("/telephone.js", lambda _: FileResponse(script)),
        WebSocketRoute("/sip", sip),
    ]
    config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, **SERVER_OPTIONS)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
                "--allow-loopback-in-peer-connection",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        yield page
        await browser.close()
    server.should_exit = True
    await serving


def write_tone(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(sound.tone(BROWSER_HZ, 10))
    return path


async def test_a_browser_answers_talks_is_recorded_and_is_missed(
    exchange: Exchange, script: Path, tmp_path: Path
) -> None:
    """The browser gets the offer's header and one codec; both sides hear each other; a vanished page is noticed."""
    await exchange.telephony.put_identity(identity(ACCOUNT, kind="browser"))
    microphone = write_tone(tmp_path / "microphone.wav")
    async with exchange.telephone(frequency_hz=CALLER_HZ) as caller:
        call, arrived = await exchange.arrive(caller)
        leg, path = new_id("leg"), exchange.asterisk.recordings / f"{uuid.uuid4().hex}.raw"
        proxy = SipProxy(exchange.asterisk.address.url, connections=Connections(per_address=9, in_all=9))
        async with page_of(proxy, script, microphone) as page:
            url = page.url.replace("http", "ws") + "sip"
            await page.evaluate(f"openTelephone({url!r}, {ACCOUNT!r}, 's3cret')")
            came = TelephoneRegistered(account=ACCOUNT, is_reachable=True)
            await exchange.facts.wait(TelephoneRegistered, lambda fact: fact == came)
            began_at = time.monotonic()
            await exchange.telephony.ring(
                leg,
                to=f"account:{ACCOUNT}",
                caller_number="13800138000",
                caller_name="张三",
                codec="alaw",
                timeout_s=10,
                headers={"X-Zhiyin-Offer": "offer-7"},
            )
            await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
            assert time.monotonic() - began_at < 3
            offered = await page.evaluate("calls[0].offer + ' ' + calls[0].sdp")
            assert offered.startswith("offer-7 ")
            assert "UDP/TLS/RTP/SAVPF 8 " in offered
            assert "PCMU" not in offered
            await exchange.telephony.bridge("bridge-b", [arrived.leg, leg])
            await exchange.telephony.start_recording(arrived.leg, recording="rb", path=str(path))
            await hears(call, BROWSER_HZ, within_s=15)
            await page.wait_for_function("heardEnergy().then((energy) => energy > 0.01)")
            await until(lambda: path.exists() and path.stat().st_size > 64_000)
        # the page is gone without a word: its contact goes with the socket, its sound stops
        gone = TelephoneRegistered(account=ACCOUNT, is_reachable=False)
        await exchange.facts.wait(TelephoneRegistered, lambda fact: fact == gone)
        silent = await exchange.facts.wait(MediaStopped)
        assert silent.leg == leg
        assert not [fact for fact in exchange.facts.of(LegGoneFact) if fact.leg == arrived.leg]
        await until(lambda: not loud_since(call, 0.3))
        left, right = sound.channels(path.read_bytes())
        middle = slice(len(left) // 4 * 2, len(left) // 4 * 2 + 8000)
        assert sound.amplitude(left[middle], CALLER_HZ) > 3000
        assert sound.amplitude(left[middle], BROWSER_HZ) < FAINT
        assert sound.amplitude(right[middle], BROWSER_HZ) > 1000
        assert sound.amplitude(right[middle], CALLER_HZ) < FAINT
    await exchange.telephony.remove_identity(ACCOUNT)


async def test_a_browser_whose_certificate_is_not_the_announced_one_is_not_heard(
    exchange: Exchange, script: Path, tmp_path: Path
) -> None:
    """The fingerprint in the SDP and the certificate of the handshake differ: somebody stands in between."""
    account = "zb1002"
    await exchange.telephony.put_identity(identity(account, kind="browser"))
    microphone = write_tone(tmp_path / "microphone.wav")
    proxy = SipProxy(exchange.asterisk.address.url, connections=Connections(per_address=9, in_all=9))
    async with (
        exchange.telephone(frequency_hz=CALLER_HZ) as caller,
        page_of(proxy, script, microphone) as page,
    ):
        call, arrived = await exchange.arrive(caller)
        await page.evaluate("window.liesAboutCertificate = true")
        url = page.url.replace("http", "ws") + "sip"
        await page.evaluate(f"openTelephone({url!r}, {account!r}, 's3cret')")
        came = TelephoneRegistered(account=account, is_reachable=True)
        await exchange.facts.wait(TelephoneRegistered, lambda fact: fact == came)
        leg = new_id("leg")
        await exchange.telephony.ring(
            leg, to=f"account:{account}", caller_number="1", caller_name="", codec="alaw", timeout_s=10, headers={}
        )
        await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
        with contextlib.suppress(LegGone):  # Asterisk may have ended it by then
            await exchange.telephony.bridge("bridge-c", [arrived.leg, leg])
        await page.wait_for_function("hasTried()", timeout=20_000)
        assert sound.amplitude(call.media.heard_pcm(), BROWSER_HZ) < FAINT
        assert await page.evaluate("heardEnergy()") == 0
    await exchange.telephony.remove_identity(account)
