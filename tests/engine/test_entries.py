"""Entry rules through the engine: which flow a call begins with, and what its record says of why."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.engine.world import FLOW, HOTLINE, World, company, in_world
from zhiyin.contracts.snapshots import EntryRuleSetting, FlowSetting, HoursSetting, ListedNumber, TenantSettings
from zhiyin.domain.routing.classes import KnownCaller

CALLER = "+8613800138000"
NEW, GONE, CLOSED = 2, 9, 2
NEVER = tuple(() for _ in range(7))


def ruled_by(*rules: EntryRuleSetting, **changes: Any) -> TenantSettings:
    plain = company()
    flow = FlowSetting(NEW, 3, "new", msgspec.Raw(msgspec.json.encode(FLOW)))
    hours = (*plain.hours, HoursSetting(CLOSED, "never", NEVER))
    return company(flows=(*plain.flows, flow), hours=hours, entry_rules=rules, **changes)


async def came_to(world: World, caller: str = "13800138000") -> tuple[int | None, int | None, int | None, int | None]:
    """Call, and return (flow, version, rule, trial) of the contact's first event."""
    before = len(world.events("InteractionStarted"))
    world.telephony.call(HOTLINE, caller=caller)
    started = await world.until(lambda: world.events("InteractionStarted")[before:])
    await world.until(lambda: len(world.events("NodeEntered")) > before)
    return started[0].flow, started[0].flow_version, started[0].entry_rule, started[0].entry_trial


def test_the_first_rule_that_fits_decides_by_which_flow_a_caller_is_served() -> None:
    async def story(world: World) -> None:
        assert await came_to(world) == (NEW, 3, 5, None)
        assert world.events("NodeEntered")[-1].node in {"start", "hours", "menu"}

    rules = (
        EntryRuleSetting(1, GONE),  # its flow is not published
        EntryRuleSetting(2, NEW, numbers=("057188886666",)),
        EntryRuleSetting(3, NEW, hours=CLOSED),
        EntryRuleSetting(4, NEW, numbers=("not a number",)),
        EntryRuleSetting(5, NEW, numbers=(HOTLINE,), hours=CLOSED, is_open_wanted=False),
    )
    in_world(story, ruled_by(*rules))


def test_a_rule_for_a_class_fits_where_the_records_know_the_caller_and_never_holds_a_call_up() -> None:
    async def story(world: World) -> None:
        world.log.callers[1, CALLER] = KnownCaller((7,))
        assert await came_to(world) == (NEW, 3, 1, None)
        assert await came_to(world, "13900139000") == (1, 1, None, None)
        assert await came_to(world, "") == (1, 1, None, None)

    in_world(story, ruled_by(EntryRuleSetting(1, NEW, customer_classes=(7, 8))))


def test_a_rule_for_vips_fits_who_stands_on_their_list() -> None:
    async def story(world: World) -> None:
        assert await came_to(world) == (NEW, 3, 1, None)
        assert await came_to(world, "13900139000") == (1, 1, None, None)

    listed = (ListedNumber(CALLER, "vip"),)
    in_world(story, ruled_by(EntryRuleSetting(1, NEW, is_vip_only=True), listed=listed))


def test_a_share_is_kept_to_and_its_other_arm_is_told() -> None:
    async def story(world: World) -> None:
        came = [await came_to(world) for _ in range(200)]
        assert set(came) == {(NEW, 3, 1, None), (1, 1, None, 1)}
        assert 15 <= came.count((NEW, 3, 1, None)) <= 85, "of 200 a quarter, give or take five deviations"

    in_world(story, ruled_by(EntryRuleSetting(1, NEW, share_pct=25)))


def test_a_contact_goes_on_by_its_rule_s_flow_after_its_engine_was_killed() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller="13800138000")
        await world.until(lambda: any(event.node == "menu" for event in world.events("NodeEntered")))
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        await world.start()
        await world.until(lambda: world.board.session_of(leg) is not None)
        assert (world.call_of(leg).flow, world.call_of(leg).flow_version) == (NEW, 3)

    in_world(story, ruled_by(EntryRuleSetting(1, NEW)))
