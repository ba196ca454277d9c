"""From whatever a form, a file or a program sent to a value of the field's kind, or the reason why not. Pure.

Values are what JSON holds: text, numbers, true and false, a list of option codes; dates and instants as RFC 3339 text,
instants in UTC. Cleaning a clean value gives the same value. None means "nothing stands here".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from zhiyin.domain.fields.definitions import (
    MAX_DIGITS,
    MAX_LONG_TEXT,
    MAX_TEXT,
    Definition,
    Kind,
)
from zhiyin.domain.fields.patterns import fits_pattern

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\".]+(\.[^\s@<>\".]+)+", re.ASCII)
_MAX_EMAIL = 254
_MAX_LINK = 500
_TRUE = frozenset({"true", "yes", "y", "1", "是", "有", "对"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "无", "没有", "错"})
_FIRST_YEAR = 1000


class BadValue(Exception):
    """The value cannot stand in the field. ``code`` is stable; ``facts`` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


#: text -> canonical telephone number, or None
Normalise = Callable[[str], str | None]


def clean_value(definition: Definition, given: object, *, stored: object = None, normalise: Normalise) -> object:
    """Return the value that stands for ``given``, None for nothing. Raises ``BadValue``.

    What is ``stored`` may stay although the rules became stricter or its option was retired.
    """
    if given is None or given == [] or (isinstance(given, str) and not given.strip()):
        return None
    if stored is not None and type(given) is type(stored) and given == stored:
        return stored
    if definition.kind is Kind.TELEPHONE:
        return _check_unique_length(_telephone(given, normalise))
    return _CLEANERS[definition.kind](definition, given, stored)


def _telephone(given: object, normalise: Normalise) -> str:
    number = normalise(str(given)) if isinstance(given, str | int) and not isinstance(given, bool) else None
    if number is None:
        raise BadValue("bad_number")
    return number


def _check_unique_length(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise BadValue("too_long", most=MAX_TEXT)
    return text


def _text_of(given: object) -> str:
    """A file gives numbers where a form gives text."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise BadValue("not_text")
    if isinstance(given, float):
        if not math.isfinite(given):
            raise BadValue("not_text")
        return str(int(given)) if given.is_integer() else repr(given)
    text = str(given)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadValue("not_text")
    return text


def _text(definition: Definition, given: object, _stored: object) -> str:
    text = " ".join(_text_of(given).split())
    most = min(definition.rules.max_length or MAX_TEXT, MAX_TEXT)
    if len(text) > most:
        raise BadValue("too_long", most=most)
    if definition.rules.pattern and not fits_pattern(definition.rules.pattern, text):
        rules = definition.rules
        raise BadValue("pattern", words=rules.pattern_words, words_en=rules.pattern_words_en, pattern=rules.pattern)
    return text


def _long_text(definition: Definition, given: object, _stored: object) -> str:
    text = _text_of(given).replace("\r\n", "\n").replace("\r", "\n").strip()
    most = min(definition.rules.max_length or MAX_LONG_TEXT, MAX_LONG_TEXT)
    if len(text) > most:
        raise BadValue("too_long", most=most)
    return text


def _number(definition: Definition, given: object, _stored: object) -> int | float:
    rules = definition.rules
    value = _decimal(given)
    places = Decimal(1).scaleb(-rules.decimals)
    if abs(value) >= Decimal(10) ** (MAX_DIGITS - rules.decimals):
        raise BadValue("too_many_digits", most=MAX_DIGITS - rules.decimals)
    if value != value.quantize(places):
        raise BadValue("too_many_decimals", most=rules.decimals)
    number = float(value) if rules.decimals else int(value)
    if rules.minimum is not None and number < rules.minimum:
        raise BadValue("too_small", least=rules.minimum)
    if rules.maximum is not None and number > rules.maximum:
        raise BadValue("too_large", most=rules.maximum)
    return number + 0  # no negative zero


def _decimal(given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise BadValue("not_number")
    text = str(given).strip().replace(",", "").replace("，", "").lstrip("¥￥$ ")
    try:
        value = Decimal(text) if len(text) <= 40 else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or "_" in text or abs(value.adjusted()) > 2 * MAX_DIGITS:
        raise BadValue("not_number")
    return value


def _date(_definition: Definition, given: object, _stored: object) -> str:
    if isinstance(given, datetime):
        given = given.date()
    if isinstance(given, date):
        given = given.isoformat()
    if not isinstance(given, str):
        raise BadValue("not_date")
    parts = re.fullmatch(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*", given, re.ASCII)
    try:
        found = date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        found = None
    if found is None or found.year < _FIRST_YEAR:
        raise BadValue("not_date")
    return found.isoformat()


def _date_time(_definition: Definition, given: object, _stored: object) -> str:
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given).strip())
        if not isinstance(given, str | datetime) or found.tzinfo is None:
            raise BadValue("not_instant")
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue("not_instant") from None
    if found.year < _FIRST_YEAR:
        raise BadValue("not_instant")
    return found.isoformat(timespec="seconds").replace("+00:00", "Z")


def _yes_no(_definition: Definition, given: object, _stored: object) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower() if isinstance(given, str | int) else ""
    if word not in _TRUE | _FALSE:
        raise BadValue("not_yes_no")
    return word in _TRUE


def _option(definition: Definition, given: object, kept: frozenset[str]) -> str:
    """An option by its code or by its name, as a file has it."""
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise BadValue("unknown_option")
    text = str(given).strip()
    option = definition.by_code.get(text) or next(
        (one for one in definition.options if text in (one.name, one.name_en) and not one.is_retired), None
    )
    if option is None:
        raise BadValue("unknown_option", given=text[:60])
    if option.is_retired and option.code not in kept:
        raise BadValue("retired_option", given=option.name)
    return option.code


def _choice(definition: Definition, given: object, stored: object) -> str:
    return _option(definition, given, frozenset({stored} if isinstance(stored, str) else ()))


def _choices(definition: Definition, given: object, stored: object) -> list[str] | None:
    """Return the codes in the order of the options. A text is divided at commas, as a file has it."""
    if isinstance(given, str):
        given = [part for part in re.split(r"[,，;；、|]", given) if part.strip()]
    if not isinstance(given, list | tuple) or len(given) > len(definition.options):
        raise BadValue("not_choices")
    kept = frozenset(code for code in stored if isinstance(code, str)) if isinstance(stored, list) else frozenset[str]()
    chosen = {_option(definition, part, kept) for part in given}
    return [option.code for option in definition.options if option.code in chosen] or None


def _user(_definition: Definition, given: object, _stored: object) -> int:
    """Whether there is such a user is asked where users are known."""
    if isinstance(given, str) and re.fullmatch(r"\d{1,18}", given.strip(), re.ASCII):
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 < given < 2**63:
        raise BadValue("unknown_user")
    return given


def _email(_definition: Definition, given: object, _stored: object) -> str:
    text = _text_of(given).strip()
    if len(text) > _MAX_EMAIL or not _EMAIL.fullmatch(text):
        raise BadValue("bad_email")
    name, _, host = text.rpartition("@")
    return f"{name}@{host.lower()}"


def _link(_definition: Definition, given: object, _stored: object) -> str:
    """Only addresses of the web: a link is clicked."""
    text = _text_of(given).strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    is_plain = len(text) <= _MAX_LINK and not re.search(r"[\s<>\"\\]", text) and text.isprintable()
    if not is_plain or not re.match(r"https?://", text) or "." not in host.strip("."):
        raise BadValue("bad_link")
    return text


_Cleaner = Callable[[Definition, object, object], object]
_CLEANERS: Mapping[Kind, _Cleaner] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.DATE_TIME: _date_time,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.USER: _user,
    Kind.EMAIL: _email,
    Kind.LINK: _link,
}
