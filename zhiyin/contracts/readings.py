"""What the worker tells the front of the work behind it: one small file in RUN, replaced three times a minute."""

from __future__ import annotations

from pathlib import Path

import msgspec

from zhiyin.domain.alarms import WorkReadings

FILE_NAME = "work.json"


def write_readings(run: Path, readings: WorkReadings) -> None:
    """Replace the file at once, so that a reader never sees half of it. Raises ``OSError``."""
    fresh = run / f".{FILE_NAME}.new"
    fresh.write_bytes(msgspec.json.encode(readings))
    fresh.rename(run / FILE_NAME)


def read_readings(run: Path) -> WorkReadings | None:
    """Return what the worker last told; ``None`` where none works here."""
    try:
        return msgspec.json.decode((run / FILE_NAME).read_bytes(), type=WorkReadings)
    except (OSError, msgspec.MsgspecError):
        return None
