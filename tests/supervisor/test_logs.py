"""What the parts write about themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_PROGRAM = (
    "import structlog; from zhiyin.config.logs import configure_logs; configure_logs();"
    "log = structlog.get_logger('x'); log.warning('no_room', left=0); log.exception('worse'); print('goes on')"
)


def run(stderr: Path) -> str:
    with stderr.open("wb") as file:
        return subprocess.run(
            [sys.executable, "-c", _PROGRAM], stdout=subprocess.PIPE, stderr=file, check=True
        ).stdout.decode()


def test_a_line_is_one_json_object(tmp_path: Path) -> None:
    assert run(tmp_path / "log") == "goes on\n"
    first = json.loads((tmp_path / "log").read_text().splitlines()[0])
    assert (first["event"], first["left"], first["level"]) == ("no_room", 0, "warning")


def test_a_full_disk_does_not_end_who_writes_a_log() -> None:
    """The engine once stood still for ever: the warning that the disk was full ended the writer of its events."""
    assert run(Path("/dev/full")) == "goes on\n"
