"""Numbers, money, dates, times and telephone numbers as a row of recorded parts, in Chinese and English. Pure.

A part is a key of the prompt library; what each says stands in ``config/prompts/texts.py``. What cannot be read as what
it should be is spelled digit by digit; where there is no digit either, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

#: Larger numbers are spelled.
LARGEST_SPOKEN = 10**12 - 1
_LONGEST_SPELLED = 60
_NUMBER = re.compile(r"([+-])?(\d+)(?:\.(\d+))?")
_DATE = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_TIME = re.compile(r"(\d{1,2}):?(\d{2})(?::?\d{2}(?:\.\d+)?)?")

_TEN, _HUNDRED, _THOUSAND, _MILLION, _BILLION = "unit_10", "unit_100", "unit_1000", "unit_million", "unit_billion"
_WAN, _YI = "unit_10000", "unit_100000000"
_LIANG = "number_2"  # 两, as before a measure word; digit_2 is 二
_ZERO = "digit_0"

DIGIT_PROMPTS = tuple(f"digit_{digit}" for digit in range(10))
MONTH_PROMPTS = tuple(f"month_{month}" for month in range(1, 13))
DAY_PROMPTS = tuple(f"day_{day}" for day in range(1, 32))
#: Monday is 1.
WEEKDAY_PROMPTS = tuple(f"weekday_{day}" for day in range(1, 8))
#: All parts besides "number_0" to "number_99".
SPOKEN_PARTS = (
    *DIGIT_PROMPTS,
    "digit_1_telephone",
    *(_TEN, _HUNDRED, _THOUSAND, _MILLION, _BILLION, _WAN, _YI, "minus", "point", "and", "oh"),
    *("money_yuan", "money_jiao", "money_fen", "year", "hour", "minute", "am", "pm"),
    *MONTH_PROMPTS,
    *DAY_PROMPTS,
    *WEEKDAY_PROMPTS,
    *("today", "tomorrow"),
)


def spell(text: str) -> tuple[str, ...]:
    """Say digit by digit: an order, a code."""
    return tuple(f"digit_{int(digit)}" for digit in text[:_LONGEST_SPELLED] if digit.isdecimal())


def speak_telephone(text: str, language: str) -> tuple[str, ...]:
    """Say a telephone number: in Chinese its ones are 幺."""
    one = "digit_1_telephone" if language == "zh" else "digit_1"
    return tuple(one if part == "digit_1" else part for part in spell(text))


def speak_number(text: str, language: str) -> tuple[str, ...]:
    found = _NUMBER.fullmatch(text.strip().replace(",", ""))
    if found is None or int(found[2]) > LARGEST_SPOKEN:
        return spell(text)
    sign, whole, decimals = found.groups()
    decimals = (decimals or "").rstrip("0")
    is_zero = int(whole) == 0 and not decimals
    minus = ("minus",) if sign == "-" and not is_zero else ()
    return (*minus, *_whole(int(whole), language), *(("point", *spell(decimals)) if decimals else ()))


def speak_money(text: str, language: str) -> tuple[str, ...]:
    """Say an amount in yuan, rounded to the fen."""
    found = _NUMBER.fullmatch(text.strip().lstrip("¥￥").replace(",", ""))
    if found is None or int(found[2]) > LARGEST_SPOKEN:
        return spell(text)
    amount = Decimal(found[0]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    yuan, cents = divmod(int(abs(amount) * 100), 100)
    minus = ("minus",) if amount < 0 else ()
    if language != "zh":
        return (*minus, *_english_money(yuan, cents))
    parts: tuple[str, ...] = (*_whole(yuan, language, is_measured=True), "money_yuan") if yuan or not cents else ()
    jiao, fen = divmod(cents, 10)
    if jiao:
        parts += (f"digit_{jiao}", "money_jiao")
    if fen:
        parts += (*((_ZERO,) if yuan and not jiao else ()), f"digit_{fen}", "money_fen")
    return minus + parts


def _english_money(yuan: int, cents: int) -> tuple[str, ...]:
    whole = (*_whole(yuan, "en"), "money_yuan") if yuan or not cents else ()
    joint = ("and",) if yuan and cents else ()
    return (*whole, *joint, *((f"number_{cents}", "money_fen") if cents else ()))


def speak_date(text: str, language: str) -> tuple[str, ...]:
    """Say a day given as 2026-11-22, 20261122, or with a time behind it."""
    found = _DATE.fullmatch(text.strip())
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        day = None
    if day is None:
        return spell(text)
    month = (f"month_{day.month}", f"day_{day.day}")
    if language == "zh":
        return (*spell(f"{day.year:04}"), "year", *month)
    return (*month, *_english_year(day.year))


def speak_day(day: date, today: date, language: str) -> tuple[str, ...]:
    """Say a day that is near: today, tomorrow, or its date with the day of the week and without the year."""
    if day == today:
        return ("today",)
    if day == today + timedelta(days=1):
        return ("tomorrow",)
    said, weekday = (f"month_{day.month}", f"day_{day.day}"), f"weekday_{day.isoweekday()}"
    return (*said, weekday) if language == "zh" else (weekday, *said)


def _english_year(year: int) -> tuple[str, ...]:
    century, rest = divmod(year, 100)
    if century == 0 or (century % 10 == 0 and rest < 10):
        return _whole(year, "en")
    if rest == 0:
        return (f"number_{century}", _HUNDRED)
    return (f"number_{century}", *(("oh",) if rest < 10 else ()), f"number_{rest}")


def speak_time(text: str, language: str) -> tuple[str, ...]:
    """Say a time of day given as 14:05: in Chinese of twenty-four hours, in English of twelve."""
    found = _TIME.fullmatch(text.strip())
    try:
        at = time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        at = None
    if at is None:
        return spell(text)
    if language == "zh":
        hour = (_ZERO if at.hour == 0 else f"number_{at.hour}", "hour")
        if at.minute == 0:
            return hour
        return (*hour, *((_ZERO, f"digit_{at.minute}") if at.minute < 10 else (f"number_{at.minute}",)), "minute")
    minutes = () if at.minute == 0 else (*(("oh",) if at.minute < 10 else ()), f"number_{at.minute}")
    return (f"number_{at.hour % 12 or 12}", *minutes, "am" if at.hour < 12 else "pm")


#: How a value may be said, by code: its text and the language.
WAYS: Mapping[str, Callable[[str, str], tuple[str, ...]]] = {
    "number": speak_number,
    "money": speak_money,
    "date": speak_date,
    "time": speak_time,
    "telephone": speak_telephone,
    "digits": lambda text, _language: spell(text),
}


def _whole(number: int, language: str, *, is_measured: bool = False) -> tuple[str, ...]:
    """Say a whole number; ``is_measured``: before a measure word, where a Chinese two is 两."""
    if language != "zh":
        return tuple(_english(number))
    return (_LIANG,) if is_measured and number == 2 else tuple(_chinese(number))


def _english(number: int) -> list[str]:
    if number < 100:
        return [f"number_{number}"]
    for size, unit in ((10**9, _BILLION), (10**6, _MILLION), (1000, _THOUSAND), (100, _HUNDRED)):
        if number >= size:
            many, rest = divmod(number, size)
            return [*_english(many), unit, *(_english(rest) if rest else [])]
    raise AssertionError(number)


def _chinese(number: int) -> list[str]:
    """Chinese counts in sections of four digits: 亿, 万, and the rest; a gap is said as one 零."""
    if number == 0:
        return [_ZERO]
    parts: list[str] = []
    sections = ((number // 10**8, _YI), (number // 10**4 % 10**4, _WAN), (number % 10**4, ""))
    is_gap = False
    for section, unit in sections:
        if section == 0:
            is_gap = bool(parts)
            continue
        if parts and (is_gap or section < 1000):
            parts.append(_ZERO)
        parts += _section(section, is_first=not parts, has_unit=unit != "")
        parts += [unit] if unit else []
        is_gap = False
    return parts


def _section(number: int, *, is_first: bool, has_unit: bool) -> list[str]:
    """Say 1 to 9999. Two is 两 at the head of the whole number and before 千, else 二; ten is 十 there, else 一十."""
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    parts: list[str] = []
    if thousands:
        parts += [_LIANG if thousands == 2 else f"digit_{thousands}", _THOUSAND]
    if hundreds:
        two = _LIANG if is_first and not parts else "digit_2"
        parts += [two if hundreds == 2 else f"digit_{hundreds}", _HUNDRED]
    if rest and ((thousands and not hundreds) or (hundreds and rest < 10)):
        parts.append(_ZERO)
    if rest == 2 and is_first and has_unit and not parts:
        parts.append(_LIANG)
    elif 0 < rest < 10:
        parts.append(f"digit_{rest}")
    elif 10 <= rest < 20 and (parts or not is_first):
        parts += ["digit_1", _TEN, *([f"digit_{rest - 10}"] if rest > 10 else [])]
    elif rest:
        parts.append(f"number_{rest}")
    return parts
