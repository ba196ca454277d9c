"""Which of the choices a caller's words mean. Pure.

Chinese is written without blanks: a phrase is found anywhere in what was heard. In other writing it must stand there as
whole words. Of several the longest phrase counts, then the first choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

#: Between the phrases of one choice.
_PARTED = re.compile(r"[,，、;；\n]+")
_NO_WORD = re.compile(r"[\W_]+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")


def phrases_of(text: str) -> tuple[str, ...]:
    """Return the phrases that somebody wrote, parted by commas."""
    return tuple(phrase.strip() for phrase in _PARTED.split(text) if plain(phrase))


def plain(text: str) -> str:
    """Return words as they are compared: one form of each sign, small letters, single blanks, no punctuation."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def choose(heard: str, choices: Mapping[str, Iterable[str]]) -> str | None:
    """Return the choice (by its key) whose phrase stands in what was heard; None for none."""
    words = plain(heard)
    best: tuple[int, str] | None = None
    for choice, phrases in choices.items():
        for phrase in phrases:
            wanted = plain(phrase)
            if wanted and _stands_in(wanted, words) and (best is None or len(wanted) > best[0]):
                best = len(wanted), choice
    return best[1] if best else None


def _stands_in(phrase: str, words: str) -> bool:
    if _HAN.search(phrase):
        return phrase.replace(" ", "") in words.replace(" ", "")
    return f" {phrase} " in f" {words} "
