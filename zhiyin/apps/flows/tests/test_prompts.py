"""Prompts: the product's own, and a company's in their place, at the level and in the form of the line."""

from __future__ import annotations

import io
import math
import struct
import wave
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import prompts
from zhiyin.apps.flows.audio import LEVEL_DBFS
from zhiyin.apps.flows.models import PromptVersion
from zhiyin.apps.tenancy.publication import build_settings
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


def upload(client: Any, key: str, content: bytes, **form: str) -> Any:
    file = SimpleUploadedFile("hello.mp3", content)
    return client.post("/api/prompts", {"key": key, "language": "zh", "file": file, **form})


def test_a_companys_prompt_stands_in_for_the_standard_one_until_removed(company: Company) -> None:
    client = company.browser("administrator")
    made = upload(client, "welcome", wav(rate_hz=44100, channels=2), text="您好")
    assert made.status_code == 201, made.content
    assert (made.json()["sources"]["zh"], made.json()["sources"]["en"]) == ("uploaded", "standard")
    assert made.json()["texts"]["zh"] == "您好"
    (version,) = made.json()["versions"]
    assert version["gain_db"] == pytest.approx(LEVEL_DBFS - version["came_dbfs"], abs=0.1)
    assert version["made_by"] == company.users["administrator"].name
    own = client.get("/api/prompts/welcome/zh.wav").content
    assert client.delete("/api/prompts/welcome").status_code == 204
    assert client.get("/api/prompts/welcome/zh.wav").content != own
    assert client.delete("/api/prompts/welcome").status_code == 404


def test_a_new_sound_keeps_the_old_one_and_each_can_be_put_back(company: Company) -> None:
    client = company.browser("administrator")
    upload(client, "hello", wav(hz=440), text="一")
    second = upload(client, "hello", wav(hz=880), text="二", source="recorded").json()
    assert [(v["number"], v["is_in_force"], v["source"]) for v in second["versions"]] == [
        (2, True, "recorded"),
        (1, False, "uploaded"),
    ]
    file = played(company, "hello")
    first = second["versions"][1]["id"]
    old_sound = client.get(f"/api/prompts/hello/versions/{first}.wav").content
    assert client.get("/api/prompts/hello/zh.wav").content != old_sound
    back = client.post(f"/api/prompts/hello/versions/{first}/put-back")
    assert (back.status_code, back.json()["texts"]["zh"]) == (200, "一")
    assert client.get("/api/prompts/hello/zh.wav").content == old_sound
    assert played(company, "hello") != file, "a call in progress says the old file to its end, the next one this"
    enter_tenant(company.tenant.pk)
    told = Entry.objects.of(company.tenant).filter(action="prompt.put_back").get()
    assert (told.before, told.after) == (
        {"version": 2, "text": "二", "source": "recorded"},
        {"version": 1, "text": "一", "source": "uploaded"},
    )
    client.delete("/api/prompts/hello")
    assert client.post(f"/api/prompts/hello/versions/{first}/put-back").status_code == 200, "a removed one too"


def played(company: Company, key: str) -> str:
    enter_tenant(company.tenant.pk)
    company.tenant.refresh_from_db()
    return next(one.files["zh"] for one in build_settings(tenant=company.tenant).prompts if one.key == key)


def test_the_oldest_versions_go_with_their_sounds(
    company: Company, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(prompts, "VERSIONS_KEPT", 3)
    client = company.browser("administrator")
    with django_capture_on_commit_callbacks(execute=True):
        for hz in range(300, 900, 100):
            made = upload(client, "often", wav(hz=hz))
    assert [version["number"] for version in made.json()["versions"]] == [6, 5, 4]
    folder = Path(settings.DATA_DIR) / "prompts" / "company" / str(company.tenant.pk) / "zh"
    assert sorted(file.stem for file in folder.glob("often*")) == ["often-4", "often-5", "often-6"]


def test_a_recording_that_is_refused_leaves_what_was_there(company: Company) -> None:
    client = company.browser("administrator")
    upload(client, "hello", wav())
    answer = upload(client, "hello", b"\x89PNG" + bytes(100))
    assert (answer.status_code, answer.json()["code"]) == (400, "sound_format")
    assert answer.json()["fields"] == {"file": "sound_format"}
    assert len(client.get("/api/prompts/hello").json()["versions"]) == 1


def test_the_library_says_who_uses_a_prompt_and_what_is_missing(company: Company) -> None:
    client = company.browser("administrator")
    upload(client, "long_line", wav())
    upload(client, "only_draft", wav())
    upload(client, "nobody_says", wav())
    upload(client, "number_7", wav())
    chain = [{"condition": "line_reached", "threshold": 20, "action": "end", "prompt": "long_line"}]
    client.post("/api/queues", {"name": "售后", "overflow": chain}, content_type="application/json")
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "long_line"}}},
        ],
        "edges": [{"from": "start", "exit": "next", "to": "bye"}],
    }
    flow = client.post("/api/flows", {"name": "夜间", "graph": graph}, content_type="application/json").json()
    assert client.post(f"/api/flows/{flow['id']}/publish").status_code == 200
    graph["nodes"][1]["config"]["prompt"]["key"] = "only_draft"  # type: ignore[index]
    body = {"graph": graph, "draft_version": 1}
    assert client.put(f"/api/flows/{flow['id']}/draft", body, content_type="application/json").status_code == 200

    def uses(key: str) -> list[tuple[str, str]]:
        return [(use["kind"], use["name"]) for use in client.get(f"/api/prompts/{key}").json()["uses"]]

    assert uses("long_line") == [("flow", "夜间"), ("queue", "售后")]
    assert uses("only_draft") == [("draft", "夜间")]
    assert uses("all_busy") == [("system", "")]

    def keys(**asked: str) -> set[str]:
        return {item["key"] for item in client.get("/api/prompts", {"page_size": "200", **asked}).json()["items"]}

    assert "nobody_says" in keys(state="unused")
    assert not {"long_line", "only_draft", "all_busy"} & keys(state="unused")
    assert keys(state="own", numbers="false") == {"long_line", "only_draft", "nobody_says"}
    assert keys(state="missing") == {"long_line", "only_draft", "nobody_says", "number_7"}
    assert keys(state="numbers", numbers="false") == {"number_7"}
    most = client.get("/api/prompts", {"sort": "-uses", "page_size": "1"}).json()
    assert (most["items"][0]["key"], len(most["items"]), most["total"] > 4) == ("long_line", 1, True)
    lines = client.get("/api/prompts", {"format": "csv", "state": "own"}).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("名称,中文内容")
    assert any(line.startswith("long_line,") and "夜间 售后" in line for line in lines)


def test_the_statements_of_the_library_do_not_grow_with_it(company: Company) -> None:
    client = company.browser("administrator")
    numbers = count()

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/api/prompts").status_code == 200
        return len(caught)

    upload(client, f"one_{next(numbers)}", wav(seconds=0.2))
    few = statements()
    for _ in range(4):
        upload(client, f"one_{next(numbers)}", wav(seconds=0.2))
    assert statements() == few


def test_another_companys_prompt_is_not_heard(company: Company, other_company: Company) -> None:
    enter_tenant(other_company.tenant.pk)
    made = upload(other_company.browser("administrator"), "own_one", wav())
    assert made.status_code == 201
    client = company.browser("administrator")
    assert client.get("/api/prompts/own_one/zh.wav").status_code == 404
    assert client.get("/api/prompts/own_one").status_code == 404
    assert client.get(f"/api/prompts/own_one/versions/{made.json()['versions'][0]['id']}.wav").status_code == 404


def test_a_prompts_key_leads_nowhere_else(company: Company) -> None:
    assert upload(company.browser("administrator"), "../../secrets", wav()).status_code == 422


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
    assert upload(client, "long_line", wav()).status_code == 201
    chain = [{"condition": "line_reached", "threshold": 20, "action": "end", "prompt": "long_line"}]
    made = client.post("/api/queues", {"name": "售后", "overflow": chain}, content_type="application/json")
    assert made.status_code == 201, made.content
    answer = client.delete("/api/prompts/long_line")
    assert (answer.status_code, answer.json()["facts"]["used_by"]) == (409, ["售后"])
    client.patch(f"/api/queues/{made.json()['id']}", {"overflow": []}, content_type="application/json")
    assert client.delete("/api/prompts/long_line").status_code == 204


def test_two_sounds_in_force_are_impossible(company: Company) -> None:
    client = company.browser("administrator")
    upload(client, "hello", wav())
    upload(client, "hello", wav(hz=600))
    enter_tenant(company.tenant.pk)
    rows = PromptVersion.objects.of(company.tenant).filter(key="hello")
    with pytest.raises(Exception, match="prompt_in_force_once"):
        rows.update(is_in_force=True)
