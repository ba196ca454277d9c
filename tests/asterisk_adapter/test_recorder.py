"""A recording is begun anew beside the call, however long the manager is away; what it holds of silence."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.conftest import Exchange
from tests.asterisk_adapter.test_calls import AGENT_HZ, CALLER_HZ, LOUD, hears, identity, new_id, ring_agent
from tests.harness.waiting import until
from zhiyin.engine.adapters.asterisk.errors import AriAway
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.adapters.asterisk.manager import ManagerAnswer, ManagerClient
from zhiyin.engine.adapters.asterisk.recorder import Recorder
from zhiyin.engine.adapters.asterisk.rest import Rest
from zhiyin.engine.ports import LegAnswered


class LameManager(ManagerClient):
    """Is away for the first ``away`` actions."""

    def __init__(self, *, away: int) -> None:
        super().__init__(url="http://127.0.0.1:9", user="", password="")
        self.away, self.acts = away, []  # type: int, list[str]

    async def act(self, action: str, **fields: str) -> ManagerAnswer:
        if self.away:
            self.away -= 1
            raise AriAway("away")
        self.acts.append(action)
        return ManagerAnswer(({"Response": "Success"},))


@pytest.mark.parametrize("away", [0, 1, 3])
async def test_a_recording_whose_next_party_came_while_the_manager_was_away_goes_on(tmp_path: Path, away: int) -> None:
    """Until the call's end nothing of what was said was kept."""
    legs, manager = Legs(), LameManager(away=0)
    customer, agent, second = (legs.add(Leg(name, "", is_rung=True)) for name in ("customer", "agent", "second"))
    recorder = Recorder(legs=legs, manager=manager, rest=Mock(spec=Rest))
    await recorder.start("customer", recording="r1", path=str(tmp_path / "r1.raw"))
    customer.bridge = agent.bridge = "b"
    await recorder.parties_changed("b")
    agent.bridge, second.bridge = None, "b"
    manager.away = away
    await recorder.parties_changed("b")
    await until(lambda: manager.acts[-2:] == ["StopMixMonitor", "MixMonitor"], what="it is recorded again")


@pytest.mark.extended
@pytest.mark.parametrize("who", ["both", "caller", "agent"])
async def test_only_a_time_in_which_neither_side_sends_is_missing_in_a_recording(exchange: Exchange, who: str) -> None:
    """A recording was once 1.3 s shorter than its call: the machine had kept both senders of sound waiting."""
    await exchange.telephony.put_identity(identity())
    async with (
        exchange.telephone(frequency_hz=CALLER_HZ) as caller,
        exchange.telephone(user="z1001", secret="s3cret", frequency_hz=AGENT_HZ) as agent,
    ):
        assert await agent.register() == 200
        call, arrived = await exchange.arrive(caller)
        leg, path = new_id("leg"), exchange.asterisk.recordings / f"{new_id('silence')}.raw"
        await ring_agent(exchange, leg)
        await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
        agent_call = agent.incoming.get_nowait()
        await exchange.telephony.bridge(new_id("bridge"), [arrived.leg, leg])
        await hears(call, AGENT_HZ)
        await hears(agent_call, CALLER_HZ)
        await exchange.telephony.start_recording(arrived.leg, recording="r1", path=str(path))
        await grown_to(path, 1.0)
        quiet = {"both": (call, agent_call), "caller": (call,), "agent": (agent_call,)}[who]
        for one in quiet:
            one.media.is_silent = True
        began_at = time.monotonic()
        await (
            until(lambda: time.monotonic() > began_at + 2.0, what="a silence of both")
            if who == "both"
            else grown_to(path, 3.0)
        )
        for one in quiet:
            one.media.is_silent = False
        await hears(call, AGENT_HZ)
        await hears(agent_call, CALLER_HZ)
        await grown_to(path, 2.0 if who == "both" else 4.0)
        await exchange.telephony.stop_recording(arrived.leg)
        left, right = sound.channels(path.read_bytes())
        assert len(left) == len(right)
        for half, frequency_hz, is_quiet in (
            (left, CALLER_HZ, who == "caller"),
            (right, AGENT_HZ, who == "agent"),
        ):
            silent_s = sum(
                0.1
                for at in range(0, len(half) - 1600, 1600)
                if sound.amplitude(half[at : at + 1600], frequency_hz) < LOUD
            )
            assert silent_s == pytest.approx(2.0 if is_quiet else 0.0, abs=0.6)


async def grown_to(path: Path, length_s: float) -> None:
    await until(lambda: path.exists() and path.stat().st_size >= length_s * 32000, what="the recording grows")
