"""The engine is killed, the log is away, Asterisk restarts: what must hold afterwards."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.engine.test_spine import talking
from tests.engine.world import AFTER_SALES, HOTLINE, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.events import EngineStarted, Envelope, encode_body
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import EndedBy, Phase, RecordingFailed
from zhiyin.engine.adapters.simulator.legs import Behaviour
from zhiyin.engine.adapters.simulator.virtual_time import BEGINNING
from zhiyin.engine.log_port import DayCheckpoint, LogBatch
from zhiyin.engine.spool import Spool


def test_a_conversation_survives_the_engine_and_ends_in_the_record() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.kill()
        assert world.telephony.hears(leg), "audio goes on"
        await world.pass_s(10)
        await world.start()
        assert world.call_of(leg).phase is Phase.TALKING
        assert world.state(1) is AgentState.TALKING
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert len(world.events("InteractionEnded")) == 1
        assert world.telephony.legs == {}

    in_world(story)


@pytest.mark.parametrize("is_drained", [False, True], ids=["writing", "bringing in what was spooled"])
def test_a_journal_that_breaks_ends_its_engine_instead_of_keeping_everybody_waiting(is_drained: bool) -> None:
    async def story(world: World) -> None:
        told: list[BaseException] = []
        world.board.journal.on_broken = told.append
        if is_drained:
            world.log.is_away = True
            world.telephony.call(HOTLINE)
            await world.until(lambda: world.board.journal.spooled_events)

        async def write(_batches: object) -> None:
            raise RuntimeError("no such column")

        world.log.write = write
        world.telephony.call(HOTLINE)
        await world.until(lambda: told)
        assert str(told[0]) == "no such column"

    in_world(story)


def test_an_agent_who_talked_when_the_engine_died_is_ready_again_afterwards() -> None:
    """Every agent in a call once fell out of the queue with its engine, and callers waited for nobody."""

    async def story(world: World) -> None:
        leg = await talking(world)
        await world.kill()
        await world.start()
        for account in list(world.telephony.registered):
            world.telephony.register(account)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.until(lambda: world.state(1) is not AgentState.WRAP_UP, within_s=200)
        assert world.state(1) is AgentState.READY

    in_world(story)


def test_a_wrap_up_that_was_extended_is_counted_from_its_beginning() -> None:
    """The next engine knew only when it was extended: the desk's timer began anew, and figures lost the time before."""

    async def story(world: World) -> None:
        leg = await talking(world)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        began_at = world.tenant.desk.agent(1).since
        await world.pass_s(8)
        await world.wish(c.ExtendWrapUp(1, world.tenant.desk.agent(1).interaction, by_s=30))
        await world.kill()
        await world.start()
        assert world.tenant.desk.agent(1).since == began_at

    in_world(story)


def remove_agent_1(world: World) -> None:
    others = tuple(agent for agent in world.settings.agents if agent.id != 1)
    world.log.change_settings(msgspec.structs.replace(world.settings, version=2, agents=others))


@pytest.mark.parametrize("is_back", [False, True], ids=["for good", "and back in it"])
def test_after_call_work_of_an_agent_who_was_removed_goes_on_with_the_next_engine(is_back: bool) -> None:
    """The next engine did not know the removed: the log counted their after-call work on, the board never."""

    async def story(world: World) -> None:
        leg = await talking(world)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        began_at = world.clock.now()
        remove_agent_1(world)
        await world.until(lambda: 1 not in world.tenant.company.agents)
        await world.kill()
        await world.start()
        assert world.state(1) is AgentState.WRAP_UP
        if is_back:
            world.log.change_settings(msgspec.structs.replace(world.settings, version=3))
            await world.until(lambda: 1 in world.tenant.company.agents)
        await world.until(lambda: world.state(1) is not AgentState.WRAP_UP, within_s=200)
        assert world.state(1) is (AgentState.NOT_READY if is_back else AgentState.LOGGED_OUT)
        figures = world.tenant.board.figures()[AFTER_SALES]
        took_s = (world.tenant.desk.agent(1).since - began_at).total_seconds()
        assert (figures.wrap_ups, figures.wrap_up_s) == (1, pytest.approx(took_s, abs=0.2))

    in_world(story)


def test_an_agent_who_was_removed_while_no_engine_was_there_is_signed_out_as_soon_as_may_be() -> None:
    """In the log they were signed in for ever."""

    async def story(world: World) -> None:
        leg = await talking(world)
        await world.ready(2)
        await world.kill()
        others = tuple(agent for agent in world.settings.agents if agent.id not in (1, 2))
        world.log.change_settings(msgspec.structs.replace(world.settings, version=2, agents=others))
        await world.start()
        assert (world.state(1), world.state(2)) == (AgentState.TALKING, AgentState.LOGGED_OUT)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.LOGGED_OUT)

    in_world(story)


def test_a_caller_who_hung_up_while_no_engine_was_there_leaves_no_orphan_leg() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.kill()
        world.telephony.end(leg)
        assert world.telephony.legs, "the agent's leg is stranded"
        await world.start()
        await world.until(lambda: not world.telephony.legs)
        assert world.events("InteractionEnded")[0].by is EndedBy.CUSTOMER
        assert world.state(1) is AgentState.WRAP_UP

    in_world(story)


def test_a_waiting_caller_keeps_place_and_waiting_time() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.call_of(leg).phase is Phase.WAITING)
        queued_at = world.call_of(leg).queued_at
        await world.pass_s(20)
        await world.kill()
        await world.start()
        assert world.call_of(leg).queued_at == queued_at
        for account in list(world.telephony.registered):
            world.telephony.register(account)  # the adapter tells who is there
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story)


def test_a_ringing_offer_goes_on_and_is_answered_under_the_next_engine() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=8.0)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        await world.kill()
        await world.pass_s(2)
        await world.start()
        assert world.state(1) is AgentState.ALERTING
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert len(world.telephony.rung) == 1, "nobody was rung twice"

    in_world(story)


def test_an_offer_answered_while_no_engine_was_there_is_connected() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=3.0)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        await world.kill()
        await world.pass_s(5)
        await world.start()
        await world.until(lambda: world.telephony.hears(leg))
        assert world.state(1) is AgentState.TALKING

    in_world(story)


def figures_of(world: World) -> dict[str, float]:
    (row,) = (row for row in world.tenant.board.board().queues if row.id == AFTER_SALES)
    keys = ("offered", "answered", "answered_in_target", "talk_s", "wrap_up_s", "average_speed_of_answer_s")
    return {key: getattr(row, key) for key in keys}


def test_figures_of_the_day_are_the_same_after_a_restart() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.pass_s(30)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.pass_s(12)
        await world.wish(c.CompleteWrapUp(1, ""))
        before = figures_of(world)
        assert before["answered"] == 1
        assert 12 <= before["wrap_up_s"] < 13
        await world.kill()
        await world.start()
        await world.until(lambda: figures_of(world) == before)

    in_world(story)


def test_control_is_back_before_the_figures_of_a_long_day_are_counted() -> None:
    """Counting held up the take-over; what ends meanwhile is counted with what an earlier engine saw of it."""

    async def story(world: World) -> None:
        leg = await talking(world)
        await world.pass_s(30)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.kill()
        read = world.log.saved_day

        async def read_slowly(tenant: int) -> DayCheckpoint | None:
            await world.pass_s(8)
            return await read(tenant)

        world.log.saved_day = read_slowly
        killed_at = world.clock.now()
        await world.start()
        assert (world.clock.now() - killed_at).total_seconds() < 1
        await world.pass_s(5)
        await world.wish(c.CompleteWrapUp(1, ""))
        assert figures_of(world)["answered"] == 0
        await world.until(lambda: figures_of(world)["answered"] == 1, within_s=10)
        assert 5 <= figures_of(world)["wrap_up_s"] < 6
        assert 30 <= figures_of(world)["talk_s"] < 31

    in_world(story)


def test_calls_are_worked_while_the_log_is_away_and_drained_when_it_is_back() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        world.log.is_away = True
        await world.wish(c.Hold(1, world.call_of(leg).id))
        await world.wish(c.Resume(1, world.call_of(leg).id))
        await world.pass_s(10)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert world.engine.health().log == "spooling"
        world.log.is_away = False
        await world.until(lambda: world.engine.health().log == "ok")
        assert len(world.events("HoldStarted")) == 1
        assert len(world.events("InteractionEnded")) == 1
        assert world.log.open == {}
        assert not list((world.folder / "spool").glob("*"))

    in_world(story)


def test_what_was_spooled_by_a_killed_engine_is_admitted_by_the_next() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        world.log.is_away = True
        await world.wish(c.Hold(1, world.call_of(leg).id))
        await world.kill()
        world.log.is_away = False
        await world.start()
        assert world.call_of(leg).phase is Phase.HELD

    in_world(story)


def test_an_asterisk_that_restarts_ends_its_calls_and_gets_its_identities_again() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        interaction = world.call_of(leg).id
        account = next(a for a in world.telephony.identities if a.startswith("b1-1-"))
        world.telephony.connection.go_away()
        assert await world.refused(c.CallTest(2)) == "no_telephone"
        world.telephony.connection.come_back(is_restarted=True)
        await world.until(lambda: account in world.telephony.identities)
        await world.until(lambda: interaction not in world.board.sessions)
        assert len(world.events("InteractionEnded")) == 1
        assert "desk4" in world.telephony.identities
        assert 1 in world.telephony.trunks

    in_world(story)


def test_a_caller_who_came_while_no_engine_was_there_is_served() -> None:
    async def story(world: World) -> None:
        await world.kill()
        leg = world.telephony.call(HOTLINE)
        await world.start()
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)

    in_world(story)


def test_a_browser_is_known_again_and_its_call_stays_where_it_is() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        agent_leg = world.call_of(leg).segment.leg
        (account,) = world.telephony.registered
        await world.kill()
        await world.start()
        world.telephony.register(account)
        await world.pass_s(1)
        assert world.call_of(leg).segment.leg == agent_leg, "the page that has the call was not rung again"
        identity = await world.wish(c.OpenTelephone(1, "tab"))
        assert identity["username"] == account
        world.telephony.unregister(account)
        world.telephony.register(account)
        await world.pass_s(1)
        assert world.call_of(leg).segment.leg == agent_leg, "a page that registers anew keeps its call"

    in_world(story)


def test_a_caller_whose_offer_outlives_the_engine_hears_music_and_keeps_the_longest_wait() -> None:
    """After the take-over the caller heard nothing, and was sent away when the agent did not answer."""

    async def story(world: World) -> None:
        await world.ready(4)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(4) is AgentState.ALERTING)
        await world.kill()
        await world.start()
        await world.until(lambda: world.telephony.legs[leg].has_music, within_s=5)
        await world.until(lambda: world.call_of(leg).offer is None)
        await world.pass_s(40)
        assert world.call_of(leg).phase is Phase.WAITING

    in_world(story)


def test_a_spool_that_cannot_be_read_for_a_while_is_drained_all_the_same() -> None:
    """Without file descriptors the task that drains had ended: the engine spooled until it was started anew."""

    async def story(world: World) -> None:
        leg = await talking(world)
        spool = world.engine._journal._spool
        pending, failures = spool.pending, iter(range(3))

        def no_descriptor_left():
            if next(failures, None) is not None:
                raise OSError(24, "Too many open files")
            return pending()

        spool.pending = no_descriptor_left  # type: ignore[method-assign]
        world.log.is_away = True
        await world.wish(c.Hold(1, world.call_of(leg).id))
        world.log.is_away = False
        await world.until(lambda: world.engine.health().log == "ok")
        assert len(world.events("HoldStarted")) == 1

    in_world(story)


@pytest.mark.parametrize("is_away", [False, True], ids=["log there", "log away"])
def test_what_the_log_will_never_take_stops_nobody(*, is_away: bool) -> None:
    """The journal's writer had ended with the error: nothing became durable any more, so nothing happened any more."""

    async def story(world: World) -> None:
        leg = await talking(world)
        journal = world.engine._journal
        world.log.is_away = is_away
        envelope = journal.envelope(
            tenant=1, stream="i:bad", began="2026-11-01", at=world.clock.now(), event=RecordingFailed("x", "a\0b")
        )
        journal.append((envelope,))
        await world.wish(c.Hold(1, world.call_of(leg).id))
        world.log.is_away = False
        await world.until(lambda: world.engine.health().log == "ok")
        assert len(world.events("HoldStarted")) == 1
        (refused,) = (world.folder / "spool").glob("refused-*")
        assert "RecordingFailed" in refused.read_text()

    in_world(story)


def test_a_test_call_survives_a_connection_that_broke() -> None:
    """The agent who tried the headset was hung up, as a leg that nobody owns."""

    async def story(world: World) -> None:
        await world.open_desk(1)
        await world.wish(c.CallTest(1))
        (leg,) = world.board.test_legs
        world.telephony.pick_up(leg)
        world.telephony.connection.go_away()
        world.telephony.connection.come_back()
        await world.pass_s(1)
        assert leg in world.telephony.legs

    in_world(story)


def test_events_set_aside_are_counted_until_a_person_moves_them_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1)
    assert spool.refused_events == 0
    batch = LogBatch((_envelope(1), _envelope(2)))
    spool.set_aside(batch)
    assert spool.refused_events == 2
    later = Spool(tmp_path, 2)
    assert later.refused_events == 2
    for path in tmp_path.glob("refused-*"):
        path.unlink()
    assert later.refused_events == 0


def _envelope(seq: int) -> Envelope:
    body = msgspec.Raw(encode_body(EngineStarted(1, 0, 0)))
    return Envelope(0, "s:engine", 1, seq, "2026-11-01", BEGINNING, "EngineStarted", 1, body, seq)


def test_an_asterisk_that_restarts_during_the_take_over_gets_its_identities_again() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        interaction = world.call_of(leg).id
        await world.kill()
        open_streams = world.log.open_streams

        async def restarting():
            world.telephony.connection.go_away()
            world.telephony.connection.come_back(is_restarted=True)
            return await open_streams()

        world.log.open_streams = restarting  # type: ignore[method-assign]
        await world.start()
        await world.until(lambda: "desk4" in world.telephony.identities and 1 in world.telephony.trunks)
        await world.until(lambda: interaction not in world.board.sessions)

    in_world(story)
