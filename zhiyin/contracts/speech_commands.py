"""Commands that try how the company speaks and hears."""

from __future__ import annotations

from zhiyin.contracts.command_base import CommandBase


class TrySynthesis(CommandBase, frozen=True):
    """Say a text now. ``service``: by this external service alone; None: as a flow would, by the company's service for
    the language, else by the installation's own voice. Result: {"outcome", "cause", "sound"}: A-law in base64."""

    text: str
    language: str = "zh"
    service: int | None = None
