"""An agent on a SIP telephone: made by an administrator, answering on the telephone, working by the desk's socket."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.telephone import Call, Telephone
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.desk_socket import DeskSocket, desk_socket, sign_out
from tests.harness.product import Product
from tests.harness.waiting import until, until_async


def ring_on(_call: Call) -> None:
    """Let it ring until the test answers."""


@asynccontextmanager
async def telephone_of(
    product: Product,
    administrator: Api,
    username: str,
    *,
    extension: str = "8001",
    tone_hz: float = AGENT_TONE_HZ,
) -> AsyncIterator[Telephone]:
    """Give an agent a SIP telephone as an administrator does, and register it; afterwards take both back."""
    (user,) = (user for user in administrator.items("/users") if user["username"] == username)
    for left in (one for one in administrator.items("/telephones") if one["extension"] == extension):
        administrator.ask("DELETE", f"/telephones/{left['id']}")  # by a test whose end failed, too
    made = administrator.ask(
        "POST", "/telephones", {"extension": extension, "label": f"话机{extension}", "agent_id": user["id"]}
    )
    administrator.ask("PATCH", f"/users/{user['id']}", {"telephone": "sip"})
    try:
        async with Telephone(
            product.sip_port,
            user=made["account"],
            secret=made["secret"],
            frequency_hz=tone_hz,
            payload_types=(8,),
            on_call=ring_on,
        ) as telephone:
            await _register(telephone)
            yield telephone
            await telephone.register(expires_s=0)
    finally:
        administrator.ask("PATCH", f"/users/{user['id']}", {"telephone": "browser"})
        administrator.ask("DELETE", f"/telephones/{made['id']}")


async def _register(telephone: Telephone) -> None:
    """Register; the engine makes a new telephone's identity a moment after it was saved."""
    told: Counter[int] = Counter()

    async def is_registered() -> bool:
        status = await telephone.register()
        told[status] += 1
        return status == 200

    try:
        await until_async(is_registered, what=f"{telephone.user} registers", within_s=20)
    except AssertionError as error:
        raise AssertionError(f"{error}; told {dict(told)} at {telephone.server}") from None


def hears(call: Call, frequency_hz: float, *, least: float = 1000) -> bool:
    """Whether a tone fills the last second that the telephone heard."""
    return sound.amplitude(call.media.heard_pcm()[-2 * sound.RATE :], frequency_hz) > least


@dataclass
class SipAgent:
    username: str
    telephone: Telephone
    desk: DeskSocket

    async def be_ready(self) -> None:
        """Ready, whatever the test before left: its call is hung up, its wrap-up completed."""
        if self.desk.state == "logged_out":
            await self.desk.do("SignIn")
        if self.desk.me and self._is_busy():
            await self.desk.ask("HangUp", interaction=self.desk.me["interaction"])  # its end may be on its way
            await until(lambda: not self._is_busy(), what="the call that was left is over")
        if self.desk.state == "wrap_up" and self.desk.me:
            await self.desk.do("CompleteWrapUp", interaction=self.desk.me["interaction"])
        await until(lambda: self.desk.me and self.desk.me["telephone_state"] == "ok", what="the telephone is known")
        if self.desk.state != "ready":
            await self.desk.do("SetReady")
        await self.desk.is_in("ready")

    def _is_busy(self) -> bool:
        return self.desk.me is not None and bool(self.desk.me["interaction"]) and self.desk.state != "wrap_up"

    async def rings(self) -> Call:
        """Wait until the telephone rings."""
        await until(lambda: not self.telephone.incoming.empty(), what="the telephone rings")
        return self.telephone.incoming.get_nowait()

    async def answer(self, *, state: str = "talking") -> Call:
        """Answer what rings and wait for the conversation."""
        call = await self.rings()
        before = len(self.desk.states)
        call.answer()
        await self.desk.passes(state, since=before)
        return call


@asynccontextmanager
async def sip_agent(
    product: Product,
    administrator: Api,
    username: str,
    *,
    extension: str = "8001",
    tone_hz: float = AGENT_TONE_HZ,
) -> AsyncIterator[SipAgent]:
    """An agent who is ready on a SIP telephone; signed out afterwards."""
    async with telephone_of(product, administrator, username, extension=extension, tone_hz=tone_hz) as telephone:
        try:
            async with desk_socket(product, username) as desk:
                agent = SipAgent(username, telephone, desk)
                await agent.be_ready()
                yield agent
        finally:
            await sign_out(product, username)
