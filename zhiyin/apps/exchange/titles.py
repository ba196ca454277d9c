"""Guessing which column is which field, by its title in Chinese, in English or in pinyin. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pypinyin import Style, lazy_pinyin

from zhiyin.apps.exchange.kinds.base import ImportField

_NOISE = re.compile(r"[\s_\-*.:：()（）\[\]【】/]+")


def guess_mapping(titles: Sequence[str], fields: Sequence[ImportField]) -> dict[str, str]:
    """Return column (its place, as text) -> field's code. No field is given to two columns.

    A title that is a field's word wins over one that merely sounds like it ("xingming", "xm") or contains it.
    """
    found: dict[str, str] = {}
    for is_fit in (_is_word, _is_pinyin, _contains_word):
        for place, title in enumerate(titles):
            if str(place) in found or not title:
                continue
            free = (field for field in fields if field.code not in found.values())
            fitting = next((field for field in free if is_fit(_plain(title), field)), None)
            if fitting is not None:
                found[str(place)] = fitting.code
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))


def shape_of(titles: Sequence[str]) -> str:
    """Return what a file with these titles in this order is remembered by."""
    return hashlib.sha256("\x1f".join(_plain(title) for title in titles).encode()).hexdigest()


def _plain(title: str) -> str:
    return _NOISE.sub("", title).casefold()


def _words(field: ImportField) -> set[str]:
    return {_plain(word) for word in (field.code, field.zh, field.en, *field.also)}


def _is_word(title: str, field: ImportField) -> bool:
    return title in _words(field)


def _is_pinyin(title: str, field: ImportField) -> bool:
    if not title.isascii():
        return False
    chinese = [word for word in (field.zh, *field.also) if not word.isascii()]
    whole = {"".join(lazy_pinyin(word)) for word in chinese}
    initials = {"".join(lazy_pinyin(word, style=Style.FIRST_LETTER)) for word in chinese}
    return title in {_plain(word) for word in whole | initials}


def _contains_word(title: str, field: ImportField) -> bool:
    """客户姓名, 姓名(必填): only words long enough that chance does not find them."""
    return any(word in title for word in _words(field) if len(word) >= (4 if word.isascii() else 2))
