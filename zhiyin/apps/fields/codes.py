"""A code made from a name: ``客户等级`` becomes ``ke_hu_deng_ji``. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from pypinyin import lazy_pinyin

_MAX_LENGTH = 36


def code_from(name: str, *, taken: Collection[str], fallback: str) -> str:
    """Return a word of small letters, digits and underscores that is not among ``taken``."""
    syllables = lazy_pinyin(name.lower(), errors="default")  # what is not Chinese stays as it is
    words = re.sub(r"[^a-z0-9]+", "_", "_".join(syllables)).strip("_")
    if not words or not words[0].isalpha():
        words = f"{fallback}_{words}".strip("_")
    base = words[:_MAX_LENGTH].rstrip("_")
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code
