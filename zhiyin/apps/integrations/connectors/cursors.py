"""Reading a list that is sorted by instants of change, in pages, while it changes.

Pages begin at an instant, not at a count of rows: a row that changes meanwhile moves to the end and pushes none out
of sight. A count is used only among rows of one and the same instant. At the end the cursor goes back a little, for
changes that were written late with an earlier instant; what was seen since then is remembered, and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

FORMAT = "%Y-%m-%d %H:%M:%S"
_BACK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ChangeCursor:
    """``since``: rows changed then or later are asked for ("": all), without the first ``offset``."""

    since: str = ""
    offset: int = 0
    #: id -> instant of its change, of rows that were read already and may come again
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            since=str(stored.get("since", "")),
            offset=int(stored.get("offset", 0)),
            seen=dict(stored.get("seen", {})),
        )

    def stored(self) -> dict[str, Any]:
        return {"since": self.since, "offset": self.offset, "seen": dict(self.seen)}

    def is_new(self, row_id: str, changed_at: str) -> bool:
        return self.seen.get(row_id) != changed_at

    def after(self, rows: Sequence[tuple[str, str]], *, page_size: int) -> tuple[ChangeCursor, bool]:
        """Return the cursor after a page of (id, instant of change), and whether more may follow at once."""
        if not rows:
            return ChangeCursor(self.since, 0, self.seen), False
        is_more = len(rows) >= page_size
        last = rows[-1][1]
        kept_since = _back(last)
        seen = {**self.seen, **dict(rows)}
        seen = {row_id: changed_at for row_id, changed_at in seen.items() if changed_at >= kept_since}
        if not is_more:
            return ChangeCursor(kept_since, 0, seen), False
        stands_still = last == self.since
        return ChangeCursor(last, self.offset + len(rows) if stands_still else 0, seen), True


def _back(instant: str) -> str:
    return (datetime.strptime(instant, FORMAT) - _BACK).strftime(FORMAT)  # noqa: DTZ007 - both are UTC
