"""Flows listen, in virtual time: words lead on, cut prompts short, stand beside the log; and nobody is left waiting."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, PROMPTS, World, company, in_world
from zhiyin.contracts.external_services import ExternalServices, RecognitionSetting
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.engine.adapters.simulator.speech import number_of, words
from zhiyin.engine.adapters.simulator.telephony import SOUND_S
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideFailed
from zhiyin.engine.speech_port import SpeechFailed

SAID = {1: "我要找售后", 2: "今天天气很好", 3: "销售"}
CHOICES = [
    {"exit": "sales", "name": "销售", "phrases": "销售,买东西", "key": "2"},
    {"exit": "support", "name": "售后", "phrases": "售后,维修", "key": "1"},
]
EXITS = ("sales", "support", "no_input", "no_match", "failed")
SERVICE = RecognitionSetting(8, "Ear", "wav", "https://ear.example/", "/hear", ("zh",), {}, "/result/text")


def listening(*services: RecognitionSetting, **config: Any) -> TenantSettings:
    """A company whose hotline listens, and says by which exit it went on."""
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "ask", "kind": "recognise", "config": {"prompt": {"key": "menu"}, "choices": CHOICES} | config},
            *({"id": exit_, "kind": "hang_up", "config": {"prompt": {"key": exit_}}} for exit_ in EXITS),
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "ask"},
            *({"from": "ask", "exit": exit_, "to": exit_} for exit_ in EXITS),
        ],
    }
    setting = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow)))
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in (*PROMPTS, *EXITS))
    return company(flows=(setting,), prompts=prompts, external=ExternalServices(recognition=services))


async def call(world: World) -> str:
    """Call, and return the leg once the flow listens."""
    world.ear.understands = lambda sound: SAID[number_of(sound)]
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.ears)
    return leg


async def end_of(world: World, leg: str) -> list[str]:
    await world.until(lambda: leg in world.telephony.ended)
    assert world.telephony.ears == {}, "no ear is left open"
    return [sound.removeprefix("/zh/") for sound in world.telephony.ended[leg].heard]


def test_words_lead_on_and_stand_beside_the_log() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.telephony.say(leg, words(1))
        assert await end_of(world, leg) == ["menu", "support"]
        (heard,) = world.events("UtteranceHeard")
        assert heard.node == "ask"
        kept = [v for stream in world.log.personal.values() for ref, v in stream.items() if ref == heard.words_ref]
        assert kept == ["我要找售后"]
        log = b"".join(bytes(envelope.body) for envelope in world.log.envelopes)
        assert "我要找售后".encode() not in log

    in_world(story, listening())


def test_who_speaks_into_the_prompt_cuts_it_short() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        await world.pass_s(0.2)
        assert world.telephony.legs[leg].playback is not None
        world.telephony.say(leg, words(1, for_s=0.3))
        await world.until(lambda: world.telephony.legs[leg].playback is None, within_s=SOUND_S / 3)
        assert await end_of(world, leg) == ["menu", "support"]

    in_world(story, listening())


def test_in_turns_nobody_listens_until_the_prompt_is_over() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        world.ear.understands = lambda sound: SAID[number_of(sound)]
        await world.until(lambda: leg in world.telephony.legs and world.telephony.legs[leg].playback)
        assert world.telephony.ears == {}
        await world.until(lambda: world.telephony.ears)
        assert world.telephony.legs[leg].playback is None
        world.telephony.say(leg, words(3))
        assert await end_of(world, leg) == ["menu", "sales"]

    in_world(story, listening(listens="turns"))


def test_keys_are_as_good_as_words() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.telephony.press(leg, "2")
        assert await end_of(world, leg) == ["menu", "sales"]
        assert [(e.exit, e.key) for e in world.events("DigitsCollected")] == [("sales", "2")]

    in_world(story, listening())


def test_who_is_silent_or_not_understood_is_asked_again_and_then_led_on() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        assert await end_of(world, leg) == ["menu", "nothing_heard", "menu", "no_input"]
        leg = await call(world)
        world.telephony.say(leg, words(2))
        await world.until(lambda: "not_understood" in str(world.telephony.legs[leg].heard))
        world.telephony.say(leg, words(3))
        assert await end_of(world, leg) == ["menu", "not_understood", "menu", "sales"]
        leg = await call(world)
        for times in (1, 2):
            world.telephony.say(leg, words(2))
            await world.until(lambda times=times: len(world.events("UtteranceHeard")) == 2 + times)
        assert (await end_of(world, leg))[-1] == "no_match"

    in_world(story, listening(tries=2))


def deaf(_sound: bytes) -> str:
    raise SpeechFailed("no_recogniser")


def broken(_sound: bytes) -> str:
    return str(1 / 0)


@pytest.mark.parametrize(("ear", "cause"), [(deaf, "no_recogniser"), (broken, "broken")])
def test_where_nobody_understands_the_caller_goes_on_by_the_error_exit(ear: Any, cause: str) -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.understands = ear
        world.telephony.say(leg, words(1))
        assert await end_of(world, leg) == ["menu", "failed"]
        ended = world.events("RequestEnded")
        assert [(e.request, e.outcome, e.cause) for e in ended] == [("recognition", "failed", cause)]

    in_world(story, listening())


def test_a_recogniser_that_hangs_is_given_up() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.takes_s = 60.0
        world.telephony.say(leg, words(1))
        assert await end_of(world, leg) == ["menu", "failed"]
        assert [e.cause for e in world.events("RequestEnded")] == ["late"]

    in_world(story, listening())


def failing() -> HttpAnswer:
    raise OutsideFailed("refused_address")


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (lambda: HttpAnswer(200, "application/json", '{"result": {"text": "我要维修"}}'.encode()), "support"),
        (lambda: HttpAnswer(200, "application/json", b"{"), "failed"),
        (lambda: HttpAnswer(200, "application/json", b'{"result": {"text": {}}}'), "failed"),
        (lambda: HttpAnswer(503, "text/html", b"x"), "failed"),
        (failing, "failed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("protocol", ["wav", "form"])
def test_a_service_understands_or_the_caller_goes_on(protocol: str, answer: Any, ends: str) -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: answer()
        leg = await call(world)
        world.telephony.say(leg, words(1))
        assert (await end_of(world, leg))[-1] == ends
        (asked,) = world.outside.asked
        assert isinstance(asked, HttpCall)
        assert (asked.method, asked.url) == ("POST", "https://ear.example/hear")
        assert (b"RIFF" in asked.body, b'name="file"' in asked.body) == (True, protocol == "form")
        assert world.ear.heard == 0

    in_world(story, listening(msgspec.structs.replace(SERVICE, protocol=protocol)))


def test_a_new_engine_listens_anew() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        await world.kill()
        assert world.telephony.ears == {}
        await world.start()
        await world.until(lambda: world.telephony.ears)
        world.telephony.say(leg, words(3))
        assert (await end_of(world, leg))[-1] == "sales"

    in_world(story, listening())


def test_who_hangs_up_while_it_is_understood_leaves_no_ear() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.takes_s = 3.0
        world.telephony.say(leg, words(1))
        await world.until(lambda: world.ear.heard == 1)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions)
        assert world.telephony.ears == {}

    in_world(story, listening())
