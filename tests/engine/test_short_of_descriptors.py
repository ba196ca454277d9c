"""Descriptors run out: those in hand suffice for the calls that are, the reserve for whatever has to be opened anew."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.test_spine import talking
from tests.engine.world import World, in_world
from zhiyin.domain.admission import Admission, Load, look
from zhiyin.domain.interactions import RecordingFailed
from zhiyin.engine.descriptors import Descriptors
from zhiyin.engine.log_port import LogAway, LogBatch
from zhiyin.engine.ports import TelephonyAway
from zhiyin.engine.spool import Spool

AT_EASE = Load(now_s=0.0, delay_s=0.0, served=0.0, going_on=0, is_used_up=False)


def test_callers_are_refused_only_when_the_reserve_is_used_up_too() -> None:
    """Whoever called was refused with 160 descriptors left and the whole reserve free."""
    limit = 100_000
    descriptors = Descriptors(limit=lambda: limit, reserve=10, least_left=5)
    descriptors.look()
    found = []
    for left in (10, 5, 4, 10, 100_000):
        limit = in_use() - (10 if not descriptors.is_short else 0) + left
        descriptors.look()
        found.append((descriptors.is_short, descriptors.is_spent))
    assert found == [(True, False), (True, False), (True, True), (True, False), (False, False)]
    limit = 0
    descriptors.look()


def test_an_engine_that_cannot_even_count_its_descriptors_looks_again_without_its_reserve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    descriptors = Descriptors(limit=lambda: 1000, reserve=10, least_left=5)
    counted = Descriptors._in_use
    monkeypatch.setattr(Descriptors, "_in_use", lambda one: counted(one) if not one._held else None)
    descriptors.look()
    descriptors.look()
    assert (descriptors.is_short, descriptors.is_spent) == (True, False)


def in_use() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir()) - 1


def test_the_reserve_is_let_go_where_descriptors_are_short_and_taken_back_afterwards() -> None:
    limit = 100_000
    descriptors = Descriptors(limit=lambda: limit, reserve=10)
    before = in_use()
    descriptors.look()
    assert (descriptors.is_short, in_use()) == (False, before + 10)
    limit = in_use()
    for _ in range(3):  # having let the reserve go makes them no less short
        descriptors.look()
        assert (descriptors.is_short, in_use()) == (True, before)
    limit = 100_000
    descriptors.look()
    assert (descriptors.is_short, in_use()) == (False, before + 10)
    limit = 0
    descriptors.look()


def test_nobody_new_enters_while_descriptors_are_short_and_all_do_right_after() -> None:
    short = look(
        Admission(), Load(now_s=1.0, delay_s=0.0, served=5.0, going_on=5, is_used_up=True, has_descriptors=False)
    )
    assert (short.is_open, short.tokens(1.0, going_on=5)) == (False, 0.0)
    after = look(short, AT_EASE)
    assert (after.is_open, after.tokens(1.0, going_on=5)) == (True, None)


def test_a_recording_that_could_not_be_asked_for_begins_a_little_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """No descriptor for the manager's line: such a conversation was never recorded, and told as failed."""

    async def story(world: World) -> None:
        start, tries = world.telephony.start_recording, []

        async def refuse_twice(leg: str, *, recording: str, path: str) -> None:
            tries.append(recording)
            if len(tries) < 3:
                raise TelephonyAway("manager: [Errno 24] Too many open files")
            await start(leg, recording=recording, path=path)

        monkeypatch.setattr(world.telephony, "start_recording", refuse_twice)
        leg = await talking(world)
        recording = world.call_of(leg).recording
        assert recording is not None
        await world.until(lambda: world.telephony.legs[leg].recording == recording, within_s=2)
        assert tries == [recording] * 3
        assert world.events(RecordingFailed.__name__) == []

    in_world(story)


def test_a_recording_is_not_begun_any_more_when_the_conversation_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        tries = []

        async def refuse(_leg: str, *, recording: str, path: str) -> None:
            del path
            tries.append(recording)
            raise TelephonyAway("manager: [Errno 24] Too many open files")

        monkeypatch.setattr(world.telephony, "start_recording", refuse)
        leg = await talking(world)
        world.telephony.end(leg)
        await world.pass_s(30)
        assert len(tries) == 1
        assert world.events(RecordingFailed.__name__) == []

    in_world(story)


@pytest.mark.parametrize("read", ["newest_at", "settings", "checkpoints", "choices", "open_streams"])
def test_an_engine_whose_database_breaks_off_while_it_takes_over_waits_for_it(
    read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended with an error instead, kept the lead for two seconds while it did, and the next one had to begin."""

    async def story(world: World) -> None:
        leg = await talking(world)
        await world.kill()
        monkeypatch.setattr(world.log, read, breaking_off_once(getattr(world.log, read)))
        await world.start()
        assert world.call_of(leg).segment is not None
        assert len(world.events("SegmentStarted")) == 1

    in_world(story)


def breaking_off_once(ask: Callable[[], object]) -> Callable[[], object]:
    failures = [LogAway("terminating connection due to administrator command")]

    def asked() -> object:
        if failures:
            raise failures.pop()
        return ask()

    return asked


def test_what_the_log_refuses_is_kept_even_where_no_file_can_be_opened_at_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one task that writes events ended there, and every call stood still for ever."""

    async def story(world: World) -> None:
        leg = await talking(world)
        failures = [OSError(errno.EMFILE, "Too many open files")]
        set_aside = Spool.set_aside

        def fail_once(spool: Spool, batch: object) -> None:
            if failures:
                raise failures.pop()
            set_aside(spool, batch)  # type: ignore[arg-type] # as it was called

        monkeypatch.setattr(Spool, "set_aside", fail_once)
        journal, clock = world.engine._journal, world.clock
        bad = journal.envelope(
            tenant=1, stream="i:bad", began="2026-11-01", at=clock.now(), event=RecordingFailed("x", "a\0b")
        )
        await journal.append((bad,))
        assert not failures
        assert journal.refused_events == 1
        world.telephony.end(leg)
        await world.until(lambda: world.events("InteractionEnded"))

    in_world(story)


def test_a_spool_whose_name_could_not_be_made_durable_holds_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood in the file and was written again: events that came later were then taken for drained, and lost."""
    spool, failures = Spool(tmp_path, 1), [OSError(errno.EMFILE, "Too many open files")]
    sync = Spool._sync_folder

    def fail_once(of: Spool) -> None:
        if failures:
            raise failures.pop()
        sync(of)

    monkeypatch.setattr(Spool, "_sync_folder", fail_once)
    batch = LogBatch(())
    with pytest.raises(OSError, match="Too many open files"):
        spool.append(batch)
    assert list(spool.pending()) == []
    spool.append(batch)
    assert [len(batches) for _, batches in spool.pending()] == [1]


def test_a_turn_that_broke_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had been told of, here that an agent answered, was forgotten: both heard nothing of each other."""

    async def story(world: World) -> None:
        leg = await talking(world)
        session = world.board.session_of(leg)
        decided, broken = session._decide, []

        async def break_once(event: object) -> str | None:
            if not broken:
                broken.append(event)
                raise OSError(errno.EMFILE, "Too many open files")
            return await decided(event)

        monkeypatch.setattr(session, "_decide", break_once)
        world.telephony.end(leg)
        await world.until(lambda: world.events("InteractionEnded"), within_s=5)
        assert len(broken) == 1

    in_world(story)
