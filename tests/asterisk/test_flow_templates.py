"""The flows that are ready for a trade, called for real: one script drives a telephone's keys and the run in virtual
time, and both come to the same steps, lines and end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.asterisk_adapter.instance import free_udp_port
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.contact import calling
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.real_scripts import RealCaller, flow_in_force, in_virtual_time
from tests.harness.recognisers import FunAsrServer, serving
from tests.harness.sip_agent import SipAgent, sip_agent
from zhiyin.domain.flow_scripts.script import read_script

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

CALLER = "13800138000"
DAYS = {True: ("全天", [[["00:00", "24:00"]]] * 7), False: ("从不", [[]] * 7)}


@dataclass(frozen=True)
class Case:
    """A template, one caller's script, and the queues chosen for its slots where they are not 售后: in 销售 nobody is
    signed in."""

    template: str
    script: str
    queues: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return not any(line.command == "closed" for line in read_script(self.script).lines)


HOSPITAL = Case(
    "hospital",
    'expect say hospital_menu\npress 2\nexpect say patient_card\npress "20261122#"\nexpect value card 20261122\n'
    "expect queue 售后\nhangup\nexpect end",
)
OTHERS = {
    "queue": Case("queue", "expect say welcome\nexpect queue 售后\nhangup\nexpect end"),
    "hotline answered": Case(
        "hotline", "expect say recording_notice\nexpect queue 售后\nanswer\nexpect talking\nhangup\nexpect end"
    ),
    "hotline unstaffed": Case(
        "hotline",
        "unstaffed 销售\nexpect say all_busy_message\nexpect voicemail 销售\nhangup\nexpect end",
        {"queue": "销售"},
    ),
    "hotline closed": Case("hotline", "closed\nexpect say closed\nexpect voicemail 售后\nhangup\nexpect end"),
    "hospital in haste": Case("hospital", "expect say welcome\npress 3\nexpect queue 售后\nhangup\nexpect end"),
    "hospital in silence": Case(
        "hospital",
        "expect say hospital_menu\nwait\nexpect say no_key\nwait\nwait\nexpect queue 售后\nhangup\nexpect end",
    ),
    "hospital wrong keys": Case(
        "hospital",
        "expect say hospital_menu\npress 8\nexpect say wrong_key\npress 9\nexpect say wrong_key\npress 8\n"
        "expect say goodbye\nexpect end wrong_key",
    ),
    "property repair": Case(
        "property",
        'expect say property_menu\npress 1\nexpect say property_home\npress "1203#"\nexpect value home 1203\n'
        "expect queue 售后\nhangup\nexpect end",
    ),
    "property at night": Case(
        "property",
        'closed\nexpect say property_night\npress 0\nexpect say property_night\npress 1\npress "9#"\n'
        "expect queue 售后\nhangup\nexpect end",
    ),
    "survey": Case("survey", "expect say survey_service\npress 5\nexpect say survey_thanks\nexpect end"),
}
COMPLAINT = Case(
    "property",
    f"unstaffed 销售\ncaller {CALLER}\npress 3\nexpect callback 销售\nexpect node call_back",
    {"complaint": "销售"},
)
#: what callers say is understood by a recogniser of tests, by FunASR's own messages
VOICES = {
    "asks for a person": "expect say voice_ask\nsays 你好，我要咨询\nexpect value said 你好，我要咨询\n"
    "expect node ask\nexpect queue 售后\nhangup\nexpect end",
    "says what it is about": "says 我的洗衣机坏了，要维修\nexpect node after_sales\nexpect queue 售后\nhangup\n"
    "expect end",
    "is not understood": "says 今天天气很好\nexpect say not_understood\npress 2\nexpect node complaint\n"
    "hangup\nexpect end",
    "leaves the closing words": "closed\nsays 人工\nexpect node any_time\nexpect node ask\nexpect queue 售后\n"
    "hangup\nexpect end",
}
ORDERS = {
    "found": Case(
        "after_sales",
        "lookup look_up missing\nlookup look_up found status=shipped\nexpect say after_sales_menu\npress 1\n"
        'expect say order_number\npress "9999#"\nexpect say order_missing\nexpect say order_number\npress "2026#"\n'
        "expect say order_shipped\nexpect say order_more\npress 0\nexpect value status shipped\nexpect queue 售后\n"
        "hangup\nexpect end",
    ),
    "away": Case(
        "after_sales",
        'lookup look_up failed\nexpect say after_sales_menu\npress 1\nexpect say order_number\npress "2026#"\n'
        "expect say order_unknown\nexpect queue 售后\nhangup\nexpect end",
    ),
    "unknown state": Case(
        "after_sales",
        "lookup look_up found status=lost\nexpect say after_sales_menu\npress 1\nexpect say order_number\n"
        'press "2026#"\nexpect say order_unknown\nexpect queue 售后\nhangup\nexpect end',
    ),
}


def made_of(administrator: Api, case: Case, **services: int) -> dict[str, Any]:
    """Return what makes a flow of the case's template, each slot filled."""
    told = next(each for each in administrator.read("/flows/templates") if each["code"] == case.template)
    queues = {queue["name"]: queue["id"] for queue in administrator.items("/queues")}
    name, weekly = DAYS[case.is_open]
    hours = next((one["id"] for one in administrator.items("/hours") if one["name"] == name), None)
    hours = hours or administrator.ask("POST", "/hours", {"name": name, "weekly": weekly})["id"]
    choices = {slot["slot"]: hours for slot in told["slots"] if slot["kind"] == "hours"} | services
    for slot in told["slots"]:
        if slot["kind"] == "queue":
            choices[slot["slot"]] = queues[case.queues.get(slot["slot"], "售后")]
    return {"name": f"模板 {case.template}", "template": case.template, "choices": choices}


async def comes_to_the_same(
    product: Product,
    administrator: Api,
    agent: SipAgent,
    case: Case,
    *,
    recogniser: FunAsrServer | None = None,
    **services: int,
) -> str:
    """Let the caller of the case come by telephone and in virtual time, and compare; return the contact's id."""
    await agent.be_ready()
    if "answer" not in case.script:
        await agent.desk.do("SetNotReady", reason="meeting")
    with flow_in_force(administrator, made_of(administrator, case, **services)) as (flow, number):
        expected = in_virtual_time(administrator, flow, case.script)
        sound = {} if recogniser is None else {"tone_hz": 0}  # a tone is somebody who speaks
        async with calling(product, to=number, caller=CALLER, **sound) as (call, contact):
            happened = await RealCaller(product, administrator, call, contact, agent, recogniser).play(case.script)
    assert happened == expected
    return contact.id


async def test_a_template_called_for_real(product: Product, administrator: Api, agent: SipAgent) -> None:
    await comes_to_the_same(product, administrator, agent, HOSPITAL)


@pytest.mark.extended
@pytest.mark.parametrize("case", OTHERS.values(), ids=OTHERS)
async def test_every_other_template_called_for_real(
    product: Product, administrator: Api, agent: SipAgent, case: Case
) -> None:
    await comes_to_the_same(product, administrator, agent, case)


@pytest.fixture
def way_out(administrator: Api) -> Iterator[None]:
    """A carrier, without which nobody is promised to be called back; nobody is there."""
    carrier = {"name": "出局", "host": "127.0.0.1", "port": free_udp_port(), "caller_number": "4008001234"}
    trunk = administrator.ask("POST", "/trunks", carrier)
    policy = administrator.read("/outbound")
    administrator.ask("PUT", "/outbound", {**policy, "trunks": [trunk["id"]]})
    yield
    administrator.ask("PUT", "/outbound", policy)
    administrator.ask("DELETE", f"/trunks/{trunk['id']}")


@pytest.mark.extended
async def test_a_complaint_that_nobody_can_take_is_called_back(
    product: Product, administrator: Api, agent: SipAgent, way_out: None
) -> None:
    contact = await comes_to_the_same(product, administrator, agent, COMPLAINT)
    administrator.ask("POST", f"/callbacks/{contact}/cancel")


@pytest.fixture(scope="module")
def orders() -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """The company's own interface, and what it answers next, in order."""
    answers: list[tuple[int, bytes]] = []

    class Orders(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path.startswith("/orders/")
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def product_with_orders(orders: tuple[str, object]) -> Iterator[tuple[Product, Api, int]]:
    """A product that may ask inside, and the service that leads to the orders."""
    product = Product(options=("--demo-password", DEMO_PASSWORD), environ={"ZHIYIN_INTERNAL_HOSTS": "127.0.0.1"})
    try:
        product.start(within_s=120)
        with Api(product, ADMINISTRATOR) as administrator:
            settings = {"kind": "http", "base_url": orders[0]}
            made = {"name": "订单系统", "settings": settings, "is_enabled": True}
            yield product, administrator, administrator.ask("POST", "/external-services", made)["id"]
    finally:
        product.remove()


def answers_of(script: str) -> list[tuple[int, bytes]]:
    """Return what the interface answers so that the flow is told what the script says."""
    answers = []
    for line in read_script(script).lines:
        if line.command == "lookup":
            _, outcome, *values = line.arguments
            body = dict(one.split("=", 1) for one in values)
            answers.append(({"found": 200, "missing": 404, "failed": 503}[outcome], json.dumps(body).encode()))
    return answers


@pytest.mark.extended
@pytest.mark.parametrize("case", ORDERS.values(), ids=ORDERS)
async def test_an_order_is_looked_up_in_a_call(
    product_with_orders: tuple[Product, Api, int], orders: tuple[str, list[tuple[int, bytes]]], case: Case
) -> None:
    product, administrator, service = product_with_orders
    orders[1][:] = answers_of(case.script)
    async with sip_agent(product, administrator, "1001") as agent:
        await comes_to_the_same(product, administrator, agent, case, service=service)
    assert orders[1] == [], "each answer was asked for"


@pytest.mark.extended
@pytest.mark.parametrize("script", VOICES.values(), ids=VOICES)
async def test_the_voice_navigated_hotline_hears_callers(
    product_with_orders: tuple[Product, Api, int], script: str
) -> None:
    product, administrator, _ = product_with_orders
    server = FunAsrServer()
    async with (
        serving(server.talk, subprotocols=("binary",)) as port,
        sip_agent(product, administrator, "1001") as agent,
    ):
        settings = {"kind": "recognition", "protocol": "funasr", "base_url": f"ws://127.0.0.1:{port}", "path": "/"}
        made = {"name": "听写", "settings": {**settings, "languages": ["zh", "en"]}, "is_enabled": True}
        ear = administrator.ask("POST", "/external-services", made)
        try:
            case = Case("voice", script)
            await comes_to_the_same(product, administrator, agent, case, recogniser=server)
        finally:
            administrator.ask("DELETE", f"/external-services/{ear['id']}")
    assert server.opened, "it was heard by the company's recogniser"
