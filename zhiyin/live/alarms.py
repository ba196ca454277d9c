"""The alarms that hold, found from what the front can read: they need no database."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from zhiyin.contracts.readings import read_readings
from zhiyin.domain.alarms import Alarm, NodeReading, Readings, find_alarms


class AlarmBook:
    def __init__(self, *, data: Path, run: Path, certificate: Path | None) -> None:
        self._data = data
        self._run = run
        self._certificate = certificate

    def find(
        self,
        *,
        parts_away: tuple[str, ...],
        spooled_events: int,
        refused_events: int = 0,
        are_descriptors_short: bool = False,
        nodes_away: tuple[NodeReading, ...] = (),
    ) -> tuple[Alarm, ...]:
        return find_alarms(
            Readings(
                now=datetime.now(UTC),
                parts_away=parts_away,
                spooled_events=spooled_events,
                refused_events=refused_events,
                are_descriptors_short=are_descriptors_short,
                nodes_away=nodes_away,
                disk_free_bytes=_free_bytes(self._data),
                certificate_ends_at=_ends_at(self._certificate),
                work=read_readings(self._run),
            )
        )


def _free_bytes(data: Path) -> int | None:
    try:
        return shutil.disk_usage(data).free
    except OSError:
        return None


def _ends_at(certificate: Path | None) -> datetime | None:
    if certificate is None:
        return None
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None
