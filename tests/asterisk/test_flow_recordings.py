"""What is typed in secret is on no recording: a real conversation, handed back to a flow that asks for a PIN."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.asterisk_adapter import sound
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling, has_recording, listen
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt
from tests.harness.real_scripts import flow_in_force
from tests.harness.sip_agent import SipAgent
from tests.harness.sipp import CALLER_TONE_HZ

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: what the caller sounds like while the secret is typed
SECRET_TONE_HZ = 1250.0
WAIT_S = 10


@pytest.fixture
def nobodys_queue(administrator: Api) -> Iterator[int]:
    """A queue that is staffed, and in which nobody is ready: its line is left after a few seconds."""
    (user,) = (user for user in administrator.items("/users") if user["username"] == "1001")
    made = administrator.ask("POST", "/queues", {"name": "等候", "members": [user["id"]], "max_wait_s": WAIT_S})
    yield made["id"]
    administrator.ask("DELETE", f"/queues/{made['id']}")


@pytest.mark.extended
async def test_a_recording_leaves_out_what_is_typed_in_secret(
    product: Product, administrator: Api, agent: SipAgent, nobodys_queue: int
) -> None:
    (queue,) = (each["id"] for each in administrator.items("/queues") if each["name"] == "售后")
    pin = {"prompt": {"key": "number_9"}, "value": "pin", "least": 4, "most": 4, "is_masked": True}
    exits = [("start", "next", "q"), ("pin", "collected", "more"), ("more", "collected", "bye")]
    exits += [("q", exit_, "pin") for exit_ in ("closed", "overflow")]
    exits += [(node, exit_, "bye") for node in ("pin", "more") for exit_ in ("wrong", "none")]
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "q", "kind": "queue", "config": {"queue": queue}},
            {"id": "pin", "kind": "collect", "config": pin},
            {"id": "more", "kind": "collect", "config": pin | {"prompt": {"key": "number_8"}, "is_masked": False}},
            {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}, "reason": "typed"}},
        ],
        "edges": [{"from": node, "exit": exit_, "to": target} for node, exit_, target in exits],
    }
    await agent.be_ready()
    with flow_in_force(administrator, {"name": "保密", "graph": graph}) as (_, number):
        async with calling(product, to=number) as (call, contact):
            await agent.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await agent.desk.do("Transfer", interaction=contact.id, kind="queue", target=nobodys_queue)
            await contact.tells("RecordingEnded")
            call.media.pcm = sound.tone(SECRET_TONE_HZ)
            await hears_prompt(product, call, "number_9")
            call.press("7391")
            await contact.tells("RecordingStarted", times=2)
            call.media.pcm = sound.tone(CALLER_TONE_HZ)
            await hears_prompt(product, call, "number_8")
            call.press("2222")
            assert await call.ended() == 0
        record = await contact.record(administrator, when=has_recording)
    assert record["end_reason"] == "typed"
    first, second = sorted(each["id"] for each in record["recordings"])
    assert second == f"{first}-p2"
    pieces = [listen(administrator, each) for each in (first, second)]
    for piece in pieces:
        assert piece.tones(CALLER_TONE_HZ)[0] > 500
    entered = {event.body["node"]: event.at for event in contact.events() if event.type == "NodeEntered"}
    secret_s = (entered["more"] - entered["pin"]).total_seconds()
    began, ended = contact.at("SegmentStarted"), contact.at("InteractionEnded")
    left_out_s = (ended - began).total_seconds() - sum(piece.duration_s for piece in pieces)
    assert secret_s - 1 < left_out_s < secret_s + 2
    # both tones end where the other piece begins: a moment of the secret one is the network's and the log's delay
    whole = b"".join(piece.left for piece in pieces)
    heard_s = (
        sum(
            sound.amplitude(whole[at : at + sound.RATE // 5], SECRET_TONE_HZ) > 1000
            for at in range(0, len(whole), sound.RATE // 5)
        )
        / 10
    )
    assert heard_s < 1.0, "the second in which the log is read at most"
