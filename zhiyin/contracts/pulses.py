"""A part's pulse: what each part of an installation of several machines tells of itself every few seconds.

It stands in the database (table ``part_pulse``), one row a part, and names no person. What is wrong is judged by
whoever reads it: a part that tells nothing any more is known by the age of its last pulse alone.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.domain.alarms import WorkReadings

#: how often a part tells, and for how long what it told stands
EVERY_S = 5.0
STANDS_FOR_S = 20.0
#: a shared folder is looked at every half minute
FOLDER_HANGS_S = 90.0
PARTS = ("engine", "node", "web", "worker", "front")


class FolderSeen(msgspec.Struct, frozen=True):
    """A shared folder from one machine: ``mark`` is written into it once, so that the same mark is the same folder.

    ``can_write`` is None for a part that only reads there. ``problem`` is the system's word where it could not be
    looked at; ``age_s`` is how long ago that was: a folder that hangs is not looked at again.
    """

    mark: str = ""
    can_write: bool | None = None
    problem: str = ""
    age_s: float = 0.0

    @property
    def hangs(self) -> bool:
        return self.age_s > FOLDER_HANGS_S


class Pulse(msgspec.Struct, frozen=True):
    """``process`` is what the engine's lease calls its holder; ``sent_at`` is by the machine's own clock.

    ``state``: "ok", "starting", "silent" (its process lives and does not answer), "frozen" (it was stopped).
    ``description`` has a keyed digest of each variable that it was started with, and of its keys; no value.
    """

    process: str
    machine: str
    program: str
    state: str
    started_at: datetime
    sent_at: datetime
    description: dict[str, str] = {}
    link_ends_at: datetime | None = None
    certificate_ends_at: datetime | None = None
    disk_free_bytes: int | None = None
    folders: dict[str, FolderSeen] = {}
    #: of a node: its Asterisk's version
    asterisk: str = ""
    #: where it hands out figures, "host:port"
    metrics_at: str = ""
    #: of the worker: what the bell tells administrators
    readings: WorkReadings | None = None


class PulseHeard(msgspec.Struct, frozen=True):
    """A pulse as it stands in the database: ``address`` is where it came from, ``age_s`` by the database's clock.

    ``clock_off_s`` is by how much the part's clock was ahead of the database's.
    """

    part: str
    name: str
    address: str
    age_s: float
    clock_off_s: float
    pulse: Pulse

    @property
    def is_fresh(self) -> bool:
        return self.age_s <= STANDS_FOR_S
