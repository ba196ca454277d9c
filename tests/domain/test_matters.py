"""What is open and what is solved, from what contacts said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.matters import Report, fold_matters

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REPAIR, INVOICE = 1, 2


def report(contact: str, about: int | None, *, solved: bool, hour: int) -> Report:
    return Report(contact, about, solved, NINE + timedelta(hours=hour))


def test_a_later_contact_solves_what_an_earlier_one_left_open() -> None:
    (matter,) = fold_matters([report("b", REPAIR, solved=True, hour=2), report("a", REPAIR, solved=False, hour=1)])
    assert (matter.contact, matter.is_open, matter.contacts) == ("b", False, 2)
    assert (matter.opened_at, matter.at) == (NINE + timedelta(hours=1), NINE + timedelta(hours=2))


def test_what_is_solved_and_comes_up_again_is_another_matter() -> None:
    again, before = fold_matters([report("a", REPAIR, solved=True, hour=1), report("b", REPAIR, solved=False, hour=2)])
    assert (again.contact, again.is_open, before.contact, before.is_open) == ("b", True, "a", False)


def test_another_subject_solves_nothing() -> None:
    invoice, repair = fold_matters(
        [report("a", REPAIR, solved=False, hour=1), report("b", INVOICE, solved=True, hour=2)]
    )
    assert (invoice.is_open, repair.is_open) == (False, True)


def test_reports_without_a_subject_stand_alone() -> None:
    assert len(fold_matters([report("a", None, solved=False, hour=1), report("b", None, solved=True, hour=2)])) == 2


reports = st.lists(
    st.builds(
        report,
        st.text("abcdef", min_size=1, max_size=3),
        st.sampled_from([None, REPAIR, INVOICE]),
        solved=st.booleans(),
        hour=st.integers(0, 50),
    ),
    max_size=20,
)


@given(reports)
def test_every_report_is_counted_once_and_a_subject_is_open_once_at_most(given_reports: list[Report]) -> None:
    matters = fold_matters(given_reports)
    assert sum(matter.contacts for matter in matters) == len(given_reports)
    open_subjects = [matter.about for matter in matters if matter.is_open and matter.about is not None]
    assert len(open_subjects) == len(set(open_subjects))
    assert [matter.at for matter in matters] == sorted((matter.at for matter in matters), reverse=True)
