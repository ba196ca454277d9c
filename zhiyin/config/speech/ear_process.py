"""A process that understands for the engine: pocketsphinx (BSD) with its English model, by a grammar of the phrases
that are expected and nothing else. The package is optional (dependency group ``speech``).

Reads, again and again, a line of JSON ``{"phrases", "language", "bytes"}`` and so many bytes of sound (16 bits, 8000
samples a second); answers with a status byte (0: done), four bytes of length, and the words, or a code: no_recogniser
broken. Ends with its input.
"""

from __future__ import annotations

import importlib
import json
import re
import struct
import sys
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np

_LANGUAGE = "en"
_MODEL_RATE = 2  # the model was trained on 16 kHz
_MOST_BYTES = 1_000_000
_WORD = re.compile(r"[a-z']+")


class _NoRecogniser(Exception):
    pass


def main() -> None:
    """Answer until the input ends."""
    answer_all(sys.stdin.buffer, sys.stdout.buffer, Ear())


def answer_all(asked: BinaryIO, answers: BinaryIO, ear: Ear) -> None:
    for line in asked:
        head = json.loads(line)
        sound = asked.read(min(head["bytes"], _MOST_BYTES))
        try:
            status, answer = 0, ear.understand(sound, head["phrases"], head["language"])
        except _NoRecogniser:
            status, answer = 1, "no_recogniser"
        except Exception as error:  # whatever is said, the next utterance is heard; words may be personal
            sys.stderr.write(f"an utterance broke the recogniser: {type(error).__name__}\n")
            status, answer = 1, "broken"
        content = answer.encode()
        answers.write(struct.pack(">BI", status, len(content)) + content)
        answers.flush()


class Ear:
    """The decoder, loaded when first it is needed."""

    def __init__(self) -> None:
        self._decoder: Any = None

    def understand(self, sound: bytes, phrases: Sequence[str], language: str) -> str:
        """Return the phrase that was said, "" for none of them."""
        decoder = self._loaded(language)
        known = {words: phrase for phrase in phrases if (words := self._spoken(phrase))}
        if not known:
            raise _NoRecogniser
        decoder.add_jsgf_string("asked", grammar_of(known))
        decoder.activate_search("asked")
        decoder.start_utt()
        decoder.process_raw(to_model_rate(sound), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        return known.get(found.hypstr.strip(), "") if found is not None else ""

    def _loaded(self, language: str) -> Any:
        if language != _LANGUAGE:
            raise _NoRecogniser
        if self._decoder is None:
            try:
                package = importlib.import_module("pocketsphinx")  # an optional one
            except ImportError as error:
                raise _NoRecogniser from error
            self._decoder = package.Decoder(lm=None, loglevel="FATAL")
        return self._decoder

    def _spoken(self, phrase: str) -> str:
        """Return a phrase in words of the model's dictionary, "" where it holds another one."""
        words = [_DIGITS.get(word, word) for word in phrase.casefold().replace("-", " ").split()]
        is_known = all(_WORD.fullmatch(word) and self._decoder.lookup_word(word) for word in words)
        return " ".join(words) if words and is_known else ""


_DIGITS = dict(
    zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)


def grammar_of(phrases: Iterable[str]) -> str:
    """Return the grammar (JSGF) of phrases, each in words of the dictionary."""
    return f"#JSGF V1.0;\ngrammar asked;\npublic <asked> = {' | '.join(f'({phrase})' for phrase in phrases)};\n"


def to_model_rate(sound: bytes) -> bytes:
    """Return sound of the line at the model's rate, with nothing above the line's band."""
    samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(float)
    if not len(samples):
        return b""
    spectrum = np.fft.rfft(samples)
    longer = np.fft.irfft(np.pad(spectrum, (0, len(samples))), _MODEL_RATE * len(samples))[: 2 * len(samples)]
    return bytes(np.clip(longer * _MODEL_RATE, -32768, 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
