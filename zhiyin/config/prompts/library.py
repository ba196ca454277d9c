"""The standard prompts on disk: made when missing or when their words changed, checked before anyone hears them.

``PROMPTS/standard/{zh,en}/KEY.alaw``, ``PROMPTS/standard/texts.json`` (key -> language -> words) and
``PROMPTS/music/hold.{alaw,ulaw}``. A-law is what calls here carry; Asterisk turns it into mu-law by table.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from zhiyin.config.prompts.music import hold_music
from zhiyin.config.prompts.sound import Samples, encode_alaw, encode_ulaw, find_faults
from zhiyin.config.prompts.speech import Utterance, speak_all
from zhiyin.config.prompts.texts import standard_texts

#: raised when the making changes so that every prompt should be made again
_RECIPE = 1
_MUSIC_RECIPE = 1


class UnfitPrompt(Exception):
    """A spoken prompt failed its check; nothing was replaced."""


def ensure_standard_prompts(prompts: Path) -> int:
    """Make what is missing or outdated; return how many prompts were spoken. Raises ``NoVoice``, ``UnfitPrompt``."""
    standard = prompts / "standard"
    made_file = standard / "made.json"
    made = _read_json(made_file)
    texts = standard_texts()
    wanted = {
        f"{language}/{key}": (Utterance(text, language), _fingerprint(text))
        for key, by_language in texts.items()
        for language, text in by_language.items()
    }
    stale = {
        name: utterance
        for name, (utterance, fingerprint) in wanted.items()
        if made.get(name) != fingerprint or not (standard / f"{name}.alaw").exists()
    }
    if stale:
        for name, samples in zip(stale, speak_all(list(stale.values())), strict=True):
            _keep(standard / f"{name}.alaw", name, samples)
        _replace(made_file, json.dumps({name: fingerprint for name, (_, fingerprint) in wanted.items()}).encode())
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
    samples = hold_music()
    _replace(folder / "hold.alaw", encode_alaw(samples))
    _replace(folder / "hold.ulaw", encode_ulaw(samples))
    _replace(recipe, str(_MUSIC_RECIPE).encode())


def _keep(file: Path, name: str, samples: Samples) -> None:
    if faults := find_faults(samples):
        listed = ", ".join(f"{fault.code} {fault.measured}" for fault in faults)
        raise UnfitPrompt(f"The prompt {name} is not fit to be heard: {listed}")
    _replace(file, encode_alaw(samples))


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
