"""What custom fields can be added to. The app that owns a kind of record registers it from its ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A field that every record of the subject has, which layouts place beside the company's own."""

    code: str
    name: str
    name_en: str
    is_required: bool = False
    #: takes the whole width of a form unless said otherwise
    is_wide: bool = False
    #: the only types on whose form it stands unless a layout says otherwise; None: on all
    variants: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record. ``variants``: its types that have layouts of their own (code -> Chinese and English name).

    ``records(tenant, after, limit)`` returns (id, custom values) of the records with an id above ``after``, by id.
    """

    code: str
    name: str
    name_en: str
    built_in: tuple[BuiltIn, ...]
    variants: Mapping[str, tuple[str, str]]
    records: Callable[[Tenant, int, int], Iterable[tuple[int, Mapping[str, Any]]]]


class UnknownSubject(Invalid):
    code = "unknown_subject"
    title = "There is no such kind of record."

    def __init__(self) -> None:
        super().__init__(fields={"subject": "unknown_subject"})


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Let records of ``subject`` have custom fields. Called once, while Django starts."""
    _subjects[subject.code] = subject


def get_subject(code: str) -> Subject:
    """Raises ``UnknownSubject``."""
    found = _subjects.get(code)
    if found is None:
        raise UnknownSubject
    return found


def subjects() -> tuple[Subject, ...]:
    return tuple(_subjects.values())
