"""A Chinese name as people type it in a hurry: its initials, and its whole pinyin. Pure."""

from __future__ import annotations

from itertools import islice, product

from pypinyin import Style, pinyin

#: a name whose signs are read in many ways is found by this many of the readings
_MAX_READINGS = 8
_MAX_LENGTH = 400


def search_keys(name: str) -> str:
    """Return every likely reading's initials, then the first whole readings: "zxm zhangxiaoming".

    Surnames are read in several ways (单: shan, dan; 曾: zeng, ceng), hence all readings of each sign.
    """
    initials = _readings(name, Style.FIRST_LETTER)
    whole = _readings(name, Style.NORMAL)
    return " ".join(dict.fromkeys([*initials, *whole]))[:_MAX_LENGTH]


def _readings(name: str, style: Style) -> list[str]:
    signs = [dict.fromkeys(sign) for sign in pinyin(name.lower(), style=style, heteronym=True)]
    return ["".join("".join(parts).split()) for parts in islice(product(*signs), _MAX_READINGS)]
