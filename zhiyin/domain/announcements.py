"""Which prompts tell a caller the place in the line. Keys are of the prompt library; the words are spoken there."""

from __future__ import annotations

PLEASE_WAIT = "please_wait"  # 正在为您转接人工座席，请稍候。
NEXT_IN_LINE = "next_in_line"  # 您是下一位。
POSITION_BEFORE = "position_before"  # 您前面还有
POSITION_AFTER = "position_after"  # 位客户在等待。
POSITION_MANY = "position_many"  # 您前面还有一百位以上的客户在等待。
#: Numbers are spoken from parts "number_0" to "number_99".
LARGEST_NUMBER = 99

#: Keys that the engine itself says: every company must have them, in both languages.
SYSTEM_PROMPTS = (
    PLEASE_WAIT,
    NEXT_IN_LINE,
    POSITION_BEFORE,
    POSITION_AFTER,
    POSITION_MANY,
    *(f"number_{number}" for number in range(LARGEST_NUMBER + 1)),
    "all_busy",
    "fault",
    "transfer_failed",
    "wrong_key",
    "no_key",
    "number_busy",
    "number_no_answer",
    "number_refused",
    "number_unknown",
    "trunk_failed",
    "test_call",
)


def wait_prompts(before: int, *, is_first: bool) -> tuple[str, ...]:
    """Return what a caller with ``before`` others in front hears."""
    opening = (PLEASE_WAIT,) if is_first else ()
    if before <= 0:
        return (*opening, NEXT_IN_LINE)
    if before > LARGEST_NUMBER:
        return (*opening, POSITION_MANY)
    return (*opening, POSITION_BEFORE, f"number_{before}", POSITION_AFTER)
