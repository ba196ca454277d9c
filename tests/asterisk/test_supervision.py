"""The whole product with three real telephones: a lead beside a conversation, and what a telephone's keys do.

Caller, agent and lead each have a tone of their own; what is asserted is who hears which.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.telephone import Call
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Contact, calling
from tests.harness.failures import is_back, kill_engine
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.sipp import CALLER_TONE_HZ, SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEAD_TONE_HZ = 700.0
TONES = {"caller": CALLER_TONE_HZ, "agent": AGENT_TONE_HZ, "lead": LEAD_TONE_HZ}
CLEAR, SILENT = 1500, 80


def heard_in(pcm: bytes) -> set[str] | None:
    """Return whose tones are in the sound; None while one comes or goes."""
    found = {name: sound.amplitude(pcm, hz) for name, hz in TONES.items()}
    if any(SILENT <= amplitude <= CLEAR for amplitude in found.values()):
        return None
    return {name for name, amplitude in found.items() if amplitude > CLEAR}


def heard_by(call: Call | SippCall) -> set[str] | None:
    return heard_in(call.media.heard_pcm(since=time.monotonic() - 0.3))


@dataclass
class Scene:
    product: Product
    contact: Contact
    caller: SippCall
    agent: SipAgent
    telephone: Call
    lead: SipAgent

    async def until_heard(self, **wanted: set[str]) -> None:
        """Wait until the caller, the agent and the lead, as far as named, hear exactly these."""
        parties: dict[str, Call | SippCall] = {"caller": self.caller, "agent": self.telephone}
        if "lead" in wanted:
            parties["lead"] = list(self.lead.telephone.calls.values())[-1]

        def is_so() -> bool:
            return all(heard_by(parties[name]) == tones for name, tones in wanted.items())

        await until(is_so, what=f"{wanted} is heard", within_s=10)

    async def monitor(self, mode: str) -> None:
        await self.lead.desk.do("Monitor", interaction=self.contact.id, mode=mode)
        (await self.lead.rings()).answer()


@pytest_asyncio.fixture(loop_scope="session")
async def lead_at_work(product: Product, administrator: Api) -> AsyncIterator[SipAgent]:
    """A lead who serves no queue, on a telephone of the lead's own."""
    async with sip_agent(product, administrator, "2001", extension="8009", tone_hz=LEAD_TONE_HZ) as lead:
        yield lead


@asynccontextmanager
async def conversation(product: Product, agent: SipAgent, lead: SipAgent) -> AsyncIterator[Scene]:
    async with calling(product) as (call, contact):
        await call.hears_sound()
        call.press("1")
        telephone = await agent.answer()
        scene = Scene(product, contact, call, agent, telephone, lead)
        await scene.until_heard(caller={"agent"}, agent={"caller"})
        yield scene
        await call.hang_up()


async def test_listening_survives_the_engines_death_and_is_audited_once(
    product: Product, agent: SipAgent, lead_at_work: SipAgent, administrator: Api
) -> None:
    """Listen, whisper, barge in; the engine is killed meanwhile; nobody hears more than the mode says."""
    async with conversation(product, agent, lead_at_work) as scene:
        problem = await agent.desk.ask("Monitor", interaction=scene.contact.id, mode="listen")
        assert problem is not None
        assert problem["code"] == "forbidden"
        await scene.monitor("listen")
        await scene.until_heard(caller={"agent"}, agent={"caller"}, lead={"caller", "agent"})
        assert all(not row["monitors"] for row in agent.desk.mine.values()), "the agent must not learn of it"
        killed = kill_engine(product)
        await until(lambda: is_back(product, killed), what="the next engine is there", within_s=30)
        await scene.until_heard(caller={"agent"}, agent={"caller"}, lead={"caller", "agent"})
        lead = lead_at_work.desk
        await lead.do("ChangeMonitoring", interaction=scene.contact.id, mode="whisper")
        await scene.until_heard(caller={"agent"}, agent={"caller", "lead"}, lead={"caller", "agent"})
        await lead.do("ChangeMonitoring", interaction=scene.contact.id, mode="barge")
        await scene.until_heard(caller={"agent", "lead"}, agent={"caller", "lead"}, lead={"caller", "agent"})
        await lead.do("StopMonitoring", interaction=scene.contact.id)
        await scene.until_heard(caller={"agent"}, agent={"caller"})
    acts = {"call.monitored": 1, "call.monitoring_changed": 2}

    def audited() -> dict[str, int]:
        rows = administrator.items("/audit", kind="interaction")
        mine = [row["action"] for row in rows if row["subject_id"] == scene.contact.id]
        return {action: mine.count(action) for action in mine}

    await until(lambda: audited() == acts, what="each act is audited once")


async def test_a_lead_takes_the_customer_over(
    product: Product, agent: SipAgent, lead_at_work: SipAgent, lead: Api
) -> None:
    async with conversation(product, agent, lead_at_work) as scene:
        await scene.monitor("listen")
        await scene.until_heard(lead={"caller", "agent"})
        await lead_at_work.desk.do("TakeOver", interaction=scene.contact.id)
        await agent.desk.is_in("wrap_up")
        await scene.until_heard(caller={"lead"}, lead={"caller"})
    await lead_at_work.desk.is_in("wrap_up")
    record = await scene.contact.record(lead)
    talks = [segment for segment in record["segments"] if segment["kind"] == "talk"]
    assert [talk["outcome"] for talk in talks] == ["taken_over", "customer_left"]


async def test_a_telephones_own_keys_hold_and_hand_on(
    product: Product, agent: SipAgent, lead_at_work: SipAgent, lead: Api
) -> None:
    """Hold by re-INVITE is our music and counted; REFER to an extension hands the customer to that colleague."""
    async with conversation(product, agent, lead_at_work) as scene:
        await scene.telephone.hold(held=True)
        await agent.desk.is_in("hold")
        await until(lambda: sound.rms(scene.caller.heard(0.5)) > 300, what="the caller hears music")
        await scene.until_heard(agent=set())
        await scene.telephone.hold(held=False)
        await agent.desk.is_in("talking")
        await scene.until_heard(caller={"agent"}, agent={"caller"})
        await lead_at_work.desk.do("SetReady")
        scene.telephone.refer("8009")
        (await lead_at_work.rings()).answer()
        await agent.desk.is_in("wrap_up")
        await scene.until_heard(caller={"lead"}, lead={"caller"})
    record = await scene.contact.record(lead)
    assert record["hold_s"] > 0


async def test_a_telephone_joins_its_two_calls(
    product: Product, agent: SipAgent, lead_at_work: SipAgent, lead: Api
) -> None:
    """A second call consults, REFER with Replaces hands over: one contact, two agents in it."""
    async with conversation(product, agent, lead_at_work) as scene:
        await lead_at_work.desk.do("SetReady")
        await scene.telephone.hold(held=True)
        second = await agent.telephone.call("8009")
        (await lead_at_work.rings()).answer()
        await until(lambda: heard_by(second) == {"lead"}, what="the agent hears the colleague")
        await agent.desk.is_in("consulting")
        scene.telephone.refer("8009", replaces=second)
        await agent.desk.is_in("wrap_up")
        await scene.until_heard(caller={"lead"}, lead={"caller"})
    record = await scene.contact.record(lead)
    talks = [segment["agent_name"] for segment in record["segments"] if segment["kind"] == "talk"]
    assert len(talks) == 2
