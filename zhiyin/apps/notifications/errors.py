"""Refusals about notifications."""

from __future__ import annotations

from zhiyin.apps.refusals import Invalid


class HalfQuietHours(Invalid):
    """Quiet hours have a beginning and an end, or neither."""

    code = "half_quiet_hours"
    title = "Give the beginning and the end of the quiet hours, or neither."

    def __init__(self) -> None:
        super().__init__(fields={"quiet_until": "half_quiet_hours"})
