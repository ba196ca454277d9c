"""One installation on machines of its own for all tests here, and what calls it: telephones on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests.asterisk_adapter.telephone import Telephone
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Contact, contacts, newer_contact
from tests.harness.desk_socket import desk_socket, sign_out
from tests.harness.machines import SIP_PORT, Installation, installation
from tests.harness.product import HOTLINE, Product
from tests.harness.sip_agent import SipAgent, hears, ring_on
from tests.harness.sipp import CALLER_TONE_HZ, SippCall, sipp_call
from tests.harness.waiting import until


@pytest.fixture(scope="module")
def machines() -> Iterator[Installation]:
    with installation() as found:
        found.set_up()
        found.start_all()
        yield found


@pytest.fixture(scope="module")
def administrator(machines: Installation) -> Iterator[Api]:
    with Api(as_product(machines), ADMINISTRATOR) as api:
        yield api


def as_product(machines: Installation) -> Product:
    """What asks for a product here asks for its ``url`` and ``rows`` only."""
    return cast(Product, machines)


@dataclass
class Line:
    """A caller and the contact that came of the call. ``node`` is where its legs live."""

    call: SippCall
    contact: Contact

    @property
    def node(self) -> str:
        leg: str = self.contact.events()[0].body["customer_leg"]
        return leg.partition("-")[0]


@asynccontextmanager
async def line(machines: Installation, **given: Any) -> AsyncIterator[Line]:
    """Call the hotline by the edge."""
    before = contacts(as_product(machines))
    async with sipp_call(SIP_PORT, to=HOTLINE, host=machines.edge, local=machines.host, **given) as call:
        yield Line(call, await newer_contact(as_product(machines), before))


@asynccontextmanager
async def line_on(machines: Installation, node: str) -> AsyncIterator[Line]:
    """Call until the edge gives the call to the node."""
    for _ in range(20):
        async with line(machines) as found:
            if found.node == node:
                yield found
                return
    raise AssertionError(f"of 20 calls none came to node {node}")


@asynccontextmanager
async def agent(machines: Installation, administrator: Api, username: str, extension: str) -> AsyncIterator[SipAgent]:
    """An agent who is ready at a SIP telephone that registered by the edge."""
    (user,) = (user for user in administrator.items("/users") if user["username"] == username)
    made = administrator.ask("POST", "/telephones", {"extension": extension, "label": username, "agent_id": user["id"]})
    administrator.ask("PATCH", f"/users/{user['id']}", {"telephone": "sip"})
    product = as_product(machines)
    telephone = Telephone(
        SIP_PORT,
        server_host=machines.edge,
        local_host=machines.host,
        user=made["account"],
        secret=made["secret"],
        frequency_hz=AGENT_TONE_HZ,
        payload_types=(8,),
        on_call=ring_on,
    )
    try:
        async with telephone:
            await until_registered(telephone)
            async with desk_socket(product, username) as desk:
                found = SipAgent(username, telephone, desk)
                await found.be_ready()
                yield found
    finally:
        await sign_out(product, username)
        administrator.ask("PATCH", f"/users/{user['id']}", {"telephone": "browser"})
        administrator.ask("DELETE", f"/telephones/{made['id']}")


async def until_registered(telephone: Telephone) -> None:
    """Register; every node makes a new telephone's identity a moment after it was saved."""
    status = 0
    for _ in range(50):
        status = await telephone.register()
        if status == 200:
            return
    raise AssertionError(f"the telephone cannot register: {status}")


async def take(found: SipAgent, caller: Line) -> Any:
    """The caller chooses after-sales, the agent answers, and both hear each other."""
    await caller.call.hears_sound()
    caller.call.press("1")
    call = await found.answer()
    await caller.call.hears_tone(AGENT_TONE_HZ)
    await until(lambda: hears_caller(call), what="the agent hears the caller")
    return call


def hears_caller(call: Any) -> bool:
    return hears(call, CALLER_TONE_HZ)
