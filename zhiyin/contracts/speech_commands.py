"""Commands that try how the company speaks and hears, and ask how it went."""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.command_base import CommandBase

#: The installation's own voice and hearing, where services have their ids.
OWN = 0
#: So long may a sound be that is tried: what somebody says in one breath, and a little more.
LONGEST_TRIED_S = 20


class TrySynthesis(CommandBase, frozen=True):
    """Say a text now. ``service``: by this external service alone (``OWN``: by the own voice); None: as a flow would,
    by the company's service for the language, else by the own voice. Result: {"outcome", "cause", "sound"}: A-law in
    base64."""

    text: str
    language: str = "zh"
    service: int | None = None


class TryRecognition(CommandBase, frozen=True):
    """Understand a sound now: 16 bits, 8000 samples a second, in base64. ``service``: by this external service alone
    (``OWN``: by the own hearing, which knows nothing but ``phrases``); None: as a flow would.
    Result: {"outcome", "cause", "text"}."""

    sound: str
    language: str = "zh"
    service: int | None = None
    phrases: tuple[str, ...] = ()


class TellSpeech(CommandBase, frozen=True):
    """Result: a list of ``SpeechState``, since this engine began."""


class SpeechState(msgspec.Struct, frozen=True):
    """What came of asking one who speaks ("synthesis") or hears ("recognition"); ``cause``: of the last failure."""

    kind: str
    service: int
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    cause: str = ""
    successes: int = 0
    failures: int = 0
