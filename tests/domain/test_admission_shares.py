"""What may enter is shared out: a flood by one way takes nothing from the others, VIP numbers have a reserve."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.admission_shares import (
    FORGET_AFTER_LOOKS,
    OTHERS,
    RESERVED,
    Shares,
    divide,
    share_out,
    vip_key,
)

WANTS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e"]), st.floats(0, 50) | st.just(float("inf")), min_size=1
)


@given(st.floats(0, 100), WANTS)
def test_nobody_gets_more_than_it_wants_nor_more_than_another_who_wants_more(
    tokens: float, wants: dict[str, float]
) -> None:
    given_out = divide(tokens, wants)
    assert sum(given_out.values()) == pytest.approx(min(tokens, sum(wants.values())))
    for name, part in given_out.items():
        assert 0 <= part <= wants[name]
        if part < wants[name] - 1e-9:
            assert all(other <= part + 1e-9 for other in given_out.values())


@dataclass
class Door:
    """A dialplan that counts down, and an engine that fills up four times a second."""

    shares: Shares
    entered: dict[str, int] = field(default_factory=dict)

    def look(self, demand: dict[str, int], *, tokens: float, vips: int = 0) -> dict[str, int]:
        told, reserve = self.shares.told(), min(vips, self.shares.told_reserve)
        came = {way: min(callers, told.get(way, 0)) for way, callers in demand.items()}
        self.shares = share_out(self.shares, came, tokens=tokens, by_reserve=reserve)
        for way, count in came.items():
            self.entered[way] = self.entered.get(way, 0) + count
        return {**came, "vip": reserve}


@given(st.floats(1, 40), st.integers(0, 3))
def test_one_trunks_flood_takes_nothing_from_a_quiet_one(tokens: float, calls: int) -> None:
    """A trunk that wants less than its half gets all that it wants, once its share is known."""
    quiet = min(calls, int(tokens / 3))
    door = Door(Shares.of(["trunk-1", "trunk-2"]))
    for _ in range(8):
        door.look({"trunk-1": 1000, "trunk-2": quiet}, tokens=tokens)
    door.entered.clear()
    for _ in range(40):
        door.look({"trunk-1": 1000, "trunk-2": quiet}, tokens=tokens)
    assert door.entered["trunk-2"] == 40 * quiet
    assert door.entered["trunk-1"] >= 40 * (tokens * RESERVED - quiet) - 8
    assert sum(door.entered.values()) <= 40 * tokens + 8


@given(st.floats(1, 40))
def test_two_floods_get_the_same(tokens: float) -> None:
    door = Door(Shares.of(["trunk-1", "trunk-2"]))
    for _ in range(80):
        door.look({"trunk-1": 1000, "trunk-2": 1000, OTHERS: 0}, tokens=tokens)
    first, second = door.entered["trunk-1"], door.entered["trunk-2"]
    assert abs(first - second) <= 2
    assert first + second >= 0.8 * 80 * tokens - 8


@given(st.floats(1, 40))
def test_what_is_not_wanted_is_not_lost(tokens: float) -> None:
    """One trunk's flood alone gets nearly everything: the others' few places are filled once and stay."""
    door = Door(Shares.of(["trunk-1"]))
    for _ in range(80):
        door.look({"trunk-1": 1000}, tokens=tokens)
    assert door.entered["trunk-1"] >= 80 * tokens - 4 * tokens - 8


@given(st.floats(2, 40))
def test_vip_numbers_enter_in_any_flood(tokens: float) -> None:
    door = Door(Shares.of(["trunk-1"]))
    door.look({"trunk-1": 1000}, tokens=tokens)
    assert all(door.look({"trunk-1": 1000}, tokens=tokens, vips=1)["vip"] == 1 for _ in range(40))
    flooded = [door.look({"trunk-1": 1000}, tokens=tokens, vips=1000)["vip"] for _ in range(40)]
    assert sum(flooded) <= 40 * RESERVED * tokens + 3, "the others keep at least half"


def test_a_way_by_which_nobody_comes_is_forgotten() -> None:
    shares = Shares.of(["trunk-1"])
    for _ in range(FORGET_AFTER_LOOKS):
        shares = share_out(shares, {}, tokens=4)
    assert set(shares.ways) == {OTHERS}
    assert set(shares.with_way("trunk-1").ways) == {OTHERS, "trunk-1"}


def test_a_number_is_known_however_it_is_dialled() -> None:
    assert {vip_key(dialled) for dialled in ("4008001234", "+864008001234", "0864008001234")} == {"08001234"}
    assert vip_key("95588") == "95588"
