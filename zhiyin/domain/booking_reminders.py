"""Reminders of booked callbacks (预约提醒): when one is due, and with which words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from zhiyin.domain.flows.filling import fill, is_well_formed, names_in

#: What stands for the node of the flow where a message is ordered that no flow orders.
REMINDER = "reminder"
#: What a text may name.
PLACES = frozenset({"day", "time", "company", "queue", "link"})
#: Where the booking's secret comes into its link: known to who sends, not to who orders.
TOKEN = "{{token}}"  # noqa: S105 - a place for one
_WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """By which service, how long before, and in which words. ``page``: the address under which customers reach us."""

    service: int
    hours_before: int
    text_zh: str
    text_en: str
    subject_zh: str = ""
    subject_en: str = ""
    page: str = ""

    def due_at(self, begins_at: datetime) -> datetime:
        return begins_at - timedelta(hours=self.hours_before)


def problem_of(text: str, *, page: str) -> str | None:
    """Return why a text cannot stand: "bad_place" names what there is not, "page_missing" a link that leads nowhere."""
    if not is_well_formed(text) or not names_in(text) <= PLACES:
        return "bad_place"
    return "page_missing" if "link" in names_in(text) and not page else None


def words_of(
    rule: ReminderRule, begins_at: datetime, zone: tzinfo, *, language: str, company: tuple[str, str], queue: str
) -> tuple[str, str]:
    """Return subject and text. ``company``: its name and its code; ``zone``: on whose clock the time is told."""
    local = begins_at.astimezone(zone)
    values: Mapping[str, str] = {
        "day": say_day(local, language),
        "time": f"{local:%H:%M}",
        "company": company[0],
        "queue": queue,
        "link": f"{rule.page.rstrip('/')}/call-us/{company[1]}/booking/{TOKEN}",
    }
    is_chinese = language == "zh"
    subject, text = (rule.subject_zh, rule.text_zh) if is_chinese else (rule.subject_en, rule.text_en)
    return fill(subject, values), fill(text, values)


def say_day(local: datetime, language: str) -> str:
    if language == "zh":
        return f"{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）"
    return f"{_ENGLISH_DAYS[local.weekday()]}, {local.day} {_ENGLISH_MONTHS[local.month - 1]}"
