"""The page of speech: who serves each language, trying it, and its place among the interfaces."""

from __future__ import annotations

import io
import wave
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.external_services import services
from zhiyin.apps.external_services import speech as speech_service
from zhiyin.contracts.commands import TellSpeech, TryRecognition, TrySynthesis
from zhiyin.contracts.speech_commands import SpeechState

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EAR = {
    "kind": "recognition", "protocol": "funasr", "base_url": "wss://ear.example:10095", "path": "/", "languages": ["zh"]
}  # fmt: skip


def wav(samples: bytes = b"\x01\x00" * 800, rate_hz: int = 8000, channels: int = 1) -> str:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return b64encode(target.getvalue()).decode()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine was asked; it answers as it would."""
    commands: list[Any] = []

    def answer(command: Any, **_how: Any) -> Any:
        commands.append(command)
        match command:
            case TellSpeech():
                return [SpeechState("recognition", 0, failed_at=NINE, cause="no_recogniser", failures=2)]
            case TrySynthesis():
                return {"outcome": "found", "cause": "", "sound": b64encode(b"\xd5" * 80).decode()}
            case _:
                return {"outcome": "found", "cause": "", "text": "我要找售后"}

    for module in (speech_service, services):
        monkeypatch.setattr(module, "ask_engine", answer)
    return commands


def make_ear(company: Company, **settings: Any) -> int:
    fields = {"name": "听写", "settings": EAR | settings, "secret": "", "is_enabled": True}
    return services.create_service(actor=company.system, fields=fields).pk


def test_each_language_says_who_serves_it_and_how_it_went(company: Company, asked: list[Any]) -> None:
    ear = make_ear(company)
    told = company.browser("administrator").get("/api/speech").json()
    by = {(one["kind"], one["language"]): one for one in told["items"]}
    assert told["is_known"]
    assert (by["recognition", "zh"]["service_id"], by["recognition", "zh"]["service_name"]) == (ear, "听写")
    own = by["recognition", "en"]
    assert (own["service_id"], own["cause"], own["failures"]) == (None, "no_recogniser", 2)
    assert by["synthesis", "zh"]["service_id"] is None


def test_without_an_engine_the_page_says_so(company: Company) -> None:
    make_ear(company)
    browser = company.browser("administrator")
    assert browser.get("/api/speech").json()["is_known"] is False
    found = [one for one in browser.get("/api/interfaces").json()["items"] if one["kind"] == "recognition"]
    assert [(one["name"], one["condition"]) for one in found] == [("听写", "unproven")]


def test_what_is_said_into_the_microphone_is_understood_and_written_down_as_tried(
    company: Company, asked: list[Any]
) -> None:
    ear = make_ear(company)
    body = {"sound": wav(), "language": "zh", "service_id": ear, "phrases": ["售后"]}
    answer = (
        company.browser("administrator").post("/api/speech/understand", body, content_type="application/json").json()
    )
    assert (answer["outcome"], answer["text"]) == ("found", "我要找售后")
    (command,) = asked
    assert isinstance(command, TryRecognition)
    assert (b64decode(command.sound), command.service, command.phrases) == (b"\x01\x00" * 800, ear, ("售后",))


def test_a_sentence_is_said_and_can_be_played(company: Company, asked: list[Any]) -> None:
    answer = (
        company.browser("administrator")
        .post("/api/speech/say", {"text": "您好", "language": "zh"}, content_type="application/json")
        .json()
    )
    assert b64decode(answer["sound"])[:4] == b"RIFF"
    assert asked == [TrySynthesis("您好", "zh", None)]


@pytest.mark.parametrize(
    "sound", ["no base64!", b64encode(b"RIFF").decode(), wav(rate_hz=16000), wav(channels=2), wav(samples=b"")]
)
def test_what_is_no_sound_of_the_line_is_refused(company: Company, asked: list[Any], sound: str) -> None:
    answer = company.browser("administrator").post(
        "/api/speech/understand", {"sound": sound}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "no_sound")
    assert asked == []


def test_a_service_that_does_something_else_is_not_found(company: Company, asked: list[Any]) -> None:
    ear = make_ear(company)
    answer = company.browser("administrator").post(
        "/api/speech/say", {"text": "x", "service_id": ear}, content_type="application/json"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, 201),
        ({"protocol": "sherpa", "base_url": "https://ear.example"}, 201),
        ({"protocol": "wav"}, 400),
        ({"base_url": "ws://ear.example"}, 400),
        ({"base_url": "wss://10.0.0.7"}, 400),
        ({"base_url": "ftp://ear.example"}, 400),
    ],
    ids=["wss", "https", "no websocket", "in clear", "inside", "ftp"],
)
def test_a_websocket_has_an_address_of_its_own_form(company: Company, settings: dict[str, str], status: int) -> None:
    body = {"name": "耳", "settings": EAR | settings}
    answer = company.browser("administrator").post("/api/external-services", body, content_type="application/json")
    assert answer.status_code == status, answer.json()
    if status == 400:
        assert list(answer.json()["fields"]) == ["settings.base_url"]
