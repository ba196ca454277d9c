"""Who booked a callback is written to some hours before: once, whatever ends meanwhile, and never too late."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec

from tests.engine.test_booking_flow import GRAPH, booked, booking
from tests.engine.world import AFTER_SALES, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import FlowSetting, ReminderSetting, TenantSettings
from zhiyin.domain.interactions import Phase

REMINDER = ReminderSetting(7, 2, "{{day}} {{time}} {{link}}", "on {{day}} at {{time}}", page="https://cc.example.com")


def reminding(reminder: ReminderSetting | None = REMINDER) -> TenantSettings:
    settings = booking()
    queue = settings.queues[0]
    assert queue.callback is not None
    callback = msgspec.structs.replace(queue.callback, reminder=reminder)
    queue = msgspec.structs.replace(queue, callback=callback)
    return msgspec.structs.replace(settings, queues=(queue, settings.queues[1]))


async def until_due(world: World, contact: str, *, less_s: float) -> None:
    """Most of the time no engine runs: its ten looks a second, for half a day, would be most of what the test does."""
    due_at = world.board.sessions[contact].call.callback.due_at
    left_s = (due_at - world.clock.now()).total_seconds() - less_s
    await world.kill()
    await world.pass_s(left_s - 60)
    await world.start()
    await world.pass_s(60)


def test_the_customer_is_written_to_once_at_its_hour_past_killed_engines() -> None:
    async def story(world: World) -> None:
        contact = await booked(world)
        await until_due(world, contact, less_s=7230)
        await world.kill()
        await world.start()
        assert not world.events("MessageOrdered")
        await world.pass_s(60)
        (ordered,) = world.events("MessageOrdered")
        assert (ordered.node, ordered.service) == ("reminder", 7)
        words = json.loads(world.board.sessions[contact].personal[ordered.message_ref])
        assert words["to"] == "+8613800138000"
        assert words["text"].endswith("00:00 https://cc.example.com/call-us/c1/booking/{{token}}")
        assert words["text"].startswith("11月")
        await world.kill()
        await world.start()
        await world.pass_s(600)
        assert len(world.events("MessageOrdered")) == 1
        assert world.board.sessions[contact].call.phase is Phase.POSTPONED

    in_world(story, reminding())


def test_an_engine_that_was_away_at_the_hour_writes_late_and_not_after_the_call_is_due() -> None:
    async def story(world: World) -> None:
        contact = await booked(world)
        other = await booked(world, "13900139000")
        await until_due(world, contact, less_s=7300)
        await world.kill()
        await world.pass_s(3600)
        await world.start()
        await world.pass_s(10)
        assert len(world.events("MessageOrdered")) == 1
        due_at = world.board.sessions[other].call.callback.due_at
        await world.kill()
        await world.pass_s((due_at - world.clock.now()).total_seconds() + 10)
        await world.start()
        await world.pass_s(10)
        assert world.board.sessions[other].call.phase is Phase.WAITING
        assert len(world.events("MessageOrdered")) == 1, "its hour has begun"

    in_world(story, reminding())


def test_who_books_later_than_that_cancels_or_is_not_to_be_reminded_is_not() -> None:
    async def story(world: World) -> None:
        begins_at = world.clock.now() + timedelta(hours=2)
        soon = c.RequestCallback("b1", AFTER_SALES, "13700137000", "booking", due_at=begins_at)
        await world.wish(soon)
        contact = await booked(world)
        await world.wish(c.CancelCallback(contact))
        unwanted = await booked(world, "13900139000")
        await world.pass_s(3600)
        without = msgspec.structs.replace(reminding(None), version=2)
        world.log.change_settings(without)
        await until_due(world, unwanted, less_s=60)
        assert not world.events("MessageOrdered")

    in_world(story, reminding())


def test_it_is_written_in_the_language_that_the_customer_heard() -> None:
    graph = json.loads(json.dumps(GRAPH))
    graph["nodes"].append({"id": "lang", "kind": "language", "config": {"language": "en"}})
    graph["edges"][0]["to"] = "lang"
    graph["edges"].append({"from": "lang", "exit": "next", "to": "book"})

    async def story(world: World) -> None:
        contact = await booked(world)
        await until_due(world, contact, less_s=7100)
        (ordered,) = world.events("MessageOrdered")
        words = json.loads(world.board.sessions[contact].personal[ordered.message_ref])
        assert words["text"].startswith("on ")

    flow = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(graph)))
    in_world(story, msgspec.structs.replace(reminding(), flows=(flow,)))
