"""Retention deletes what is over and nothing else, writes down each deletion once, and can be cut short anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.events import record_event
from zhiyin.apps.interactions.models import Recording
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.recordings import holds, retention, services, tasks
from zhiyin.apps.recordings.models import File, Hold, Removal, RetentionRun
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.database_locks import RECORDING_FILES
from zhiyin.contracts.events import RecordingReady
from zhiyin.domain.interactions import EndedBy, InteractionEnded, RecordingEnded, RecordingStarted

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SIZE = 16_044


@dataclass(frozen=True, slots=True)
class Made:
    recording: str
    contact: str
    file: Path


def make_recording(company: Company, *, days_old: float, has_file: bool = True) -> Made:
    """A finished recording that began so many days ago; without a file it is one that failed."""
    recording, at = f"kept-{os.urandom(6).hex()}", NOW - timedelta(days=days_old)
    contact = log_contact(
        company.tenant,
        at=at,
        then=[
            (0, RecordingStarted(recording=recording, leg="c")),
            (2, RecordingEnded(recording=recording)),
            (2, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
        ],
    )
    name = f"{company.tenant.pk}/{at:%Y/%m}/{recording}.zyr"
    file = services.done_folder() / name if has_file else services.raw_file(recording)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"sealed")
    if has_file:
        File.objects.of(company.tenant).create(
            recording_id=recording,
            name=name,
            size_bytes=SIZE,
            duration_s=1.0,
            peak_ms=20,
            peaks_left=[1, 2],
            peaks_right=[3, 4],
            made_at=at,
        )
    ready = RecordingReady(recording=recording, interaction=contact, failed=not has_file)
    record_event(tenant=company.tenant, event=ready, at=at)
    return Made(recording, contact, file)


def project() -> None:
    Projector([ContactProjection()], database_url="").catch_up()


def run(company: Company, *, within_s: float = 60.0) -> bool:
    return retention.delete_expired(tenant=company.tenant, now=lambda: NOW, within_s=within_s)


def state_of(company: Company, made: Made) -> str:
    return Recording.objects.of(company.tenant).get(pk=made.recording).state


def deletions(company: Company) -> list[str]:
    """The recordings of the log's deletions, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body->>'recording' FROM event_log WHERE tenant_id = %s AND type = 'RecordingDeleted' "
            "ORDER BY position",
            [company.tenant.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def audited(company: Company) -> list[dict[str, int]]:
    entries = Entry.objects.of(company.tenant).filter(action="recordings.expired").order_by("pk")
    return [entry.after or {} for entry in entries]


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


@pytest.fixture
def keep(as_engine: Database) -> Callable[[Company, int | None], None]:
    """Say, as the company's administrator, for how long recordings are kept."""

    def save(company: Company, keep_days: int | None) -> None:
        with connected_as(as_engine.web), inside(company.tenant):
            retention.save_policy(actor=company.actor("administrator"), keep_days=keep_days)

    return save


Keep = Callable[[Company, int | None], None]


def test_what_is_over_goes_and_nothing_else(
    company: Company, committed_company: Callable[[], Company], keep: Keep
) -> None:
    other = committed_company()
    over, failed = make_recording(company, days_old=30.001), make_recording(company, days_old=40, has_file=False)
    fresh, others = make_recording(company, days_old=29.999), make_recording(other, days_old=400)
    project()
    keep(company, 30)
    assert run(company) is False
    run(other)
    for made in (over, failed):
        assert (state_of(company, made), made.file.exists()) == ("deleted", False)
    assert (state_of(company, fresh), fresh.file.exists()) == ("ready", True)
    assert (state_of(other, others), others.file.exists()) == ("ready", True)
    assert deletions(company) == [failed.recording, over.recording], "the oldest first, each once"
    assert not File.objects.of(company.tenant).filter(recording_id=over.recording).exists(), "the waveform goes too"
    assert audited(company) == [{"recordings": 2, "size_bytes": SIZE, "keep_days": 30}]
    run(company)
    assert len(audited(company)) == 1, "a run that deletes nothing is not written down"


def test_for_ever_is_for_ever(company: Company, keep: Keep) -> None:
    made = make_recording(company, days_old=9999)
    project()
    run(company)
    keep(company, 10)
    keep(company, None)
    run(company)
    assert (state_of(company, made), deletions(company)) == ("ready", [])


@pytest.mark.parametrize("scope", ["recording", "interaction"])
def test_what_is_held_stays_until_it_is_released(company: Company, as_engine: Database, keep: Keep, scope: str) -> None:
    made, free = make_recording(company, days_old=90), make_recording(company, days_old=90)
    project()
    keep(company, 30)
    administrator = company.actor("administrator")
    with connected_as(as_engine.web), inside(company.tenant):
        if scope == "recording":
            holds.hold_recording(actor=administrator, recording_id=made.recording, reason="投诉", now=NOW)
        else:
            holds.hold_contact(actor=administrator, interaction_id=made.contact, reason="投诉", now=NOW)
        assert retention.preview(tenant=company.tenant, keep_days=30, now=NOW) == retention.Due(1, SIZE, held=1)
    run(company)
    assert (state_of(company, made), made.file.exists(), state_of(company, free)) == ("ready", True, "deleted")
    with connected_as(as_engine.web), inside(company.tenant):
        if scope == "recording":
            holds.release_recording(actor=administrator, recording_id=made.recording)
        else:
            holds.release_contact(actor=administrator, interaction_id=made.contact)
    run(company)
    assert (state_of(company, made), made.file.exists()) == ("deleted", False)


def test_a_run_that_is_cut_short_goes_on_and_counts_as_one(
    company: Company, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make_recording(company, days_old=100 + n) for n in range(5)]
    project()
    keep(company, 30)
    monkeypatch.setattr(retention, "BATCH", 2)
    assert run(company, within_s=0) is True
    assert [state_of(company, each) for each in reversed(made)] == ["deleted"] * 2 + ["ready"] * 3
    assert audited(company) == []
    while run(company, within_s=0):
        pass
    assert sorted(deletions(company)) == sorted(each.recording for each in made)
    assert audited(company) == [{"recordings": 5, "size_bytes": 5 * SIZE, "keep_days": 30}]


def test_a_crash_after_the_commit_leaves_no_file_behind(company: Company, keep: Keep) -> None:
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    retention._delete_batch(company.tenant, NOW)
    assert (state_of(company, made), made.file.exists()) == ("deleted", True), "as a crash would leave it"
    run(company)
    assert not made.file.exists()
    assert (deletions(company), audited(company)[0]["recordings"]) == ([made.recording], 1)


def test_a_file_that_cannot_be_removed_is_tried_again(company: Company, keep: Keep) -> None:
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    made.file.unlink()
    made.file.mkdir()
    run(company)
    assert Removal.objects.of(company.tenant).filter(name__endswith=made.file.name).exists()
    made.file.rmdir()
    made.file.write_bytes(b"sealed")
    run(company)
    assert not made.file.exists()
    assert not Removal.objects.of(company.tenant).exists()


def test_nothing_is_deleted_while_a_backup_reads_the_files(company: Company, as_engine: Database, keep: Keep) -> None:
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    with psycopg.connect(as_engine.owner, autocommit=True) as backup:
        backup.execute("SELECT pg_advisory_lock_shared(%s, %s)", RECORDING_FILES)
        assert run(company) is False
        assert (state_of(company, made), made.file.exists()) == ("ready", True)
        # closing the connection alone is not enough: the server lets go of the lock some time after it
        backup.execute("SELECT pg_advisory_unlock_shared(%s, %s)", RECORDING_FILES)
    run(company)
    assert state_of(company, made) == "deleted"


def test_the_log_alone_says_the_same(company: Company, keep: Keep) -> None:
    """Whoever folds the log anew comes to the same row, and a finishing job that comes late makes no new one."""
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    run(company)
    Recording.objects.of(company.tenant).filter(pk=made.recording).update(state="ready")
    project()
    assert state_of(company, made) == "deleted"
    tasks.finish_recording.func(tenant_id=company.tenant.pk, recording_id=made.recording, interaction_id=made.contact)
    project()
    assert state_of(company, made) == "deleted"


def test_a_sealed_file_that_no_row_names_is_swept_after_a_day(company: Company) -> None:
    known = make_recording(company, days_old=5)
    orphan, fresh = known.file.with_name("orphan.zyr"), known.file.with_name(".fresh.zyr.part")
    for path in (orphan, fresh):
        path.write_bytes(b"sealed")
    for path in (orphan, known.file):
        os.utime(path, (NOW.timestamp() - 90_000,) * 2)
    os.utime(fresh, (NOW.timestamp() - 60,) * 2)
    assert retention.sweep_orphans(tenant=company.tenant, now=NOW) == 1
    assert [path.exists() for path in (known.file, orphan, fresh)] == [True, False, True]


def test_every_company_stands_in_line_once_an_hour(company: Company) -> None:
    for _ in range(2):
        tasks.order_retention.func(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'recordings.delete_expired' "
            "AND status = 'todo' AND args ->> 'tenant_id' = %s",
            [str(company.tenant.pk)],
        )
        assert cursor.fetchone() == (1,)


# --- over HTTP --------------------------------------------------------------------------------------------------


def test_the_administrator_sees_first_what_a_period_would_delete(company: Company, as_engine: Database) -> None:
    age_days = (timezone.now() - NOW).days
    for days_old in (10, 100):
        make_recording(company, days_old=days_old)
    project()
    with connected_as(as_engine.web):
        browser = company.browser("administrator")
        assert browser.get("/api/retention").json() == {
            "keep_days": None,
            "recordings": 2,
            "size_bytes": 2 * SIZE,
            "bytes_a_day": 0.0,
            "held": 0,
            "last_run": None,
        }
        seen = browser.get("/api/retention/preview", {"keep_days": age_days + 50}).json()
        assert seen == {"recordings": 1, "size_bytes": SIZE, "held": 0}
        for wrong in (0, -1, 36_501):
            answer = browser.put("/api/retention", {"keep_days": wrong}, content_type="application/json")
            assert answer.status_code == 422
        saved = browser.put("/api/retention", {"keep_days": age_days + 50}, content_type="application/json")
        assert saved.json()["keep_days"] == age_days + 50
        with inside(company.tenant):
            entry = Entry.objects.of(company.tenant).get(action="retention.changed")
    assert (entry.before, entry.after) == ({"keep_days": None}, {"keep_days": age_days + 50})
    tasks.delete_expired.func(tenant_id=company.tenant.pk)
    run_row = RetentionRun.objects.of(company.tenant).get()
    assert (run_row.recordings, run_row.ended_at is not None) == (1, True)


def test_a_deleted_recording_says_so_and_cannot_be_held(company: Company, as_engine: Database, keep: Keep) -> None:
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    run(company)
    with connected_as(as_engine.web):
        browser = company.browser("administrator")
        for what in ("audio", "waveform"):
            answer = browser.get(f"/api/recordings/{made.recording}/{what}")
            assert (answer.status_code, answer.json()["code"]) == (404, "recording_deleted")
        (row,) = browser.get("/api/recordings", {"state": "deleted"}).json()["items"]
        assert (row["id"], row["state"], row["duration_s"]) == (made.recording, "deleted", None)
        contact = browser.get(f"/api/interactions/{made.contact}").json()
        assert [each["state"] for each in contact["recordings"]] == ["deleted"]
        held = browser.put(
            f"/api/recordings/{made.recording}/hold", {"reason": "late"}, content_type="application/json"
        )
        assert (held.status_code, held.json()["code"]) == (409, "recording_deleted")


def test_a_hold_is_shown_and_written_down(company: Company, as_engine: Database) -> None:
    made, free = make_recording(company, days_old=9), make_recording(company, days_old=9)
    project()
    with connected_as(as_engine.web):
        browser = company.browser("administrator")
        address = f"/api/recordings/{made.recording}/hold"
        for reason in ("court", "court, second instance"):
            answer = browser.put(address, {"reason": reason}, content_type="application/json")
            assert (answer.status_code, answer.json()["scope"]) == (200, "recording")
        assert browser.put(address, {"reason": "  "}, content_type="application/json").status_code == 422
        assert browser.get("/api/retention").json()["held"] == 1
        for held, found in ((True, made), (False, free)):
            (row,) = browser.get("/api/recordings", {"held": held}).json()["items"]
            assert row["id"] == found.recording
        (row,) = company.browser("administrator").get("/api/recordings", {"held": True}).json()["items"]
        assert (row["hold"]["reason"], row["hold"]["held_by_name"]) == (
            "court, second instance",
            company.users["administrator"].name,
        )
        assert browser.delete(address).status_code == 204
        assert browser.delete(address).status_code == 404
        with inside(company.tenant):
            actions = Entry.objects.of(company.tenant).filter(subject_kind="recording").order_by("pk")
            assert [entry.action for entry in actions] == ["recording.held", "recording.held", "recording.released"]
            assert not Hold.objects.of(company.tenant).exists()


def test_the_folder_of_recordings_is_where_files_are_removed(company: Company, keep: Keep) -> None:
    """Names of files never lead out of the folder: they are ours, and relative."""
    made = make_recording(company, days_old=90)
    project()
    keep(company, 30)
    retention._delete_batch(company.tenant, NOW)
    names = set(Removal.objects.of(company.tenant).values_list("name", flat=True))
    folder = Path(settings.DATA_DIR) / "recordings"
    assert names == {made.file.relative_to(folder).as_posix(), f"raw/{made.recording}.raw"}
