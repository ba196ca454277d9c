"""Every recording has its file or a word on why not, and is as long as what it recorded."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from zhiyin.config.reconcile.books import Books, Event
from zhiyin.config.reconcile.contact_checks import Story
from zhiyin.config.reconcile.findings import Finding

#: raw stereo: 8,000 frames a second of two channels of 16 bits
BYTES_A_SECOND = 8000 * 2 * 2
_FRAME_BYTES = 4
_WAV_HEADER_BYTES = 44
#: the sealed file: "ZYR1", 8 bytes of salt, the content's length; then chunks with a tag each
_SEALED_HEADER = struct.Struct(">4s8sQ")
_CHUNK_BYTES, _TAG_BYTES = 64 * 1024, 16
#: a file is made after its call
_MADE_WITHIN = timedelta(seconds=60)
#: how far length and log may differ; more where the log itself says that the end was found out late
_GAP_S = 0.5


def check_recordings(books: Books, stories: Sequence[Story], folder: Path, *, does_measure: bool) -> Iterator[Finding]:
    """``folder`` holds ``raw`` and ``done``. ``does_measure``: compare lengths too; a call without sound has none."""
    for story in stories:
        ended_at = story.ends[0].at if story.ends else None
        if ended_at is None or story.tenant not in books.tenants:
            continue
        for event in story.events:
            if event.type == "RecordingStarted" and books.is_folded(event):
                yield from _recording(books, story, event, ended_at, folder, does_measure=does_measure)
    yield from _deletions(books)
    yield from _files(books, folder)


def _deletions(books: Books) -> Iterator[Finding]:
    """What retention deleted: log and record say the same, as far as the projector has read."""
    for name, event in books.deleted_recordings.items():
        row = books.recordings.get(name)
        if row is not None and books.is_folded(event) and (row["state"] != "deleted" or name in books.files):
            yield Finding("deletion_differs", name, f"{row['state']}{' with a file' if name in books.files else ''}")
    for name, row in books.recordings.items():
        if row["state"] == "deleted" and name not in books.deleted_recordings:
            yield Finding("deletion_differs", name, "not in the log")


def _files(books: Books, folder: Path) -> Iterator[Finding]:
    """Every file belongs to a recording that is kept."""
    for path in sorted((folder / "raw").glob("*.raw")):
        if path.stem not in books.all_recordings:
            yield Finding("recording_orphan", path.name)
        elif path.stem in books.deleted_recordings:
            yield Finding("recording_undeleted", path.name)
    named = {row["name"] for row in books.files.values()}
    for path in sorted((folder / "done").rglob("*.zyr")):
        if path.relative_to(folder / "done").as_posix() in named:
            continue
        yield Finding("recording_undeleted" if path.stem in books.deleted_recordings else "recording_orphan", path.name)


def _recording(
    books: Books, story: Story, begun: Event, ended_at: datetime, folder: Path, *, does_measure: bool
) -> Iterator[Finding]:
    name = str(begun.body["recording"])
    row = books.recordings.get(name)
    if row is None:
        yield Finding("recording_unlisted", name)
        return
    failed = any(e.type == "RecordingFailed" and e.body["recording"] == name for e in story.events)
    if failed or row["state"] in ("failed", "empty") or name in books.deleted_recordings:
        return
    raw, made = folder / "raw" / f"{name}.raw", books.files.get(name)
    done = folder / "done" / made["name"] if made else None
    if done is not None and done.is_file():
        yield from _sealed(name, done, made["size_bytes"] if made else 0)
        length_s = float(made["duration_s"]) if made else 0.0
    elif raw.is_file() and raw.stat().st_size > 0:
        size = raw.stat().st_size
        if size % _FRAME_BYTES:
            yield Finding("recording_broken", name, f"{size} bytes are no whole stereo frames")
        length_s = size / BYTES_A_SECOND
    elif books.now - ended_at > _MADE_WITHIN:
        yield Finding("recording_lost", name, row["state"])
        return
    else:
        return
    stopped = next((e.at for e in story.events if e.type == "RecordingEnded" and e.body["recording"] == name), ended_at)
    delayed = next((e for e in story.events if e.type == "RecordingDelayed" and e.body["recording"] == name), None)
    expected_s = (stopped - (delayed or begun).at).total_seconds()
    gap_s = _GAP_S + max((float(e.body.get("within_s", 0.0)) for e in story.ends), default=0.0)
    if does_measure and expected_s - length_s > gap_s:
        yield Finding("recording_short", name, f"{length_s:.2f} of {expected_s:.2f} s")
    if does_measure and length_s - expected_s > gap_s + (float(delayed.body["within_s"]) if delayed else 0.0):
        yield Finding("recording_long", name, f"{length_s:.2f} of {expected_s:.2f} s")


def _sealed(name: str, path: Path, size_bytes: int) -> Iterator[Finding]:
    """The finished file by its outside: the header, and a length that fits it. Its content needs the company's key."""
    with path.open("rb") as file:
        header = file.read(_SEALED_HEADER.size)
    if len(header) != _SEALED_HEADER.size:
        yield Finding("recording_broken", name, "no header")
        return
    magic, _, content = _SEALED_HEADER.unpack(header)
    chunks = -(-content // _CHUNK_BYTES)
    expected = _SEALED_HEADER.size + content + chunks * _TAG_BYTES
    if magic != b"ZYR1" or content != size_bytes or path.stat().st_size != expected:
        yield Finding("recording_broken", name, f"{path.stat().st_size} bytes, {expected} by its header")
    elif (content - _WAV_HEADER_BYTES) % _FRAME_BYTES:
        yield Finding("recording_broken", name, f"{content} bytes are no whole stereo frames")
