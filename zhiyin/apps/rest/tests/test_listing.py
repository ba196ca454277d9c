"""CSV cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from zhiyin.apps.rest.cells import csv_cell

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+8613812345678", "'+8613812345678"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("张三", "张三"),
        (-3, -3),
        (True, 1),
        (None, ""),
        (1.5, 1.5),
        (["1", "2"], "1 2"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 16, 30, tzinfo=UTC), "2026-03-03 00:30:00"),
    ],
)
def test_a_cell_is_readable_and_harmless(value: object, cell: object) -> None:
    assert csv_cell(value, SHANGHAI) == cell
