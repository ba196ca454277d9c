"""Which prompts tell a caller the place in the line and the wait. Keys of the prompt library."""

from __future__ import annotations

from math import ceil

from zhiyin.domain.spoken_values import SPOKEN_PARTS

PLEASE_WAIT = "please_wait"  # 正在为您转接人工座席，请稍候。
NEXT_IN_LINE = "next_in_line"  # 您是下一位。
POSITION_ONE = "position_one"  # 您前面还有一位客户在等待。
POSITION_BEFORE = "position_before"  # 您前面还有
POSITION_AFTER = "position_after"  # 位客户在等待。
POSITION_MANY = "position_many"  # 您前面还有一百位以上的客户在等待。
WAIT_UNDER_MINUTE = "wait_under_minute"  # 预计一分钟之内为您接通。
WAIT_ONE_MINUTE = "wait_one_minute"  # 预计等待约一分钟。
WAIT_ABOUT = "wait_about"  # 预计等待约
WAIT_TO = "wait_to"  # 到
WAIT_MINUTES = "wait_minutes"  # 分钟。
WAIT_OVER_HOUR = "wait_over_hour"  # 预计等待超过一小时。
#: Numbers are spoken from parts "number_0" to "number_99".
LARGEST_NUMBER = 99
NUMBER_PROMPTS = tuple(f"number_{number}" for number in range(LARGEST_NUMBER + 1))

#: Keys that the engine itself says: every company must have them, in both languages.
SYSTEM_PROMPTS = (
    PLEASE_WAIT,
    NEXT_IN_LINE,
    POSITION_ONE,
    POSITION_BEFORE,
    POSITION_AFTER,
    POSITION_MANY,
    WAIT_UNDER_MINUTE,
    WAIT_ONE_MINUTE,
    WAIT_ABOUT,
    WAIT_TO,
    WAIT_MINUTES,
    WAIT_OVER_HOUR,
    *NUMBER_PROMPTS,
    "all_busy",
    "fault",
    "transfer_failed",
    "wrong_key",
    "no_key",
    "not_understood",
    "nothing_heard",
    "wrong_digits",
    "no_digits",
    *SPOKEN_PARTS,
    "number_busy",
    "number_no_answer",
    "number_refused",
    "number_unknown",
    "trunk_failed",
    "test_call",
    "trial_over",
    "offer_callback",
    "offer_message",
    "callback_confirm",
    "callback_confirm_keys",
    "callback_confirm_yes",
    "callback_repeat_keys",
    "callback_enter",
    "callback_bad_number",
    "callback_agreed",
    *("booking_days", "booking_parts", "booking_hours", "booking_morning", "booking_afternoon", "booking_evening"),
    *("booking_press", "booking_more", "booking_again", "booking_leave", "booking_back", "booking_confirm"),
    *("booking_confirm_keys", "booking_agreed", "booking_goodbye", "booking_taken", "booking_full", "booking_closed"),
    "booking_too_many",
    "message_invite",
    "message_saved",
    "message_empty",
    "mailbox_full",
    "beep",
)


def wait_prompts(before: int | None, *, is_first: bool, wait_s: tuple[float, float] | None = None) -> tuple[str, ...]:
    """Return what a caller with ``before`` others in front hears, who is expected to wait so long.

    ``before`` None: the place is not told. ``wait_s``: the wait's P50 and P90; None: it is not known, or not told.
    """
    opening = (PLEASE_WAIT,) if is_first else ()
    place = () if before is None else place_prompts(before)
    return (*opening, *place, *(() if wait_s is None else minutes_prompts(*wait_s)))


def place_prompts(before: int) -> tuple[str, ...]:
    """Say the place in line."""
    if before <= 0:
        return (NEXT_IN_LINE,)
    if before == 1:
        return (POSITION_ONE,)
    if before > LARGEST_NUMBER:
        return (POSITION_MANY,)
    return (POSITION_BEFORE, f"number_{before}", POSITION_AFTER)


def minutes_prompts(p50_s: float, p90_s: float) -> tuple[str, ...]:
    """Say the wait in minutes, from its middle to its upper bound: the first rounded down, the second up.

    To whole minutes up to ten, then to five, above half an hour to ten: more would only seem exact.
    """
    if p90_s <= 60:
        return (WAIT_UNDER_MINUTE,)
    high = ceil(p90_s / 60)
    high = ceil(high / _step(high)) * _step(high)
    if high > 60:
        return (WAIT_OVER_HOUR,)
    low = max(1, int(p50_s // 60))
    low = low // _step(low) * _step(low)
    if low < high:
        return (WAIT_ABOUT, f"number_{low}", WAIT_TO, f"number_{high}", WAIT_MINUTES)
    return (WAIT_ONE_MINUTE,) if high == 1 else (WAIT_ABOUT, f"number_{high}", WAIT_MINUTES)


def _step(minutes: int) -> int:
    if minutes <= 10:
        return 1
    return 5 if minutes <= 30 else 10
