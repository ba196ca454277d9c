"""The door as the dialplan is told of it: filled up whatever came through, shared out at the limit."""

from __future__ import annotations

import asyncio
from collections import Counter

import msgspec
import pytest

from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts.dialplan import LET_IN
from zhiyin.contracts.snapshots import NumberSetting
from zhiyin.domain.admission import LATE_S, OPEN_AFTER_S, Admission, Load, look
from zhiyin.domain.admission_shares import vip_key
from zhiyin.engine.adapters.simulator.telephony import SimulatedTelephony
from zhiyin.engine.adapters.simulator.virtual_time import run_virtually
from zhiyin.engine.admission import (
    EVERY_S,
    OPEN_LEFT,
    TELL_AGAIN_S,
    UNHEARD_FOR_S,
    Arrivals,
    Doorkeeper,
    Unheard,
)
from zhiyin.engine.node_doors import HELD_FOR_S, LEFT, RESERVE, VIP, WAY

VIP_LINE = "4008005555"


def take_one(world: World, name: str) -> bool:
    return count_down(world.telephony.globals, name)


def count_down(told: dict[str, str], name: str) -> bool:
    """Count down as the dialplan does; False where nothing is left."""
    left = int(told.get(name) or 0)
    told[name] = str(max(0, left - 1))
    return left > 0


def test_calls_to_nobody_leave_the_door_open_for_those_to_somebody() -> None:
    """Each took a place in the dialplan. Uncounted, forty of them closed the door until the next engine came."""

    async def story(world: World) -> None:
        await world.until(lambda: LEFT in world.telephony.globals)
        for _ in range(3 * OPEN_LEFT):
            assert take_one(world, LEFT)
            world.telephony.call("4999999999")
            await world.pass_s(0.1)
        await world.pass_s(1)
        assert world.telephony.globals[LEFT] == str(OPEN_LEFT)

    in_world(story)


def test_callers_who_left_before_they_were_told_of_cost_no_place_for_long() -> None:
    async def story(world: World) -> None:
        await world.until(lambda: LEFT in world.telephony.globals)
        for _ in range(OPEN_LEFT):
            take_one(world, LEFT)
        await world.pass_s(TELL_AGAIN_S + 1)
        assert world.telephony.globals[LEFT] == str(OPEN_LEFT)

    in_world(story)


def test_the_dialplan_knows_the_vip_numbers_of_now() -> None:
    numbers = (NumberSetting(HOTLINE, 1), NumberSetting(VIP_LINE, 1, is_vip=True))

    async def story(world: World) -> None:
        key = f"{VIP}{vip_key(VIP_LINE)}"
        await world.until(lambda: world.telephony.globals.get(key) == "1")
        assert int(world.telephony.globals[RESERVE]) > 0
        assert f"{VIP}{vip_key(HOTLINE)}" not in world.telephony.globals
        world.log.change_settings(msgspec.structs.replace(world.settings, version=2, numbers=numbers[:1]))
        await world.until(lambda: world.telephony.globals.get(key) == "")

    in_world(story, company(numbers=numbers))


def test_whom_nobody_told_of_yet_is_counted_and_not_for_ever() -> None:
    unheard = Unheard()
    assert unheard.note({"a": 500, "b": 70}, heard=0, now_s=0) == 0, "what was before is not known"
    assert unheard.note({"a": 540, "b": 75}, heard=5, now_s=1) == 40
    assert unheard.note({"a": 545, "b": 3}, heard=30, now_s=2) == 15, "the second one began anew"
    assert unheard.note({"a": 545, "b": 3}, heard=99, now_s=3) == 0
    assert unheard.note({"a": 555, "b": 3, "c": 9}, heard=0, now_s=4) == 10
    assert unheard.note({"a": 556, "b": 3}, heard=0, now_s=5 + UNHEARD_FOR_S) == 1, "who hung up is never told of"


def test_a_door_is_not_filled_up_again_for_those_of_whom_nothing_was_heard_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asterisk told of callers three seconds late: 370 came at once through a door that let in 20 at a time."""
    seen: list[int] = []

    def look_on(admission: Admission, load: Load) -> Admission:
        seen.append(load.going_on)
        return look(admission, load)

    monkeypatch.setattr("zhiyin.engine.admission.look", look_on)

    async def story() -> None:
        telephony, arrivals = SimulatedTelephony(on_fact=lambda _fact: None), Late()
        telephony.globals[LET_IN] = "1000"
        keeping = asyncio.create_task(
            Doorkeeper(telephony, arrivals, vip_keys=frozenset, ways=list, going_on=lambda: 30).run()
        )
        await asyncio.sleep(2)
        assert set(seen) == {30}
        telephony.globals[LET_IN] = "1050"
        await asyncio.sleep(1)
        assert seen[-1] == 30 + 50
        for _ in range(49):
            arrivals.entered("trunk-1", is_vip=False)
        await asyncio.sleep(1)
        assert seen[-1] == 30 + 1
        await asyncio.sleep(UNHEARD_FOR_S)
        assert seen[-1] == 30, "that one has hung up"
        keeping.cancel()

    run_virtually(story())


def test_a_flood_by_many_ways_does_not_find_the_door_open_again_while_nobody_may_enter() -> None:
    """A call at each look was less than one for each of twelve trunks: nobody entered, so nobody seemed to want to."""
    ways, told_ways = [f"trunk-{number}" for number in range(12)], list[bool]()

    async def story() -> None:
        telephony, arrivals = SimulatedTelephony(on_fact=lambda _fact: None), Late()
        keeper = Doorkeeper(telephony, arrivals, vip_keys=frozenset, ways=lambda: ways, going_on=lambda: going_on)
        going_on, keeping = 100, asyncio.create_task(keeper.run())
        going_on = 500
        for _ in range(8):
            for way in ways:
                arrivals.entered(way, is_vip=False)
            await asyncio.sleep(EVERY_S)
        assert not keeper.admission.is_open
        arrivals.delay_s = 0.0
        while not keeper.admission.is_open:
            told_ways.append(any(int(told or 0) for name, told in telephony.globals.items() if name.startswith(WAY)))
            await asyncio.sleep(EVERY_S)
        keeping.cancel()

    run_virtually(story())
    assert all(told_ways[-int(OPEN_AFTER_S / EVERY_S) :]), "it opens because nobody comes though he may"


class Late(Arrivals):
    """A hundred are dealt with a second, and each has to wait."""

    delay_s = LATE_S + 0.1

    def oldest_s(self) -> float:
        return self.delay_s

    def served(self, *, at_least_over_s: float = 0.0) -> float:
        return 100.0


class Busy(Arrivals):
    """Ten calls are dealt with a second, in their order: what comes faster makes the engine late."""

    def __init__(self) -> None:
        super().__init__()
        self.backlog = 0.0

    def oldest_s(self) -> float:
        return self.backlog / 10

    def served(self, *, at_least_over_s: float = 0.0) -> float:
        return 10.0 if self.backlog else 0.0


def enter(told: dict[str, str], endpoint: str, number: str) -> bool:
    """Do as the dialplan does with one call."""
    if count_down(told, LEFT):
        return True
    if told.get(VIP + vip_key(number)) == "1" and count_down(told, RESERVE):
        return True
    way = WAY + endpoint
    return count_down(told, way if told.get(way) else f"{WAY}others")


def test_under_a_flood_by_one_trunk_the_other_and_the_vip_number_come_through() -> None:
    """Sixty a second by one trunk, two by another, one to a VIP number; ten can be dealt with."""

    async def story() -> None:
        telephony, arrivals = SimulatedTelephony(on_fact=lambda _fact: None), Busy()
        keys = frozenset({vip_key(VIP_LINE)})
        keeping = asyncio.create_task(
            Doorkeeper(
                telephony, arrivals, vip_keys=lambda: keys, ways=list, going_on=lambda: int(arrivals.backlog)
            ).run()
        )
        told, came, let_in = telephony.globals, Counter[str](), Counter[str]()
        for tick in range(60 * 30):
            now = ["trunk-1"] + ["trunk-2"] * (tick % 30 == 7) + ["vip"] * (tick % 60 == 11)
            for who in now:
                is_vip = who == "vip"
                endpoint, number = ("trunk-1", VIP_LINE) if is_vip else (who, HOTLINE)
                is_settled = tick > 60 * 5
                came[who] += is_settled
                if enter(told, endpoint, number):
                    arrivals.entered(endpoint, is_vip=is_vip)
                    arrivals.backlog += 1
                    let_in[who] += is_settled
            arrivals.backlog = max(0.0, arrivals.backlog - 10 / 60)
            await asyncio.sleep(1 / 60)
        keeping.cancel()
        assert let_in["trunk-2"] >= 0.95 * came["trunk-2"]
        assert let_in["vip"] >= 0.95 * came["vip"]
        assert 25 * 5 <= let_in["trunk-1"] <= 25 * 12, "the flood gets what is left"

    run_virtually(story())


class Pair:
    """Two nodes with a dialplan each, and an engine that can deal with ten calls a second."""

    def __init__(self) -> None:
        self.telephony = SimulatedTelephony(on_fact=lambda _fact: None)
        self.sight = self.telephony.sight
        self.sight.nodes = ("a", "b")
        self.arrivals = Busy()
        self.let_in = Counter[str]()
        keeper = Doorkeeper(
            self.telephony,
            self.arrivals,
            vip_keys=frozenset,
            ways=list,
            going_on=lambda: int(self.arrivals.backlog),
            nodes=self.sight,
        )
        self.keeping = asyncio.create_task(keeper.run())

    def told(self, node: str) -> dict[str, str]:
        return self.sight.globals_at(node)[0]

    async def flood(self, for_s: int, *, by: str) -> None:
        """Sixty callers a second, who come to the nodes of ``by`` in turn."""
        for tick in range(60 * for_s):
            node = by[tick % len(by)]
            if enter(self.told(node), "trunk-1", HOTLINE):
                self.arrivals.entered("trunk-1", is_vip=False, node=node)
                self.arrivals.backlog += 1
                self.let_in[node] += 1
            self.arrivals.backlog = max(0.0, self.arrivals.backlog - 10 / 60)
            await asyncio.sleep(1 / 60)


@pytest.mark.parametrize("by", ["ab", "a"], ids=["both nodes", "one of them"])
def test_two_nodes_let_in_what_one_would(by: str) -> None:
    """Each was told the whole number: twice as many entered between two looks as there was room for."""

    async def story() -> None:
        pair = Pair()
        await pair.flood(5, by=by)
        pair.let_in.clear()
        await pair.flood(25, by=by)
        assert 25 * 7 <= pair.let_in.total() <= 25 * 11
        assert min(pair.let_in[node] for node in by) >= 0.4 * pair.let_in.total()
        pair.keeping.cancel()

    run_virtually(story())


def test_a_node_out_of_sight_leaves_its_share_to_the_other_and_begins_with_nothing() -> None:
    async def story() -> None:
        pair = Pair()
        await pair.flood(10, by="ab")
        pair.sight.lose("a")
        await pair.flood(int(HELD_FOR_S) + 2, by="b")
        pair.let_in.clear()
        await pair.flood(10, by="b")
        assert pair.let_in["b"] >= 70
        pair.sight.find("a")
        pair.told("a")[f"{WAY}trunk-1"] = "9"  # what it was told long ago
        await asyncio.sleep(EVERY_S)
        assert pair.told("a")[f"{WAY}trunk-1"] == "0"
        pair.let_in.clear()
        await pair.flood(10, by="ab")
        assert pair.let_in["a"] >= 35
        pair.keeping.cancel()

    run_virtually(story())
