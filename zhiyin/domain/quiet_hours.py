"""When a person is not to be disturbed (免打扰时段). Times are those of the company's wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begins`` up to, not including, ``ends``; over midnight where the end is the earlier of the two.

    Equal times mean the whole day.
    """

    begins: time
    ends: time

    def holds_at(self, at: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends
