"""When the customers of a queue are asked how it was (满意度邀评), and by which flow."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhiyin.domain.flows.graph import Flow

_ALL_PCT = 100


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """``share_pct`` of the contacts are asked: which, their ids decide, so that a repeat decides the same.

    ``agents_invite``: an agent may have a customer asked who would not be. Who was asked within ``spare_days`` is not
    asked again by anybody; 0: always.
    """

    flow_id: int
    flow_version: int
    flow: Flow
    share_pct: int = _ALL_PCT
    agents_invite: bool = False
    spare_days: int = 0

    def asks(self, interaction: str) -> bool:
        return zlib.crc32(interaction.encode()) % _ALL_PCT < self.share_pct

    def spares(self, asked_at: datetime | None, now: datetime) -> bool:
        """Return whether a customer is left alone who was asked last at ``asked_at``; None: never."""
        return asked_at is not None and now - asked_at < timedelta(days=self.spare_days)
