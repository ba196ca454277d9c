"""axe-core in a page: what stands in the way of somebody who does not see, hear or point as others do."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from playwright.async_api import Frame, Page

from tests.harness.places import ROOT

_PROGRAM = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
#: without "preload": it copies style sheets that are still on their way into style elements, which the page's policy
#: refuses, and the refusal would be taken for the page's own
_RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false });
  return violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " | " + (node.any[0]?.message ?? "")),
  }));
}"""
#: what moves is half transparent for a moment; what turns for ever (a spinner) is not waited for
_IS_STILL = """() => document.getAnimations().every(
  (each) => each.playState !== "running" || each.effect?.getComputedTiming().iterations === Infinity)"""


@cache
def _program() -> str:
    if not _PROGRAM.exists():
        pytest.fail("The front end's packages are missing. Run: ./dev test")
    return _PROGRAM.read_text()


async def find_barriers(page: Page | Frame) -> list[str]:
    """Return what axe finds on the page as it stands once nothing moves, each with the first places."""
    await page.wait_for_function(_IS_STILL)
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_program())
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    return [f"{each['id']}: {each['help']}: {each['nodes']}" for each in found]
