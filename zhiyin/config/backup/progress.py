"""How far a long copy is: one line that renews itself on a terminal, a line every tenth elsewhere."""

from __future__ import annotations

import sys
import time

from zhiyin.config.supervisor.words import in_words

_SHOW_EVERY_S = 0.5


class Progress:
    """Counts bytes towards ``total_bytes`` and says so on standard error."""

    def __init__(self, total_bytes: int, *, en: str, zh: str) -> None:
        self._total = max(1, total_bytes)
        self._words = in_words(en, zh)
        self._done = 0
        self._shown_at = time.monotonic()
        self._tenths = 0
        self._is_terminal = sys.stderr.isatty()

    def advance(self, size_bytes: int) -> None:
        self._done += size_bytes
        if self._is_terminal:
            if time.monotonic() - self._shown_at >= _SHOW_EVERY_S:
                self._shown_at = time.monotonic()
                self._show(end="\r")
        elif (tenths := min(10, self._done * 10 // self._total)) > self._tenths:
            self._tenths = tenths
            self._show(end="\n")

    def finish(self) -> None:
        if self._is_terminal:
            self._show(end="\n")

    def _show(self, *, end: str) -> None:
        percent = min(100, self._done * 100 // self._total)
        line = f"{self._words} {percent:3d} %  {_in_mb(self._done)} / {_in_mb(self._total)} MB"
        sys.stderr.write(line + end)
        sys.stderr.flush()


def _in_mb(size_bytes: int) -> str:
    return f"{size_bytes / 1024**2:.1f}"
