"""When a customer was asked last how it was, by the company's records: looked up while somebody talks with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from zhiyin.domain.calls.inputs import SurveysTold
from zhiyin.engine.log_port import LogAway

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard

log = structlog.get_logger(__name__)

#: A conversation lasts longer than that; a look-up that does is of no use.
LOOK_UP_S = 3.0


async def look_up(board: Switchboard, session: InteractionSession) -> None:
    """Tell the contact, or nothing where the records are away. A customer without a number was never asked."""
    number = session.personal.get(session.call.customer_ref or "", "")
    records = board.records
    if not number:
        session.post(SurveysTold(None))
        return
    if records is None or board.journal.is_spooling:
        return
    try:
        async with asyncio.timeout(LOOK_UP_S):
            asked_at = await records.last_survey(session.tenant.id, number)
    except (LogAway, TimeoutError) as error:
        log.info("surveys_not_looked_up", interaction=session.id, why=type(error).__name__)
        return
    session.post(SurveysTold(asked_at))
