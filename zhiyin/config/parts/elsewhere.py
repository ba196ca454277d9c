"""What the front must know of parts on other machines, laid where it looks: its own RUN (``docs/guide/boundaries.md``).

On one machine supervisor and worker write these files themselves. The front speaks with no database; its pulse does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from zhiyin.config.supervisor.status import FILE_NAME
from zhiyin.contracts.pulses import STANDS_FOR_S, PulseHeard
from zhiyin.contracts.readings import read_readings, write_readings

_STATES = {"ok": "ok", "starting": "starting"}


def worker_state(heard: Sequence[PulseHeard]) -> tuple[str, str]:
    """Return the worker's state for ``/api/health``, and an English sentence where it is not well."""
    workers = sorted((each for each in heard if each.part == "worker"), key=lambda each: each.age_s)
    if not workers:
        return "away", "No worker has told of itself yet: start it with `zhiyin worker`."
    newest = workers[0]
    if not newest.is_fresh:
        return "away", f"The worker ({newest.name}) has not been heard of for {newest.age_s:.0f} s."
    if newest.pulse.state not in _STATES:
        return "away", f"The worker's process on {newest.name} is {newest.pulse.state}."
    return _STATES[newest.pulse.state], ""


def lay_down(run: Path, heard: Sequence[PulseHeard], *, now: datetime) -> None:
    """Write the worker's state, and what it last read. Raises ``OSError``."""
    state, detail = worker_state(heard)
    content: dict[str, Any] = {
        "parts": {"worker": {"state": state, "detail": detail}},
        "good_until": (now + timedelta(seconds=STANDS_FOR_S)).isoformat(),
    }
    fresh = run / f".{FILE_NAME}.new"
    fresh.write_text(json.dumps(content))
    fresh.rename(run / FILE_NAME)
    told = [each.pulse.readings for each in heard if each.part == "worker" and each.pulse.readings is not None]
    newest = max(told, key=lambda each: each.at, default=None)
    known = read_readings(run)
    if newest is not None and (known is None or known.at < newest.at):
        write_readings(run, newest)
