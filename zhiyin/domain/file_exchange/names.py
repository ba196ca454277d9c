"""Names of exchanged files: patterns with gaps for the date, and which names a pattern means."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fnmatch import translate

#: gap -> how it is written, and what it looks like
_GAPS: dict[str, tuple[str, str]] = {
    "date": ("%Y%m%d", "[0-9]" * 8),
    "yesterday": ("%Y%m%d", "[0-9]" * 8),
    "month": ("%Y%m", "[0-9]" * 6),
    "time": ("%H%M%S", "[0-9]" * 6),
}
GAPS = tuple(_GAPS)
LONGEST_NAME = 120
_GAP = re.compile(r"\{(\w*)\}")
#: letters of any script, digits and harmless signs; no leading dot, nothing that leads into another folder
_NAME = re.compile(r"[^\W_][\w .()（）+\-]*")
MARKER = ".done"


def fault_of_name(pattern: str, *, may_have_star: bool) -> str:
    """Return why a pattern cannot name files: "" or a code."""
    unknown = [gap for gap in _GAP.findall(pattern) if gap not in _GAPS]
    if unknown:
        return "unknown_gap"
    plain = _GAP.sub("0", pattern)
    if "*" in plain and not may_have_star:
        return "star_not_here"
    plain = plain.replace("*", "0")
    is_good = _NAME.fullmatch(plain) and len(pattern) <= LONGEST_NAME and plain[-1] not in ". "
    return "" if is_good and not plain.endswith(MARKER) else "bad_file_name"


def fill_name(pattern: str, *, at: datetime) -> str:
    """Return the name that a pattern gives at a moment of the company's clock."""

    def filled(gap: re.Match[str]) -> str:
        moment = at - timedelta(days=1) if gap[1] == "yesterday" else at
        return moment.strftime(_GAPS[gap[1]][0])

    return _GAP.sub(filled, pattern)


def is_meant(name: str, pattern: str) -> bool:
    """Whether a pattern means a file of this name: gaps are any digits, a star is anything."""
    if name.startswith(".") or name.endswith(MARKER):
        return False
    return re.fullmatch(translate(_GAP.sub(lambda gap: _GAPS[gap[1]][1], pattern)), name) is not None


def fault_of_folder(path: str) -> str:
    """Return why a path does not lead to a folder below the company's own: "" or a code. Empty: that folder itself."""
    parts = path.split("/") if path else []
    return (
        ""
        if len(parts) <= 8 and all(_NAME.fullmatch(part) and part[-1] not in ". " for part in parts)
        else "bad_folder"
    )
