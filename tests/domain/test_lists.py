"""Which lists count when, and whom they keep from being called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zhiyin.domain.dialing.lists import ListCode, Listing, lists_at, why_not_called

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends_in_s", "counts"), [(None, True), (1, True), (0, False), (-1, False)], ids=["no end", "later", "now", "over"]
)
def test_an_entry_counts_until_its_end(ends_in_s: int | None, counts: bool) -> None:
    until = None if ends_in_s is None else NINE + timedelta(seconds=ends_in_s)
    assert (ListCode.BLOCK in lists_at([Listing(ListCode.BLOCK, until)], NINE)) is counts


@pytest.mark.parametrize(
    ("lists", "why"),
    [
        ((), None),
        ((ListCode.VIP,), None),
        ((ListCode.BLOCK,), ListCode.BLOCK),
        ((ListCode.BLOCK, ListCode.DO_NOT_CALL, ListCode.VIP), ListCode.DO_NOT_CALL),
    ],
    ids=["none", "vip", "blocked", "the customer's own wish is named first"],
)
def test_who_is_blocked_or_wishes_it_is_not_called(lists: tuple[ListCode, ...], why: ListCode | None) -> None:
    assert why_not_called(frozenset(lists)) == why
