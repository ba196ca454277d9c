"""The checker holds a recording against what the log says of it, also where it began or ended otherwise than usual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhiyin.config.reconcile.books import Books, Event
from zhiyin.config.reconcile.contact_checks import Story
from zhiyin.config.reconcile.recording_checks import BYTES_A_SECOND, check_recordings

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAME = "c1-r1"


def event(at_s: float, kind: str, **body: Any) -> Event:
    return Event(1, "i:c1", 1, 1, 1, NINE + timedelta(seconds=at_s), kind, body, (1, 1))


def found(folder: Path, length_s: float, *, delayed: Event | None = None, within_s: float = 0.0) -> list[str]:
    """Return what is found of a recording from 0 to 60 s by the log whose file is ``length_s`` long."""
    (folder / "raw").mkdir()
    (folder / "raw" / f"{NAME}.raw").write_bytes(bytes(round(length_s * BYTES_A_SECOND / 4) * 4))
    end = event(60, "InteractionEnded", within_s=within_s)
    events = [event(0, "RecordingStarted", recording=NAME), *([delayed] if delayed else []), end]
    books = Books(
        since=NINE,
        now=NINE + timedelta(minutes=2),
        end=9,
        cursor=(9, 9),
        lease_epoch=1,
        contacts={},
        agent_events=[],
        agents_before={},
        holes=[],
        number_holes=[],
        epoch_firsts=[],
        epoch_lasts=[],
        personal_refs=set(),
        orphan_values=[],
        open_streams=set(),
        checkpoints=[],
        records={},
        segments={},
        spans=[],
        recordings={NAME: {"state": "processing"}},
        files={},
        tenants={1: {}},
        all_recordings={NAME},
    )
    stories = [Story(1, "c1", events, ends=[end])]
    return [finding.code for finding in check_recordings(books, stories, folder, does_measure=True)]


@pytest.mark.parametrize(
    ("length_s", "codes"),
    [(60.0, []), (59.6, []), (59.4, ["recording_short"]), (60.6, ["recording_long"])],
    ids=["as long", "nearly", "short", "long"],
)
def test_a_recording_is_as_long_as_the_log_says(tmp_path: Path, length_s: float, codes: list[str]) -> None:
    assert found(tmp_path, length_s) == codes


@pytest.mark.parametrize(
    ("length_s", "codes"),
    [(56.6, []), (58.0, []), (60.0, []), (56.0, ["recording_short"]), (60.6, ["recording_long"])],
    ids=["since it was told", "a little before", "at once, only the answer came late", "short", "long"],
)
def test_one_that_began_late_is_as_long_as_from_then(tmp_path: Path, length_s: float, codes: list[str]) -> None:
    """Its order was held up by a cut: somewhere within 3.4 s it began."""
    delayed = event(3.4, "RecordingDelayed", recording=NAME, within_s=3.4)
    assert found(tmp_path, length_s, delayed=delayed) == codes


def test_another_recordings_delay_is_not_this_ones(tmp_path: Path) -> None:
    delayed = event(3.4, "RecordingDelayed", recording="c1-r2", within_s=3.4)
    assert found(tmp_path, 56.6, delayed=delayed) == ["recording_short"]


def test_an_end_that_was_found_late_is_as_exact_as_it_says(tmp_path: Path) -> None:
    assert found(tmp_path, 58.2, within_s=1.5) == []
