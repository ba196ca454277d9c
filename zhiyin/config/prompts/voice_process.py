"""A process that speaks for the engine at calls: texts into the line's sound, and WAV files of others into the same.

Reads, again and again, a line of JSON ``{"verb", "bytes", ...}`` and so many bytes after it; answers with a status byte
(0: done), four bytes of length, and A-law, or the code of what went wrong: no_voice not_sound broken. Ends with its
input. espeak-ng is a process of its own again (``speech.py``).
"""

from __future__ import annotations

import json
import struct
import sys
from typing import Any, BinaryIO

from zhiyin.config.prompts.sound import LINE_RATE_HZ, NotSound, Samples, encode_alaw, read_wav, to_line
from zhiyin.config.prompts.speech import NoVoice, Utterance, speak_all

#: A text that takes longer than this to say is cut.
_MOST_S = 180
_LONGEST_WAV_BYTES = 32 * 1024 * 1024


def main() -> None:
    """Answer until the input ends."""
    answer_all(sys.stdin.buffer, sys.stdout.buffer)


def answer_all(asked: BinaryIO, answers: BinaryIO) -> None:
    for line in asked:
        head = json.loads(line)
        content = asked.read(min(head["bytes"], _LONGEST_WAV_BYTES))
        status, answer = _answer(head, content)
        answers.write(struct.pack(">BI", status, len(answer)) + answer)
        answers.flush()


def _answer(head: dict[str, Any], content: bytes) -> tuple[int, bytes]:
    try:
        samples = _spoken(head["text"], head["language"]) if head["verb"] == "speak" else _brought(content)
    except NoVoice as error:
        sys.stderr.write(f"{error}\n")
        return 1, b"no_voice"
    except NotSound:
        return 1, b"not_sound"
    except Exception as error:  # whatever is brought, the next request is answered; its words may be personal
        sys.stderr.write(f"a text or a sound broke the voice: {type(error).__name__}\n")
        return 1, b"broken"
    return 0, encode_alaw(samples[: _MOST_S * LINE_RATE_HZ])


def _spoken(text: str, language: str) -> Samples:
    (samples,) = speak_all([Utterance(text, language)])
    return samples


def _brought(wav: bytes) -> Samples:
    samples, rate_hz = read_wav(wav)
    if not len(samples) or not LINE_RATE_HZ <= rate_hz <= 48_000:
        raise NotSound(f"{len(samples)} samples at {rate_hz} Hz")
    return to_line(samples, rate_hz)


if __name__ == "__main__":
    main()
