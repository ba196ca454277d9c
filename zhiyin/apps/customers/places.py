"""Where a number is from (归属地): mobiles by their first seven digits, landlines by their area code.

The table is the one of the package ``phone``; the area codes are read from the same file. (The places of
``phonenumbers`` would cost every process 190 MB and three seconds.)
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import phonenumbers
from phone import Phone
from pypinyin import lazy_pinyin

Kind = Literal["mobile", "landline", "service", "emergency", "foreign", "other"]

#: national numbers of China without a place, by what they are: (pattern, kind, Chinese, English)
_SERVICE_NUMBERS: tuple[tuple[re.Pattern[str], Kind, str, str], ...] = (
    (re.compile(r"(110|119|120|122|112|999|911)"), "emergency", "紧急号码", "Emergency"),
    (re.compile(r"[48]00\d{7}"), "service", "企业热线", "Company hotline"),
    (re.compile(r"95\d{3,6}"), "service", "全国客服号码", "National service number"),
    (re.compile(r"96\d{3,6}"), "service", "地方服务号码", "Local service number"),
    (re.compile(r"100\d{2,3}|10\d{3}"), "service", "运营商客服", "Carrier"),
    (re.compile(r"12\d{1,4}|11\d"), "service", "公共服务号码", "Public service"),
)
#: as the country is called in Chinese; others show their two letters
_COUNTRIES = {
    "HK": ("中国香港", "Hong Kong, China"), "MO": ("中国澳门", "Macao, China"), "TW": ("中国台湾", "Taiwan, China"),
    "US": ("美国", "United States"), "CA": ("加拿大", "Canada"), "GB": ("英国", "United Kingdom"),
    "JP": ("日本", "Japan"), "KR": ("韩国", "South Korea"), "SG": ("新加坡", "Singapore"),
    "MY": ("马来西亚", "Malaysia"), "TH": ("泰国", "Thailand"), "VN": ("越南", "Vietnam"),
    "ID": ("印度尼西亚", "Indonesia"), "PH": ("菲律宾", "Philippines"), "IN": ("印度", "India"),
    "RU": ("俄罗斯", "Russia"), "DE": ("德国", "Germany"), "FR": ("法国", "France"), "IT": ("意大利", "Italy"),
    "ES": ("西班牙", "Spain"), "NL": ("荷兰", "Netherlands"), "AU": ("澳大利亚", "Australia"),
    "NZ": ("新西兰", "New Zealand"), "BR": ("巴西", "Brazil"), "AE": ("阿联酋", "United Arab Emirates"),
}  # fmt: skip
#: names whose English is no plain pinyin
_ENGLISH = {
    "陕西": "Shaanxi", "内蒙古": "Inner Mongolia", "西藏": "Tibet", "重庆": "Chongqing", "西安": "Xi'an",
    "厦门": "Xiamen", "哈尔滨": "Harbin", "呼和浩特": "Hohhot", "乌鲁木齐": "Urumqi", "拉萨": "Lhasa",
    "鄂尔多斯": "Ordos", "蚌埠": "Bengbu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """``kind`` "other" is an extension or a test number."""

    kind: Kind
    zh: str = ""
    en: str = ""

    def named(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@lru_cache(maxsize=8192)
def place_of(number: str) -> Place:
    """Return where a canonical number (``contracts/numbers.py``) is from; empty names where nobody knows."""
    if not number.startswith("+"):
        for pattern, kind, zh, en in _SERVICE_NUMBERS:
            if pattern.fullmatch(number):
                return Place(kind, zh, en)
        return Place("other")
    if not number.startswith("+86"):
        return _foreign(number)
    national = number.removeprefix("+86")
    if len(national) == 11 and national.startswith("1"):
        found = _table().find(national[:7])
        return _within_china("mobile", found["province"], (found["city"],)) if found else Place("mobile")
    for length in (2, 3):
        area = _areas().get("0" + national[:length])
        if area is not None:
            return _within_china("landline", *area)
    return Place("landline")


def _within_china(kind: Kind, province: str, cities: tuple[str, ...]) -> Place:
    places = [province, "/".join(cities)] if cities != (province,) else [province]
    english = [" / ".join(_romanised(city) for city in cities), _romanised(province)]
    return Place(kind, " ".join(places), english[0] if len(places) == 1 else ", ".join(english))


def _romanised(name: str) -> str:
    return _ENGLISH.get(name) or "".join(lazy_pinyin(name)).capitalize()


def _foreign(number: str) -> Place:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return Place("foreign")
    zh, en = _COUNTRIES.get(region, (region, region))
    return Place("foreign", zh, en)


@cache
def _table() -> Phone:
    return Phone()


@cache
def _areas() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return (province, cities) of each area code; neighbours that share a code are named together."""
    content: bytes = _table().buf
    (first_number,) = struct.unpack_from("<i", content, 4)
    cities: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in content[8:first_number].split(b"\0"):
        parts = record.decode().split("|")
        if len(parts) == 4 and parts[3]:
            province, city, _, area = parts
            cities[area].append((province, city))
    return {area: (found[0][0], tuple(dict.fromkeys(city for _, city in found))[:3]) for area, found in cities.items()}
