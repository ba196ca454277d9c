"""What the engine holds of one company at run time: its settings, its routing desk, its board."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.dialing.spending import Spending
from zhiyin.engine.board_keeper import BoardKeeper
from zhiyin.engine.company import Company
from zhiyin.engine.promises import Promises
from zhiyin.engine.routing_desk import RoutingDesk


@dataclass(slots=True)
class Tenant:
    company: Company
    desk: RoutingDesk
    board: BoardKeeper
    promises: Promises
    #: when each agent dialled, for the hourly cap
    dialled: dict[int, deque[datetime]] = field(default_factory=dict)
    #: today's minutes to numbers outside, for the daily caps
    spending: Spending = field(default_factory=Spending)

    @property
    def id(self) -> int:
        return self.company.tenant
