"""One real call in the logs: its story through all parts, and nothing of the caller's in any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.harness.api import Api
from tests.harness.contact import calling, has_recording
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER = "13987650123"


async def test_a_call_is_told_by_its_id_and_the_caller_by_nothing(product: Product, agent: SipAgent, lead: Api) -> None:
    async with calling(product, caller=CALLER) as (call, contact):
        call.press("1")
        await agent.answer()
        await agent.desk.do("Hold", interaction=contact.id)
        await agent.desk.is_in("hold")
        await call.hang_up()
    await contact.record(lead, when=has_recording)
    with Api(product, "1001") as api:
        draft = api.read(f"/interactions/{contact.id}/wrap-up")
        api.ask("PUT", f"/interactions/{contact.id}/wrap-up", {"version": draft["version"], "note": f"call {CALLER}"})
    said_of_it = story(product, contact.id)
    told = [json.loads(line) for line in said_of_it.splitlines()]
    assert {"log", "engine", "web", "worker"} <= {each["part"] for each in told}
    said = [each["said"] for each in told]
    assert said.index("InteractionStarted") < said.index("command") < said.index("InteractionEnded")
    assert said.index("InteractionEnded") < said.index("recording_finished")
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    assert CALLER not in said_of_it
    for file in (product.data / "log").iterdir():
        assert CALLER not in file.read_text(errors="replace"), f"{file.name} names the caller"
    await agent.be_ready()


def story(product: Product, interaction: str) -> str:
    command = ["logs", "--json", "--call", interaction, "--data", str(product.data)]
    return subprocess.run(
        [sys.executable, "-m", "zhiyin.config.cli", *command],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout
