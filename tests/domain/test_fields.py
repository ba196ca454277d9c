"""Custom fields: whatever comes in, a value of the kind comes out or a reason why not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.fields.cleaning import BadValue, clean_value
from zhiyin.domain.fields.definitions import MAX_LONG_TEXT, MAX_TEXT, Definition, Kind, Option, Rules
from zhiyin.domain.fields.keys import MAX_PLACES, MAX_WHOLE, fold, keys_of, order_of
from zhiyin.domain.fields.patterns import BadPattern, check_pattern, fits_pattern

OPTIONS = (Option("gold", "金卡", "Gold"), Option("silver", "银卡", "Silver"), Option("old", "旧卡", "Old", True))


def field(kind: Kind, **rules: object) -> Definition:
    return Definition(code="f", kind=kind, name="字段", options=OPTIONS, rules=Rules(**rules))


def digits_only(text: str) -> str | None:
    return f"+{text}" if re.fullmatch(r"[0-9]{3,15}", text) else text if re.fullmatch(r"\+[0-9]{3,15}", text) else None


def clean(kind: Kind, given: object, stored: object = None, **rules: object) -> object:
    return clean_value(field(kind, **rules), given, stored=stored, normalise=digits_only)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str) | st.emails(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def is_date(value: object) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def is_instant(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo == UTC


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_some_of_the_options(value: object) -> bool:
    return isinstance(value, list) and set(value) <= {"gold", "silver"} and len(value) == len(set(value))


IS_OF_KIND: dict[Kind, Callable[[object], bool]] = {
    Kind.NUMBER: is_number,
    Kind.MONEY: is_number,
    Kind.YES_NO: lambda value: isinstance(value, bool),
    Kind.USER: lambda value: isinstance(value, int) and value > 0,
    Kind.CHOICES: is_some_of_the_options,
    Kind.CHOICE: lambda value: value in ("gold", "silver"),
    Kind.DATE: is_date,
    Kind.DATE_TIME: is_instant,
    Kind.LONG_TEXT: lambda value: isinstance(value, str) and 0 < len(value) <= MAX_LONG_TEXT,
}


def is_line(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT


@given(kind=st.sampled_from(Kind), given_value=anything, decimals=st.integers(0, 6))
def test_anything_becomes_a_value_of_the_kind_or_is_refused(kind: Kind, given_value: object, decimals: int) -> None:
    try:
        value = clean(kind, given_value, decimals=decimals)
    except BadValue:
        return
    if value is None:
        assert given_value is None or given_value in ("", []) or not str(given_value).strip(" \t\n,，;；、|\r\x0b\x0c")
        return
    assert IS_OF_KIND.get(kind, is_line)(value)
    stored = json.loads(json.dumps(value))
    assert clean(kind, stored, decimals=decimals) == value, "a clean value is clean"
    assert clean(kind, stored, stored=stored) == value, "a stored value may stay"
    for key in keys_of(field(kind), value):
        assert len(key.text) <= MAX_WHOLE


@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_a_number_with_its_decimals_is_exact(value: object) -> None:
    assert str(clean(Kind.MONEY, str(value), decimals=2)) == str(float(str(value)) + 0)


@pytest.mark.parametrize(
    ("kind", "given_value", "rules", "code"),
    [
        (Kind.TEXT, "x" * 501, {}, "too_long"),
        (Kind.TEXT, "12345", {"max_length": 4}, "too_long"),
        (Kind.TEXT, "SN-12", {"pattern": "SN-999"}, "pattern"),
        (Kind.TEXT, {"a": 1}, {}, "not_text"),
        (Kind.NUMBER, "1.5", {}, "too_many_decimals"),
        (Kind.NUMBER, "1e400", {}, "not_number"),
        (Kind.NUMBER, "1_000", {}, "not_number"),
        (Kind.NUMBER, True, {}, "not_number"),
        (Kind.NUMBER, 4, {"minimum": 5}, "too_small"),
        (Kind.MONEY, "10.01", {"decimals": 2, "maximum": 10}, "too_large"),
        (Kind.NUMBER, 10**15, {}, "too_many_digits"),
        (Kind.DATE, "2026-02-30", {}, "not_date"),
        (Kind.DATE_TIME, "2026-02-03T10:00:00", {}, "not_instant"),
        (Kind.YES_NO, "maybe", {}, "not_yes_no"),
        (Kind.CHOICE, "bronze", {}, "unknown_option"),
        (Kind.CHOICE, "old", {}, "retired_option"),
        (Kind.CHOICES, ["gold", "old"], {}, "retired_option"),
        (Kind.CHOICES, {"gold": 1}, {}, "not_choices"),
        (Kind.USER, "-1", {}, "unknown_user"),
        (Kind.TELEPHONE, "none", {}, "bad_number"),
        (Kind.EMAIL, "a@b", {}, "bad_email"),
        (Kind.LINK, "javascript://example.com/%0aalert(1)", {}, "bad_link"),
        (Kind.LINK, 'https://example.com/"onclick', {}, "bad_link"),
    ],
)
def test_a_refusal_says_why(kind: Kind, given_value: object, rules: dict[str, object], code: str) -> None:
    with pytest.raises(BadValue) as refused:
        clean(kind, given_value, **rules)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        (Kind.TEXT, "  a \n b ", "a b"),
        (Kind.TEXT, 42.0, "42"),
        (Kind.LONG_TEXT, "a\r\nb ", "a\nb"),
        (Kind.NUMBER, "1,234", 1234),
        (Kind.DATE, "2026年3月1日", "2026-03-01"),
        (Kind.DATE, "2026/3/1", "2026-03-01"),
        (Kind.DATE_TIME, "2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z"),
        (Kind.YES_NO, "是", True),
        (Kind.YES_NO, 0, False),
        (Kind.CHOICE, "金卡", "gold"),
        (Kind.CHOICES, "Silver，金卡", ["gold", "silver"]),
        (Kind.EMAIL, "A.b@Example.COM", "A.b@example.com"),
        (Kind.LINK, "example.com/a", "https://example.com/a"),
    ],
)
def test_what_a_file_or_a_hand_writes_is_understood(kind: Kind, given_value: object, value: object) -> None:
    assert clean(kind, given_value) == value


def test_a_stored_value_may_stay_though_the_rules_became_stricter() -> None:
    assert clean(Kind.CHOICE, "old", stored="old") == "old"
    assert clean(Kind.CHOICES, ["gold", "old"], stored=["old"]) == ["gold", "old"]
    assert clean(Kind.TEXT, "free words", stored="free words", pattern="999") == "free words"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_pattern_is_read_in_time_that_grows_with_its_length_alone(pattern: str, text: str) -> None:
    try:
        check_pattern(pattern)
    except BadPattern:
        return
    assert fits_pattern(pattern, text) in (True, False)
    assert all(fits_pattern(escaped, text) for escaped in ["".join(f"\\{sign}" for sign in text)] if text)


@pytest.mark.parametrize(
    ("pattern", "text", "does_fit"),
    [
        ("SN-9999-AA", "SN-2026-xy", True),
        ("SN-9999-AA", "SN-20265-xy", False),
        ("京A-*****|99999", "京B-12x4Z", True),
        ("京A-*****|99999", "12345", True),
        (r"\9\A", "9A", True),
        (r"\9\A", "1B", False),
        ("999", "１２３", False),
    ],
)
def test_patterns(pattern: str, text: str, does_fit: bool) -> None:
    assert fits_pattern(pattern, text) is does_fit


@given(st.text(min_size=1, max_size=300))
def test_a_text_is_found_by_its_beginning_in_any_case_and_width(text: str) -> None:
    value = clean(Kind.TEXT, text.replace("\x00", ""))
    if value is None:
        return
    keys = [key.text for key in keys_of(field(Kind.TEXT), value)]
    assert len(keys) <= MAX_PLACES + 2
    assert any(key.startswith(fold(str(value))[:10]) for key in keys)


@pytest.mark.parametrize(
    ("value", "typed"),
    [("上海市浦东新区", "浦东"), ("Model X-200 blue", "x-200"), ("Model X-200 blue", "200"), ("ＡＢＣ", "abc")],
)
def test_a_text_is_found_by_what_somebody_would_type(value: str, typed: str) -> None:
    assert any(key.text.startswith(fold(typed)) for key in keys_of(field(Kind.TEXT), value))


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1000, 1, 1)))
def test_dates_keep_their_order_in_the_index(one: date, other: date) -> None:
    first, second = (order_of(Kind.DATE, day.isoformat()) for day in (one, other))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)
