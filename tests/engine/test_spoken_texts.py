"""Flows say texts, in virtual time: by the company's service, else by the own voice, and nothing of it stays behind."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, PROMPTS, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.external_services import ExternalServices, SynthesisSetting
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideFailed
from zhiyin.engine.speech_port import SpeechFailed

SERVICE = SynthesisSetting(
    7,
    "Voice",
    "https://voice.example/",
    "/v1/audio/speech",
    '{"input": "{{text}}", "voice": "{{language}}"}',
    ("zh",),
    {"X-Model": "1"},
    "Authorization",
    "Bearer s3",
)
TEXT = {"text_zh": "来电号码{{caller}}。", "text_en": "You call from {{caller}}."}
SPOKEN = "来电号码+8613800138000。"


def saying(*services: SynthesisSetting, nodes: tuple[dict[str, Any], ...] = ()) -> TenantSettings:
    """A company whose hotline says who calls, twice, and a last word by the exit."""
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            *nodes,
            {"id": "say", "kind": "say", "config": TEXT},
            {"id": "again", "kind": "say", "config": TEXT},
            {"id": "found", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
            {"id": "failed", "kind": "hang_up", "config": {"prompt": {"key": "closed"}}},
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": nodes[0]["id"] if nodes else "say"},
            *({"from": node["id"], "exit": "next", "to": "say"} for node in nodes),
            {"from": "say", "exit": "next", "to": "again"},
            {"from": "again", "exit": "next", "to": "found"},
            *({"from": node, "exit": "failed", "to": "failed"} for node in ("say", "again")),
        ],
    }
    setting = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow)))
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in PROMPTS)
    return company(flows=(setting,), prompts=prompts, external=ExternalServices(synthesis=services))


async def heard(world: World) -> list[str]:
    """Call to the end, and return what was heard: texts as their words."""
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: leg in world.telephony.ended)
    return [world.shelf.ever.get(sound, sound.encode()).decode() for sound in world.telephony.ended[leg].heard]


def test_a_text_is_said_by_the_own_voice_and_gone_with_the_contact() -> None:
    async def story(world: World) -> None:
        assert await heard(world) == [SPOKEN, SPOKEN, "/zh/goodbye"]
        assert world.voice.said == [(SPOKEN, "zh")], "the second time it is known"
        assert world.shelf.sounds == {}, "nothing that was said stays on disk"
        log = b"".join(bytes(envelope.body) for envelope in world.log.envelopes)
        assert b"13800138000" not in log
        assert [e.outcome for e in world.events("RequestEnded")] == ["found", "found"]

    in_world(story, saying())


def test_who_hangs_up_while_it_is_made_or_said_leaves_nothing() -> None:
    async def story(world: World) -> None:
        for moment_s in (0.02, 0.5):
            leg = world.telephony.call(HOTLINE)
            await world.pass_s(moment_s)
            world.telephony.end(leg)
            await world.until(lambda: not world.board.sessions)
            assert world.shelf.sounds == {}

    in_world(story, saying())


def test_a_text_that_the_telephone_side_cannot_read_leaves_by_failed_at_once() -> None:
    """As on a node without the shared folder: it once went on as if the caller had heard the text."""

    async def story(world: World) -> None:
        world.telephony.cannot_read = lambda sound: sound.startswith("/spoken/")
        leg = world.telephony.call(HOTLINE)
        began_at = world.clock.now()
        await world.until(lambda: leg in world.telephony.ended)
        assert world.telephony.ended[leg].heard == ["/zh/closed"]
        entered = [envelope for envelope in world.log.envelopes if envelope.type == "NodeEntered"]
        assert [event.through for event in world.events("NodeEntered")][-1] == "failed"
        assert (entered[-1].at - began_at).total_seconds() < 1.5

    in_world(story, saying())


def test_who_hangs_up_while_a_text_is_said_gave_up_there() -> None:
    """Asterisk tells of a sound cut off by a hang-up as of one that it cannot play."""

    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions)
        assert [event.node for event in world.events("NodeEntered")] == ["start", "say"]

    in_world(story, saying())


def test_the_companys_service_speaks_with_its_secret_and_in_its_languages_alone() -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: HttpAnswer(200, "audio/wav", b"by the service")
        assert await heard(world) == ["by the service", "by the service", "/zh/goodbye"]
        (call,) = world.outside.asked
        assert isinstance(call, HttpCall)
        assert (call.method, call.url) == ("POST", "https://voice.example/v1/audio/speech")
        assert msgspec.json.decode(call.body) == {"input": SPOKEN, "voice": "zh"}
        assert (call.headers["Authorization"], call.headers["X-Model"]) == ("Bearer s3", "1")
        assert world.voice.said == []

    in_world(story, saying(SERVICE))

    async def in_english(world: World) -> None:
        assert (await heard(world))[0] == "You call from +8613800138000."
        assert world.outside.asked == []

    turn = {"id": "turn", "kind": "language", "config": {"language": "en"}}
    in_world(in_english, saying(SERVICE, nodes=(turn,)))


def failing(cause: str) -> HttpAnswer:
    raise OutsideFailed(cause)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda: HttpAnswer(500, "text/html", b"x"), "http_500"),
        (lambda: failing("refused_address"), "refused_address"),
        (lambda: failing("too_large"), "too_large"),
        (lambda: HttpAnswer(200, "text/html", b"<html>"), "not_sound"),
    ],
)  # fmt: skip
def test_where_the_service_fails_the_own_voice_says_it_and_the_record_says_why(answer: Any, cause: str) -> None:
    def brought(_wav: bytes) -> bytes:
        raise SpeechFailed("not_sound")

    async def story(world: World) -> None:
        world.voice.brings = brought
        world.outside.answer = lambda _call: answer()
        assert await heard(world) == [SPOKEN, SPOKEN, "/zh/goodbye"]
        ended = world.events("RequestEnded")
        assert [(e.request, e.outcome, e.cause) for e in ended] == [("synthesis", "found", cause)] * 2

    in_world(story, saying(SERVICE))


def test_a_service_that_hangs_leaves_the_own_voice_its_time() -> None:
    async def story(world: World) -> None:
        world.outside.takes_s = 60.0
        assert await heard(world) == [SPOKEN, SPOKEN, "/zh/goodbye"]
        assert {e.cause for e in world.events("RequestEnded")} == {"late"}

    in_world(story, saying(SERVICE))


def test_where_nothing_speaks_the_caller_goes_on_by_the_error_exit() -> None:
    def mute(_text: str, _language: str) -> bytes:
        raise SpeechFailed("no_voice")

    async def story(world: World) -> None:
        world.voice.speaks = mute
        assert await heard(world) == ["/zh/closed"]
        world.voice.takes_s = 60.0
        assert await heard(world) == ["/zh/closed"]
        assert [(e.outcome, e.cause) for e in world.events("RequestEnded")] == [("failed", "no_voice"), ("late", "")]

    in_world(story, saying())


def test_an_engine_that_takes_over_sweeps_and_says_it_anew() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.shelf.sounds)
        await world.kill()
        await world.start()
        await world.until(lambda: leg in world.telephony.ended)
        assert len(world.voice.said) == 2, "a new engine has heard nothing yet"
        assert world.shelf.sounds == {}

    in_world(story, saying())


def test_an_administrator_hears_a_text_by_one_service_or_as_a_flow_would() -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: HttpAnswer(500, "text/html", b"x")
        told = await world.wish(c.TrySynthesis("您好"))
        assert (told["outcome"], told["cause"], b64decode(told["sound"]).decode()) == ("found", "http_500", "您好")
        told = await world.wish(c.TrySynthesis("您好", service=7))
        assert (told["outcome"], told["cause"], told["sound"]) == ("failed", "http_500", "")
        assert (await world.wish(c.TrySynthesis("您好", service=8)))["cause"] == "unknown_service"

    in_world(story, saying(SERVICE))
