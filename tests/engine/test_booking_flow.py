"""A flow books a callback: the contact goes on without its caller, and is rung in its hour and not before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from tests.engine.test_flow_service import drawn, press
from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import CallbackSetting, FlowSetting, ListedNumber, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import CallbackEnd, Medium, Phase

CALLER, OTHER = "13800138000", "13900139000"
GRAPH = drawn(
    (
        "book",
        "booking",
        {"queue": AFTER_SALES},
        {"no_number": "nobody", "too_many": "enough", "full": "full", "none": "nothing"},
    ),
    *((name, "hang_up", {"reason": name}, {}) for name in ("nobody", "enough", "full", "nothing")),
)


def booking(per_hour: int = 1, **changes: Any) -> TenantSettings:
    settings = company(**changes)
    callback = CallbackSetting(bookings_per_hour=per_hour)
    queue = msgspec.structs.replace(settings.queues[0], callback=callback, hours=1)
    flow = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(GRAPH)))
    return msgspec.structs.replace(settings, flows=(flow,), queues=(queue, settings.queues[1]))


async def asked(world: World, caller: str = CALLER) -> str:
    """Bring a caller to the question for the day."""
    leg = world.telephony.call(HOTLINE, caller=caller)
    await world.until(lambda: "/zh/booking_days" in world.telephony.legs[leg].heard)
    return leg


async def booked(world: World, caller: str = CALLER, keys: str = "2111") -> str:
    """Book the first hour of the first part of the second day, tomorrow; return the contact."""
    leg = await asked(world, caller)
    contact = world.call_of(leg).id
    await press(world, leg, keys)
    await world.until(lambda: leg not in world.telephony.legs)
    return contact


def test_who_booked_is_rung_in_the_hour_and_not_before_past_a_killed_engine() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        contact = await booked(world)
        call = world.board.sessions[contact].call
        assert (call.phase, call.customer_leg, call.callback.asked_by) == (Phase.POSTPONED, "", "booking")
        due_at = call.callback.due_at
        assert due_at == call.callback.place_at
        assert due_at.minute == 0
        assert call.callback.expires_at == due_at + timedelta(hours=1)
        heard = next(iter(world.telephony.ended.values())).heard
        assert heard.index("/zh/booking_agreed") < heard.index("/zh/booking_goodbye")
        assert world.board.live_calls == 0, "a booking keeps no engine from ending"
        await world.kill()
        await world.start()
        assert world.board.sessions[contact].call.callback.due_at == due_at
        await world.pass_s((due_at - world.clock.now()).total_seconds() - 5)
        assert world.state(1) is not AgentState.TALKING
        assert not world.events("OfferMade")
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING, within_s=30)
        assert world.board.sessions[contact].call.medium is Medium.CALLBACK

    in_world(story, booking())


def test_the_last_place_of_an_hour_is_given_to_one_of_two_who_ask_at_once() -> None:
    async def story(world: World) -> None:
        first, second = await asked(world), await asked(world, OTHER)
        await press(world, first, "211")
        await press(world, second, "211")
        await press(world, first, "1")
        await press(world, second, "1")
        await world.until(lambda: "/zh/booking_taken" in world.telephony.legs[second].heard)
        assert len(world.events("CallbackAgreed")) == 1
        await press(world, second, "2111")
        await world.until(lambda: second not in world.telephony.legs)
        one, other = world.events("CallbackAgreed")
        assert other.place_at == one.place_at + timedelta(hours=1)

    in_world(story, booking())


def test_a_time_that_was_booked_elsewhere_is_not_offered_and_one_given_back_is() -> None:
    async def story(world: World) -> None:
        contact = await booked(world)
        at = world.events("CallbackAgreed")[0].place_at
        again = await booked(world, OTHER)
        assert world.events("CallbackAgreed")[1].place_at == at + timedelta(hours=1)
        await world.wish(c.CancelCallback(contact))
        await world.wish(c.CancelCallback(again))
        outside = c.RequestCallback("b1", AFTER_SALES, OTHER, "booking", due_at=at, until=at + timedelta(hours=1))
        await world.wish(outside)
        await booked(world)
        assert world.events("CallbackAgreed")[-1].place_at == at + timedelta(hours=1)
        assert [e.outcome for e in world.events("CallbackEnded")] == [CallbackEnd.CANCELLED] * 2

    in_world(story, booking())


def test_who_may_not_be_called_and_who_has_enough_is_told_so() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller=OTHER)
        await world.until(lambda: leg not in world.telephony.legs)
        assert "/zh/callback_bad_number" in world.telephony.ended[leg].heard
        await booked(world)
        await booked(world)
        third = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: third not in world.telephony.legs)
        assert "/zh/booking_too_many" in world.telephony.ended[third].heard
        ends = [e.reason for e in world.events("InteractionEnded")]
        assert ends == ["nobody", "enough"]

    in_world(story, booking(per_hour=5, listed=(ListedNumber(f"+86{OTHER}", "do_not_call"),)))


def test_a_queue_that_never_opens_says_so() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: leg not in world.telephony.legs)
        assert "/zh/booking_closed" in world.telephony.ended[leg].heard
        assert [e.reason for e in world.events("InteractionEnded")] == ["full"]

    settings = booking()
    never = msgspec.structs.replace(settings.hours[0], weekly=((),) * 7)
    in_world(story, msgspec.structs.replace(settings, hours=(never,)))


def test_a_killed_engine_asks_the_caller_anew() -> None:
    async def story(world: World) -> None:
        leg = await asked(world)
        await press(world, leg, "21")
        await world.kill()
        await world.start()
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/booking_days") == 2)
        await press(world, leg, "2111")
        await world.until(lambda: leg not in world.telephony.legs)
        assert len(world.events("CallbackAgreed")) == 1

    in_world(story, booking())
