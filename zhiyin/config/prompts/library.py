"""The standard prompts on disk: made when missing or when their words changed, checked before anyone hears them.

``PROMPTS/standard/{zh,en}/KEY.alaw``, ``PROMPTS/standard/texts.json`` (key -> language -> words) and
``PROMPTS/music/hold.{alaw,ulaw}``. A-law is what calls here carry; Asterisk turns it into mu-law by table.
What makes sound (numpy, pypinyin) is imported only when something is to be made: a later start finds all there.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from zhiyin.config.prompts.texts import TONES, standard_texts

#: raised when the making changes so that every prompt should be made again
_RECIPE = 1
_MUSIC_RECIPE = 1


class UnfitPrompt(Exception):
    """A spoken prompt holds nothing to hear; nothing was replaced."""


def ensure_standard_prompts(prompts: Path) -> int:
    """Make what is missing or outdated; return how many prompts were spoken. Raises ``NoVoice``, ``UnfitPrompt``."""
    standard = prompts / "standard"
    made_file = standard / "made.json"
    made = _read_json(made_file)
    texts = standard_texts()
    wanted = {f"{language}/{key}": text for key, words in texts.items() for language, text in words.items()}
    stale = {
        name: text
        for name, text in wanted.items()
        if made.get(name) != _fingerprint(text) or not (standard / f"{name}.alaw").exists()
    }
    if stale:
        _speak(standard, stale)
        _replace(made_file, json.dumps({name: _fingerprint(text) for name, text in wanted.items()}).encode())
    content = json.dumps(texts, ensure_ascii=False, indent=1).encode()
    if not (standard / "texts.json").exists() or (standard / "texts.json").read_bytes() != content:
        _replace(standard / "texts.json", content)
    _ensure_music(prompts / "music")
    return len(stale)


def _ensure_music(folder: Path) -> None:
    """Write the hold music once, and again when its recipe changed."""
    recipe = folder / ".recipe"
    if recipe.exists() and recipe.read_text() == str(_MUSIC_RECIPE) and (folder / "hold.alaw").exists():
        return
    from zhiyin.config.prompts.music import hold_music  # noqa: PLC0415 - see above
    from zhiyin.config.prompts.sound import encode_alaw, encode_ulaw  # noqa: PLC0415

    samples = hold_music()
    _replace(folder / "hold.alaw", encode_alaw(samples))
    _replace(folder / "hold.ulaw", encode_ulaw(samples))
    _replace(recipe, str(_MUSIC_RECIPE).encode())


def _speak(folder: Path, texts: Mapping[str, str]) -> None:
    """Speak "LANGUAGE/KEY" -> words and check each before any is put in place.

    Voices differ from system to system: silence is refused, a smaller fault goes to the log and stops no start.
    """
    from zhiyin.config.prompts.music import tone  # noqa: PLC0415 - see above
    from zhiyin.config.prompts.sound import encode_alaw, find_faults  # noqa: PLC0415
    from zhiyin.config.prompts.speech import Utterance, speak_all  # noqa: PLC0415

    for name in [name for name in texts if name.partition("/")[2] in TONES]:
        _replace(folder / f"{name}.alaw", encode_alaw(tone()))
    texts = {name: text for name, text in texts.items() if name.partition("/")[2] not in TONES}
    spoken = speak_all([Utterance(text, name.partition("/")[0]) for name, text in texts.items()])
    for name, samples in zip(texts, spoken, strict=True):
        for fault in find_faults(samples):
            if fault.code == "silent":
                raise UnfitPrompt(f"The prompt {name} is silent ({fault.measured} dBFS): espeak-ng says nothing here.")
            sys.stderr.write(f"The prompt {name} is not as it should be: {fault.code} {fault.measured}\n")
    for name, samples in zip(texts, spoken, strict=True):
        _replace(folder / f"{name}.alaw", encode_alaw(samples))


def _replace(file: Path, content: bytes) -> None:
    """Put the file in place whole: a call that plays the old one hears it to its end."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, file)  # noqa: PTH105 - Path.replace would do the same


def _fingerprint(text: str) -> str:
    return hashlib.sha256(f"{_RECIPE}:{text}".encode()).hexdigest()[:16]


def _read_json(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
