"""Two browsers for all tests: the agents', whose microphone plays 1 kHz, and the visitors', who play 440 Hz."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from tests.harness.browser import AGENT_TONE_HZ, chromium, write_microphone
from tests.harness.sipp import CALLER_TONE_HZ


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def agents_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    microphone = write_microphone(_folder(tmp_path_factory) / "agent.wav", AGENT_TONE_HZ)
    async with chromium(playwright, microphone) as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def visitors_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    microphone = write_microphone(_folder(tmp_path_factory) / "visitor.wav", CALLER_TONE_HZ)
    async with chromium(playwright, microphone) as browser:
        yield browser


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("microphone")
