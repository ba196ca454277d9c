"""The one canonical form of a telephone number, used by the engine and by the customers' records alike.

A geographic or mobile number is E.164 ("+8613800138000"); a number that exists only within a country (110,
10086, 95588, 4008001234) keeps its bare digits. The form is what crosses the boundary, so it stands here.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NOISE = re.compile(r"[\s\-().·/]|^tel:|^sip:|;.*$|@.*$", re.IGNORECASE)
_DIGITS = re.compile(r"\+?[0-9]{2,20}")
_DIGIT = re.compile(r"\d")
#: Words with fewer digits hold no number of which anything would be hidden; looking for one takes its time.
_FEWEST_IN_WORDS = 7
#: Numbers of a country's own plan that have no E.164 form: service, carrier and shared-cost numbers of China.
_NATIONAL_ONLY = {"CN": re.compile(r"1[0-2]\d{1,4}|100\d{2,3}|9\d{4,7}|[48]00\d{7}|11\d|12\d{1,3}")}


class BadNumber(ValueError):
    """What was typed is not a telephone number."""


@lru_cache(maxsize=4096)
def normalise_number(text: str, region: str = "CN") -> str:
    """Return the canonical form of ``text`` as dialled in ``region`` (ISO 3166). Raises ``BadNumber``.

    "00" and "+" start an international number; everything else is read as a number of ``region``. What the plan
    does not know (an extension, a test number) keeps its digits, so that no caller is lost for an odd number.
    """
    digits = _NOISE.sub("", text.strip())
    if not _DIGITS.fullmatch(digits):
        raise BadNumber(text)
    national_only = _NATIONAL_ONLY.get(region)
    if national_only is not None and national_only.fullmatch(digits):
        return digits
    if digits.startswith("00") and len(digits) > 8:
        digits = "+" + digits[2:]
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number):
        return digits
    if not digits.startswith("+") and not phonenumbers.is_valid_number(number):
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dial_string(number: str, region: str = "CN") -> str:
    """Return how ``number`` (canonical) is dialled into a trunk of ``region``: national form at home, 00 abroad."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number, None)
    if parsed.country_code is not None and phonenumbers.region_code_for_country_code(parsed.country_code) == region:
        national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        return re.sub(r"\D", "", national)
    return "00" + number[1:]


def mask_number(number: str) -> str:
    """Return the number with its middle hidden: 138****5678, 057*****6666. Short numbers (service numbers) stay."""
    national = _as_dialled_in_china(number)
    if len(national) < 8:
        return national
    keep = 3
    return f"{national[:keep]}{'*' * (len(national) - keep - 4)}{national[-4:]}"


def mask_numbers_in(text: str, region: str = "CN") -> str:
    """Return words with the telephone numbers in them masked: what the plan of ``region`` or the world knows as one.

    An order number stays, unless its digits are a telephone number's.
    """
    if len(_DIGIT.findall(text)) < _FEWEST_IN_WORDS:
        return text
    pieces, told = [], 0
    for found in phonenumbers.PhoneNumberMatcher(text, region):
        number = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        pieces += [text[told : found.start], mask_number(number)]
        told = found.end
    return "".join((*pieces, text[told:]))


def _as_dialled_in_china(number: str) -> str:
    """Return a mobile number without the country's code, a landline with a 0 in its place; others as they are."""
    if not number.startswith("+86"):
        return number
    rest = number.removeprefix("+86")
    return rest if re.fullmatch(r"1\d{10}", rest) else f"0{rest}"
