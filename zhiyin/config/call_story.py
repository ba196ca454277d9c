"""``zhiyin logs --call ID``: one contact's story through all parts, in the order in which it happened.

The event log tells what was decided and done; the parts' own lines tell what went wrong on the way. Asterisk knows no
contact: its lines are found by the legs that the events name, and by the number that it gives to all lines of one call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

_ASTERISK_LINE = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)\] (\w+)\[\d+\](?:\[(C-[0-9a-f]+)\])?:? (.*)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SAID_FIRST = ("timestamp", "event", "level", "part", "interaction")
_CONNECT_WITHIN_S = 5


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One thing that happened, as one part tells it. ``facts`` is JSON without what the line itself says."""

    at: datetime
    part: str
    said: str
    level: str
    facts: str


def tell(interaction: str, *, log: Path, database_url: str | None, elsewhere: Iterable[str] = ()) -> list[Moment]:
    """Return everything known of a contact; without a database, what the parts' logs say.

    ``elsewhere``: lines of parts that are not in the folder ``log``, of other machines and of the system's journal.
    """
    events = _read_events(interaction, database_url) if database_url else []
    moments = [_of_event(at, kind, body) for at, kind, body in events]
    legs = {interaction} | {leg for _, _, body in events for leg in _legs_in(body)}
    for file in sorted(log.glob("*.log")):
        part = file.name.partition(".")[0]
        with file.open(errors="replace") as lines:
            if part == "asterisk" or part.startswith("asterisk-"):  # a node's is named after it
                moments += _from_asterisk(lines, legs)
            else:
                moments += _from_part(lines, part, interaction)
    moments += _from_part(elsewhere, "part", interaction)
    return sorted(moments)


def _read_events(interaction: str, url: str) -> list[tuple[datetime, str, dict[str, Any]]]:
    with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
        rows = connection.execute(
            "SELECT at, type, body FROM event_log WHERE stream = %s OR body->>'interaction' = %s ORDER BY position",
            (f"i:{interaction}", interaction),
        )
        return [(row[0], row[1], row[2]) for row in rows]


def _of_event(at: datetime, kind: str, body: dict[str, Any]) -> Moment:
    """Numbers and digits stand in the event only by reference, so the whole body may be shown."""
    shown = {name: value for name, value in body.items() if value is not None and name != "why"}
    return Moment(at.astimezone(UTC), "log", kind, "info", json.dumps(shown, ensure_ascii=False))


def _legs_in(body: dict[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if isinstance(value, str) and value and (name == "leg" or name.endswith("_leg")):
            yield value


def _from_part(lines: Iterable[str], part: str, interaction: str) -> Iterator[Moment]:
    """The lines that name the contact, and those of the requests that do."""
    about: list[dict[str, Any]] = []
    others: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        said = _parsed(line)
        if said is None:
            continue
        if interaction in line:
            about.append(said)
        elif request := said.get("request"):
            others.setdefault(str(request), []).append(said)
    for request in {str(said["request"]) for said in about if said.get("request")}:
        about += others.get(request, [])
    for said in about:
        rest = {name: value for name, value in said.items() if name not in _SAID_FIRST}
        yield Moment(
            datetime.fromisoformat(said["timestamp"]),
            str(said.get("part", part)),
            str(said.get("event", "")),
            str(said.get("level", "info")),
            json.dumps(rest, ensure_ascii=False),
        )


def _parsed(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and "timestamp" in said else None


def _from_asterisk(lines: Iterable[str], legs: set[str]) -> Iterator[Moment]:
    found = [match for line in lines if (match := _ASTERISK_LINE.match(_COLOURS.sub("", line)))]
    calls = {match[3] for match in found if match[3] and any(leg in match[4] for leg in legs)}
    for match in found:
        if match[3] in calls or any(leg in match[4] for leg in legs):
            at = datetime.fromisoformat(match[1]).astimezone(UTC)  # Asterisk writes the machine's own time
            yield Moment(at, "asterisk", match[4], match[2].lower(), "{}")
