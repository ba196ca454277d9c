"""Several parties in one call on real telephones: each sends its own tone, so what each hears tells who is with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.telephone import Call
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Contact, calling, has_recording, listen
from tests.harness.failures import is_back, kill_engine
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.sipp import CALLER_TONE_HZ, SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECOND_TONE_HZ = 1700.0
_TONES = {"caller": CALLER_TONE_HZ, "agent": AGENT_TONE_HZ, "second": SECOND_TONE_HZ}
LOUD, FAINT = 1000.0, 300.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def only_second(product: Product, administrator: Api) -> AsyncIterator[SipAgent]:
    """赵磊 (1007), of the queue 销售 alone: the caller's key does not reach him."""
    async with sip_agent(product, administrator, "1007", extension="8007", tone_hz=SECOND_TONE_HZ) as agent:
        yield agent


@pytest_asyncio.fixture(loop_scope="session")
async def second(only_second: SipAgent) -> SipAgent:
    await only_second.be_ready()
    return only_second


@dataclass
class Ears:
    """What each party heard in the last second."""

    caller: Callable[[], bytes]
    agent: Callable[[], bytes] = bytes
    second: Callable[[], bytes] = bytes

    async def hear(self, **expected: str) -> None:
        """Wait until each party hears exactly who is named ("agent+second"), or "music": sound of none of them."""
        for party, whom in expected.items():
            await until(
                lambda party=party, whom=whom: self.hears(party, whom),
                what=f"the {party} hears {whom}; it heard {self._tones(party)}",
            )

    def hears(self, party: str, whom: str) -> bool:
        heard = {name for name, level in self._tones(party).items() if level > FAINT}
        if whom == "music":
            return not heard and sound.rms(getattr(self, party)()) > 50
        loud = {name for name, level in self._tones(party).items() if level > LOUD}
        return loud == heard == set(whom.split("+"))

    def _tones(self, party: str) -> dict[str, float]:
        pcm = getattr(self, party)()
        return {name: sound.amplitude(pcm, hz) for name, hz in _TONES.items() if name != party}


def _of(call: Call) -> Callable[[], bytes]:
    return lambda: call.media.heard_pcm()[-2 * sound.RATE :]


@asynccontextmanager
async def conversation(product: Product, agent: SipAgent) -> AsyncIterator[tuple[SippCall, Contact, Ears]]:
    """A caller and the agent who hear each other."""
    async with calling(product) as (call, contact):
        call.press("1")
        telephone = await agent.answer()
        ears = Ears(lambda: call.heard(1), _of(telephone))
        await ears.hear(caller="agent", agent="caller")
        yield call, contact, ears


async def _consult(agent: SipAgent, second: SipAgent, contact: Contact, ears: Ears) -> Call:
    """The agent asks the second one, who answers."""
    user = second.desk.me["id"] if second.desk.me else 0
    await agent.desk.do("Consult", interaction=contact.id, kind="agent", target=user, note="客户想退货")
    telephone = await second.rings()
    await until(lambda: contact.id in second.desk.mine, what="the second agent sees the contact")
    assert second.desk.mine[contact.id]["consult"]["note"] == "客户想退货"
    telephone.answer()
    await second.desk.is_in("consulting")
    ears.second = _of(telephone)
    return telephone


async def test_consulting_swapping_three_parties_and_handing_over(
    product: Product, agent: SipAgent, second: SipAgent, lead: Api
) -> None:
    """One call through all of it; the recording has the caller from the first word to the last."""
    async with conversation(product, agent) as (call, contact, ears):
        telephone = await _consult(agent, second, contact, ears)
        await ears.hear(caller="music", agent="second", second="agent")
        await agent.desk.do("SwapParties", interaction=contact.id)
        await ears.hear(caller="agent", agent="caller", second="music")
        await agent.desk.do("SwapParties", interaction=contact.id)
        await ears.hear(caller="music", agent="second", second="agent")
        await agent.desk.do("Conference", interaction=contact.id)
        await ears.hear(caller="agent+second", agent="caller+second", second="caller+agent")
        await agent.desk.do("CompleteTransfer", interaction=contact.id, note="已核对订单")
        await ears.hear(caller="second", second="caller")
        await agent.desk.is_in("wrap_up")
        await second.desk.is_in("talking")
        row = second.desk.mine[contact.id]
        assert (row["note"], row["from_agent"]) == ("已核对订单", agent.desk.me["id"] if agent.desk.me else 0)
        await call.hang_up()
    record = await contact.record(lead, when=has_recording)
    assert telephone.ended.is_set()
    assert [s["kind"] for s in record["segments"]] == ["queue", "talk", "consult", "talk"]
    total_s = record["wait_s"] + record["talk_s"] + record["hold_s"]
    began, ended = contact.at("QueueEntered"), contact.at("InteractionEnded")
    assert total_s == pytest.approx((ended - began).total_seconds(), abs=0.05)
    recording = listen(lead, record["recordings"][0]["id"])
    assert recording.duration_s == pytest.approx(record["talk_s"] + record["hold_s"], abs=1.5)
    assert recording.tones(SECOND_TONE_HZ, within=slice(-sound.RATE, None))[1] > LOUD
    await second.desk.is_in("wrap_up")


async def test_out_of_a_conference_whoever_leaves_leaves_the_others_talking(
    product: Product, agent: SipAgent, second: SipAgent
) -> None:
    async with conversation(product, agent) as (call, contact, ears):
        telephone = await _consult(agent, second, contact, ears)
        await agent.desk.do("Conference", interaction=contact.id)
        await ears.hear(caller="agent+second")
        telephone.hang_up()
        await ears.hear(caller="agent", agent="caller")
        await second.desk.is_in("ready")
        await _consult(agent, second, contact, ears)
        await agent.desk.do("Conference", interaction=contact.id)
        await ears.hear(caller="agent+second")
        await agent.desk.do("HangUp", interaction=contact.id)
        await ears.hear(caller="second", second="caller")
        await agent.desk.is_in("wrap_up")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await second.desk.is_in("wrap_up")


async def test_the_engine_is_killed_in_a_consult(product: Product, agent: SipAgent, second: SipAgent) -> None:
    """Who talked goes on talking, the caller goes on hearing music, and the next engine hands over."""
    async with conversation(product, agent) as (call, contact, ears):
        await _consult(agent, second, contact, ears)
        await ears.hear(caller="music", agent="second", second="agent")
        engine = kill_engine(product)
        await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
        await agent.desk.is_in("consulting")
        await ears.hear(caller="music", agent="second", second="agent")
        await agent.desk.do("CompleteTransfer", interaction=contact.id)
        await ears.hear(caller="second", second="caller")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await second.desk.is_in("wrap_up")


async def test_a_parked_caller_is_fetched_by_dialling_the_slot(
    product: Product, agent: SipAgent, second: SipAgent
) -> None:
    async with conversation(product, agent) as (call, contact, ears):
        await agent.desk.do("Park", interaction=contact.id)
        await ears.hear(caller="music")
        await agent.desk.is_in("wrap_up")
        await until(lambda: second.desk.parked, what="every desk sees what is parked")
        (parked,) = second.desk.parked
        assert (parked["slot"], parked["number"]) == (701, "138****8000")
        telephone = await second.telephone.call(str(parked["slot"]))
        ears.second = _of(telephone)
        await ears.hear(caller="second", second="caller")
        await second.desk.is_in("talking")
        await until(lambda: not second.desk.parked, what="the slot is free again")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await second.desk.is_in("wrap_up")


async def test_a_caller_returned_to_the_queue_is_offered_again_with_the_note(product: Product, agent: SipAgent) -> None:
    async with conversation(product, agent) as (call, contact, ears):
        await agent.desk.do("AttachData", interaction=contact.id, data={"订单": "A-17"})
        await agent.desk.do("Transfer", interaction=contact.id, kind="queue", note="要找技术")
        await agent.desk.is_in("wrap_up")
        await agent.desk.do("CompleteWrapUp", interaction=contact.id)
        telephone = await agent.rings()
        row = agent.desk.mine[contact.id]
        assert (row["note"], row["data"]) == ("要找技术", {"订单": "A-17"})
        telephone.answer()
        ears.agent = _of(telephone)
        await ears.hear(caller="agent", agent="caller")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await agent.desk.is_in("wrap_up")
