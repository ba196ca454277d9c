"""Recognisers by websocket in virtual time: words stop prompts while they are said, noises do not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.engine.test_recognition import listening
from tests.engine.test_shortcuts import end_of
from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts.external_services import RecognitionSetting
from zhiyin.engine.adapters.simulator.speech import words
from zhiyin.engine.outside_port import OutsideFailed, SocketCall

FUNASR = RecognitionSetting(8, "Ear", "funasr", "wss://ear.example", "/", ("zh",))


class Socket:
    """A recogniser by FunASR's messages in virtual time: says ``bits`` one by one at each piece of loud sound."""

    def __init__(self, text: str, *, ends: bool = True) -> None:
        self._text, self._ends, self._told = text, ends, 0
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self.is_closed = False

    async def send(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if any(message) and self._told < len(self._text):
                self._say("2pass-online", self._text[self._told], is_final=False)
                self._told += 1
        elif '"is_speaking": false' in message and self._ends:
            self._say("2pass-offline", self._text if self._told else "", is_final=True)

    def _say(self, mode: str, text: str, *, is_final: bool) -> None:
        self._answers.put_nowait(json.dumps({"mode": mode, "text": text, "is_final": is_final}))

    async def receive(self) -> str | bytes:
        return await self._answers.get()

    async def close(self) -> None:
        self.is_closed = True


def streamed(world: World, text: str, **how: Any) -> list[Socket]:
    """Let the world have a recogniser by websocket; return the connections that are made."""
    sockets: list[Socket] = []

    def open_one(_call: SocketCall) -> Socket:
        sockets.append(Socket(text, **how))
        return sockets[-1]

    world.outside.socket = open_one
    return sockets


def test_words_stop_the_prompt_while_they_are_said_and_a_known_phrase_ends_sooner() -> None:
    async def story(world: World) -> None:
        sockets = streamed(world, "我要找售后")
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.ears)
        await world.pass_s(0.2)
        sound = words(1, for_s=0.8)[: -int(0.4 * 16_000)]  # a pause of half a second
        for begin in range(0, len(sound), 320):
            world.telephony.say(leg, sound[begin : begin + 320])
            await world.pass_s(0.02)
            if begin == 320 * 30:  # 0.6 s
                assert world.telephony.legs[leg].playback is None, "its first words stopped the prompt"
        assert await end_of(world, leg) == ["menu", "support"], "which is no end but for who has said a phrase"
        assert [socket.is_closed for socket in sockets] == [True]
        assert world.ear.heard == 0

    in_world(story, listening(FUNASR))


def test_a_noise_in_which_no_words_are_stops_no_prompt_and_counts_as_no_try() -> None:
    async def story(world: World) -> None:
        streamed(world, "")
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.ears)
        world.telephony.say(leg, words(1))
        assert await end_of(world, leg) == ["menu", "nothing_heard", "menu", "no_input"]
        assert world.events("UtteranceHeard") == []

    in_world(story, listening(FUNASR, tries=2))


def test_where_the_recogniser_is_away_the_caller_goes_on_by_the_error_exit() -> None:
    async def story(world: World) -> None:
        def away(_call: SocketCall) -> Socket:
            raise OutsideFailed("unreachable")

        world.outside.socket = away
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.ears)
        world.telephony.say(leg, words(1))
        assert (await end_of(world, leg))[-1] == "failed"
        assert [one.cause for one in world.events("RequestEnded")] == ["unreachable"]
        assert len(world.outside.opened) == 2, "once more, and then no more"

    in_world(story, listening(FUNASR))


def test_a_recogniser_that_hangs_leaves_no_connection_behind() -> None:
    async def story(world: World) -> None:
        sockets = streamed(world, "", ends=False)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.ears)
        world.telephony.say(leg, words(1))
        await world.until(lambda: sockets)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions and sockets[0].is_closed)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.ears)
        world.telephony.say(leg, words(1))
        assert (await end_of(world, leg))[-1] == "failed"
        assert [one.cause for one in world.events("RequestEnded")] == ["late"]

    in_world(story, listening(FUNASR))
