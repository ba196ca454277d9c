"""A process that only speaks: espeak-ng's library from the wheel ``espeakng-loader``, kept out of ours (GPL-3).

Reads JSON lines ``[voice, words a minute, SSML]`` and writes, for each, four bytes of length and a WAV file.
"""

from __future__ import annotations

import ctypes
import io
import json
import struct
import sys
import wave

import espeakng_loader

_RETRIEVAL = 1  # AUDIO_OUTPUT_RETRIEVAL: samples come to the callback, nothing is played
_SYNCHRONOUS = 2
_RATE_PARAMETER = 1
_FLAGS = 0x1 | 0x10 | 0x1000  # UTF-8, SSML, pause at the end
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main() -> None:
    """Answer every line until the input ends."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate_hz <= 0:
        sys.exit("the library of espeakng-loader cannot find its data")
    heard: list[bytes] = []

    def keep(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            heard.append(ctypes.string_at(samples, count * 2))
        return 0

    callback = _Callback(keep)
    library.espeak_SetSynthCallback(callback)
    for line in sys.stdin:
        voice, words_a_minute, markup = json.loads(line)
        heard.clear()
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            sys.exit(f"the library of espeakng-loader has no voice {voice}")
        library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
        text = markup.encode()
        library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _FLAGS, None, None)
        library.espeak_Synchronize()
        wav = _wav(b"".join(heard), rate_hz)
        sys.stdout.buffer.write(struct.pack(">I", len(wav)) + wav)


def _wav(frames: bytes, rate_hz: int) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(frames)
    return target.getvalue()


if __name__ == "__main__":
    main()
