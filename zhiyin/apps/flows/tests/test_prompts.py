"""Prompts: the product's own, and a company's in their place, at the level and in the form of the line."""

from __future__ import annotations

import io
import math
import struct
import wave

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from zhiyin.apps.conftest import Company
from zhiyin.apps.flows.audio import alaw_from_wav, wav_from_alaw
from zhiyin.apps.flows.errors import BadAudio
from zhiyin.apps.tenancy.scope import enter_tenant


def wav(
    *, rate_hz: int = 8000, channels: int = 1, seconds: float = 0.5, hz: float = 440, peak: int = 20_000, width: int = 2
) -> bytes:
    samples = [int(peak * math.sin(2 * math.pi * hz * n / rate_hz)) for n in range(int(seconds * rate_hz))]
    frames = b"".join(struct.pack("<h", sample)[-width:] * channels for sample in samples)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        file.writeframes(frames)
    return target.getvalue()


def heard(alaw: bytes) -> list[int]:
    with wave.open(io.BytesIO(wav_from_alaw(alaw))) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        frames = file.readframes(file.getnframes())
    return list(struct.unpack(f"<{len(frames) // 2}h", frames))


def strength(samples: list[int], hz: float) -> float:
    parts = [2 * math.pi * hz * n / 8000 for n in range(len(samples))]
    real = sum(sample * math.cos(part) for sample, part in zip(samples, parts, strict=True))
    imaginary = sum(sample * math.sin(part) for sample, part in zip(samples, parts, strict=True))
    return 2 * math.hypot(real, imaginary) / len(samples)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_usual_wav_becomes_what_the_line_carries(rate_hz: int, channels: int) -> None:
    alaw, duration_s = alaw_from_wav(wav(rate_hz=rate_hz, channels=channels))
    assert duration_s == pytest.approx(0.5, abs=0.001)
    tone = heard(alaw)[400:-400]
    assert strength(tone, 440) == pytest.approx(22_000, rel=0.03)
    assert max(abs(sample) for sample in tone) < 24_000


def test_what_the_line_cannot_carry_does_not_come_back_as_another_tone() -> None:
    mixed = [a + b for a, b in zip(_samples(48000, 440), _samples(48000, 7000), strict=True)]
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(mixed)}h", *mixed))
    alaw, _ = alaw_from_wav(target.getvalue())
    tone = heard(alaw)[400:-400]
    assert strength(tone, 1000) < strength(tone, 440) / 100  # 7 kHz would fold to 1 kHz


def _samples(rate_hz: int, hz: float) -> list[int]:
    return [int(10_000 * math.sin(2 * math.pi * hz * n / rate_hz)) for n in range(rate_hz // 2)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a wav", "format"),
        (wav(width=1), "format"),
        (wav(peak=10), "silent"),
        (wav(seconds=0), "empty"),
        (wav(seconds=121, hz=1), "too_long"),
    ],
    ids=["garbage", "8 bit", "silence", "nothing", "too long"],
)
def test_what_cannot_be_heard_is_refused_with_its_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadAudio) as refused:
        alaw_from_wav(content)
    assert refused.value.facts == {"why": why}


def test_a_companys_prompt_stands_in_for_the_standard_one_until_removed(company: Company) -> None:
    client = company.browser("administrator")
    file = SimpleUploadedFile("hello.wav", wav(), content_type="audio/wav")
    form = {"key": "welcome", "language": "zh", "text": "您好", "file": file}
    made = client.post("/api/prompts", form)
    assert made.status_code == 201, made.content
    assert (made.json()["sources"]["zh"], made.json()["sources"]["en"]) == ("uploaded", "standard")
    assert made.json()["texts"]["zh"] == "您好"
    own = client.get("/api/prompts/welcome/zh.wav").content
    assert client.delete("/api/prompts/welcome").status_code == 204
    assert client.get("/api/prompts/welcome/zh.wav").content != own
    assert client.delete("/api/prompts/welcome").status_code == 404


def test_another_companys_prompt_is_not_heard(company: Company, other_company: Company) -> None:
    enter_tenant(other_company.tenant.pk)
    form = {"key": "own_one", "language": "zh", "file": SimpleUploadedFile("x.wav", wav())}
    assert other_company.browser("administrator").post("/api/prompts", form).status_code == 201
    assert company.browser("administrator").get("/api/prompts/own_one/zh.wav").status_code == 404


def test_a_prompts_key_leads_nowhere_else(company: Company) -> None:
    form = {"key": "../../secrets", "language": "zh", "file": SimpleUploadedFile("x.wav", wav())}
    assert company.browser("administrator").post("/api/prompts", form).status_code == 422


def test_the_products_voice_says_a_prompt_in_both_languages(company: Company) -> None:
    client = company.browser("administrator")
    body = {"texts": {"zh": "您好，请稍候。", "en": "Please hold."}}
    answer = client.post("/api/prompts/hold_on/speak", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["sources"] == {"zh": "spoken", "en": "spoken"}
    for language in ("zh", "en"):
        sound = client.get(f"/api/prompts/hold_on/{language}.wav").content
        with wave.open(io.BytesIO(sound)) as file:
            assert file.getnframes() / 8000 == pytest.approx(answer.json()["durations_s"][language], abs=0.01)
            assert file.getnframes() > 4000


def test_a_machine_without_a_voice_says_so(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PROMPT_SPEAKER", "")
    body = {"texts": {"zh": "您好"}}
    answer = company.browser("administrator").post("/api/prompts/x/speak", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "speech_away")


def test_a_prompt_that_a_queues_chain_says_stays(company: Company) -> None:
    client = company.browser("administrator")
    form = {"key": "long_line", "language": "zh", "file": SimpleUploadedFile("x.wav", wav())}
    assert client.post("/api/prompts", form).status_code == 201
    chain = [{"condition": "line_reached", "threshold": 20, "action": "end", "prompt": "long_line"}]
    made = client.post("/api/queues", {"name": "售后", "overflow": chain}, content_type="application/json")
    assert made.status_code == 201, made.content
    answer = client.delete("/api/prompts/long_line")
    assert (answer.status_code, answer.json()["facts"]["used_by"]) == (409, ["售后"])
    client.patch(f"/api/queues/{made.json()['id']}", {"overflow": []}, content_type="application/json")
    assert client.delete("/api/prompts/long_line").status_code == 204
