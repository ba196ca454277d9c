"""Recognisers by websocket, over real sockets: FunASR's and sherpa-onnx's own messages, and servers that mean ill."""

from __future__ import annotations

import asyncio
import json
import math
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection

from tests.harness.recognisers import FunAsrServer, SherpaServer, serving
from zhiyin.contracts.external_services import RecognitionSetting
from zhiyin.domain.speech.streams import PIECE_BYTES, SENT_RATE_HZ, STREAMS, Doubler, NotUnderstood
from zhiyin.engine.adapters.outside.world import RealOutside
from zhiyin.engine.adapters.simulator.speech import words as sound_of
from zhiyin.engine.speech_port import SpeechFailed
from zhiyin.engine.streamed_words import StreamedWords

Talk = Callable[[ServerConnection], Awaitable[None]]


def setting(port: int, protocol: str = "funasr", **how: Any) -> RecognitionSetting:
    return RecognitionSetting(8, "Ear", protocol, f"ws://127.0.0.1:{port}", "/", ("zh",), **how)


async def hear(
    talk: Talk, protocol: str = "funasr", *, within_s: float = 2.0, sound: bytes = b"", **how: Any
) -> tuple[str, list[str]]:
    """Let a server hear an utterance, bit by bit; return its words, and those that were told meanwhile."""
    told: list[str] = []
    subprotocols = how.pop("subprotocols", ())
    phrases = how.pop("phrases", ())
    async with serving(talk, subprotocols=subprotocols) as port:
        world = RealOutside({f"127.0.0.1:{port}"})
        said = StreamedWords(world, setting(port, protocol, **how), company=1, phrases=phrases, on_words=told.append)
        try:
            heard = sound or sound_of(1)
            for begin in range(0, len(heard), 320):
                said.feed(heard[begin : begin + 320])
                await asyncio.sleep(0)
            return await said.understood(within_s=within_s), told
        finally:
            await said.close()
            world.close()


@pytest.mark.parametrize("subprotocols", [(), ("binary",)])
async def test_funasr_hears_while_it_is_said(subprotocols: tuple[str, ...]) -> None:
    server = FunAsrServer()
    text, told = await hear(server.talk, subprotocols=subprotocols, phrases=("售后", "人工"))
    assert text == "我要找售后"
    assert told[:3] == ["我", "我要", "我要找"], "its words come bit by bit"
    (opened,) = server.opened
    assert (opened["audio_fs"], opened["chunk_size"], opened["chunk_interval"]) == (16000, [5, 10, 5], 10)
    assert json.loads(opened["hotwords"]) == {"售后": 20, "人工": 20}
    assert set(server.pieces[:-1]) == {PIECE_BYTES}, "whole pieces, but the last"
    assert sum(server.pieces) == 2 * len(sound_of(1))


async def test_funasrs_server_in_python_marks_the_end_in_its_own_way() -> None:
    text, _ = await hear(FunAsrServer(is_python=True).talk)
    assert text == "我要找售后"


async def test_sherpa_hears_while_it_is_said() -> None:
    server = SherpaServer()
    text, told = await hear(server.talk, "sherpa")
    assert (text, told[:2]) == ("我要找售后", ["我", "我要"])
    assert server.samples == len(sound_of(1)), "twice the samples, of two bytes each before"
    assert 0.2 < server.most < 1.0, "floats between -1 and 1"


@pytest.mark.parametrize("protocol", STREAMS)
async def test_silence_is_no_words_and_no_failure(protocol: str) -> None:
    server: FunAsrServer | SherpaServer = FunAsrServer() if protocol == "funasr" else SherpaServer()
    assert await hear(server.talk, protocol, sound=bytes(8000)) == ("", [])


async def test_the_secret_goes_with_the_handshake() -> None:
    server = FunAsrServer()
    await hear(server.talk, secret_header="Authorization", secret="Bearer x")
    assert server.headers == ["Bearer x"]


async def silent(socket: ServerConnection) -> None:
    async for _ in socket:
        pass


async def deaf(socket: ServerConnection) -> None:
    """Reads nothing, so that what is sent piles up."""
    await socket.wait_closed()


async def gone(socket: ServerConnection) -> None:
    await socket.close()


def saying(*messages: str | bytes, times: int = 1) -> Talk:
    async def talk(socket: ServerConnection) -> None:
        for _ in range(times):
            for message in messages:
                await socket.send(message)
        async for _ in socket:
            pass

    return talk


@pytest.mark.parametrize(
    ("talk", "cause"),
    [
        (silent, "late"),
        (deaf, "late"),
        (gone, "closed"),
        (saying("nonsense"), "wrong_type"),
        (saying(b"\xff\xfe"), "wrong_type"),
        (saying("[1]"), "wrong_type"),
        (saying("[" * 20_000), "wrong_type"),
        (saying('{"text": 7}'), "wrong_type"),
        (saying(json.dumps({"text": "x" * 40_000})), "too_large"),
        (saying('{"mode": "2pass-online", "text": ""}', times=1200), "too_large"),
    ],
    ids=["silent", "deaf", "gone", "nonsense", "bytes", "list", "deep", "number", "huge", "flood"],
)
async def test_a_server_that_means_no_good_costs_its_time_and_no_more(talk: Talk, cause: str) -> None:
    began = time.monotonic()
    with pytest.raises(SpeechFailed) as failed:
        await hear(talk, within_s=0.5 if cause == "late" else 8.0)
    assert failed.value.cause == cause
    assert time.monotonic() - began < 8


async def test_nobody_there_and_an_address_that_may_not_be_asked() -> None:
    async with serving(silent) as port:
        pass
    for hosts, cause in (({f"127.0.0.1:{port}"}, "unreachable"), (set[str](), "needs_https")):
        world = RealOutside(hosts)
        said = StreamedWords(world, setting(port), company=1)
        with pytest.raises(SpeechFailed) as failed:
            await said.understood(within_s=2)
        await said.close()
        world.close()
        assert failed.value.cause == cause


async def test_a_server_that_refuses_the_handshake_is_told_by_its_status_and_no_redirect_is_followed() -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(redirect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        world = RealOutside({f"127.0.0.1:{port}"})
        said = StreamedWords(world, setting(port), company=1)
        with pytest.raises(SpeechFailed) as failed:
            await said.understood(within_s=2)
        await said.close()
        world.close()
    assert failed.value.cause == "http_302"


async def test_a_connection_that_breaks_is_made_once_more_with_all_the_sound() -> None:
    server, calls = FunAsrServer(), 0

    async def falls_once(socket: ServerConnection) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            await socket.recv()
            await socket.close()
        else:
            await server.talk(socket)

    text, _ = await hear(falls_once)
    assert (text, calls, sum(server.pieces)) == ("我要找售后", 2, 2 * len(sound_of(1)))


async def test_words_that_were_understood_stand_where_the_end_never_comes() -> None:
    partial = json.dumps({"mode": "2pass-online", "text": "我要找售后", "is_final": False}, ensure_ascii=False)
    text, told = await hear(saying(partial), within_s=0.5)
    assert (text, told) == ("我要找售后", ["我要找售后"])


def test_a_word_on_its_way_when_the_end_is_told_is_not_the_last_of_the_server_in_python() -> None:
    stream = STREAMS["funasr"](())
    stream.ending()
    for mode, text, is_final, is_over in (
        ("2pass-online", "我要", True, False),
        ("2pass-offline", "我要，", True, False),
        ("2pass-offline", "售后。", False, True),
    ):
        stream.take(json.dumps({"mode": mode, "text": text, "is_final": is_final}))
        assert stream.is_over == is_over
    assert stream.words == "我要，售后。"


def test_sentences_that_a_server_cuts_by_itself_are_one_utterance() -> None:
    stream = STREAMS["funasr"](())
    for mode, text in (("2pass-online", "我要"), ("2pass-offline", "我要，"), ("2pass-online", "售")):
        stream.take(json.dumps({"mode": mode, "text": text, "is_final": False}))
    assert (stream.words, stream.is_over) == ("我要，售", False)
    stream.ending()
    stream.take(json.dumps({"mode": "2pass-offline", "text": "售后。", "is_final": True}))
    assert (stream.words, stream.is_over) == ("我要，售后。", True)
    sherpa = STREAMS["sherpa"](())
    for segment, text in ((0, "i want"), (0, "i want to"), (1, "speak")):
        sherpa.take(json.dumps({"text": text, "segment": segment}))
    assert sherpa.words == "i want to speak"
    with pytest.raises(NotUnderstood):
        sherpa.take('{"text": "x", "segment": "1"}')


@given(st.lists(st.integers(-32768, 32767), max_size=200), st.lists(st.integers(1, 40), max_size=20))
def test_sound_is_doubled_alike_however_it_is_cut(samples: list[int], cuts: list[int]) -> None:
    sound = struct.pack(f"<{len(samples)}h", *samples)
    at_once, piecewise, begin = Doubler().take(sound), Doubler(), 0
    doubled = b""
    for cut in cuts:
        doubled += piecewise.take(sound[begin : begin + cut])
        begin += cut
    doubled += piecewise.take(sound[begin:])
    assert doubled == at_once
    assert len(at_once) == 2 * len(sound)


def test_a_tone_keeps_its_pitch_and_level() -> None:
    tone = [round(10_000 * math.sin(2 * math.pi * 1000 * at / 8000)) for at in range(800)]
    doubled = struct.unpack("<1600h", Doubler().take(struct.pack("<800h", *tone)))
    wanted = [10_000 * math.sin(2 * math.pi * 1000 * (at / SENT_RATE_HZ)) for at in range(1600)]
    late = 4  # samples by which it comes later
    errors = [abs(doubled[at + late] - wanted[at]) for at in range(100, 1500)]
    assert max(errors) < 600
