"""The company's classes of customers as flows and their scripts name them; the app that keeps them tells them here,
because it stands above this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhiyin.apps.tenancy.models import Tenant

#: A company's classes in the order in which they are tried: id -> its names, in Chinese and English ("": none).
Classes = Callable[[Tenant], Mapping[int, tuple[str, str]]]
_sources: list[Classes] = []


def register_classes(source: Classes) -> None:
    """Let flows know the classes of customers."""
    _sources.append(source)


def class_ids(tenant: Tenant) -> set[int]:
    return set(_classes(tenant))


def ids_by_name(tenant: Tenant) -> dict[str, int]:
    """Return the classes by their names in either language; where two are called alike, the one tried first."""
    rows = list(_classes(tenant).items())[::-1]
    return {name: row_id for row_id, (chinese, english) in rows for name in (english, chinese) if name}


def _classes(tenant: Tenant) -> Mapping[int, tuple[str, str]]:
    return {row_id: names for source in _sources for row_id, names in source(tenant).items()}
