"""Finishing a recording after its call, and opening it to whoever may listen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit.queries import was_done_lately
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.events import record_event
from zhiyin.apps.recordings.errors import DeletedByRetention, NoFile, NothingRecorded, NotYourRecording, RecordingBroken
from zhiyin.apps.recordings.models import File
from zhiyin.apps.recordings.sealed import open_part, seal
from zhiyin.apps.recordings.waveform import RawRecording
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.vault import unwrap_key
from zhiyin.contracts.events import RecordingReady

#: a file that has not grown for so long is complete; nobody waits for one that never ends
_QUIET_S = 0.5
_WRITTEN_WITHIN_S = 10.0
_LISTENED = "recording.listened"
_LISTENING_LASTS = timedelta(hours=1)
_LEFT_BEHIND_AFTER = timedelta(minutes=15)
#: who speaks to each other for longer and leaves no sound has lost it
_EMPTY_WITHIN = timedelta(seconds=1)


def raw_file(recording_id: str) -> Path:
    return Path(settings.DATA_DIR) / "recordings" / "raw" / f"{recording_id}.raw"


def done_folder() -> Path:
    return Path(settings.DATA_DIR) / "recordings" / "done"


def wait_until_written(path: Path) -> None:
    """Wait until the file has stopped growing: Asterisk writes its last frames after it says the recording ended."""
    deadline = time.monotonic() + _WRITTEN_WITHIN_S
    while time.monotonic() < deadline:
        try:
            quiet_s = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            return
        if quiet_s >= _QUIET_S:
            return
        time.sleep(_QUIET_S - max(0.0, quiet_s))


def finish_recording(*, tenant: Tenant, recording_id: str, interaction_id: str, now: datetime) -> bool:
    """Make the encrypted stereo file and the waveform of a raw recording; return whether all is in order.

    Safe to repeat. The raw file is removed only once the finished one is on disk and in the database; a recording
    that cannot be made is marked as failed, in the log, and its raw file stays for whoever looks into it.
    """
    if _is_made(tenant, recording_id):
        raw_file(recording_id).unlink(missing_ok=True)
        return True
    if interactions.is_recording_deleted(tenant=tenant, recording_id=recording_id):
        return True
    wait_until_written(raw_file(recording_id))
    try:
        raw = RawRecording.open(raw_file(recording_id))
        name = f"{tenant.pk}/{now:%Y/%m}/{recording_id}.zyr"
        seal(raw.read_wav(), raw.wav_bytes, done_folder() / name, key=_key(tenant), subject=recording_id)
    except RecordingBroken as error:
        if _is_made(tenant, recording_id):  # by another job of the same, which takes the raw file away only after
            return True
        return _note_unmade(tenant, recording_id, interaction_id, error, now=now)
    with transaction.atomic():
        File.objects.of(tenant).create(
            recording_id=recording_id,
            name=name,
            size_bytes=raw.wav_bytes,
            duration_s=round(raw.duration_s, 3),
            peak_ms=raw.peak_ms,
            peaks_left=raw.left,
            peaks_right=raw.right,
            made_at=now,
        )
        event = RecordingReady(recording=recording_id, interaction=interaction_id, failed=False)
        record_event(tenant=tenant, event=event, at=now)
    raw_file(recording_id).unlink(missing_ok=True)
    return True


def _is_made(tenant: Tenant, recording_id: str) -> bool:
    return File.objects.of(tenant).filter(recording_id=recording_id).exists()


def _note_unmade(
    tenant: Tenant, recording_id: str, interaction_id: str, error: RecordingBroken, *, now: datetime
) -> bool:
    """Log why there is no file; return whether that is in order: nothing was said."""
    is_empty = isinstance(error, NothingRecorded) and _is_over_at_once(tenant, recording_id)
    event = RecordingReady(recording_id, interaction_id, failed=not is_empty, empty=is_empty)
    record_event(tenant=tenant, event=event, at=now)
    if is_empty:
        raw_file(recording_id).unlink(missing_ok=True)
    return is_empty


def _is_over_at_once(tenant: Tenant, recording_id: str) -> bool:
    """Whether what was recorded was over before Asterisk had any sound of it."""
    row = interactions.list_recordings(tenant=tenant).filter(pk=recording_id).first()
    return row is not None and row.ended_at is not None and row.ended_at - row.started_at < _EMPTY_WITHIN


def left_behind(*, tenant: Tenant, now: datetime) -> list[tuple[str, str]]:
    """Return (recording, contact) of recordings that should long have their file and have not."""
    rows = interactions.unfinished_recordings(tenant=tenant, ended_before=now - _LEFT_BEHIND_AFTER)
    made = set(
        File.objects.of(tenant).filter(recording_id__in=[row.pk for row in rows]).values_list("recording_id", flat=True)
    )
    return [(row.pk, row.interaction_id) for row in rows if row.pk not in made]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that may be listened to."""

    file: File
    key: bytes

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the WAV file from byte ``start`` up to and without ``end``. Raises ``FileDamaged``."""
        with (done_folder() / self.file.name).open("rb") as source:
            yield from open_part(source, key=self.key, subject=self.file.recording_id, start=start, end=end)


def get_file(*, actor: Actor, recording_id: str) -> File:
    """Return a recording's file. Raises ``NotFound``, ``NotYourRecording``, ``DeletedByRetention``, ``NoFile``."""
    recording = interactions.list_recordings(tenant=actor.tenant).filter(pk=recording_id).first()
    if recording is None:
        raise NotFound
    if not interactions.is_conversation_in_reach(
        actor=actor, interaction_id=recording.interaction_id, right="recordings.read"
    ):
        raise NotYourRecording
    file = File.objects.of(actor.tenant).filter(recording_id=recording_id).first()
    if recording.state == recording.State.DELETED.value:
        raise DeletedByRetention
    if file is None:
        raise NoFile(recording.state)
    return file


def open_sound(*, actor: Actor, recording_id: str, is_beginning: bool, now: datetime) -> Sound:
    """Return a recording to listen to. Raises as ``get_file``.

    Each beginning is audited, and so is whoever comes in the middle without having begun lately.
    """
    file = get_file(actor=actor, recording_id=recording_id)
    if not (done_folder() / file.name).is_file():
        raise NoFile("lost")
    if is_beginning or not was_done_lately(
        actor=actor, action=_LISTENED, subject=recording_id, since=now - _LISTENING_LASTS
    ):
        audit.record(actor=actor, action=_LISTENED, kind="recording", subject=recording_id)
    return Sound(file, _key(actor.tenant))


def _key(tenant: Tenant) -> bytes:
    return unwrap_key(bytes(tenant.wrapped_key), vault_key=bytes.fromhex(settings.VAULT_KEY), company=tenant.code)
