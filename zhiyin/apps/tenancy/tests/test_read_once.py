"""One question reads a thing once; the next question reads it anew."""

from collections.abc import Iterable

from zhiyin.apps.tenancy.read_once import read_once, reading

asked: list[tuple[int, ...]] = []


@read_once
def doubled(*, ids: Iterable[int]) -> dict[int, int]:
    asked.append(tuple(ids))
    return {one: 2 * one for one in asked[-1]}


def test_a_question_reads_once_whichever_kind_of_list_it_is_asked_with() -> None:
    asked.clear()
    with reading():
        assert doubled(ids=[1, 2]) == doubled(ids=(1, 2)) == doubled(ids={1: "a", 2: "b"}) == {1: 2, 2: 4}
        doubled(ids=[3])
    assert asked == [(1, 2), (3,)]


def test_nothing_is_kept_between_questions_or_where_something_may_be_written() -> None:
    asked.clear()
    with reading():
        doubled(ids=[1])
    with reading():
        doubled(ids=[1])
    doubled(ids=[1])
    doubled(ids=[1])
    assert len(asked) == 4
