"""``RUN/parts.json``: the supervisor's own view of its children, for ``live``'s health page and ``zhiyin status``.

``{"pid": 123, "started_at": RFC 3339, "state": "starting" | "running" | "draining" | "stopping", "url": "http://...",
"asterisk": "22.10.1", "parts": {"postgres": {"state", "detail", "pid", "restarts"}, ...}}``
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhiyin.config.supervisor.processes import PartState

FILE_NAME = "parts.json"


def write_status(run: Path, *, facts: Mapping[str, object], parts: Mapping[str, PartState]) -> None:
    """Replace the file at once, so that a reader never sees half of it."""
    content = {**facts, "parts": {name: asdict(state) for name, state in parts.items()}}
    fresh = run / f".{FILE_NAME}.new"
    fresh.write_text(json.dumps(content))
    fresh.rename(run / FILE_NAME)


def read_status(run: Path) -> dict[str, Any] | None:
    """Return what the supervisor last wrote; ``None`` when it never ran there."""
    try:
        content: dict[str, Any] = json.loads((run / FILE_NAME).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return content
