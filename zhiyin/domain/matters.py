"""A customer's matters: what contacts said of the same subject, folded into what is open and what is solved. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.replacing import replace


@dataclass(frozen=True, slots=True)
class Report:
    """What one contact said: its subject (``about``, None: no subject was named) and whether that is solved now."""

    contact: str
    about: int | None
    is_solved: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """One subject from its first report to its last. ``contact`` is the last contact about it."""

    contact: str
    about: int | None
    is_open: bool
    opened_at: datetime
    at: datetime
    contacts: int


def fold_matters(reports: Iterable[Report]) -> list[Matter]:
    """Return the matters, the one spoken of last first.

    Reports on one subject belong to one matter until one says that it is solved; the next report after that opens
    another. A report without a subject is a matter of its own.
    """
    running: dict[int, Matter] = {}
    done: list[Matter] = []
    for report in sorted(reports, key=lambda report: (report.at, report.contact)):
        before = running.pop(report.about, None) if report.about is not None else None
        matter = _continued(before, report)
        if report.about is not None and matter.is_open:
            running[report.about] = matter
        else:
            done.append(matter)
    return sorted([*done, *running.values()], key=lambda matter: (matter.at, matter.contact), reverse=True)


def _continued(before: Matter | None, report: Report) -> Matter:
    if before is None:
        return Matter(report.contact, report.about, not report.is_solved, report.at, report.at, 1)
    return replace(
        before, contact=report.contact, is_open=not report.is_solved, at=report.at, contacts=before.contacts + 1
    )
