"""Messages that a flow orders, and payments: what is written down of them, and what never is."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, PROMPTS, World, company, in_world
from zhiyin.contracts.external_services import ExternalServices, MessageServiceSetting, PaymentServiceSetting
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.engine.outside_port import HttpAnswer, HttpCall
from zhiyin.engine.outside_requests import KEY_HEADER

CARD, EXPIRY, CODE = "4111111111111111", "0729", "837"
BODY = '{"amount": "{{amount|number}}", "card": {"number": "{{card}}", "to": "{{expiry}}", "code": "{{code}}"}}'
PROVIDER = PaymentServiceSetting(
    5, "Pay", "https://pay.example", "/payments", BODY, "/status", ("paid",), ("declined",), "/id", "X-Key", "s3cret"
)
SERVICES = ExternalServices(payments=(PROVIDER,), messages=(MessageServiceSetting(6, "sms", "SMS"),))
EXITS = {"payment": ("paid", "refused", "failed"), "message": ("queued", "no_address")}


def with_step(kind: str, config: dict[str, Any]) -> TenantSettings:
    """A company whose hotline does one thing, and says by which exit it went on."""
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "step", "kind": kind, "config": config},
            *({"id": exit_, "kind": "hang_up", "config": {"prompt": {"key": exit_}}} for exit_ in EXITS[kind]),
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "step"},
            *({"from": "step", "exit": exit_, "to": exit_} for exit_ in EXITS[kind]),
        ],
    }
    setting = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow)))
    keys = (*PROMPTS, "card", "expiry", "code", "wrong_digits", "no_digits", *EXITS[kind])
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in keys)
    return company(flows=(setting,), prompts=prompts, external=SERVICES)


def paying(amount: str = "12.50") -> TenantSettings:
    config = {"service": 5, "amount": amount, "tries": 2, "timeout_s": 5}
    return with_step("payment", config | {f"{name}_prompt": {"key": name} for name in ("card", "expiry", "code")})


async def type_in(world: World, leg: str, prompt: str, digits: str) -> None:
    await world.until(lambda: f"/zh/{prompt}" in world.telephony.legs[leg].heard)
    for key in f"{digits}#":
        world.telephony.press(leg, key)


async def pay(world: World, *, code: str = CODE) -> str:
    leg = world.telephony.call(HOTLINE)
    await type_in(world, leg, "card", CARD)
    await type_in(world, leg, "expiry", EXPIRY)
    await type_in(world, leg, "code", code)
    return leg


async def gone_on(world: World, leg: str) -> str:
    await world.until(lambda: leg in world.telephony.ended)
    return world.telephony.ended[leg].heard[-1].removeprefix("/zh/")


def said(status: str, **more: str) -> HttpAnswer:
    return HttpAnswer(200, "application/json", json.dumps({"status": status} | more).encode())


@pytest.mark.parametrize(
    ("answer", "exit_"),
    [
        (said("paid", id="T-1"), "paid"),
        (said("declined"), "refused"),
        (said("perhaps"), "failed"),
        (HttpAnswer(500, "application/json", b"{}"), "failed"),
        (HttpAnswer(402, "application/json", b'{"status": "declined"}'), "refused"),
    ],
    ids=["paid", "refused", "neither", "broken", "refused by status"],
)
def test_a_caller_pays_and_no_digit_of_the_card_is_written_down(
    answer: HttpAnswer, exit_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: answer
        shown: list[bytes] = []
        world.board.on_board = lambda update: shown.append(msgspec.json.encode(update))
        leg = await pay(world)
        assert await gone_on(world, leg) == exit_
        (call,) = world.outside.asked
        assert isinstance(call, HttpCall)
        assert json.loads(call.body) == {"amount": 12.5, "card": {"number": CARD, "to": EXPIRY, "code": CODE}}
        assert call.headers["X-Key"] == "s3cret"
        log = b"".join(bytes(envelope.body) for envelope in world.log.envelopes)
        personal = json.dumps([*world.log.personal.values()])
        written = f"{log!r} {personal} {b''.join(shown)!r} {capsys.readouterr()} {call!r}"
        for secret in (CARD, CARD[:6], "s3cret"):
            assert secret not in written.replace(call.headers[KEY_HEADER], "")
        # ids and instants hold any four digits now and then, in the middle of others
        assert not re.search(rf"(?<![0-9a-f.])({CARD[-4:]}|{EXPIRY})(?![0-9a-f])", written)
        assert f'"{CODE}"' not in written
        assert ('"payment_reference"' in personal.replace("\\", "")) == (exit_ == "paid")

    in_world(story, paying())


def test_a_card_that_cannot_be_is_asked_again_and_then_let_go() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await type_in(world, leg, "card", "4111111111111112")
        await world.until(lambda: "/zh/wrong_digits" in world.telephony.legs[leg].heard)
        await type_in(world, leg, "card", "1234")
        assert await gone_on(world, leg) == "failed"
        assert world.outside.asked == []

    in_world(story, paying())


@pytest.mark.parametrize("amount", ["", "0", "-5", "1,000", "12.505", "{{due}}", "1e3", "NaN"])
def test_what_is_no_amount_is_never_asked_for(amount: str) -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        assert await gone_on(world, leg) == "failed"
        assert "/zh/card" not in world.telephony.ended[leg].heard

    in_world(story, paying(amount or "{{nothing}}"))


def test_after_an_engines_end_the_card_is_asked_anew_and_paid_by_the_same_key() -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: said("paid")
        world.outside.takes_s = 4.0
        leg = await pay(world)
        await world.until(lambda: len(world.outside.asked) == 1)
        await world.kill()
        world.telephony.legs[leg].heard.clear()
        await world.start()
        await type_in(world, leg, "card", CARD)
        await type_in(world, leg, "expiry", EXPIRY)
        await type_in(world, leg, "code", CODE)
        assert await gone_on(world, leg) == "paid"
        keys = {call.headers[KEY_HEADER] for call in world.outside.asked if isinstance(call, HttpCall)}
        assert (len(world.outside.asked), len(keys)) == (2, 1), "the provider knows it for one payment"

    in_world(story, paying())


def texting(to: str) -> TenantSettings:
    return with_step("message", {"service": 6, "to": to, "text": "您的来电 {{caller}} 已登记"})


def test_a_message_is_ordered_by_an_event_that_names_nobody() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller="13800138000")
        assert await gone_on(world, leg) == "queued"
        (ordered,) = world.events("MessageOrdered")
        assert (ordered.node, ordered.service) == ("step", 6)
        (words,) = (each[ordered.message_ref] for each in world.log.personal.values() if ordered.message_ref in each)
        assert json.loads(words) == {"to": "+8613800138000", "subject": "", "text": "您的来电 +8613800138000 已登记"}
        assert b"138" not in b"".join(bytes(e.body) for e in world.log.envelopes if e.type == "MessageOrdered")
        assert world.outside.asked == [], "the call itself sends nothing"

    in_world(story, texting("{{caller}}"))


@pytest.mark.parametrize(
    ("to", "exit_"),
    [
        ("a@example.com", "queued"),
        ("+447700900123", "queued"),
        ("057188886666", "no_address"),
        ("{{nobody}}", "no_address"),
        ("a@b@c", "no_address"),
        ("a@example.com\r\nBcc: b@example.com", "no_address"),
    ],
)
def test_who_cannot_be_written_to_is_told_by_the_exit(to: str, exit_: str) -> None:
    async def story(world: World) -> None:
        assert await gone_on(world, world.telephony.call(HOTLINE)) == exit_

    in_world(story, texting(to))
