"""话后整理: whether after-call work follows a contact, how long it lasts, and what may lengthen it. Pure; seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WrapUpMode(StrEnum):
    NONE = "none"  # 无
    OPTIONAL = "optional"  # 可选: the agent is ready at once, and may take up to the limit
    TIMED = "timed"  # 限时: ends by itself
    EXTENDABLE = "extendable"  # 限时可延长
    MANDATORY = "mandatory"  # 必填: ends when the agent has completed it


@dataclass(frozen=True, slots=True)
class WrapUpRule:
    """``extensions``: how often it may be lengthened, each time by ``extension_s`` at most."""

    mode: WrapUpMode = WrapUpMode.EXTENDABLE
    limit_s: int = 60
    extensions: int = 3
    extension_s: int = 60

    @property
    def begins_by_itself(self) -> bool:
        if self.mode is WrapUpMode.MANDATORY:
            return True
        return self.mode in (WrapUpMode.TIMED, WrapUpMode.EXTENDABLE) and self.limit_s > 0

    @property
    def may_be_taken(self) -> bool:
        return self.mode is WrapUpMode.OPTIONAL and self.limit_s > 0


NO_WRAP_UP = WrapUpRule(WrapUpMode.NONE, 0)
PLAIN_WRAP_UP = WrapUpRule()


@dataclass(frozen=True, slots=True)
class WrapUpWork:
    """An agent's after-call work on a contact: what is left of its rule.

    ``until``: until when an optional one may be taken; of one that has begun the agent's state says it.
    """

    interaction: str
    rule: WrapUpRule
    extensions_left: int
    until: datetime | None = None

    @property
    def is_mandatory(self) -> bool:
        return self.rule.mode is WrapUpMode.MANDATORY


def work_on(interaction: str, rule: WrapUpRule) -> WrapUpWork:
    extensions = rule.extensions if rule.mode is WrapUpMode.EXTENDABLE else 0
    return WrapUpWork(interaction, rule, extensions)
