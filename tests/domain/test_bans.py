"""Who is banned, when, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.security.bans import MAX_SUSPECTS, BanBook, BanRule, Offence, Suspect

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RULE = BanRule(attempts=10, within_s=60, ban_s=600, longest_s=86_400)
ATTACKER = Suspect("192.0.2.66")


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def test_the_tenth_attempt_within_a_minute_is_one_too_many() -> None:
    book = BanBook(RULE)
    told = [book.note(ATTACKER.address, None, now=after(number)) for number in range(10)]
    assert told == [[]] * 9 + [[ATTACKER]]


def test_a_mistyped_secret_tried_every_half_minute_is_no_attack() -> None:
    book = BanBook(RULE)
    assert not any(book.note("192.0.2.7", "desk-1", now=after(30 * number)) for number in range(200))


@given(gaps_s=st.lists(st.floats(min_value=0, max_value=120), min_size=1, max_size=60))
def test_told_exactly_when_ten_lie_within_the_window(gaps_s: list[float]) -> None:
    book, at_s, since_told = BanBook(RULE), 0.0, []
    for gap_s in gaps_s:
        at_s += gap_s
        since_told.append(at_s)
        is_told = bool(book.note(ATTACKER.address, None, now=after(at_s)))
        last_ten = since_told[-10:]
        within = after(last_ten[-1]) - after(last_ten[0]) <= timedelta(seconds=60)
        assert is_told is (len(last_ten) == 10 and within)
        if is_told:
            since_told = []


def test_each_ban_is_twice_as_long_up_to_a_day() -> None:
    book, now, lengths = BanBook(RULE), NINE, []
    for _ in range(12):
        ban = book.ban(ATTACKER, Offence.UNKNOWN_ACCOUNT, now=now)
        assert ban is not None
        lengths.append(round((ban.ends_at - ban.began_at).total_seconds()))
        now = ban.ends_at
        assert book.expire(now=now) == [ban]
    assert lengths[:4] == [600, 1200, 2400, 4800]
    assert lengths[-1] == 86_400


def test_a_lifted_ban_is_forgiven() -> None:
    book = BanBook(RULE)
    book.ban(ATTACKER, Offence.WRONG_PASSWORD, now=NINE)
    assert book.ban(ATTACKER, Offence.WRONG_PASSWORD, now=NINE) is None
    assert book.lift(ATTACKER.id) is not None
    assert book.lift(ATTACKER.id) is None
    again = book.ban(ATTACKER, Offence.WRONG_PASSWORD, now=after(1))
    assert again is not None
    assert again.times == 1


def test_an_attack_from_everywhere_does_not_fill_the_memory() -> None:
    book = BanBook(RULE)
    for number in range(MAX_SUSPECTS + 1000):
        book.note(f"2001:db8::{number:x}", None, now=NINE)
    assert len(book._attempts) <= MAX_SUSPECTS
