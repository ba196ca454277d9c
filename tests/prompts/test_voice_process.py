"""The process that speaks at calls, for real: espeak-ng's words, files of others, nonsense, and its sudden end."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from zhiyin.config.prompts import sound
from zhiyin.engine.adapters.speech.own_voice import OwnVoiceProcess
from zhiyin.engine.adapters.speech.sound_folder import SoundFolder
from zhiyin.engine.main import VOICE_COMMAND
from zhiyin.engine.speech_port import SpeechFailed

WITHIN_S = 30.0


async def test_a_text_is_spoken_in_both_languages_by_a_process_of_its_own() -> None:
    voice = OwnVoiceProcess(VOICE_COMMAND)
    try:
        for text, language in (("您的余额是 42 元", "zh"), ("Your balance is 42.", "en"), ("<b>&", "en")):
            heard = sound.decode_alaw(await voice.speak(text, language, within_s=WITHIN_S))
            if language == "zh":
                assert not sound.find_faults(heard)
                assert 1 < len(heard) / sound.LINE_RATE_HZ < 5
    finally:
        await voice.close()


def tone_wav(rate_hz: int) -> bytes:
    samples = (np.sin(np.arange(rate_hz) * 2 * np.pi * 440 / rate_hz) * 16000).astype("<i2").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2,
                       16, b"data", 0xFFFFFFFF)  # fmt: skip
    return head + samples


async def test_a_service_s_file_is_brought_to_the_line_and_what_is_none_is_refused() -> None:
    voice = OwnVoiceProcess(VOICE_COMMAND)
    try:
        line = sound.decode_alaw(await voice.to_line(tone_wav(24_000), within_s=WITHIN_S))
        assert 0.9 < len(line) / sound.LINE_RATE_HZ < 1.2, (
            "also where its header says no length, as when it is streamed"
        )
        assert abs(sound.speech_level_dbfs(line) - sound.SPEECH_LEVEL_DBFS) < sound.LEVEL_TOLERANCE_DB
        for nonsense in (b"", b"<html>no sound</html>", tone_wav(24_000)[:44], b"RIFF" + os.urandom(500)):
            with pytest.raises(SpeechFailed, match=r"not_sound|broken"):
                await voice.to_line(nonsense, within_s=WITHIN_S)
        assert await voice.speak("one", "en", within_s=WITHIN_S), "it goes on speaking"
    finally:
        await voice.close()


#: takes a request and never answers; says who it is first
HANGS = (sys.executable, "-c", "import sys, time; sys.stdin.readline(); time.sleep(600)")


async def test_a_voice_that_hangs_is_ended_in_time_and_one_that_died_begins_anew() -> None:
    hanging = OwnVoiceProcess(HANGS)
    with pytest.raises(SpeechFailed, match="late"):
        await hanging.speak("one", "en", within_s=0.3)
    assert hanging.pid is None, "nobody waits for its answer"
    voice = OwnVoiceProcess(VOICE_COMMAND)
    try:
        first = await voice.speak("one", "en", within_s=WITHIN_S)
        before = voice.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        with pytest.raises(SpeechFailed, match="broken"):
            await voice.speak("two", "en", within_s=WITHIN_S)
        assert await voice.speak("one", "en", within_s=WITHIN_S) == first
        assert voice.pid != before
    finally:
        await voice.close()


async def test_several_texts_at_once_are_each_their_own() -> None:
    voice = OwnVoiceProcess(VOICE_COMMAND)
    try:
        texts = ("one", "a hundred and twenty", "one")
        short, long, again = await asyncio.gather(*(voice.speak(text, "en", within_s=WITHIN_S) for text in texts))
        assert short == again
        assert len(long) > len(short)
    finally:
        await voice.close()


async def test_a_sound_lies_under_a_name_that_nobody_guesses_until_it_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    shelf = SoundFolder(folder)
    shelf.clear()
    name = await shelf.put(b"\xd5" * 800)
    (file,) = folder.iterdir()
    assert (str(file), file.stat().st_size) == (f"{name}.alaw", 800)
    shelf.remove(name)
    shelf.remove(name)
    await shelf.put(b"\xd5")
    shelf.clear()
    assert list(folder.iterdir()) == []
