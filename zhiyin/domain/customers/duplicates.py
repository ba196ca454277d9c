"""How likely two customers are one: a score with its reasons. Pure.

Signs are taken as independent: each leaves a part of the doubt. A shared number alone may be a family's or a
switchboard's, so it is worth showing but never enough to be sure; what contradicts makes a pair less likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: pairs from this score on are shown
THRESHOLD = 60


class Reason(StrEnum):
    NUMBER = "number"
    EMAIL = "email"
    NAME = "name"
    NEAR_NAME = "near_name"
    COMPANY = "company"
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    OTHER_BIRTHDAY = "other_birthday"
    OTHER_GENDER = "other_gender"
    OTHER_KIND = "other_kind"


#: how much of the doubt a sign takes away
_SIGNS = {
    Reason.NUMBER: 0.60,
    Reason.EMAIL: 0.65,
    Reason.NAME: 0.45,
    Reason.NEAR_NAME: 0.30,
    Reason.COMPANY: 0.30,
    Reason.ADDRESS: 0.30,
    Reason.BIRTHDAY: 0.40,
}
#: what is left of the likelihood where something contradicts
_CONTRADICTIONS = {Reason.OTHER_BIRTHDAY: 0.5, Reason.OTHER_GENDER: 0.8, Reason.OTHER_KIND: 0.6}


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a customer is compared. ``readings``: the name's whole pinyin, every likely one; "" is unknown."""

    name: str
    readings: frozenset[str] = frozenset()
    kind: str = "person"
    company: str = ""
    numbers: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    address: str = ""
    gender: str = ""
    birthday: tuple[int | None, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """``score`` from 0 to 100, and the signs for and against in a fixed order."""

    score: int
    reasons: tuple[Reason, ...]


def compare(one: Profile, other: Profile) -> Likeness:
    """Return how likely the two are one. The order of the two does not matter."""
    reasons = tuple(reason for reason in Reason if reason in _found(one, other))
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - _SIGNS.get(reason, 0)
    likelihood = 1 - doubt
    for reason in reasons:
        likelihood *= _CONTRADICTIONS.get(reason, 1)
    return Likeness(round(100 * likelihood), reasons)


def is_candidate(likeness: Likeness, *, threshold: int = THRESHOLD) -> bool:
    return likeness.score >= threshold


def _found(one: Profile, other: Profile) -> set[Reason]:
    found = set()
    if one.numbers & other.numbers:
        found.add(Reason.NUMBER)
    if one.emails & other.emails:
        found.add(Reason.EMAIL)
    if _folded(one.name) and _folded(one.name) == _folded(other.name):
        found.add(Reason.NAME)
    elif _sound_alike(one, other):
        found.add(Reason.NEAR_NAME)
    if _is_same(one.company, other.company):
        found.add(Reason.COMPANY)
    if _is_same(one.address, other.address):
        found.add(Reason.ADDRESS)
    if one.birthday and other.birthday:
        found.add(Reason.BIRTHDAY if _fits(one.birthday, other.birthday) else Reason.OTHER_BIRTHDAY)
    if {one.gender, other.gender} == {"female", "male"}:
        found.add(Reason.OTHER_GENDER)
    if one.kind != other.kind:
        found.add(Reason.OTHER_KIND)
    return found


def _folded(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _is_same(one: str, other: str) -> bool:
    return _folded(one) != "" and _folded(one) == _folded(other)


def _sound_alike(one: Profile, other: Profile) -> bool:
    """Same pinyin, or one letter apart where the names are long enough for that to mean something."""
    return any(_is_near(a, b) for a in one.readings for b in other.readings)


def _is_near(one: str, other: str) -> bool:
    if one == other:
        return one != ""
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = short[at + 1 :] if len(short) == len(long) else short[at:]
    return rest == long[at + 1 :]


def _fits(one: tuple[int | None, int, int], other: tuple[int | None, int, int]) -> bool:
    """People tell their birthday without the year."""
    return one[1:] == other[1:] and (one[0] is None or other[0] is None or one[0] == other[0])
