"""./dev bench live_page: a lead's live page with many callers in line: frames/s, CPU of the page, bytes of its socket.

The product is started with its demo company; real SIP calls stand in a queue's line at a real Asterisk. Two callers a
second give up and two come, so that rows come and go. A real Chromium shows the page: it stands still, its line is
turned by the wheel, and walked by a held arrow key. As in ``./dev bench designer`` frames are compared with those of an
empty page on which one box moves.

    ./dev bench live_page [--json] [--waiting 0 200] [--seconds 6]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from playwright.async_api import Browser, Page, WebSocket, async_playwright, expect

from bench.designer import KEY_EVERY_S, VIEW, Move, frames, reference
from bench.sip_load import Callers
from tests.harness.api import ADMINISTRATOR, LEAD, Api
from tests.harness.desk import log_in
from tests.harness.desk_socket import desk_socket
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.real_scripts import flow_in_force
from tests.harness.waiting import until

#: so many callers a second join the line, and as many give up
COME_PER_S = 2.0
#: so many are asked to come a second until all stand in line
FILL_PER_S = 20.0


@dataclass(frozen=True)
class Row:
    """One way to use the page. ``ratio``: its frames/s over those of the reference.

    ``cpu_pct``: of one core, by the page's own thread; ``bytes_per_s`` came by the socket.
    """

    waiting: int
    what: str
    frames_per_s: float
    longest_ms: float
    cpu_pct: float
    ratio: float
    bytes_per_s: float


@dataclass
class Heard:
    """What came by the page's socket. ``first``: the largest message, which is the whole board."""

    total_bytes: int = 0
    first_bytes: int = 0
    messages: int = 0

    def follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        size = len(payload.encode() if isinstance(payload, str) else payload)
        self.total_bytes += size
        self.messages += 1
        self.first_bytes = max(self.first_bytes, size)


async def stand(page: Page, until_s: float) -> int:
    await page.wait_for_timeout(max(0.0, 1000 * (until_s - time.monotonic())))
    return 0


async def turn(page: Page, until_s: float) -> int:
    """Turn the wheel over the line, down and up again."""
    box = await page.get_by_role("region", name="排队的来电").bounding_box()
    assert box is not None, "the line is on the page"
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    turns = 0
    while time.monotonic() < until_s:
        turns += 1
        await page.mouse.wheel(0, 120 if turns % 100 < 50 else -120)
    return turns


async def walk(page: Page, until_s: float) -> int:
    """Hold an arrow key on the line's first caller."""
    await page.get_by_role("region", name="排队的来电").get_by_role("link").first.focus()
    turns = 0
    while time.monotonic() < until_s:
        turns += 1
        await page.keyboard.press("ArrowDown" if turns % 100 < 50 else "ArrowUp")
        await asyncio.sleep(KEY_EVERY_S)
    return turns


@asynccontextmanager
async def in_line(product: Product, number: str, waiting: int) -> AsyncIterator[None]:
    """So many callers in line, of whom the first gives up as another comes."""

    def stand_in_line() -> int:
        (row,) = product.rows("SELECT count(*) AS n FROM open_stream WHERE stream LIKE 'i:%%'")
        return int(row["n"])

    async def change(callers: Callers) -> None:
        while True:
            await asyncio.sleep(1 / COME_PER_S)
            callers.give_up(standing.pop(0))
            standing.append(callers.call())

    callers = Callers(("127.0.0.1", product.sip_port), number)
    await callers.open()
    standing: list[str] = []
    for _ in range(waiting):
        standing.append(callers.call())
        await asyncio.sleep(1 / FILL_PER_S)
    await until(lambda: stand_in_line() >= waiting, what="all stand in line", within_s=60)
    changing = asyncio.create_task(change(callers)) if waiting else None
    try:
        yield
    finally:
        if changing is not None:
            changing.cancel()
        callers.give_up_all()
        await until(lambda: stand_in_line() == 0, what="the line is empty", within_s=60)


async def measure(browser: Browser, product: Product, waiting: int, seconds: float) -> tuple[list[Row], Heard]:
    page, heard = await browser.new_page(viewport=VIEW, locale="zh-CN"), Heard()
    page.on("websocket", heard.follow)
    rows = []
    try:
        await log_in(page, f"{product.url}/live", LEAD)
        await expect(page.get_by_role("list", name="今日指标")).to_be_visible(timeout=60_000)
        if waiting:
            line = page.get_by_role("region", name="排队的来电")
            await expect(line.get_by_role("listitem").first).to_be_visible(timeout=60_000)
        await page.wait_for_timeout(1_000)
        for what, move in {"still": stand, **({"wheel": turn, "keys": walk} if waiting else {})}.items():
            before, began = heard.total_bytes, time.monotonic()
            rate, longest, cpu_ms = await frames(page, _counted_once(move), seconds)
            took_s = time.monotonic() - began
            plain = await reference(browser, seconds / 2)
            bytes_per_s = (heard.total_bytes - before) / took_s
            rows.append(Row(waiting, what, rate, longest, cpu_ms / 10 / seconds, rate / plain, bytes_per_s))
    finally:
        await page.context.close()
    return rows, heard


def _counted_once(move: Move) -> Move:
    """Let the CPU be told for the whole movement, not for one input."""

    async def moved(page: Page, until_s: float) -> int:
        await move(page, until_s)
        return 1

    return moved


async def run(counts: list[int], seconds: float) -> tuple[list[Row], dict[int, Heard]]:
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is missing. Run: apt-get install chromium")
    product = Product(options=("--demo-password", DEMO_PASSWORD), rtp_ports=2000, first_rtp_port=20000)
    rows: list[Row] = []
    heard: dict[int, Heard] = {}
    try:
        product.start()
        with Api(product, ADMINISTRATOR) as api:
            queue = api.items("/queues")[0]["id"]
            nodes = [{"id": "start", "kind": "start"}, {"id": "q", "kind": "queue", "config": {"queue": queue}}]
            bye = {"id": "bye", "kind": "hang_up", "config": {"reason": "closed"}}
            edges = [{"from": "start", "exit": "next", "to": "q"}]
            edges += [{"from": "q", "exit": each, "to": "bye"} for each in ("closed", "overflow")]
            graph = {"format": 1, "start": "start", "nodes": [*nodes, bye], "edges": edges}
            with flow_in_force(api, {"name": "bench", "graph": graph}) as (_, number):
                async with desk_socket(product, "1001") as desk, async_playwright() as playwright:
                    await desk.do("SignIn")
                    browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                    for waiting in counts:
                        async with in_line(product, number, waiting):
                            found, heard[waiting] = await measure(browser, product, waiting, seconds)
                            rows += found
                    await browser.close()
    finally:
        product.remove()
    return rows, heard


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--waiting", type=int, nargs="+", default=[0, 200])
    parser.add_argument("--seconds", type=float, default=6)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    rows, heard = asyncio.run(run(given.waiting, given.seconds))
    if given.json:
        boards = {waiting: asdict(one) for waiting, one in heard.items()}
        print(json.dumps({"load": load, "rows": [asdict(row) for row in rows], "sockets": boards}))
        return
    print(f"load before: {load:.1f} on {os.cpu_count()} cores")
    for row in rows:
        print(
            f"{row.waiting:4} waiting, {row.what:5}: {row.frames_per_s:5.1f} frames/s (ratio {row.ratio:.2f}), longest "
            f"{row.longest_ms:4.0f} ms, {row.cpu_pct:5.1f} % of a core, {row.bytes_per_s / 1000:6.1f} kB/s"
        )
    for waiting, one in heard.items():
        print(f"{waiting:4} waiting: the whole board {one.first_bytes / 1000:.0f} kB")


if __name__ == "__main__":
    main()
