"""One agent on a SIP telephone for all tests: every call here needs real telephones only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent


#: Not for longer than a module: its desk's socket answers the front only while tests run on the loop.
@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def only_agent(product: Product, administrator: Api) -> AsyncIterator[SipAgent]:
    """王丽 (1001) of the queue 售后, whom key 1 reaches."""
    async with sip_agent(product, administrator, "1001") as agent:
        yield agent


@pytest_asyncio.fixture(loop_scope="session")
async def agent(only_agent: SipAgent) -> SipAgent:
    """The agent, ready."""
    await only_agent.be_ready()
    return only_agent
