"""Reading a changing list by instants: whatever changes between two pages, every change is read in the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.apps.integrations.connectors.cursors import FORMAT, ChangeCursor

PAGE_SIZE = 3
_BEGIN = datetime(2026, 3, 1)  # noqa: DTZ001 - as the format, without a zone


def instant(second: int) -> str:
    return (_BEGIN + timedelta(seconds=second)).strftime(FORMAT)


class ChangingList:
    """Rows that are there once written, in the order of their instants."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.read: dict[str, str] = {}
        self.times_read = 0

    def page(self, cursor: ChangeCursor) -> list[tuple[str, str]]:
        rows = sorted(self.rows.items(), key=lambda row: (row[1], row[0]))
        return [row for row in rows if row[1] >= cursor.since][cursor.offset :][:PAGE_SIZE]

    def step(self, cursor: ChangeCursor) -> tuple[ChangeCursor, bool]:
        rows = self.page(cursor)
        for row_id, changed_at in rows:
            if cursor.is_new(row_id, changed_at):
                self.read[row_id] = changed_at
                self.times_read += 1
        return cursor.after(rows, page_size=PAGE_SIZE)

    def read_all(self, cursor: ChangeCursor) -> ChangeCursor:
        is_more, pages = True, 0
        while is_more:
            cursor, is_more = self.step(ChangeCursor.read(cursor.stored()))
            pages += 1
            assert pages < 200, "it stands still"
        return cursor


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 4))
        | st.none(),  # a row changes, so many seconds on; or a page is read
        max_size=40,
    )
)
def test_every_change_is_read_in_the_end(steps: list[tuple[int, int] | None]) -> None:
    changing, cursor, second = ChangingList(), ChangeCursor(), 0
    for step in steps:
        if step is None:
            cursor, _ = changing.step(cursor)
            continue
        row, later_s = step
        second += later_s
        changing.rows[f"r{row}"] = instant(second)
    changing.read_all(changing.read_all(cursor))
    assert changing.read == changing.rows


def test_what_was_read_is_not_read_again() -> None:
    changing = ChangingList()
    changing.rows = {f"r{n}": instant(n) for n in range(8)}
    cursor = changing.read_all(ChangeCursor())
    cursor = changing.read_all(cursor)
    assert changing.times_read == 8
    changing.rows["r2"] = instant(100)
    changing.read_all(cursor)
    assert changing.times_read == 9


def test_a_change_that_is_written_late_with_an_earlier_instant_is_read() -> None:
    changing = ChangingList()
    changing.rows = {f"r{n}": instant(n + 100) for n in range(8)}
    cursor = changing.read_all(ChangeCursor())
    changing.rows["late"] = instant(60)
    changing.read_all(cursor)
    assert changing.read["late"] == instant(60)
