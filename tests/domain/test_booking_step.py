"""The flow step that books a callback: what it says, what its keys mean, and that it promises only what is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.config.prompts.texts import standard_texts
from zhiyin.domain.booking_slots import CLOSED, DAYTIME, FULL, NO_NUMBER, TOO_MANY, FreeTimes, free_times, opens_by
from zhiyin.domain.business_hours import Hours
from zhiyin.domain.flows.nodes.booking import BookingNode
from zhiyin.domain.flows.steps import (
    AgreeBooking,
    Answer,
    Context,
    Entered,
    FlowInput,
    Key,
    Leave,
    LineLeft,
    Memory,
    Said,
    Say,
    TimedOut,
    Wait,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXTS = standard_texts()
#: A Sunday evening: today is over.
NOW = datetime(2026, 11, 22, 19, 30, tzinfo=SHANGHAI)
MORNINGS = Hours(tuple((("09:00", "11:00"),) for _ in range(7)))


class Caller:
    """Somebody at the step. ``heard`` is what was said last, in words."""

    def __init__(self, hours: Hours = DAYTIME, *, language: str = "zh", **config: Any) -> None:
        self.node = BookingNode.read({"queue": 1, **config})
        self.language = language
        self.hours = hours
        self.taken: list[datetime] = []
        self.problem = ""
        self.memory = Memory("book")
        self.answer: Answer | None = None
        self.tell(Entered())

    def tell(self, event: FlowInput) -> Answer | None:
        context = Context(is_open=lambda _: True, language=self.language, free_times=self.times, values={"n": ""})
        self.memory, self.answer = self.node.step(self.memory, event, context)
        return self.answer

    def times(self, _queue: int, _number: str) -> FreeTimes:
        if self.problem:
            return FreeTimes(self.problem)
        opens = opens_by(self.hours, SHANGHAI)
        return free_times(opens, SHANGHAI, NOW, taken=sorted(self.taken), per_hour=1)

    def press(self, keys: str) -> Answer | None:
        for key in keys:
            self.tell(Key(key))
        return self.answer

    @property
    def heard(self) -> str:
        assert isinstance(self.answer, Say), self.answer
        words = [TEXTS[prompt][self.language] for prompt in self.answer.prompts]
        return "".join(words) if self.language == "zh" else " ".join(words)


def test_a_day_a_part_of_it_and_an_hour_are_chosen_by_keys_and_read_back_in_chinese() -> None:
    caller = Caller()
    assert caller.heard.startswith("请选择给您回电的日期。明天请按一十一月二十四日星期二请按二")
    assert caller.heard.endswith("重听请按九。不预约请按星号键。")
    assert caller.tell(Said()) == Wait(6)
    caller.press("2")
    assert caller.heard.startswith("请选择时段。上午请按一下午请按二重听")
    caller.press("2")
    assert "十二点请按一十三点请按二" in caller.heard
    caller.press("2")
    assert caller.heard == "您选择的时间是十一月二十四日星期二十三点确认请按一，重新选择请按星号键。"
    agreed = caller.press("1")
    assert isinstance(agreed, AgreeBooking)
    assert agreed.begins_at == datetime(2026, 11, 24, 13, tzinfo=SHANGHAI)
    assert "".join(TEXTS[one]["zh"] for one in agreed.said).startswith("预约成功，我们给您回电的时间是十一月二十四日")


def test_days_and_times_are_said_in_english() -> None:
    caller = Caller(MORNINGS, language="en")
    assert "tomorrow press one Tuesday November twenty-fourth press two" in caller.heard
    caller.press("2")
    assert "nine a m press one ten a m press two" in caller.heard, "few hours: no part of the day is asked"
    caller.press("1")
    assert "Tuesday November twenty-fourth nine a m To confirm, press one." in caller.heard


def test_more_days_than_keys_stand_on_further_pages_that_turn_round() -> None:
    caller = Caller(MORNINGS, days=14)
    first = caller.heard
    assert "其他选择请按八" in first
    caller.press("8")
    assert "十一月三十日星期一请按一" in caller.heard, "today is over: thirteen days are left"
    assert "请按七" not in caller.heard
    caller.press("8")
    assert caller.heard == first
    caller.press("9")
    assert caller.heard == first


def test_no_day_is_offered_beyond_those_that_the_step_allows() -> None:
    caller = Caller(MORNINGS, days=2)
    assert "请按二" not in caller.heard
    assert "明天请按一" in caller.heard
    nothing = Caller(MORNINGS, days=1)
    assert nothing.heard == "抱歉，目前没有可以预约的时间。"


def test_star_goes_back_to_the_days_and_then_leaves() -> None:
    caller = Caller()
    caller.press("11*")
    assert caller.heard.startswith("请选择给您回电的日期。")
    caller.press("113*")
    assert caller.heard.startswith("请选择给您回电的日期。")
    assert caller.press("*") == Leave("none")


@pytest.mark.parametrize(
    ("problem", "words", "exit_"),
    [
        (CLOSED, "没有可以回电的工作时间", "full"),
        (FULL, "没有可以预约的时间", "full"),
        (NO_NUMBER, "无法回拨这个号码", "no_number"),
        (TOO_MANY, "已经有预约", "too_many"),
    ],
)
def test_why_nothing_can_be_booked_is_said_before_the_flow_goes_on(problem: str, words: str, exit_: str) -> None:
    caller = Caller()
    caller.problem = problem
    caller.tell(Entered())
    assert words in caller.heard
    assert caller.tell(Said()) == Leave(exit_)
    late = Caller()
    late.press("1")
    late.problem = problem
    late.press("1")
    assert words in late.heard
    assert late.tell(Key("5")) == Leave(exit_)


def test_a_number_that_the_flow_does_not_know_is_none() -> None:
    assert "无法回拨这个号码" in Caller(number="{{n}}").heard


def test_keys_mean_what_was_said_also_where_somebody_books_meanwhile() -> None:
    caller = Caller(MORNINGS)
    caller.press("1")
    caller.taken.append(datetime(2026, 11, 23, 9, tzinfo=SHANGHAI))  # key 1
    caller.press("2")
    assert "明天十点" in caller.heard
    agreed = caller.press("1")
    assert isinstance(agreed, AgreeBooking)
    assert agreed.begins_at == datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def test_a_time_that_was_taken_meanwhile_is_told_and_the_days_are_offered_again() -> None:
    caller = Caller(MORNINGS)
    caller.press("111")
    caller.taken += [datetime(2026, 11, 23, hour, tzinfo=SHANGHAI) for hour in (9, 10)]
    caller.tell(LineLeft("taken"))
    assert caller.heard.startswith("抱歉，这个时间刚刚约满。请选择给您回电的日期。十一月二十四日")
    gone = Caller(MORNINGS)
    gone.taken += caller.taken[:1]
    gone.tell(Entered())
    gone.taken += caller.taken[1:]
    gone.press("1")
    assert gone.heard.startswith("抱歉，这个时间刚刚约满。"), "the day's last hour went between question and key"


def test_silence_and_wrong_keys_are_borne_so_often_and_no_more() -> None:
    caller = Caller(tries=3)
    caller.tell(TimedOut())
    assert caller.heard.startswith("没有收到您的按键")
    caller.press("0")
    assert caller.heard.startswith("您的按键有误")
    assert caller.tell(TimedOut()) == Leave("none")


@given(
    st.lists(st.sampled_from("0123456789*#t"), max_size=30),
    st.sets(st.integers(0, 14 * 24), max_size=200),
    st.integers(1, 14),
)
def test_whatever_is_pressed_only_a_free_time_within_the_days_is_promised(
    keys: Sequence[str], taken: set[int], days: int
) -> None:
    caller = Caller(days=days)
    begin = NOW.replace(hour=0, minute=0).astimezone(UTC)
    caller.taken = [begin + timedelta(hours=hour) for hour in taken]
    caller.tell(Entered())
    for key in keys:
        if not isinstance(caller.answer, Say):
            break
        assert all(prompt in TEXTS for prompt in caller.answer.prompts)
        asked = caller.memory.offered
        assert all(one < other for one, other in pairwise(asked)), "in the order of time"
        caller.tell(TimedOut() if key == "t" else Key(key))
    if isinstance(caller.answer, AgreeBooking):
        at = caller.answer.begins_at
        assert caller.times(1, "").has(at)
        assert at.astimezone(SHANGHAI).date() - NOW.date() < timedelta(days=days)
        assert at > NOW
    else:
        assert isinstance(caller.answer, Say | Leave)
