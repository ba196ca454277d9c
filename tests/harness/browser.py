"""Real browsers: headless Chromium with a fake microphone that plays a tone, and ears inside its pages.

The page is the product's, unchanged. What is added before it loads only watches: the connections that WebRTC makes
are kept, so that a test can ask which tone arrives.
"""

from __future__ import annotations

import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from tests.harness.network import Machine
from tests.harness.waiting import until_async

#: what the agent's fake microphone plays
AGENT_TONE_HZ = 1000.0
_MICROPHONE_RATE = 48_000
#: nothing of the browser's own business on the test's machine, and no question that nobody would answer
_QUIET = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
#: for one machine: Chromium offers no loopback addresses otherwise
LOOPBACK = ("--allow-loopback-in-peer-connection",)


def write_microphone(path: Path, frequency_hz: float = AGENT_TONE_HZ) -> Path:
    """Write what a fake microphone plays again and again: a tone in syllables, as steady ones are taken for noise."""
    t = np.arange(_MICROPHONE_RATE * 6) / _MICROPHONE_RATE
    syllables = np.clip(4 * np.sin(2 * np.pi * 2.0 * t) + 2.5, 0, 1)  # half a second each, a short pause between
    samples = (6000 * syllables * np.sin(2 * np.pi * frequency_hz * t)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_MICROPHONE_RATE)
        file.writeframes(samples.tobytes())
    return path


@asynccontextmanager
async def chromium(
    playwright: Playwright, microphone: Path, *, options: tuple[str, ...] = LOOPBACK, machine: Machine | None = None
) -> AsyncIterator[Browser]:
    """Start a browser whose microphone plays the file. Fails with the install command where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is missing. Run: apt-get install chromium")
    if machine is not None:
        program = str(machine.program(microphone.parent, program))
    browser = await playwright.chromium.launch(
        executable_path=program,
        args=[*_QUIET, f"--use-file-for-fake-audio-capture={microphone}", *options],
    )
    try:
        yield browser
    finally:
        await browser.close()


class Listener:
    """What a page said wrong: errors on its console, broken scripts, refusals of the content policy."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            place = message.location
            self.complaints.append(f"{message.text} ({place.get('url')}:{place.get('lineNumber')})")


async def new_context(
    browser: Browser, *, language: str = "zh-CN", theme: str = "light", has_motion: bool = False
) -> BrowserContext:
    """Open a profile of its own: a person at a machine, microphone and notifications allowed.

    Nothing moves unless asked for, so that what a test looks at stands still and is there at once.
    """
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="no-preference" if has_motion else "reduce",
        permissions=["microphone", "notifications"],
        ignore_https_errors=True,
    )
    context.set_default_timeout(15_000)
    await context.add_init_script(_EARS)
    return context


async def hears_tone(page: Page, frequency_hz: float, *, within_s: float = 40) -> None:
    """Wait until this tone reaches the page by WebRTC, alone or beside others that are not much louder."""
    found: list[str] = []

    async def is_heard() -> bool:
        heard = await page.evaluate("(hz) => window.zyEars.listen(hz)", frequency_hz)
        found.append(f"{heard['hz']:.0f} Hz {heard['level_db']:.0f} dB, the tone {heard['tone_db']:.0f} dB")
        return bool(heard["tone_db"] > max(-45, heard["level_db"] - 20))

    try:
        await until_async(is_heard, what=f"the page hears {frequency_hz:g} Hz", within_s=within_s)
    except AssertionError as error:
        raise AssertionError(f"{error}; heard {found[-5:]}") from None


async def hears_sound(page: Page, *, within_s: float = 40) -> None:
    """Wait until anything that is no silence reaches the page by WebRTC: a prompt, say."""

    async def is_heard() -> bool:
        heard = await page.evaluate("(hz) => window.zyEars.listen(hz)", 1000)
        return bool(heard["level_db"] > -60)

    await until_async(is_heard, what="the page hears something", within_s=within_s)


_EARS = """
(() => {
  const connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); connections.push(this); }
  };
  let context = null;
  const analysers = new Map();
  function analyserOf(track) {
    if (!analysers.has(track.id)) {
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      analysers.set(track.id, analyser);
    }
    return analysers.get(track.id);
  }
  window.zyEars = {
    connections,
    async listen(wanted_hz) {
      context ??= new AudioContext({ sampleRate: 48000 });
      await context.resume();
      let best = { hz: 0, level_db: -Infinity };
      let tone_db = -999;
      for (const connection of connections) {
        if (connection.connectionState !== "connected") continue;
        for (const receiver of connection.getReceivers()) {
          const analyser = analyserOf(receiver.track);
          const levels_db = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(levels_db);
          const loudest = levels_db.reduce((at, level, i) => (level > levels_db[at] ? i : at), 0);
          const hz = (loudest * context.sampleRate) / analyser.fftSize;
          if (levels_db[loudest] > best.level_db) best = { hz, level_db: levels_db[loudest] };
          const at = Math.round((wanted_hz * analyser.fftSize) / context.sampleRate);
          tone_db = Math.max(tone_db, ...levels_db.slice(Math.max(0, at - 2), at + 3));
        }
      }
      return { hz: best.hz, level_db: Number.isFinite(best.level_db) ? best.level_db : -999, tone_db };
    },
  };
})();
"""
