"""Who may be one customer: the score is the same both ways, more signs never lower it, and reasons say why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.customers.duplicates import THRESHOLD, Profile, Reason, compare, is_candidate

LI = Profile("李雷", frozenset({"lilei"}), numbers=frozenset({"+8613800138001"}), emails=frozenset({"li@x.cn"}))

texts = st.sampled_from(["", "李雷", "李磊", "王伟", "Acme", "acme "])
profiles = st.builds(
    Profile,
    name=texts,
    readings=st.frozensets(st.sampled_from(["lilei", "lilai", "wangwei", "acme"]), max_size=2),
    kind=st.sampled_from(["person", "company"]),
    company=texts,
    numbers=st.frozensets(st.sampled_from(["1", "2", "3"]), max_size=2),
    emails=st.frozensets(st.sampled_from(["a", "b"]), max_size=2),
    address=texts,
    gender=st.sampled_from(["", "female", "male"]),
    birthday=st.none() | st.tuples(st.none() | st.integers(1990, 1991), st.integers(1, 2), st.integers(1, 2)),
)


@given(profiles, profiles)
def test_the_order_of_the_two_does_not_matter(one: Profile, other: Profile) -> None:
    assert compare(one, other) == compare(other, one)
    assert 0 <= compare(one, other).score <= 100


@given(profiles, profiles)
def test_another_shared_number_never_makes_a_pair_less_likely(one: Profile, other: Profile) -> None:
    shared = frozenset({"9"})
    more = compare(replace(one, numbers=one.numbers | shared), replace(other, numbers=other.numbers | shared))
    assert more.score >= compare(one, other).score


@given(profiles, profiles, st.integers(0, 100), st.integers(0, 100))
def test_a_higher_threshold_shows_no_pair_more(one: Profile, other: Profile, low: int, high: int) -> None:
    low, high = sorted((low, high))
    likeness = compare(one, other)
    assert is_candidate(likeness, threshold=low) or not is_candidate(likeness, threshold=high)


@pytest.mark.parametrize(
    ("other", "is_shown", "reasons"),
    [
        (replace(LI, emails=frozenset()), True, (Reason.NUMBER, Reason.NAME)),
        (replace(LI, name="李磊", emails=frozenset()), True, (Reason.NUMBER, Reason.NEAR_NAME)),
        (Profile("韩梅梅", frozenset({"hanmeimei"}), numbers=LI.numbers), True, (Reason.NUMBER,)),
        (Profile("李雷", LI.readings), False, (Reason.NAME,)),
        (Profile("李雷", LI.readings, company="云帆", birthday=(None, 5, 20)), False, (Reason.NAME,)),
        (Profile("王伟", frozenset({"wangwei"})), False, ()),
    ],
    ids=["number and name", "number and sound", "number", "name", "name, nothing to compare", "nothing"],
)
def test_what_is_shown_and_why(other: Profile, is_shown: bool, reasons: tuple[Reason, ...]) -> None:
    likeness = compare(LI, other)
    assert (is_candidate(likeness), likeness.reasons) == (is_shown, reasons)


def test_the_same_name_in_the_same_company_is_shown() -> None:
    one = Profile("李雷", LI.readings, company="云帆科技")
    assert compare(one, replace(one, company=" 云帆科技")).score >= THRESHOLD


def test_another_birthday_or_gender_makes_father_and_son_of_one_number_two() -> None:
    father = Profile("李雷", LI.readings, numbers=LI.numbers, birthday=(1960, 5, 20), gender="male")
    son = Profile("李磊", LI.readings, numbers=LI.numbers, birthday=(1990, 1, 2), gender="male")
    assert not is_candidate(compare(father, son))
    assert is_candidate(compare(father, replace(son, birthday=(None, 5, 20))))


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("lilei", "lilei", True),
        ("zhangwei", "zhanwei", True),
        ("zhangwei", "zhangmei", True),
        ("lili", "lila", False),
        ("zhangwei", "wangmei", False),
        ("", "", False),
    ],
)
def test_names_one_letter_apart_sound_alike_where_they_are_long_enough(one: str, other: str, is_near: bool) -> None:
    likeness = compare(Profile("甲", frozenset({one})), Profile("乙", frozenset({other})))
    assert (likeness.reasons == (Reason.NEAR_NAME,)) == is_near
