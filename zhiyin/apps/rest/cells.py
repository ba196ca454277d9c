"""What a value looks like in a spreadsheet. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

#: a spreadsheet would run a cell that begins with one of these
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(value: object, zone: ZoneInfo) -> str | int | float:
    """Return a value as a spreadsheet shall read it; text that would be run as a formula is quoted (')."""
    if isinstance(value, int | float):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    text = " ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
