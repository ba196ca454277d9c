"""A recording is begun anew beside the call, however long the manager is away."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.harness.waiting import until
from zhiyin.engine.adapters.asterisk.errors import AriAway
from zhiyin.engine.adapters.asterisk.legs import Leg, Legs
from zhiyin.engine.adapters.asterisk.manager import ManagerAnswer, ManagerClient
from zhiyin.engine.adapters.asterisk.recorder import Recorder
from zhiyin.engine.adapters.asterisk.rest import Rest


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
