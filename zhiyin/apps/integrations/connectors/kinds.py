"""Which kinds of systems there are: a new connector is a module beside ``espocrm`` and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zhiyin.apps.integrations.connectors import espocrm
from zhiyin.apps.integrations.connectors.port import Access, CustomerSystem


@dataclass(frozen=True, slots=True)
class Kind:
    """``mapping``: what customers' fields are filled from where the company says nothing else."""

    code: str
    name: str
    open: Callable[[Access], CustomerSystem]
    mapping: Sequence[Mapping[str, str]]


KINDS: dict[str, Kind] = {each.code: each for each in (Kind("espocrm", "EspoCRM", espocrm.EspoCrm, espocrm.MAPPING),)}
