"""What the parts write about themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from zhiyin.config import log_errors
from zhiyin.config.call_story import tell

_PROGRAM = (
    "import structlog; from zhiyin.config.logs import configure_logs; configure_logs('engine');"
    "log = structlog.get_logger('x'); log.warning('no_room', left=0); log.exception('worse'); print('goes on');"
    "import logging; logging.getLogger('library').warning('from %d', 7)"
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
    assert first["part"] == "engine"


def test_a_library_s_warning_has_the_same_form(tmp_path: Path) -> None:
    assert run(tmp_path / "log") == "goes on\n"
    last = json.loads((tmp_path / "log").read_text().splitlines()[-1])
    assert (last["event"], last["logger"], last["level"], last["part"]) == ("from 7", "library", "warning", "engine")


def test_a_contact_s_story_joins_the_parts_in_order(tmp_path: Path) -> None:
    """By the contact, by the requests that named it, and by the number that Asterisk gives to all lines of a call."""
    (tmp_path / "web.log").write_text(
        '{"event": "request", "interaction": "c1", "request": "r1", "timestamp": "2026-03-01T10:00:02Z"}\n'
        '{"event": "slow", "request": "r1", "timestamp": "2026-03-01T10:00:01.5Z", "level": "warning"}\n'
        '{"event": "request", "interaction": "c2", "request": "r2", "timestamp": "2026-03-01T10:00:01Z"}\n'
        "no JSON at all\n"
    )
    (tmp_path / "live.1.log").write_text(
        '{"event": "asked", "interaction": "c1", "timestamp": "2026-03-01T10:00:00Z"}\n'
    )
    local = datetime(2026, 3, 1, 10, 0, 3, tzinfo=UTC).astimezone()
    stamp = f"{local:%Y-%m-%d %H:%M:%S}"
    (tmp_path / "asterisk.log").write_text(
        f"[{stamp}.100] WARNING[12][C-0000000a]: chan.c:1 f: Channel of c1-a is odd\n"
        f"[{stamp}.200] ERROR[12][C-0000000a]: rtp.c:2 g: and of its own\n"
        f"[{stamp}.300] WARNING[12][C-0000000b]: chan.c:1 f: of another call\n"
    )
    told = tell("c1", log=tmp_path, database_url=None)
    assert [(moment.part, moment.said.partition(" ")[0]) for moment in told] == [
        ("live", "asked"),
        ("web", "slow"),
        ("web", "request"),
        ("asterisk", "chan.c:1"),
        ("asterisk", "rtp.c:2"),
    ]


def test_a_full_disk_does_not_end_who_writes_a_log() -> None:
    """The engine once stood still for ever: the warning that the disk was full ended the writer of its events."""
    assert run(Path("/dev/full")) == "goes on\n"


def test_the_supervisor_s_own_log_tells_of_every_part_s_life(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, sys; from pathlib import Path; from zhiyin.config.logs import configure_logs;"
        "from zhiyin.config.supervisor.processes import EXIT_MISCONFIGURED, Part, Program;"
        "folder = Path(sys.argv[1]); argv = (sys.executable, '-c', f'raise SystemExit({EXIT_MISCONFIGURED})');"
        "child = Program(name='web', argv=argv, environ=dict(os.environ), cwd=folder, log=folder / 'web.log')\n"
        "async def life():\n"
        "    ended = asyncio.Event()\n"
        "    part = Part(child, on_change=lambda: ended.set() if part.has_given_up else None)\n"
        "    part.start(); await ended.wait(); await part.stop()\n"
        "with (folder / 'supervisor.log').open('a', buffering=1) as lines:\n"
        "    configure_logs('supervisor', to=lines); asyncio.run(life())\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=30)
    told = [json.loads(line) for line in (tmp_path / "supervisor.log").read_text().splitlines()]
    assert [(line["state"], line["level"]) for line in told] == [
        ("ok", "info"),
        ("failed", "warning"),
        ("stopped", "info"),
    ]
    assert {(line["part"], line["event"], line["child"]) for line in told} == {("supervisor", "part_state", "web")}


PERSON = ("欧阳潇潇", "3911223344", "xiaoxiao@example.com", "Xiao Ouyang", "139 1122 3344")


def broken(*, depth: int = 0) -> None:
    """Fail on a person's data, each time in another way, the one caused by the other."""
    words = f"{PERSON[0]} +8613911223344 <{PERSON[2]}> '{PERSON[3]}' {PERSON[4]} was refused by 'customers'"
    if depth == 3:
        raise KeyError(words)
    try:
        broken(depth=depth + 1)
    except Exception as error:
        if depth == 1:
            raise ExceptionGroup(words, [ValueError(words), error])  # noqa: B904 - with its context
        raise RuntimeError(words) from error


def test_a_traceback_says_where_it_broke_and_nothing_of_the_data() -> None:
    try:
        broken()
    except RuntimeError as error:
        told = log_errors.told((RuntimeError, error, error.__traceback__))
    assert [word for word in PERSON if word in told] == []
    assert told.count("in broken") >= 4
    assert "builtins.KeyError" in told
    assert "was refused by 'customers'" in told


def test_what_the_database_says_of_a_row_is_not_logged() -> None:
    """The driver repeats the row that was there already, and Django repeats the driver."""
    try:
        try:
            raise psycopg.errors.UniqueViolation(f"duplicate key\nDETAIL: Key (name)=({PERSON[3]}) already exists.")
        except psycopg.Error as refused:
            raise ValueError(str(refused)) from refused
    except ValueError as error:
        told = log_errors.told((ValueError, error, error.__traceback__))
    assert PERSON[3] not in told
    assert told.count("SQLSTATE 23505") == 2
