"""A phrase or a key leads on from any step, in virtual time."""

from __future__ import annotations

import msgspec

from tests.engine.world import HOTLINE, PROMPTS, World, company, in_world
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.engine.adapters.simulator.speech import number_of, words
from zhiyin.engine.speech_port import SpeechFailed

ANY = [{"exit": "agent", "name": "人工", "phrases": "人工，我要咨询", "key": "0"}]
SAID_HERE = {1: "你好，我要咨询", 2: "今天天气很好"}


def with_shortcut() -> TenantSettings:
    """A hotline that says a word and a menu, and a person by a word or by 0 at any time."""
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "hi", "kind": "play", "config": {"prompt": {"key": "welcome"}}},
            {"id": "menu", "kind": "menu", "config": {"prompt": {"key": "menu"}, "keys": {"1": "a"}}},
            {"id": "any", "kind": "shortcut", "config": {"choices": ANY}},
            *({"id": end, "kind": "hang_up", "config": {"prompt": {"key": end}}} for end in ("agent", "done")),
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "hi"},
            {"from": "hi", "exit": "next", "to": "menu"},
            *({"from": "menu", "exit": exit_, "to": "done"} for exit_ in ("1", "no_key", "wrong_key")),
            {"from": "any", "exit": "agent", "to": "agent"},
        ],
    }
    setting = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow)))
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in (*PROMPTS, "welcome", "agent", "done"))
    return company(flows=(setting,), prompts=prompts)


async def call(world: World) -> str:
    world.ear.understands = lambda sound: SAID_HERE[number_of(sound)]
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.ears)
    return leg


async def end_of(world: World, leg: str) -> list[str]:
    await world.until(lambda: leg in world.telephony.ended)
    assert world.telephony.ears == {}, "no ear is left open"
    return [sound.removeprefix("/zh/") for sound in world.telephony.ended[leg].heard]


def test_a_phrase_leads_on_from_a_prompt_and_stands_in_the_record() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.telephony.say(leg, words(1))
        assert await end_of(world, leg) == ["welcome", "agent"]
        entered = [(one.node, one.through) for one in world.events("NodeEntered")]
        assert entered[-2:] == [("any", BY_SHORTCUT), ("agent", "agent")]
        (heard,) = world.events("UtteranceHeard")
        assert heard.node in ("hi", "menu")

    in_world(story, with_shortcut())


def test_a_key_leads_on_and_words_that_mean_nothing_do_not_stop_a_prompt() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.telephony.say(leg, words(2, for_s=0.3))
        await world.until(lambda: world.events("UtteranceHeard"))
        world.telephony.press(leg, "0")
        heard = await end_of(world, leg)
        assert (heard[0], heard[-1], "not_understood" in heard) == ("welcome", "agent", False)
        assert [(one.node, one.exit, one.key) for one in world.events("DigitsCollected")] == [("any", "agent", "0")]

    in_world(story, with_shortcut())


def test_where_nobody_understands_it_is_recorded_once_and_the_flow_goes_on() -> None:
    def deaf(_sound: bytes) -> str:
        raise SpeechFailed("no_recogniser")

    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.understands = deaf
        world.telephony.say(leg, words(1))
        heard = await end_of(world, leg)
        assert heard[0] == "welcome"
        assert heard[-1] == "done"
        assert [one.cause for one in world.events("RequestEnded")] == ["no_recogniser"]
        assert len(world.telephony.ears) == 0

    in_world(story, with_shortcut())
