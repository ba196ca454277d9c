"""A recording that begins later than it was ordered: the log says since when it is."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.test_spine import talking
from tests.engine.world import World, in_world
from zhiyin.domain.interactions import RecordingDelayed
from zhiyin.engine.ports import TelephonyAway


def test_a_recording_whose_order_was_held_up_says_since_when_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log said that it began with the conversation, and the checker found it too short for ever."""

    async def story(world: World) -> None:
        start, tries = world.telephony.start_recording, []

        async def late(leg: str, *, recording: str, path: str) -> None:
            tries.append(recording)
            await asyncio.sleep(3.4 if len(tries) == 1 else 0.02)
            await start(leg, recording=recording, path=path)

        monkeypatch.setattr(world.telephony, "start_recording", late)
        await talking(world)
        (delayed,) = await world.until(lambda: world.events(RecordingDelayed.__name__), within_s=5)
        assert delayed.within_s == pytest.approx(3.4, abs=0.1)
        at = {envelope.type: envelope.at for envelope in world.log.envelopes}
        late_s = (at["RecordingDelayed"] - at["RecordingStarted"]).total_seconds()
        assert late_s == pytest.approx(3.4, abs=0.1)
        await talking(world, agent=3, key="2")
        await world.pass_s(5)
        assert len(world.events(RecordingDelayed.__name__)) == 1, "what begins at once is not told"

    in_world(story)


def test_a_recording_that_was_tried_again_says_since_when_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        start, tries = world.telephony.start_recording, []

        async def refuse_twice(leg: str, *, recording: str, path: str) -> None:
            tries.append(recording)
            if len(tries) < 3:
                raise TelephonyAway("manager: no answer")
            await start(leg, recording=recording, path=path)

        monkeypatch.setattr(world.telephony, "start_recording", refuse_twice)
        await talking(world)
        (delayed,) = await world.until(lambda: world.events(RecordingDelayed.__name__), within_s=3)
        assert (delayed.recording, delayed.within_s) == (tries[0], pytest.approx(0.8, abs=0.1))

    in_world(story)
