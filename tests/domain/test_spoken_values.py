"""Values as a row of recorded parts: what a caller hears, read back by an independent reader."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.config.prompts.texts import standard_texts
from zhiyin.domain import spoken_values
from zhiyin.domain.spoken_values import LARGEST_SPOKEN, WAYS

TEXTS = standard_texts()


def heard(way: str, text: str, language: str) -> str:
    """Return the words that a caller hears."""
    words = [TEXTS[part][language] for part in WAYS[way](text, language)]
    return "".join(words) if language == "zh" else " ".join(words).replace("-", " ")


@pytest.mark.parametrize(
    ("way", "text", "chinese", "english"),
    [
        ("number", "0", "零", "zero"),
        ("number", "2", "二", "two"),
        ("number", "12", "十二", "twelve"),
        ("number", "102", "一百零二", "one hundred two"),
        ("number", "112", "一百一十二", "one hundred twelve"),
        ("number", "200", "两百", "two hundred"),
        ("number", "1010", "一千零一十", "one thousand ten"),
        ("number", "2222", "两千二百二十二", "two thousand two hundred twenty two"),
        ("number", "20000", "两万", "twenty thousand"),
        ("number", "100002", "十万零二", "one hundred thousand two"),
        ("number", "10,203,040", "一千零二十万三千零四十", "ten million two hundred three thousand forty"),
        ("number", "100000001", "一亿零一", "one hundred million one"),
        ("number", "200020002", "两亿零二万零二", "two hundred million twenty thousand two"),
        ("number", "-3.50", "负三点五", "minus three point five"),
        ("number", "-0.0", "零", "zero"),
        ("money", "128.50", "一百二十八元五角", "one hundred twenty eight yuan and fifty fen"),
        ("money", "2", "两元", "two yuan"),
        ("money", "10.05", "十元零五分", "ten yuan and five fen"),
        ("money", "0.99", "九角九分", "ninety nine fen"),
        ("money", "0", "零元", "zero yuan"),
        ("money", "¥1,200", "一千二百元", "one thousand two hundred yuan"),
        ("money", "-0.004", "零元", "zero yuan"),
        ("date", "2026-11-02", "二零二六年十一月二日", "November second twenty twenty six"),
        ("date", "20000229", "二零零零年二月二十九日", "February twenty ninth two thousand"),
        ("date", "1905-01-31", "一九零五年一月三十一日", "January thirty first nineteen oh five"),
        ("date", "2009/10/1", "二零零九年十月一日", "October first two thousand nine"),
        ("time", "14:05", "十四点零五分", "two oh five p m"),
        ("time", "00:00", "零点", "twelve a m"),
        ("time", "02:30:59", "两点三十分", "two thirty a m"),
        (
            "telephone",
            "13812345678",
            "幺三八幺二三四五六七八",
            "one three eight one two three four five six seven eight",
        ),
        ("digits", "10-22", "一零二二", "one zero two two"),
    ],
)
def test_what_a_caller_hears(way: str, text: str, chinese: str, english: str) -> None:
    assert (heard(way, text, "zh"), heard(way, text, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("way", "text", "spelled"),
    [
        ("number", "1e9", "一九"),
        ("number", "9" * 15, "九" * 15),
        ("date", "2026-02-30", "二零二六零二三零"),
        ("date", "2026-1/2", "二零二六一二"),
        ("time", "25:00", "二五零零"),
        ("money", "谢谢", ""),
        ("number", "", ""),
        ("telephone", "+86 (571) 8", "八六五七幺八"),
    ],
)
def test_what_is_not_what_it_should_be_is_spelled(way: str, text: str, spelled: str) -> None:
    assert heard(way, text, "zh") == spelled


_CHINESE = {**{word: number for number, word in enumerate("零一二三四五六七八九")}, "两": 2}


def read_chinese(words: str) -> int:
    """Read a Chinese number: ones gather under 十百千, sections under 万 and 亿."""
    total, section, digit = 0, 0, 0
    for word in words:
        if word in _CHINESE:
            digit = _CHINESE[word]
        elif word in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[word]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[word]
            section, digit = 0, 0
    return total + section + digit


_ENGLISH = {TEXTS[f"number_{number}"]["en"]: number for number in range(100)}


def read_english(words: str) -> int:
    total, group = 0, 0
    for word in words.split():
        if word == "hundred":
            group *= 100
        elif word in ("thousand", "million", "billion"):
            total += group * {"thousand": 10**3, "million": 10**6, "billion": 10**9}[word]
            group = 0
        else:
            group += _ENGLISH[word]
    return total + group


numbers = st.one_of(
    st.integers(0, LARGEST_SPOKEN),
    st.integers(0, 10_000),
    st.lists(st.sampled_from("0012"), min_size=1, max_size=12).map(lambda digits: int("".join(digits))),
)


@given(numbers)
def test_every_number_is_read_back_as_it_was(number: int) -> None:
    chinese = heard("number", str(number), "zh")
    assert read_chinese(chinese) == number, chinese
    assert read_english(heard("number", str(number), "en")) == number


@given(numbers)
def test_chinese_numbers_are_said_as_they_are_written(number: int) -> None:
    """No 零 twice or at the end, no 两 but at the head of a place of a hundred or more."""
    words = heard("number", str(number), "zh")
    assert "零零" not in words
    assert number == 0 or not words.endswith("零")
    assert "两十" not in words
    assert not words.endswith("两")


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_day_is_said_whole(day: date) -> None:
    chinese = heard("date", day.isoformat(), "zh")
    year, _, rest = chinese.partition("年")
    month, _, day_of_month = rest.removesuffix("日").partition("月")
    assert "".join(str(_CHINESE[word]) for word in year) == f"{day.year:04}"
    assert (read_chinese(month), read_chinese(day_of_month)) == (day.month, day.day)
    assert heard("date", day.isoformat(), "en").startswith(f"{day:%B} ")


@given(st.integers(0, 10**12).map(lambda cents: f"{cents // 100}.{cents % 100:02}"))
def test_every_amount_is_read_back_to_the_fen(amount: str) -> None:
    words = heard("money", amount, "zh")
    yuan, has_yuan, rest = words.rpartition("元")
    jiao, has_jiao, fen = rest.rpartition("角")
    read = read_chinese(yuan) * 100 if has_yuan else 0
    read += read_chinese(jiao) * 10 if has_jiao else 0
    read += read_chinese(fen.removesuffix("分")) if fen else 0
    whole, _, cents = amount.partition(".")
    assert read == int(whole) * 100 + int(cents), words


@given(st.text(max_size=40), st.sampled_from(sorted(WAYS)), st.sampled_from(["zh", "en"]))
def test_whatever_a_value_holds_is_said_by_parts_that_there_are(text: str, way: str, language: str) -> None:
    parts = WAYS[way](text, language)
    assert all(part in TEXTS for part in parts)
    assert len(parts) <= 70


def test_every_part_has_words_in_both_languages() -> None:
    assert all(TEXTS[part]["zh"] and TEXTS[part]["en"] for part in spoken_values.SPOKEN_PARTS)
