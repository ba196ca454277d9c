"""The prompts page: a recording brought as an MP3, one made at the microphone, and the first put back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ, Listener, new_context
from tests.harness.desk import log_in
from tests.harness.product import Product
from tests.harness.prompts import as_samples
from tests.harness.waiting import until_async

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUIET = "aevalsrc=0.05*sin(440*2*PI*t)*between(t\\,1\\,3):s=16000:d=4.5"


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    """Two seconds of a quiet tone between silence."""
    file = tmp_path / "goodbye.mp3"
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-f", "lavfi", "-i", QUIET, str(file)], check=True)
    return file


async def test_a_prompt_is_uploaded_recorded_and_put_back(
    product: Product, agents_browser: Browser, administrator: Api, mp3: Path
) -> None:
    context = await new_context(agents_browser)
    made = len(administrator.read("/prompts/goodbye")["versions"])
    uploaded, recorded_there = (f"中文 v{made + n}" for n in (1, 2))
    try:
        page = await context.new_page()
        listener = Listener(page)
        await log_in(page, f"{product.url}/admin/prompts?search=goodbye", ADMINISTRATOR)
        await page.get_by_role("button", name="上传 goodbye").click()
        await page.locator("input[type=file]").set_input_files(mp3)
        await page.get_by_role("dialog").get_by_role("button", name="上传", exact=True).click()
        await expect(page.get_by_text("下一通来电起听到它；音量提高了 12 dB；剪去首尾静音")).to_be_visible(
            timeout=30_000
        )
        await record(page)
        await page.get_by_role("button", name="goodbye", exact=True).click()
        versions = page.get_by_role("table", name="版本")
        await expect(versions.get_by_role("row")).to_have_count(1 + made + 2)
        assert await find_barriers(page) == []
        recorded = administrator.read("/prompts/goodbye")["versions"][0]
        assert (recorded["source"], recorded["language"]) == ("recorded", "zh")
        assert loudest_hz(administrator, recorded["id"]) == pytest.approx(AGENT_TONE_HZ, abs=20)
        await versions.get_by_role("button", name=f"放回 {uploaded}", exact=True).click()
        await expect(page.get_by_text(f"已放回 v{made + 1}，下一通来电起听到它")).to_be_visible()
        await expect(versions.get_by_role("button", name=f"放回 {recorded_there}", exact=True)).to_be_visible()
        assert listener.complaints == []
    finally:
        await context.close()
        administrator.ask("DELETE", "/prompts/goodbye")


async def record(page: Page) -> None:
    """Say something into the microphone, listen, and save it."""
    await page.get_by_role("button", name="录制 goodbye").click()
    await page.get_by_role("button", name="开始录音").click()
    meter = page.get_by_role("progressbar", name="麦克风音量")

    async def is_moving() -> bool:
        return int(await meter.get_attribute("aria-valuenow") or 0) > 20

    await until_async(is_moving, what="the meter shows the microphone", within_s=15)
    await expect(page.get_by_role("status", name="已录时长")).to_have_text("00:02", timeout=15_000)
    await page.get_by_role("button", name="停止", exact=True).click()
    await page.get_by_role("button", name="试听 刚才的录音").click()
    await expect(page.get_by_role("button", name="停止 刚才的录音")).to_be_visible()
    assert await find_barriers(page) == []
    await page.get_by_role("button", name="保存录音").click()
    await expect(page.get_by_text("现场录音", exact=True)).to_be_visible(timeout=30_000)


def loudest_hz(administrator: Api, version: int) -> float:
    """The tone of a version's sound."""

    sound = as_samples(administrator.content(f"/prompts/goodbye/versions/{version}.wav")[44:])
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.argmax(spectrum) * 8000 / len(sound))
