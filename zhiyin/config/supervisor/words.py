"""What the command line says, in the language of the terminal; and the one error that carries such words."""

from __future__ import annotations

import os
import sys


def in_words(en: str, zh: str) -> str:
    """Return the sentence in the terminal's language: Chinese where the locale says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return zh if value.lower().startswith("zh") else en
    return en


def say(en: str, zh: str) -> None:
    """Print one line for the person at the terminal (or the service's journal) at once."""
    print(in_words(en, zh), flush=True)


class CannotStart(Exception):
    """Something outside must change first; the words say what is wrong and what to do.

    ``exit_code`` is 2 where the person has to do something before another try can succeed, else 1.
    """

    def __init__(self, en: str, zh: str, *, exit_code: int = 2) -> None:
        super().__init__(in_words(en, zh))
        self.exit_code = exit_code


def warn(en: str, zh: str) -> None:
    """Print one line to standard error."""
    print(in_words(en, zh), file=sys.stderr, flush=True)
