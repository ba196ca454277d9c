"""Reminders of booked callbacks: their words in both languages, and texts that cannot stand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from zhiyin.domain.booking_reminders import TOKEN, ReminderRule, problem_of, words_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = ReminderRule(
    4,
    2,
    "{{company}}{{queue}}：{{day}} {{time}}给您回电。{{link}}",
    "{{company}} calls on {{day}} at {{time}}: {{link}}",
    subject_en="A call from {{company}}",
    page="https://cc.example.com/",
)


def test_a_reminder_tells_day_and_time_on_the_queues_clock_in_both_languages() -> None:
    at = datetime(2026, 11, 24, 1, tzinfo=UTC)
    company = ("知音", "demo")
    subject, text = words_of(RULE, at, SHANGHAI, language="zh", company=company, queue="售后")
    link = f"https://cc.example.com/call-us/demo/booking/{TOKEN}"
    assert (subject, text) == ("", f"知音售后：11月24日（星期二） 09:00给您回电。{link}")
    subject, text = words_of(RULE, at, UTC, language="en", company=company, queue="After-sales")
    assert subject == "A call from 知音"
    assert text == f"知音 calls on Tuesday, 24 November at 01:00: {link}"


@pytest.mark.parametrize(
    ("text", "page", "problem"),
    [
        ("{{day}} {{time}} {{link}}", "https://a.example", None),
        ("see you", "", None),
        ("{{link}}", "", "page_missing"),
        ("{{number}}", "https://a.example", "bad_place"),
        ("{{day", "https://a.example", "bad_place"),
        (TOKEN, "https://a.example", "bad_place"),
    ],
)
def test_what_a_text_may_name(text: str, page: str, problem: str | None) -> None:
    assert problem_of(text, page=page) == problem
