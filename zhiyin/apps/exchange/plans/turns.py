"""What one step of a run came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class Turn(Enum):
    #: there is more to do
    ON = auto()
    #: somebody has to do something first
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class End:
    """The run is over. ``is_passing``: a failure that time may mend. ``has_more_files``: another one waits."""

    state: str
    problem: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_passing: bool = False
    has_more_files: bool = False
