"""What automatic service learns of a caller, and keeps to: digits, secrets, the language, consent to recording."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.attached_data import attached_data
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Consent, EndedBy


def drawn(*nodes: tuple[str, str, dict[str, Any], dict[str, str]]) -> dict[str, Any]:
    """Return a flow that begins at the first node; each with its configuration and where its exits lead."""
    start = {"id": "start", "kind": "start"}
    edges = [{"from": "start", "exit": "next", "to": nodes[0][0]}]
    edges += [{"from": name, "exit": exit_, "to": to} for name, _, _, ways in nodes for exit_, to in ways.items()]
    told = [{"id": name, "kind": kind, "config": config} for name, kind, config, _ in nodes]
    return {"format": 1, "start": "start", "nodes": [start, *told], "edges": edges}


def company_with(graph: dict[str, Any]) -> TenantSettings:
    settings = company()
    spoken = {
        prompt.key: PromptSetting(prompt.key, {"zh": f"/zh/{prompt.key}", "en": f"/en/{prompt.key}"})
        for prompt in settings.prompts
    }
    spoken |= {key: PromptSetting(key, {"zh": f"/zh/{key}", "en": f"/en/{key}"}) for key in ("order", "pin", "ask")}
    flow = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(graph)))
    return msgspec.structs.replace(settings, flows=(flow,), prompts=tuple(spoken.values()))


async def press(world: World, leg: str, keys: str) -> None:
    for key in keys:
        world.telephony.press(leg, key)
        await world.pass_s(0.1)


def digits(value: str, prompt: str, **more: Any) -> dict[str, Any]:
    return {"prompt": {"key": prompt}, "value": value, "most": 8, **more}


SERVICE = drawn(
    ("lang", "language", {"language": "en"}, {"next": "order"}),
    ("order", "collect", digits("order", "order"), {"collected": "pin", "wrong": "bye", "none": "bye"}),
    ("pin", "collect", digits("pin", "pin", is_masked=True), {"collected": "read", "wrong": "bye", "none": "bye"}),
    (
        "read",
        "play",
        {"prompt": {"key": "order"}, "parts": [{"way": "digits", "text": "{{order}}"}]},
        {"next": "which"},
    ),
    (
        "which",
        "condition",
        {"cases": [{"exit": "long", "name": "x", "match": "expression", "expression": "size(values.order) > 2"}]},
        {"long": "ask", "else": "bye"},
    ),
    ("ask", "consent", {"prompt": {"key": "ask"}}, {"yes": "q", "no": "q", "none": "q"}),
    ("q", "queue", {"queue": AFTER_SALES}, {"closed": "bye", "overflow": "bye"}),
    ("bye", "hang_up", {"prompt": {"key": "goodbye"}}, {}),
)


@pytest.mark.parametrize(("key", "outcome"), [("1", Consent.GIVEN), ("2", Consent.REFUSED)])
def test_what_a_caller_enters_goes_with_the_call_and_what_is_secret_nowhere(key: str, outcome: Consent) -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        heard = world.telephony.legs[leg].heard
        await world.until(lambda: "/en/order" in heard)
        await press(world, leg, "305#")
        await world.until(lambda: "/en/pin" in heard)
        contact = world.call_of(leg).id
        await press(world, leg, "98")
        await world.kill()
        await world.start()
        await world.ready(1)
        await world.until(lambda: heard.count("/en/pin") == 2)
        await press(world, leg, "987654#")
        await world.until(lambda: "/en/digit_5" in heard)
        assert heard[-4:] == ["/en/order", "/en/digit_3", "/en/digit_0", "/en/digit_5"]
        await world.until(lambda: "/en/ask" in heard)
        await press(world, leg, key)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        session = world.board.session_of(leg)
        assert attached_data(session.call.data_refs, session.personal) == {"order": "305"}
        assert [event.outcome for event in world.events("ConsentAnswered")] == [outcome]
        assert [event.language for event in world.events("LanguageSet")] == ["en"]
        assert len(world.events("RecordingStarted")) == (outcome is Consent.GIVEN)
        assert "987654" not in str(world.log.__dict__), "a secret stands in no event and beside none"
        assert not [file for file in heard if file.startswith("/zh/")], "the language lives through an engine's end"
        await world.wish(c.HangUp(1, contact))

    in_world(story, company_with(SERVICE))


def test_an_expression_that_cannot_be_judged_goes_on_at_the_handler() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.call(HOTLINE)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        (last,) = [event for event in world.events("NodeEntered") if event.kind == "on_error"]
        assert last.through == "error"

    graph = drawn(
        (
            "which",
            "condition",
            {"cases": [{"exit": "a", "name": "x", "match": "expression", "expression": "int(values.nowhere) > 2"}]},
            {"a": "bye", "else": "bye"},
        ),
        ("handler", "on_error", {}, {"next": "q"}),
        ("q", "queue", {"queue": AFTER_SALES}, {"closed": "bye", "overflow": "bye"}),
        ("bye", "hang_up", {}, {}),
    )
    in_world(story, company_with(graph))


TRANSFER = drawn(
    (
        "out",
        "transfer",
        {"number": "{{to}}", "ring_s": 20},
        {"busy": "pardon", "no_answer": "q", "refused": "bye", "failed": "bye"},
    ),
    ("pardon", "play", {"prompt": {"key": "order"}}, {"next": "out"}),
    ("q", "queue", {"queue": AFTER_SALES}, {"closed": "bye", "overflow": "bye"}),
    ("bye", "hang_up", {"prompt": {"key": "goodbye"}, "reason": "not_reached"}, {}),
)


def calling_out(to: str) -> TenantSettings:
    graph = drawn(("to", "set", {"assignments": [{"value": "to", "text": to}]}, {"next": "out"}))
    graph["nodes"] += TRANSFER["nodes"][1:]
    graph["edges"] += TRANSFER["edges"][1:]
    return company_with(graph)


async def ringing_outside(world: World) -> tuple[str, str]:
    """A caller for whom a number outside is rung; returns both legs."""
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.rung)
    outside, to = world.telephony.rung[-1]
    assert to == "trunk:1:13900139000"
    return leg, outside


def test_a_flow_calls_a_number_outside_and_joins_the_caller() -> None:
    async def story(world: World) -> None:
        leg, outside = await ringing_outside(world)
        await world.kill()
        await world.start()
        world.telephony.pick_up(outside)
        await world.until(lambda: world.telephony.hears(leg) == {outside})
        world.telephony.end(outside)
        await world.until(lambda: leg not in world.telephony.legs)
        (ended,) = world.events("InteractionEnded")
        assert (ended.by, ended.reason) == (EndedBy.SYSTEM, "transferred")
        assert "13900139000" not in str([envelope.body for envelope in world.log.envelopes])

    in_world(story, calling_out("13900139000"))


@pytest.mark.parametrize(("word", "node"), [("busy", "pardon"), ("no_answer", "q"), ("unreachable", "bye")])
def test_who_is_not_reached_outside_leads_on_by_why(word: str, node: str) -> None:
    async def story(world: World) -> None:
        leg, outside = await ringing_outside(world)
        world.telephony.end(outside, word)
        await world.until(lambda: node in [event.node for event in world.events("NodeEntered")])
        assert [event.cause for event in world.events("TransferFailed")] == [word]
        assert leg in world.telephony.legs

    in_world(story, calling_out("13900139000"))


@pytest.mark.parametrize("to", ["1", "nobody", "8004", "00441234567890"])
def test_a_flow_dials_nothing_that_the_company_would_not(to: str) -> None:
    """No number, a colleague's, one abroad that the policy does not allow."""

    async def story(world: World) -> None:
        world.telephony.call(HOTLINE)
        await world.until(lambda: "bye" in [event.node for event in world.events("NodeEntered")])
        assert not world.telephony.rung

    in_world(story, calling_out(to))
