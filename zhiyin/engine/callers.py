"""What a company's records say of a caller, asked once as the call arrives. A call never waits long for it."""

from __future__ import annotations

import asyncio

import structlog

from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.engine.log_port import LogAway, LogStore

log = structlog.get_logger(__name__)

#: Who calls hears nothing so long at most; then he or she is a caller of whom nothing is known.
LOOK_UP_S = 0.3


async def look_up(records: LogStore, tenant: int, number: str) -> KnownCaller | None:
    """Return what is known of the number; where the records are away or slow, nothing. Never raises."""
    try:
        async with asyncio.timeout(LOOK_UP_S):
            return await records.known_caller(tenant, number)
    except (LogAway, TimeoutError) as error:
        log.info("caller_not_looked_up", tenant=tenant, why=str(error) or type(error).__name__)
        return None
