"""Refusals of figures."""

from __future__ import annotations

from zhiyin.apps.refusals import Invalid


class TooManyDays(Invalid):
    code = "too_many_days"

    def __init__(self, most: int) -> None:
        title = f"Ask for {most} days at most, the first one first."
        super().__init__(title=title, facts={"most": most}, fields={"from": "too_many_days"})
