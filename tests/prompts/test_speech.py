"""The product's voice: what it reads, that it speaks by either engine, and that the library stays whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from zhiyin.config.prompts import library, speech
from zhiyin.config.prompts.music import hold_music
from zhiyin.config.prompts.sound import LINE_RATE_HZ, decode_alaw, find_faults, read_wav
from zhiyin.config.prompts.texts import chinese_number, english_number, standard_texts
from zhiyin.domain.announcements import SYSTEM_PROMPTS


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("您好，请按1。", "nin2 hao3, qing3 an4 yi1."),
        ("重听请按0", "chong2 ting1 qing3 an4 ling2"),
        ("等待 12 位", "deng3 dai4   shi2 er4   wei4"),
        ("尾号 805", "wei3 hao4   ba1 ling2 wu3"),
    ],
    ids=["tones", "the call centre's reading", "a count", "digit by digit"],
)
def test_chinese_is_read_as_a_call_centre_means_it(text: str, read: str) -> None:
    assert speech.pinyin_markup(text).split() == read.split()


def test_latin_words_are_spoken_in_english_and_markup_is_only_words() -> None:
    assert '<voice name="en-us">VIP</voice>' in speech.pinyin_markup("VIP客户")
    assert "&lt;" in speech.pinyin_markup("<")


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (0, "零", "zero"),
        (2, "两", "two"),
        (10, "十", "ten"),
        (12, "十二", "twelve"),
        (20, "二十", "twenty"),
        (22, "二十二", "twenty-two"),
        (99, "九十九", "ninety-nine"),
    ],
)
def test_numbers_are_counted(number: int, zh: str, en: str) -> None:
    assert (chinese_number(number), english_number(number)) == (zh, en)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("engine", ["program", "library"])
def test_either_engine_speaks_both_languages(language: str, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "library":
        monkeypatch.setattr(shutil, "which", lambda _: None)  # as on a machine without espeak-ng
    elif shutil.which("espeak-ng") is None:
        pytest.skip("no espeak-ng on this machine: the bundled one is what it uses")
    text = {"zh": "感谢您的来电，再见。", "en": "Thank you for calling. Goodbye."}[language]
    samples, rate_hz = read_wav(speech.speak(text, language))
    assert rate_hz == LINE_RATE_HZ
    assert find_faults(samples) == []
    assert 1.0 < len(samples) / rate_hz < 5.0


def test_the_library_has_all_that_the_engine_says_in_both_languages() -> None:
    texts = standard_texts()
    assert set(SYSTEM_PROMPTS) <= set(texts)
    assert all(words.get("zh") and words.get("en") for words in texts.values())


@pytest.mark.parametrize("engine", ["program", "library"])
def test_a_first_start_makes_them_all_by_either_engine(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How a prompt of the library sounds depends on those before it: each is fit only if all are made."""
    if engine == "library":
        monkeypatch.setattr(shutil, "which", lambda _: None)
    elif shutil.which("espeak-ng") is None:
        pytest.skip("no espeak-ng on this machine: the bundled one is what it uses")
    assert library.ensure_standard_prompts(tmp_path) == 2 * len(standard_texts())
    assert capsys.readouterr().err == "", "every prompt is fit to be heard"


def test_a_voice_that_says_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "standard_texts", lambda: {"goodbye": {"zh": "。", "en": "."}})
    with pytest.raises(library.UnfitPrompt, match="silent"):
        library.ensure_standard_prompts(tmp_path)
    assert not list(tmp_path.rglob("*.alaw"))


def test_only_what_changed_is_spoken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"goodbye": {"zh": "再见。", "en": "Goodbye."}, "closed": {"zh": "已下班。", "en": "We are closed."}}
    monkeypatch.setattr(library, "standard_texts", lambda: words)
    assert library.ensure_standard_prompts(tmp_path) == 4
    assert library.ensure_standard_prompts(tmp_path) == 0
    words["closed"]["en"] = "We are closed today."
    assert library.ensure_standard_prompts(tmp_path) == 1
    (tmp_path / "standard" / "zh" / "goodbye.alaw").unlink()
    assert library.ensure_standard_prompts(tmp_path) == 1
    assert json.loads((tmp_path / "standard" / "texts.json").read_text())["closed"]["en"] == "We are closed today."
    assert find_faults(decode_alaw((tmp_path / "standard" / "zh" / "goodbye.alaw").read_bytes())) == []


def test_the_hold_music_is_soft_and_runs_into_itself() -> None:
    loop = hold_music()
    assert 60 <= len(loop) / LINE_RATE_HZ <= 120
    level_dbfs = 20 * np.log10(np.sqrt(np.mean(loop**2)))
    assert -27 < level_dbfs < -20
    assert np.abs(loop).max() < 0.9
    seconds = loop[: len(loop) // LINE_RATE_HZ * LINE_RATE_HZ].reshape(-1, LINE_RATE_HZ)
    assert np.sqrt(np.mean(seconds**2, axis=1)).min() > 0.005, "a second of the music is silent"
    steps = np.abs(np.diff(np.concatenate([loop[-400:], loop[:400]])))
    assert steps.max() < 3 * np.quantile(np.abs(np.diff(loop)), 0.999), "a click where the loop begins again"
