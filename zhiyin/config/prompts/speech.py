"""Text to speech by espeak-ng, always as its own process (GPL-3).

Chinese is turned into pinyin with tones first: espeak-ng's own reading of characters is broken in Debian 12. Latin
words inside are spoken by the English voice. The system's espeak-ng is used where there is one, else the library of
the wheel ``espeakng-loader`` in a Python process that does nothing else (``espeak_process.py``).
"""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from zhiyin.config.prompts.sound import Samples, read_wav, to_line, write_wav

_CHINESE_VOICE = "cmn-latn-pinyin"
_ENGLISH_VOICE = "en-us"
_WORDS_A_MINUTE = {"zh": 155, "en": 150}
_PAUSES = str.maketrans({"，": ", ", "、": ", ", "。": ". ", "；": "; ", "：": ", ", "？": "? ", "！": "! "})
_TIMEOUT_S = 60
#: readings that a call centre means and the general dictionary misses
_READINGS = {"重听": [["chóng"], ["tīng"]], "重播": [["chóng"], ["bō"]], "重拨": [["chóng"], ["bō"]]}
_DIGITS = "零一二三四五六七八九"


class NoVoice(OSError):
    """This machine can speak neither by espeak-ng nor by the wheel's library; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    language: str


def speak(text: str, language: str) -> bytes:
    """Return a WAV file (8 kHz, 16 bits, one channel) that says ``text`` in "zh" or "en". Raises ``NoVoice``."""
    return write_wav(speak_all([Utterance(text, language)])[0])


def speak_all(utterances: Sequence[Utterance]) -> list[Samples]:
    """Say many at once, each brought to the line's band and level. Raises ``NoVoice``."""
    requests = [_request(utterance) for utterance in utterances]
    program = shutil.which("espeak-ng")
    spoken = _by_program(program, requests) if program else _by_library(requests)
    return [to_line(*read_wav(_with_true_length(wav))) for wav in spoken]


def pinyin_markup(text: str) -> str:
    """Return Chinese text as the pinyin voice reads it: tones as digits, Latin words in the English voice."""
    _teach_readings()
    pieces = []
    for piece in re.split(r"([A-Za-z][A-Za-z' -]*)", _spell_digits(text).translate(_PAUSES)):
        if re.match(r"[A-Za-z]", piece):
            pieces.append(f'<voice name="{_ENGLISH_VOICE}">{escape(piece.strip())}</voice>')
        elif piece.strip():
            syllables = lazy_pinyin(piece, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True)
            pieces.append(escape(" ".join(syllables)))
    return re.sub(r" +([,.;?!])", r"\1", " ".join(pieces))


@dataclass(frozen=True, slots=True)
class _Request:
    voice: str
    words_a_minute: int
    markup: str


def _request(utterance: Utterance) -> _Request:
    if utterance.language == "zh":
        markup, voice = pinyin_markup(utterance.text), _CHINESE_VOICE
    else:
        markup, voice = escape(utterance.text), _ENGLISH_VOICE
    return _Request(voice, _WORDS_A_MINUTE[utterance.language], f"<speak>{markup}</speak>")


def _by_program(program: str, requests: Sequence[_Request]) -> list[bytes]:
    def say(request: _Request) -> bytes:
        command = (program, "-m", "-v", request.voice, "-s", str(request.words_a_minute), "--stdout", request.markup)
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
        if done.returncode != 0 or len(done.stdout) <= 44:
            raise NoVoice(f"espeak-ng failed: {done.stderr.decode(errors='replace').strip()[:300]}")
        return done.stdout

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(say, requests))


def _by_library(requests: Sequence[_Request]) -> list[bytes]:
    """One process says all: requests as JSON lines in, each answer as a length and a WAV file out."""
    lines = "".join(f"{json.dumps([r.voice, r.words_a_minute, r.markup])}\n" for r in requests)
    command = (sys.executable, "-P", "-m", "zhiyin.config.prompts.espeak_process")
    limit_s = _TIMEOUT_S + len(requests)
    done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=limit_s, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip()[-300:]
        raise NoVoice(f"No voice on this machine ({reason}). Run: apt-get install espeak-ng")
    wavs, rest = [], done.stdout
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        wavs.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    return wavs


def _with_true_length(wav: bytes) -> bytes:
    """espeak-ng writes to a pipe before it knows the length: put the true sizes into the header."""
    return wav[:4] + struct.pack("<I", len(wav) - 8) + wav[8:40] + struct.pack("<I", len(wav) - 44) + wav[44:]


def _spell_digits(text: str) -> str:
    """One or two digits are a count, longer ones are read digit by digit, as telephone numbers are."""

    def spell(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) > 2 or digits.startswith("0"):
            return " ".join(_DIGITS[int(digit)] for digit in digits)
        tens, ones = divmod(int(digits), 10)
        head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
        return head + (_DIGITS[ones] if ones or not tens else "")

    return re.sub(r"\d+", spell, text)


@cache
def _teach_readings() -> None:
    load_phrases_dict(_READINGS)
