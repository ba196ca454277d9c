"""A flow that leads from one closed line to the next and back, published before the proof knew of it."""

from __future__ import annotations

import msgspec

from tests.engine.world import FLOW, HOTLINE, World, company, in_world
from zhiyin.contracts.snapshots import FlowSetting

RING = [
    {"from": a, "exit": exit_, "to": b} for a, b in (("q1", "q2"), ("q2", "q1")) for exit_ in ("closed", "overflow")
]
GRAPH = {**FLOW, "edges": [*(edge for edge in FLOW["edges"] if edge["from"] not in ("q1", "q2")), *RING]}


def test_a_caller_led_from_closed_line_to_closed_line_hears_an_apology_and_the_call_ends() -> None:
    settings = company(flows=(FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(GRAPH))),))

    async def test(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        (ended,) = await world.until(lambda: world.events("InteractionEnded"))
        assert ended.reason == "flow_fault"

    in_world(test, settings)
