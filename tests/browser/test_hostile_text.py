"""Hostile text goes through every page that shows what people write, and stays text.

The strings are the kinds of the field's own lists (OWASP's cheat sheet, the "big list of naughty strings"): markup in
every place that a browser looks for it, addresses that are scripts, templates, formulas, signs that turn the reading
direction.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.browser import new_context
from tests.harness.desk import log_in
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = (
    "<img src=x onerror=hit()>",
    '"><svg onload=hit()>',
    "</script><script>hit()</script>",
    "javascript:hit()",
    "' autofocus onfocus='hit()",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<a href='data:text/html,<script>hit()</script>'>x</a>",
    "[x](javascript:hit()) ![x](http://192.0.2.1/a.png)",
    "**[x](https://192.0.2.1/' onmouseover='hit())**",
    "{{constructor.constructor('hit()')()}} ${hit()} <%= hit() %>",
    "<style>@import url(http://192.0.2.1/a.css)</style>",
    "<math><mi//xlink:href='data:x,hit()'>",
    '=HYPERLINK("http://192.0.2.1/","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "Z\u0351\u036b\u0343\u036a\u0302a\u0489l\u034dgo",
    "%s%n%x %00 ..%2f..%2fetc/passwd",
    "'; DROP TABLE customers_customer; --",
)
ALL = " ".join(HOSTILE)
MADE_OF_TEXT = "main iframe, main script, main img[src='x'], main [onerror], main [onfocus], main [href^='javascript:']"
#: what a page must never do: run it, be told off by its policy, ask another host, open a dialog
WATCH = """() => {
  window.hits = [];
  window.hit = () => window.hits.push("a script ran");
  document.addEventListener("securitypolicyviolation", (event) =>
    window.hits.push(`${event.violatedDirective} ${event.blockedURI}`));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(agents_browser: Browser, product: Product) -> AsyncIterator[Page]:
    context = await new_context(agents_browser)
    page = await context.new_page()
    await page.add_init_script(f"({WATCH})()")
    await log_in(page, f"{product.url}/customers", ADMINISTRATOR)
    yield page
    await context.close()


@pytest.fixture(scope="module")
def customer(administrator: Api) -> int:
    """A customer whom everything that can be written is hostile about."""
    found: dict[str, Any] = {}
    for text in HOSTILE:
        found = administrator.ask("POST", "/customers", {"name": text[:100], "company": text, "note": ALL})
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(hours=1)
    tags = [administrator.ask("POST", "/tags", {"name": text[:40]})["id"] for text in HOSTILE[:3]]
    administrator.ask("PATCH", f"/customers/{found['id']}", {"tag_ids": tags, "hobbies": ALL[:300]})
    for text in HOSTILE:
        administrator.ask("POST", "/notes", {"customer_id": found["id"], "text": text})
    plan = {"customer_id": found["id"], "subject": HOSTILE[0], "due_at": soon.isoformat()}
    administrator.ask("POST", "/follow-ups", plan)
    administrator.ask("POST", "/lists", {"list": "vip", "customer_id": found["id"], "reason": HOSTILE[1]})
    administrator.ask("POST", "/forum/topics", {"title": HOSTILE[0], "text": ALL})
    notice = {
        "title": HOSTILE[1],
        "text": ALL,
        "user_ids": [administrator.read("/session")["user"]["id"]],
        "starts_at": soon.isoformat(),
        "ends_at": later.isoformat(),
    }
    administrator.ask("POST", "/notices", notice)
    return int(found["id"])


@pytest.mark.parametrize(
    "path",
    [
        "/customers",
        "/customers/{customer}",
        "/customers/lists",
        "/tasks",
        "/announcements?tab=forum",
        "/admin/tags",
        "/admin/audit",
    ],
)
async def test_hostile_text_is_shown_and_does_nothing(page: Page, product: Product, customer: int, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    await page.goto(product.url + path.format(customer=customer))
    await expect(page.get_by_role("main").get_by_text("hit()").first).to_be_attached()
    assert await page.evaluate("window.hits") == []
    assert [url for url in asked if not url.startswith((product.url, "data:", "blob:"))] == []
    assert (
        await page.locator("main iframe, main script, main img[src='x'], main [onerror], main [onfocus]").count() == 0
    )


async def test_no_cell_of_a_file_is_a_formula(administrator: Api, customer: int) -> None:
    rows = list(csv.reader(io.StringIO(administrator.content("/customers?format=csv").decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
