"""The flows that are ready for a trade, called for real: DTMF comes where the script in virtual time comes too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.asterisk.test_bad_calls import flow_of
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.contact import Contact, calling
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.prompts import hears_prompt
from tests.harness.sipp import SippCall
from tests.harness.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

#: template -> (prompt heard, keys pressed then), and the node to which that leads
CALLS = {
    "hotline": ([("recording_notice", "")], "message"),
    "hospital": ([("hospital_menu", "2"), ("patient_card", "20261122#")], "book"),
    "property": ([("property_menu", "3")], "complaint"),
}


def template_of(administrator: Api, code: str, **services: int) -> dict[str, object]:
    """The graph of a template with the demo company's queues, at hours that are always open."""
    told = next(each for each in administrator.read("/flows/templates") if each["code"] == code)
    queues = {queue["name"]: queue["id"] for queue in administrator.items("/queues")}
    always = {"name": "全天", "weekly": [[["00:00", "24:00"]]] * 7}
    hours = next((h["id"] for h in administrator.items("/hours") if h["name"] == "全天"), None)
    hours = hours or administrator.ask("POST", "/hours", always)["id"]
    chosen = {"queue": queues["售后"], "hours": hours}
    choices = {slot["slot"]: services.get(slot["slot"], chosen.get(slot["kind"])) for slot in told["slots"]}
    made = administrator.ask("POST", "/flows", {"name": f"模板 {code}", "template": code, "choices": choices})
    assert made["problems"] == []
    administrator.ask("DELETE", f"/flows/{made['id']}")
    graph: dict[str, object] = made["draft"]
    return graph


async def comes_to(contact: Contact, call: SippCall, product: Product, steps: list[tuple[str, str]], node: str) -> None:
    """Press each step's keys when its prompt was heard from here on; then the contact is at the node."""
    since = len(call.heard()) // 2  # samples of 16 bits
    for prompt, keys in steps:
        await hears_prompt(product, call, prompt, since=since)
        for key in keys:
            call.press(key)

    def is_there() -> bool:
        return node in [event.body["node"] for event in contact.events() if event.type == "NodeEntered"]

    await until(is_there, what=f"the caller comes to {node}")


@pytest.mark.parametrize(
    "template", ["hospital", *(pytest.param(code, marks=pytest.mark.extended) for code in ("hotline", "property"))]
)
async def test_a_template_called_for_real(product: Product, administrator: Api, template: str) -> None:
    steps, node = CALLS[template]
    with flow_of(administrator, template_of(administrator, template)) as number:
        async with calling(product, to=number) as (call, contact):
            await comes_to(contact, call, product, steps, node)
            await call.hang_up()
        record = await contact.record(administrator)
    assert record["data"] == ({"card": "20261122"} if template == "hospital" else {})


@pytest.fixture(scope="module")
def orders() -> Iterator[str]:
    """The company's own interface: one order that was shipped, and no other."""

    class Orders(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = self.path == "/orders/2026"
            body = json.dumps({"status": "shipped"} if is_known else {"error": "none"}).encode()
            self.send_response(200 if is_known else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.extended
async def test_an_order_is_looked_up_in_a_call_and_one_that_is_not_there_is_said_to_be_missing(orders: str) -> None:
    product = Product(options=("--demo-password", DEMO_PASSWORD), environ={"ZHIYIN_INTERNAL_HOSTS": "127.0.0.1"})
    try:
        product.start(within_s=120)
        with Api(product, ADMINISTRATOR) as administrator:
            settings = {"kind": "http", "base_url": orders}
            made = {"name": "订单系统", "settings": settings, "is_enabled": True}
            service = administrator.ask("POST", "/external-services", made)["id"]
            graph = template_of(administrator, "after_sales", service=service)
            with flow_of(administrator, graph) as number:
                async with calling(product, to=number) as (call, contact):
                    await comes_to(
                        contact, call, product, [("after_sales_menu", "1"), ("order_number", "9999#")], "no_such_order"
                    )
                    await comes_to(
                        contact, call, product, [("order_missing", ""), ("order_number", "2026#")], "shipped"
                    )
                    await hears_prompt(product, call, "order_shipped")
                    await hears_prompt(product, call, "order_more")
                    call.press("0")
                    await comes_to(contact, call, product, [], "queue")
                    await call.hang_up()
                record = await contact.record(administrator)
                assert (record["data"]["order"], record["data"]["status"]) == ("2026", "shipped")
                ended = [event.body["outcome"] for event in contact.events() if event.type == "RequestEnded"]
                assert ended == ["missing", "found"]
    finally:
        product.remove()
