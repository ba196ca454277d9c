"""What a conversation leaves running when its caller comes back to the flow: a recording, which hears no secret and no
voice message."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, PROMPTS, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.external_services import ExternalServices, PaymentServiceSetting
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.domain.agents import AgentState

KEYS = ("pin", "read", "card", "expiry", "code", "wrong_digits", "no_digits")
PIN = {"prompt": {"key": "pin"}, "value": "pin", "least": 4, "most": 4, "is_masked": True}
PAYMENT = {"service": 5, "amount": "1", **{f"{name}_prompt": {"key": name} for name in ("card", "expiry", "code")}}


def leading_to(*steps: tuple[str, str, dict[str, Any], dict[str, str]]) -> TenantSettings:
    """A company whose hotline is a queue; who comes back from the line goes to the first of the steps."""
    first = steps[0][0]
    nodes = [{"id": name, "kind": kind, "config": config} for name, kind, config, _ in steps]
    edges = [{"from": name, "exit": exit_, "to": to} for name, _, _, exits in steps for exit_, to in exits.items()]
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "q", "kind": "queue", "config": {"queue": 1}},
            {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
            *nodes,
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "q"},
            *({"from": "q", "exit": exit_, "to": first} for exit_ in ("closed", "overflow")),
            *edges,
        ],
    }
    provider = PaymentServiceSetting(
        5, "Pay", "https://pay.example", "/payments", "{}", "/status", ("paid",), ("declined",)
    )
    plain = company()
    impatient = msgspec.structs.replace(plain.queues[1], max_wait_s=10)
    return msgspec.structs.replace(
        plain,
        queues=(plain.queues[0], impatient),
        flows=(FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow))),),
        prompts=tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in (*PROMPTS, *KEYS)),
        external=ExternalServices(payments=(provider,)),
    )


async def handed_back(world: World) -> str:
    """A caller talks with agent 1, and is handed to a queue that nobody serves: the flow goes on. Returns the leg."""
    await world.ready(1)
    await world.open_desk(3)
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.state(1) is AgentState.TALKING)
    await world.wish(c.Transfer(1, world.call_of(leg).id, "queue", target=SALES))
    return leg


def told(world: World) -> list[str]:
    """Return the steps entered and the recordings begun and ended, in order."""
    story = []
    for event in world.events():
        match type(event).__name__:
            case "NodeEntered":
                story.append(event.node)
            case "RecordingStarted":
                story.append("records " + event.recording.rpartition("-")[2])
            case "RecordingEnded":
                story.append("ended " + event.recording.rpartition("-")[2])
    return story


@pytest.mark.parametrize(
    ("kind", "config", "exits", "prompt"),
    [
        ("collect", PIN, ("collected", "wrong", "none"), "pin"),
        ("payment", PAYMENT, ("paid", "refused", "failed"), "card"),
    ],
    ids=["collect", "payment"],
)
def test_a_recording_pauses_where_a_secret_is_typed_and_goes_on_after_it(
    kind: str, config: dict[str, Any], exits: tuple[str, ...], prompt: str
) -> None:
    """A masked collect was recorded, and after a payment nothing was any more."""

    async def story(world: World) -> None:
        leg = await handed_back(world)
        await world.until(lambda: f"/zh/{prompt}" in world.telephony.legs[leg].heard)
        assert world.call_of(leg).recording is None
        assert world.telephony.legs[leg].recording is None
        if kind == "collect":
            for key in "7391":
                world.telephony.press(leg, key)
        await world.until(lambda: "/zh/read" in world.telephony.legs[leg].heard)
        assert world.telephony.legs[leg].recording
        await world.until(lambda: leg in world.telephony.ended)
        assert told(world) == [
            "start",
            "q",
            "records r1",
            "secret",
            "ended r1",
            "read",
            "records p2",
            "bye",
            "ended p2",
        ]

    in_world(
        story,
        leading_to(
            ("secret", kind, config, dict.fromkeys(exits, "read")),
            ("read", "play", {"prompt": {"key": "read"}}, {"next": "bye"}),
        ),
    )


def test_a_second_secret_pauses_the_second_part() -> None:
    async def story(world: World) -> None:
        leg = await handed_back(world)
        for _ in range(2):
            await world.until(lambda: world.telephony.legs[leg].heard[-1:] == ["/zh/pin"])
            for key in "7391":
                world.telephony.press(leg, key)
            await world.until(lambda: world.telephony.legs[leg].heard[-1:] != ["/zh/pin"])
        await world.until(lambda: leg in world.telephony.ended)
        assert told(world)[2:] == [
            "records r1", "secret", "ended r1", "read", "records p2",
            "again", "ended p2", "after", "records p3", "bye", "ended p3",
        ]  # fmt: skip

    exits = ("collected", "wrong", "none")
    in_world(
        story,
        leading_to(
            ("secret", "collect", PIN, dict.fromkeys(exits, "read")),
            ("read", "play", {"prompt": {"key": "read"}}, {"next": "again"}),
            ("again", "collect", PIN, dict.fromkeys(exits, "after")),
            ("after", "play", {"prompt": {"key": "read"}}, {"next": "bye"}),
        ),
    )


def test_digits_that_are_no_secret_are_recorded_with_the_rest() -> None:
    async def story(world: World) -> None:
        leg = await handed_back(world)
        await world.until(lambda: "/zh/pin" in world.telephony.legs[leg].heard)
        assert world.telephony.legs[leg].recording
        await world.until(lambda: leg in world.telephony.ended)
        assert told(world)[2:] == ["records r1", "open", "bye", "ended r1"]

    exits = dict.fromkeys(("collected", "wrong", "none"), "bye")
    in_world(story, leading_to(("open", "collect", PIN | {"is_masked": False}, exits)))


def test_an_engines_end_while_a_secret_is_typed_changes_nothing() -> None:
    """What had been recorded is remembered by the log alone."""

    async def story(world: World) -> None:
        leg = await handed_back(world)
        await world.until(lambda: "/zh/pin" in world.telephony.legs[leg].heard)
        await world.kill()
        world.telephony.legs[leg].heard.clear()
        await world.start()
        await world.until(lambda: "/zh/pin" in world.telephony.legs[leg].heard)
        assert world.telephony.legs[leg].recording is None
        for key in "7391":
            world.telephony.press(leg, key)
        await world.until(lambda: leg in world.telephony.ended)
        assert told(world)[2:] == [
            "records r1", "secret", "ended r1", "secret", "read", "records p2", "bye", "ended p2",
        ]  # fmt: skip

    exits = dict.fromkeys(("collected", "wrong", "none"), "read")
    in_world(
        story,
        leading_to(("secret", "collect", PIN, exits), ("read", "play", {"prompt": {"key": "read"}}, {"next": "bye"})),
    )


def test_who_was_talked_with_and_then_leaves_a_message_is_heard() -> None:
    """The conversation's recording ran on, so the message had none, and its ending key ended the contact."""

    async def story(world: World) -> None:
        leg = await handed_back(world)
        await world.until(lambda: world.events("MessageInvited"))
        await world.until(lambda: [step for step in told(world) if step.startswith("records m")])
        await world.pass_s(5)
        world.telephony.press(leg, "#")
        (ended,) = await world.until(lambda: world.events("MessageEnded"))
        assert (ended.outcome, ended.recording.rpartition("-")[2][0]) == ("silent", "m")
        assert told(world)[2:5] == ["records r1", "message", "ended r1"]

    in_world(story, leading_to(("message", "voicemail", {"queue": 1}, {"full": "bye"})))
