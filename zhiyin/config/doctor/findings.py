"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """``level``: "ok", "warn" (works, but look at it), "bad" (will not work). The words say what is and what to do."""

    code: str
    level: Literal["ok", "warn", "bad"]
    en: str
    zh: str
