"""The table ``part_pulse``: what each part last told of itself (``contracts/pulses.py``)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import psycopg

from zhiyin.contracts.pulses import Pulse, PulseHeard

_CONNECT_WITHIN_S = 3
_WITHIN_MS = 3000
#: a part that moved to another machine, or was taken away, is named for so long
_FORGOTTEN_AFTER = "7 days"
#: a part without an address of its own is known by where it comes from
_TELL = """
    INSERT INTO part_pulse (part, name, address, told_at, pulse)
    VALUES (%(part)s, coalesce(nullif(%(name)s, ''), host(inet_client_addr()), 'here'),
            coalesce(host(inet_client_addr()), ''), clock_timestamp(), %(pulse)s::jsonb)
    ON CONFLICT (part, name) DO UPDATE
       SET address = excluded.address, told_at = excluded.told_at, pulse = excluded.pulse
"""
_FORGET = f"DELETE FROM part_pulse WHERE told_at < now() - interval '{_FORGOTTEN_AFTER}'"  # noqa: S608 - our own word
_HEAR = """
    SELECT part, name, address, greatest(0, extract(epoch FROM clock_timestamp() - told_at))::float8,
           extract(epoch FROM (pulse->>'sent_at')::timestamptz - told_at)::float8, pulse::text
      FROM part_pulse ORDER BY part, name
"""


def tell(url: str, *, part: str, name: str, pulse: Pulse) -> None:
    """Write the part's pulse over its last. Raises ``psycopg.Error``."""
    with _connect(url) as connection:
        connection.execute(_TELL, {"part": part, "name": name, "pulse": msgspec.json.encode(pulse).decode()})
        connection.execute(_FORGET.encode())


def hear(url: str) -> tuple[PulseHeard, ...]:
    """Return every part's last pulse. Raises ``psycopg.Error``."""
    with _connect(url) as connection:
        return tuple(_heard(connection.execute(_HEAR)))


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection for this once: held ones would be one more for each part, and hang where a link is down."""
    options = f"-c statement_timeout={_WITHIN_MS}"
    return psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S, options=options)


def _heard(rows: Iterable[tuple[object, ...]]) -> Iterable[PulseHeard]:
    for part, name, address, age_s, clock_off_s, text in rows:
        try:
            pulse = msgspec.json.decode(str(text), type=Pulse)
        except msgspec.ValidationError:
            continue  # of a program that is older or newer: unheard until it is upgraded, too
        yield PulseHeard(str(part), str(name), str(address), float(str(age_s)), float(str(clock_off_s)), pulse)
