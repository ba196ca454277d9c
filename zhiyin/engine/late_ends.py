"""Contacts whose leg is found gone, by nobody's word: when did it end? The contact is dated by that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from zhiyin.domain.interactions import Interaction, Phase
from zhiyin.engine.ports import LegId, TelephonyError

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LateEnd:
    """When a leg ended, give or take ``within_s`` seconds; ``at`` None: nobody knows."""

    at: datetime | None = None
    within_s: float = 0.0


UNKNOWN = LateEnd()


async def find(board: Switchboard, calls: Iterable[Interaction], living: Collection[LegId]) -> Mapping[str, LateEnd]:
    """Return for each contact when the first of its legs ended that came in and lives no more, where that is known.

    Where the telephone side cannot say, nothing is returned: the end is then dated when it is found. Never raises.
    """
    gone = {call.id: [leg for leg in _came_in(call) if leg not in living] for call in calls}
    asked = [leg for legs in gone.values() for leg in legs]
    if not asked:
        return {}
    try:
        late = await board.telephony.ended_ago(asked)
    except TelephonyError as error:
        log.info("ends_unknown", legs=len(asked), why=str(error))
        return {}
    now, found = board.clock.now(), {}
    for interaction, legs in gone.items():
        told = [late[leg] for leg in legs if leg in late]
        if told:
            first = max(told, key=lambda one: one.ago_s)
            found[interaction] = LateEnd(now - timedelta(seconds=first.ago_s), first.within_s)
            log.info(
                "hang_up_found_late",
                interaction=interaction,
                ago_s=round(first.ago_s, 1),
                within_s=round(first.within_s, 1),
            )
    return found


def _came_in(call: Interaction) -> Iterator[LegId]:
    """Yield the legs of those who talk or wait that were not rung by us: ours are named after their contact."""
    segment = call.segment.leg if call.segment else ""
    dials = (call.agent_leg or "") if call.phase is Phase.DIALLING else ""
    for leg in dict.fromkeys((call.customer_leg, segment, dials)):
        if leg and not leg.startswith(f"{call.id}-"):
            yield leg
