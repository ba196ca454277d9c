"""When the customers of a queue are asked how it was (满意度邀评), and by which flow."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from zhiyin.domain.flows.graph import Flow

_ALL_PCT = 100


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """``share_pct`` of the contacts are asked: which, their ids decide, so that a repeat decides the same."""

    flow_id: int
    flow_version: int
    flow: Flow
    share_pct: int = _ALL_PCT

    def asks(self, interaction: str) -> bool:
        return zlib.crc32(interaction.encode()) % _ALL_PCT < self.share_pct
