"""Keys out of which places can be cut: the others stay what they were, and those are made by nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.person_keys import PersonKeys
from zhiyin.domain.security.puncturable_keys import PLACE_BITS, ROOT, PuncturableKeys

SECRET = bytes(range(16))
places = st.integers(0, (1 << PLACE_BITS) - 1)
near_places = places.flatmap(lambda place: st.integers(max(0, place - 3), place)) | st.integers(0, 40)


@given(st.lists(near_places, max_size=12), st.lists(near_places, max_size=12))
def test_only_what_was_cut_out_has_no_key_and_nothing_else_changes(gone: list[int], asked: list[int]) -> None:
    whole, cut = PuncturableKeys({ROOT: SECRET}), PuncturableKeys({ROOT: SECRET})
    for place in gone:
        cut.key_of(place)  # what is remembered of the way is forgotten too
        cut.cut_out(place)
    stored = PuncturableKeys(cut.nodes)
    for place in {*gone, *asked}:
        expected = None if place in gone else whole.key_of(place)
        assert cut.key_of(place) == stored.key_of(place) == expected


@given(near_places)
def test_what_is_left_holds_neither_the_key_nor_any_node_above_it(place: int) -> None:
    keys = PuncturableKeys({ROOT: SECRET})
    leaf = keys.key_of(place)
    keys.cut_out(place)
    assert leaf not in keys.nodes.values()
    assert all(place >> PLACE_BITS - 2 * level != prefix for level, prefix in keys.nodes)


def test_what_hangs_on_several_points_is_gone_with_any_of_them() -> None:
    keys = PersonKeys.fresh()
    before = keys.key_of(["customer:7", "followups_note:1"])
    assert before != keys.key_of(["customer:8", "followups_note:1"])
    copy = PersonKeys.from_bytes(keys.to_bytes())
    assert copy.key_of(["customer:7", "followups_note:1"]) == before
    copy.forget(["followups_note:1"])
    assert copy.key_of(["customer:7", "followups_note:1"]) is None
    assert copy.key_of(["customer:7", "followups_note:2"]) is not None


def test_a_row_that_lives_on_is_sealed_by_its_next_generation() -> None:
    keys = PersonKeys.fresh()
    assert keys.newest("followups_note:1") == "followups_note:1"
    first = keys.key_of([keys.newest("followups_note:1")])
    keys.forget(["followups_note:1"])
    second = keys.key_of([keys.newest("followups_note:1")])
    assert second not in (None, first)
    keys.forget(["followups_note:1"])
    assert keys.key_of([keys.newest("followups_note:1")]) not in (None, first, second)
    assert keys.key_of(["followups_note:1#1"]) is None


def test_an_old_copy_opens_what_was_not_known_when_it_was_made() -> None:
    keys = PersonKeys.fresh()
    copy = PersonKeys.from_bytes(keys.to_bytes())
    keys.forget(["customer:7"])
    assert copy.key_of(["customer:900000"]) == keys.key_of(["customer:900000"])
