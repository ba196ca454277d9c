"""预约回呼: the caller chooses by keys a day, a part of it and an hour, in which an agent of a queue calls back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from zhiyin.domain.booking_slots import CLOSED, DAYS, FULL, NO_NUMBER, TOO_MANY, FreeTimes
from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.menu import NO_KEY_PROMPT, SILENCE, WRONG_KEY_PROMPT
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
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
from zhiyin.domain.replacing import replace
from zhiyin.domain.spoken_values import speak_day, speak_time

#: What is asked, in the node's memory; ``offered`` holds what the keys mean. Each name is longer than those before it.
_DAY, _PART, _HOUR, _SURE = "d", "dp", "dph", "dphs"
_BYE = "bye "
_MORE, _REPEAT, _BACK, _YES = "8", "9", "*", "1"
#: So many are offered by keys at a time.
_AT_ONCE = 7

_INTROS = {_DAY: "booking_days", _PART: "booking_parts", _HOUR: "booking_hours"}
#: The parts of a day, and the hour at which the next one begins.
_PARTS = (("booking_morning", 12), ("booking_afternoon", 18), ("booking_evening", 24))
_PRESS, _MORE_WORDS, _AGAIN_WORDS = "booking_press", "booking_more", "booking_again"
_LEAVE_WORDS, _BACK_WORDS = "booking_leave", "booking_back"
_SURE_WORDS, _SURE_KEYS = "booking_confirm", "booking_confirm_keys"
_AGREED, _GOODBYE, _TAKEN = "booking_agreed", "booking_goodbye", "booking_taken"
#: What is said where there is no time to choose, and the exit that follows.
_REFUSALS = {
    CLOSED: ("booking_closed", "full"),
    FULL: ("booking_full", "full"),
    NO_NUMBER: ("callback_bad_number", "no_number"),
    TOO_MANY: ("booking_too_many", "too_many"),
}

FIELDS = (
    PanelField("queue", FieldKind.QUEUE, ("技能组", "Queue")),
    PanelField(
        "number",
        FieldKind.TEMPLATE,
        ("回电号码", "Number to call"),
        ("例如 {{号码}}；留空回拨来电号码", "Such as {{number}}; empty: the caller's own"),
        is_required=False,
        most=60,
    ),
    PanelField(
        "days",
        FieldKind.NUMBER,
        ("可约天数", "Days ahead"),
        ("从今天算起", "Today is the first"),
        least=1,
        most=DAYS,
        default=7,
    ),
    SILENCE,
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=3),
)


@dataclass(frozen=True, slots=True)
class BookingNode:
    """Ends here where a time was chosen. Leaves by "no_number" where the number is not called, "too_many" where it has
    its bookings already, "full" where no time is free, "none" where the caller chose nothing."""

    queue: int
    number: str = ""
    days: int = 7
    timeout_s: int = 6
    tries: int = 3
    exits: tuple[str, ...] = ("no_number", "too_many", "full", "none")

    @property
    def prompts(self) -> tuple[str, ...]:
        parts = tuple(name for name, _ in _PARTS)
        refusals = tuple(words for words, _ in _REFUSALS.values())
        said = (_PRESS, _MORE_WORDS, _AGAIN_WORDS, _LEAVE_WORDS, _BACK_WORDS, _SURE_WORDS, _SURE_KEYS)
        return (*_INTROS.values(), *parts, *refusals, *said, _AGREED, _GOODBYE, _TAKEN, WRONG_KEY_PROMPT, NO_KEY_PROMPT)

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.number)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Said() | Key() | TimedOut() if memory.typed.startswith(_BYE):
                return memory, Leave(memory.typed.removeprefix(_BYE))
            case LineLeft(exit=problem) if problem in _REFUSALS:
                return _refuse(memory, problem)
            case Said():
                return memory, Wait(self.timeout_s)
            case Entered() | LineLeft() | Key() | TimedOut():
                return self._go_on(memory, event, self._now(context))
            case _:
                return memory, None

    def _go_on(self, memory: Memory, event: FlowInput, now: _Now) -> tuple[Memory, Answer]:
        if now.free.problem:
            return _refuse(memory, now.free.problem)
        match event:
            case Key(key):
                return self._pressed(memory, key, now)
            case TimedOut():
                return self._again(memory, NO_KEY_PROMPT, now)
            case _:
                return _ask_day(memory, now, *((_TAKEN,) if isinstance(event, LineLeft) else ()))

    def _now(self, context: Context) -> _Now:
        number = fill(self.number, context.values).strip()
        if self.number and not number:
            return _Now(FreeTimes(NO_NUMBER), number, context.language)
        free = context.free_times(self.queue, number)
        days = tuple((day, slots) for day, slots in free.days if (day - free.today).days < self.days)
        free = replace(free, days=days, problem=free.problem or ("" if days else FULL))
        return _Now(free, number, context.language)

    def _pressed(self, memory: Memory, key: str, now: _Now) -> tuple[Memory, Answer]:
        step, page = _where(memory)
        if key == _BACK:
            return (memory, Leave("none")) if step == _DAY else _ask_day(memory, now)
        if key == _REPEAT:
            return memory, Say(_words(memory, now))
        if step == _SURE:
            return self._sure(memory, now) if key == _YES else self._again(memory, WRONG_KEY_PROMPT, now)
        if key == _MORE and len(memory.offered) > _AT_ONCE:
            memory = replace(memory, typed=f"{step}{(page + 1) % _pages(memory)}")
            return memory, Say(_words(memory, now))
        shown = _page(memory)
        if not key.isdecimal() or not 1 <= int(key) <= len(shown):
            return self._again(memory, WRONG_KEY_PROMPT, now)
        return _chosen(memory, step, shown[int(key) - 1], now)

    def _sure(self, memory: Memory, now: _Now) -> tuple[Memory, Answer]:
        begins_at = memory.offered[0]
        said = (_AGREED, *_spoken_time(begins_at, now), _GOODBYE)
        return memory, AgreeBooking(self.queue, datetime.fromisoformat(begins_at), said, now.number)

    def _again(self, memory: Memory, prompt: str, now: _Now) -> tuple[Memory, Answer]:
        tries = memory.tries + 1
        if tries >= self.tries:
            return memory, Leave("none")
        memory = replace(memory, tries=tries)
        return memory, Say((prompt, *_words(memory, now)))


@dataclass(frozen=True, slots=True)
class _Now:
    """What one step goes by: the times that are free at this instant, the number to call, what the contact hears."""

    free: FreeTimes
    number: str
    language: str


def _ask_day(memory: Memory, now: _Now, *before: str) -> tuple[Memory, Answer]:
    return _ask(memory, _DAY, [day.isoformat() for day, _ in now.free.days], now, *before)


def _chosen(memory: Memory, step: str, choice: str, now: _Now) -> tuple[Memory, Answer]:
    if step == _HOUR:
        return _ask(memory, _SURE, [choice], now)
    day, _, part = choice.partition(" ")
    return _ask_hour(memory, date.fromisoformat(day), part, now)


def _ask_hour(memory: Memory, day: date, part: str, now: _Now) -> tuple[Memory, Answer]:
    """Ask for an hour of the day; where there are more of them than keys, and in several parts of it, for the part."""
    slots = next((slots for each, slots in now.free.days if each == day), ())
    parts = sorted({_part_of(at, now) for at in slots})
    if not part and len(slots) > _AT_ONCE and len(parts) > 1:
        return _ask(memory, _PART, [f"{day.isoformat()} {number}" for number in parts], now)
    hours = [at.isoformat() for at in slots if not part or str(_part_of(at, now)) == part]
    if not hours:  # somebody took the last of them meanwhile
        return _ask_day(memory, now, _TAKEN)
    return _ask(memory, _HOUR, hours, now)


def _ask(memory: Memory, step: str, offered: list[str], now: _Now, *before: str) -> tuple[Memory, Answer]:
    memory = replace(memory, typed=f"{step}0", offered=tuple(offered))
    return memory, Say((*before, *_words(memory, now)))


def _words(memory: Memory, now: _Now) -> tuple[str, ...]:
    """Return the question as the memory has it."""
    step, _ = _where(memory)
    if step == _SURE:
        return (_SURE_WORDS, *_spoken_time(memory.offered[0], now), _SURE_KEYS)
    said = [_INTROS[step]]
    for key, choice in enumerate(_page(memory), start=1):
        said += [*_spoken(step, choice, now), _PRESS, f"digit_{key}"]
    if len(memory.offered) > _AT_ONCE:
        said.append(_MORE_WORDS)
    return (*said, _AGAIN_WORDS, _LEAVE_WORDS if step == _DAY else _BACK_WORDS)


def _spoken(step: str, choice: str, now: _Now) -> tuple[str, ...]:
    if step == _DAY:
        return speak_day(date.fromisoformat(choice), now.free.today, now.language)
    if step == _PART:
        return (_PARTS[int(choice.split(" ")[1])][0],)
    local = datetime.fromisoformat(choice).astimezone(now.free.zone)
    return speak_time(f"{local:%H:%M}", now.language)


def _spoken_time(begins_at: str, now: _Now) -> tuple[str, ...]:
    day = datetime.fromisoformat(begins_at).astimezone(now.free.zone).date()
    return (*_spoken(_DAY, day.isoformat(), now), *_spoken(_HOUR, begins_at, now))


def _refuse(memory: Memory, problem: str) -> tuple[Memory, Answer]:
    words, exit_ = _REFUSALS[problem]
    return replace(memory, typed=_BYE + exit_, offered=()), Say((words,))


def _where(memory: Memory) -> tuple[str, int]:
    """Return what is asked, and which page of the choices was said."""
    step = memory.typed.rstrip("0123456789")
    return step, int(memory.typed[len(step) :] or 0)


def _pages(memory: Memory) -> int:
    return -(-len(memory.offered) // _AT_ONCE)


def _page(memory: Memory) -> tuple[str, ...]:
    begin = _where(memory)[1] * _AT_ONCE
    return memory.offered[begin : begin + _AT_ONCE]


def _part_of(at: datetime, now: _Now) -> int:
    hour = at.astimezone(now.free.zone).hour
    return next(number for number, (_, until) in enumerate(_PARTS) if hour < until)


KIND = NodeKind(
    "booking",
    ("预约回呼", "Book a callback"),
    BookingNode.read,
    FIELDS,
    exits={
        "no_number": ("没有可回呼的号码", "No number to call back"),
        "too_many": ("该号码已有预约", "The number has its bookings"),
        "full": ("没有可约的时间", "No time is free"),
        "none": ("没有预约", "Nothing booked"),
    },
    is_pause=True,
    is_open=True,
    uses_key=lambda _node, key: key != "#",
    is_end=True,
    is_person=True,
)
