"""From a raw file to what is listened to: the sound is right, nobody else opens it, and listening is written down."""

from __future__ import annotations

import io
import math
import os
import struct
import time
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as, logged_in
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.models import Interaction, Recording
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.interactions.queries import is_conversation_in_reach
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.recordings import services, tasks
from zhiyin.apps.recordings.errors import FileDamaged
from zhiyin.apps.recordings.models import File
from zhiyin.apps.recordings.projection import RecordingOrders
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.contracts.events import interaction_stream
from zhiyin.domain.interactions import (
    EndedBy,
    InteractionEnded,
    Offered,
    RecordingEnded,
    RecordingStarted,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RATE_HZ = 8000


def tones(seconds: float, *, left_hz: float, right_hz: float) -> bytes:
    """Return raw interleaved stereo with one tone a side, the right one half as loud."""
    frames = bytearray()
    for index in range(int(seconds * RATE_HZ)):
        angle = 2 * math.pi * index / RATE_HZ
        frames += struct.pack("<hh", int(16000 * math.sin(left_hz * angle)), int(8000 * math.sin(right_hz * angle)))
    return bytes(frames)


def strength(samples: list[int], hz: float) -> float:
    """Return how much of a tone is in the samples: its amplitude."""
    parts = [2 * math.pi * hz * index / RATE_HZ for index in range(len(samples))]
    real = sum(sample * math.cos(part) for sample, part in zip(samples, parts, strict=True))
    imaginary = sum(sample * math.sin(part) for sample, part in zip(samples, parts, strict=True))
    return 2 * math.hypot(real, imaginary) / len(samples)


def record_call(company: Company, raw: bytes | None, *, talk_s: float = 2) -> tuple[str, str]:
    """Log a recorded call with its raw file as Asterisk leaves it, and project; return contact and recording."""
    end_s = 1 + talk_s
    agent, recording = company.users["agent"].pk, f"rec-{os.urandom(6).hex()}"
    file = services.raw_file(recording)
    file.parent.mkdir(parents=True, exist_ok=True)
    if raw is not None:
        file.write_bytes(raw)
        os.utime(file, (1, 1))
    contact = log_contact(
        company.tenant,
        at=NINE,
        then=[
            (1, SegmentStarted(segment=1, agent=agent, leg="l")),
            (1, RecordingStarted(recording=recording, leg="c")),
            (end_s, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.CUSTOMER_LEFT)),
            (end_s, RecordingEnded(recording=recording)),
            (end_s, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
        ],
    )
    project()
    return contact, recording


def project() -> None:
    Projector([ContactProjection()], database_url="").catch_up()


def listen(company: Company, role: str, recording: str, span: str | None = None) -> Any:
    headers = {"Range": span} if span else {}
    return company.browser(role).get(f"/api/recordings/{recording}/audio", headers=headers)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


@pytest.fixture
def finished(company: Company) -> tuple[str, bytes]:
    """A finished recording of 20 s (several chunks), and the raw sound it was made from."""
    raw = tones(20, left_hz=440, right_hz=1000)
    contact, recording = record_call(company, raw)
    tasks.finish_recording.func(tenant_id=company.tenant.pk, recording_id=recording, interaction_id=contact)
    project()
    return recording, raw


@pytest.fixture
def listening(database: Database, finished: tuple[str, bytes], company: Company) -> Iterator[tuple[str, bytes]]:
    with connected_as(database.web):
        yield finished


def test_the_customer_is_left_and_the_agent_right(listening: tuple[str, bytes], company: Company) -> None:
    recording, raw = listening
    answer = listen(company, "lead", recording)
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(content(answer))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, RATE_HZ, 20 * RATE_HZ)
        frames = file.readframes(RATE_HZ)
    assert frames == raw[: len(frames)]
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    left, right = list(samples[::2]), list(samples[1::2])
    assert strength(left, 440) == pytest.approx(16000, rel=0.01)
    assert strength(right, 1000) == pytest.approx(8000, rel=0.01)
    assert max(strength(left, 1000), strength(right, 440)) < 10


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=65500-65600", 65500, 65601),
        ("bytes=-50", -50, None),
        ("bytes=640000-", 640000, None),
        ("bytes=10-99999999", 10, None),
    ],
    ids=["beginning", "over a chunk's border", "end", "open", "beyond the end"],
)
def test_any_part_is_the_same_as_in_the_whole(
    listening: tuple[str, bytes], company: Company, span: str, start: int, end: int | None
) -> None:
    recording, _ = listening
    whole = content(listen(company, "lead", recording))
    part = listen(company, "lead", recording, span)
    assert part.status_code == 206
    assert part.content == whole[start:end]
    begin = start if start >= 0 else len(whole) + start
    assert part["Content-Range"] == f"bytes {begin}-{begin + len(part.content) - 1}/{len(whole)}"


@pytest.mark.parametrize("span", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(listening: tuple[str, bytes], company: Company, span: str) -> None:
    answer = listen(company, "lead", listening[0], span)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{20 * RATE_HZ * 4 + 44}")


def test_the_waveform_shows_both_sides(listening: tuple[str, bytes], company: Company) -> None:
    waveform = company.browser("lead").get(f"/api/recordings/{listening[0]}/waveform").json()
    left, right = waveform["peaks"]
    assert (waveform["peak_ms"], waveform["duration_s"], len(left), len(right)) == (20, 20.0, 1000, 1000)
    assert {min(left), max(left)} <= {124, 125}
    assert {min(right), max(right)} <= {62}


def test_listening_is_written_down_once_per_start(listening: tuple[str, bytes], company: Company) -> None:
    recording, _ = listening
    for span in ("bytes=0-", "bytes=65536-", "bytes=131072-"):
        listen(company, "lead", recording, span)
    with inside(company.tenant):
        entry = Entry.objects.of(company.tenant).get(action="recording.listened")
    assert (entry.subject_id, entry.user_id) == (recording, company.users["lead"].pk)


def test_who_begins_in_the_middle_is_written_down_too(listening: tuple[str, bytes], company: Company) -> None:
    recording, _ = listening
    for span in ("bytes=1-", "bytes=65536-"):
        listen(company, "lead", recording, span)
    with inside(company.tenant):
        assert Entry.objects.of(company.tenant).filter(action="recording.listened").count() == 1


def test_agents_hear_their_own_conversations_alone(listening: tuple[str, bytes], company: Company) -> None:
    recording, _ = listening
    assert listen(company, "agent", recording).status_code == 200
    with inside(company.tenant):
        other = company.users["lead"]
        other.role = company.users["agent"].role
        other.save()
    answer = logged_in(other).get(f"/api/recordings/{recording}/audio")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_recording")
    assert company.browser("agent").get("/api/recordings").json()["total"] == 1
    assert logged_in(other).get("/api/recordings").json()["total"] == 0
    with inside(company.tenant):
        row = Recording.objects.of(company.tenant).get(pk=recording)
        contact = Interaction.objects.of(company.tenant).get(pk=row.interaction_id)
        shown = {role: shape_interactions(company.actor(role), [contact])[0].recordings for role in ("agent", "lead")}
    assert [one.id for one in shown["agent"]] == [recording]
    assert shown["lead"] == [], "no player stands where its sound would be refused"


def test_who_takes_a_message_hears_it_before_the_log_says_so(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk hears that its agent talks a little before the log has it: on a busy machine the message was refused."""
    agent = company.users["agent"].pk
    contact = log_contact(
        company.tenant, at=NINE, then=[(1, Offered(offer="o", agent=agent, leg="l", expires_at=NINE))]
    )

    def the_log_has_it(_seconds: float) -> None:
        talk = SegmentStarted(segment=1, agent=agent, leg="l")
        log_events(company.tenant, interaction_stream(contact), [(NINE, talk)])
        project()

    monkeypatch.setattr(time, "sleep", the_log_has_it)
    with inside(company.tenant):
        actor = company.actor("agent")
        assert is_conversation_in_reach(actor=actor, interaction_id=contact, right="recordings.read")


def test_another_companys_recording_does_not_exist(
    listening: tuple[str, bytes], committed_company: Callable[[], Company]
) -> None:
    answer = listen(committed_company(), "administrator", listening[0])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nothing_of_the_sound_lies_open_on_the_disk(finished: tuple[str, bytes], company: Company) -> None:
    recording, raw = finished
    assert not services.raw_file(recording).exists()
    sealed = _sealed_file(company, recording).read_bytes()
    assert raw[:64] not in sealed
    assert b"RIFF" not in sealed


@pytest.mark.parametrize("damage", ["flip", "cut", "swap"])
def test_a_changed_file_is_not_played(finished: tuple[str, bytes], company: Company, damage: str) -> None:
    recording, _ = finished
    file = _sealed_file(company, recording)
    sealed = bytearray(file.read_bytes())
    chunk = 64 * 1024 + 16
    if damage == "flip":
        sealed[100] ^= 1
    elif damage == "cut":
        del sealed[-100:]
    else:
        sealed[20 : 20 + chunk], sealed[20 + chunk : 20 + 2 * chunk] = (
            sealed[20 + chunk : 20 + 2 * chunk],
            sealed[20 : 20 + chunk],
        )
    file.write_bytes(sealed)
    sound = services.open_sound(actor=company.actor("lead"), recording_id=recording, is_beginning=True, now=NINE)
    with pytest.raises(FileDamaged):
        list(sound.read(0, sound.file.size_bytes))


def test_finishing_twice_makes_one_file(finished: tuple[str, bytes], company: Company) -> None:
    recording, _ = finished
    tasks.finish_recording.func(tenant_id=company.tenant.pk, recording_id=recording, interaction_id="x")
    assert File.objects.of(company.tenant).filter(recording_id=recording).count() == 1


def test_a_recording_that_another_job_made_meanwhile_is_not_called_failed(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was ordered by its end and as one that was left behind: the later job found the raw file gone."""
    contact, recording = record_call(company, tones(1, left_hz=440, right_hz=1000))
    given: dict[str, Any] = {"tenant_id": company.tenant.pk, "recording_id": recording, "interaction_id": contact}
    wait = services.wait_until_written

    def the_other_is_quicker(raw: Path) -> None:
        monkeypatch.setattr(services, "wait_until_written", wait)
        tasks.finish_recording.func(**given)

    monkeypatch.setattr(services, "wait_until_written", the_other_is_quicker)
    tasks.finish_recording.func(**given)
    project()
    assert Recording.objects.of(company.tenant).get(pk=recording).state == "ready"


def test_however_it_is_ordered_a_recording_is_made_by_one_job_at_a_time(company: Company) -> None:
    """Two at once would write the one sealed file, each with a nonce of its own: nobody could open it any more."""
    Projector([RecordingOrders()], database_url="").catch_up()
    _, recording = record_call(company, tones(1, left_hz=440, right_hz=1000))
    Projector([RecordingOrders()], database_url="").catch_up()
    tasks.finish_left_behind.func(timestamp=int((NINE + timedelta(hours=2)).timestamp()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock FROM procrastinate_jobs WHERE args ->> 'recording_id' = %s", [recording])
        assert cursor.fetchall() == [(f"recording:{recording}",)] * 2


@pytest.mark.parametrize("raw", [None, b"", b"\x00\x00"], ids=["missing", "empty", "less than a sample"])
def test_a_recording_that_cannot_be_made_is_marked(company: Company, raw: bytes | None) -> None:
    contact, recording = record_call(company, raw)
    tasks.finish_recording.func(tenant_id=company.tenant.pk, recording_id=recording, interaction_id=contact)
    project()
    assert Recording.objects.of(company.tenant).get(pk=recording).state == "failed"


@pytest.mark.parametrize("raw", [None, b""], ids=["missing", "empty"])
def test_a_conversation_over_at_once_leaves_a_recording_of_nothing_and_no_failure(
    company: Company, raw: bytes | None
) -> None:
    """It "could not be made", and whoever saw that was to tell the administrator."""
    contact, recording = record_call(company, raw, talk_s=0.4)
    tasks.finish_recording.func(tenant_id=company.tenant.pk, recording_id=recording, interaction_id=contact)
    project()
    assert Recording.objects.of(company.tenant).get(pk=recording).state == "empty"
    assert not services.raw_file(recording).exists()
    assert listen(company, "lead", recording).json()["facts"] == {"state": "empty"}


def test_the_end_of_a_recording_orders_its_file_exactly_once(company: Company) -> None:
    projector = Projector([RecordingOrders()], database_url="")
    projector.catch_up()
    _, recording = record_call(company, b"")
    for _ in range(2):
        projector.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE args ->> 'recording_id' = %s", [recording])
        assert cursor.fetchall() == [("recordings.finish",)]
    assert "recordings.finish" in app.tasks


def test_a_removed_companys_files_go_and_a_living_ones_stay(company: Company) -> None:
    done = services.done_folder()
    for tenant in (company.tenant.pk, 10**9):
        (done / str(tenant)).mkdir(parents=True)
        tasks.remove_company_files.func(tenant_id=tenant)
    assert ((done / str(company.tenant.pk)).exists(), (done / str(10**9)).exists()) == (True, False)


def _sealed_file(company: Company, recording: str) -> Path:
    name = File.objects.of(company.tenant).get(recording_id=recording).name
    return Path(settings.DATA_DIR) / "recordings" / "done" / name


def test_a_recording_whose_end_nobody_told_is_finished_later(company: Company) -> None:
    recording = f"lost-{os.urandom(6).hex()}"
    file = services.raw_file(recording)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(tones(1, left_hz=440, right_hz=1000))
    then = [
        (1.0, RecordingStarted(recording=recording, leg="c")),
        (9.0, InteractionEnded(by=EndedBy.SYSTEM, reason="fault")),
    ]
    contact = log_contact(company.tenant, at=NINE, then=then)  # type: ignore[arg-type] # a list of two kinds of event
    project()
    soon = NINE.timestamp() + 60
    late = NINE.timestamp() + 3600
    with connection.cursor() as cursor:
        for timestamp, ordered in ((soon, []), (late, [(recording, contact)])):
            tasks.finish_left_behind.func(timestamp=int(timestamp))
            cursor.execute(
                "SELECT args ->> 'recording_id', args ->> 'interaction_id' FROM procrastinate_jobs "
                "WHERE task_name = 'recordings.finish' AND args ->> 'recording_id' = %s",
                [recording],
            )
            assert cursor.fetchall() == ordered
