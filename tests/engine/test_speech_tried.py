"""Speech is tried from a page, and how it went is told by who served: services, and the installation itself."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import msgspec

from tests.engine.test_recognition import SERVICE, call, end_of, listening
from tests.engine.test_streamed_hearing import FUNASR, streamed
from tests.engine.world import World, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.speech_commands import OWN
from zhiyin.engine.adapters.simulator.speech import words
from zhiyin.engine.outside_port import HttpAnswer, OutsideFailed

SOUND = b64encode(words(1)).decode()


async def state_of(world: World, kind: str, service: int) -> dict[str, Any]:
    told = await world.wish(c.TellSpeech())
    return next((one for one in told if (one["kind"], one["service"]) == (kind, service)), {})


def test_what_somebody_says_is_understood_by_the_service_of_the_language() -> None:
    async def story(world: World) -> None:
        sockets = streamed(world, "我要找售后")
        tried = await world.wish(c.TryRecognition(SOUND, "zh"))
        assert tried == {"outcome": "found", "cause": "", "text": "我要找售后"}
        assert sockets[0].is_closed
        state = await state_of(world, "recognition", FUNASR.id)
        assert (state["successes"], state["failures"], state["failed_at"]) == (1, 0, None)

    in_world(story, listening(FUNASR))


def test_without_a_service_the_own_hearing_is_asked_with_the_phrases() -> None:
    async def story(world: World) -> None:
        world.ear.understands = lambda _sound: "two"
        for service in (None, OWN):
            tried = await world.wish(c.TryRecognition(SOUND, "en", service, ("one", "two")))
            assert tried == {"outcome": "found", "cause": "", "text": "two"}
        assert (await state_of(world, "recognition", OWN))["successes"] == 2

    in_world(story, listening())


def test_failures_are_told_by_their_causes_and_an_unknown_service_is_none() -> None:
    async def story(world: World) -> None:
        def away(_call: Any) -> HttpAnswer:
            raise OutsideFailed("unreachable")

        world.outside.answer = away
        for command, cause in (
            (c.TryRecognition(SOUND, "zh", SERVICE.id), "unreachable"),
            (c.TryRecognition(SOUND, "zh", 99), "unknown_service"),
            (c.TryRecognition("no base64!", "zh"), "not_sound"),
        ):
            tried = await world.wish(command)
            assert (tried["outcome"], tried["cause"], tried["text"]) == ("failed", cause, "")
        state = await state_of(world, "recognition", SERVICE.id)
        assert (state["successes"], state["failures"], state["cause"]) == (0, 1, "unreachable")

    in_world(story, listening(SERVICE))


def test_calls_count_too_and_a_recogniser_that_hangs_was_late() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.takes_s = 60.0
        world.telephony.say(leg, words(1))
        await end_of(world, leg)
        state = await state_of(world, "recognition", OWN)
        assert (state["failures"], state["cause"]) == (1, "late")

    in_world(story, listening())


def test_who_hangs_up_is_no_failure_of_the_recogniser() -> None:
    async def story(world: World) -> None:
        leg = await call(world)
        world.ear.takes_s = 3.0
        world.telephony.say(leg, words(1))
        await world.until(lambda: world.ear.heard == 1)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions)
        assert await state_of(world, "recognition", OWN) == {}

    in_world(story, listening())


def test_texts_are_said_by_the_own_voice_where_it_alone_is_asked() -> None:
    async def story(world: World) -> None:
        tried = await world.wish(c.TrySynthesis("您好", "zh", OWN))
        assert b64decode(tried["sound"]) == "您好".encode()
        assert (await state_of(world, "synthesis", OWN))["successes"] == 1

    in_world(story, msgspec.structs.replace(listening()))
