"""The guard over the real engine, on the simulator: who is banned, who never is, and what outlives what."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.world import World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain.security.bans import Offence
from zhiyin.engine.ports import AccessRefused, CallArrived, TelephonyUp

ATTACKER, OFFICE, CARRIER = "203.0.113.66", "198.51.100.7", "192.0.2.1"


async def attack(world: World, address: str, *, account: str | None = None, times: int = 10) -> None:
    offence = Offence.WRONG_PASSWORD if account else Offence.UNKNOWN_ACCOUNT
    for _ in range(times):
        world.engine.take_fact(AccessRefused(address, offence, account))
    await asyncio.sleep(0.1)


def denied(world: World) -> set[tuple[str, str | None]]:
    return {(denial.address, denial.account) for denial in world.access.denied}


def test_whoever_guesses_is_refused_at_once_and_let_go_in_time() -> None:
    async def story(world: World) -> None:
        await attack(world, ATTACKER, times=9)
        assert denied(world) == set()
        await attack(world, ATTACKER, times=1)
        assert denied(world) == {(ATTACKER, None)}
        await world.pass_s(599)
        assert denied(world) == {(ATTACKER, None)}
        await world.pass_s(2)
        assert denied(world) == set()

    in_world(story)


def test_dialling_numbers_that_do_not_exist_is_scanning() -> None:
    async def story(world: World) -> None:
        for number in range(10):
            arrived = CallArrived(f"x{number}", "inbound", "anonymous", "alaw", f"90044{number}", "100", "", ATTACKER)
            world.engine.take_fact(arrived)
        await asyncio.sleep(0.1)
        assert denied(world) == {(ATTACKER, None)}

    in_world(story)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", CARRIER, OFFICE], ids=["live", "live6", "carrier", "office"])
def test_those_who_work_here_are_never_banned(address: str) -> None:
    async def story(world: World) -> None:
        world.access.registered = {OFFICE: frozenset({"desk4"})}
        await attack(world, address, times=1000)
        assert denied(world) == set()

    in_world(story)


def test_behind_a_shared_address_one_account_is_refused_and_the_others_work_on() -> None:
    """desk4 stands somewhere else; somebody in the office guesses its secret."""

    async def story(world: World) -> None:
        world.access.registered = {OFFICE: frozenset({"desk9"})}
        await attack(world, OFFICE, account="desk4", times=10)
        assert denied(world) == {(OFFICE, "desk4")}
        world.access.registered = {OFFICE: frozenset({"desk9"})}
        await attack(world, OFFICE, account="desk9", times=100)
        assert denied(world) == {(OFFICE, "desk4")}

    in_world(story)


def test_the_next_engine_knows_the_bans_and_a_new_asterisk_is_told_them() -> None:
    async def story(world: World) -> None:
        await attack(world, ATTACKER)
        await world.kill()
        await world.start()
        (row,) = await world.wish(c.ListBans())
        assert (row["address"], row["offence"], row["times"]) == (ATTACKER, "unknown_account", 1)
        world.access.restart()
        world.engine.take_fact(TelephonyUp(is_restarted=True))
        await asyncio.sleep(0.1)
        assert denied(world) == {(ATTACKER, None)}

    in_world(story)


def test_an_administrator_lifts_a_ban() -> None:
    async def story(world: World) -> None:
        await attack(world, ATTACKER)
        await world.wish(c.LiftBan(ATTACKER))
        assert denied(world) == set()
        assert await world.refused(c.LiftBan(ATTACKER)) == "unknown_ban"

    in_world(story)


def test_a_company_neither_sees_nor_lifts_bans_of_anothers_accounts() -> None:
    async def story(world: World) -> None:
        world.access.registered = {OFFICE: frozenset({"other-desk9"})}
        await attack(world, OFFICE, account="other-desk1", times=10)
        assert denied(world) == {(OFFICE, "other-desk1")}
        assert await world.wish(c.ListBans()) == []
        assert await world.refused(c.LiftBan(f"other-desk1@{OFFICE}")) == "unknown_ban"

    in_world(story, company())


def test_bans_wait_for_an_asterisk_that_is_away() -> None:
    async def story(world: World) -> None:
        await attack(world, ATTACKER)
        world.access.restart()
        world.access.is_away = True
        await attack(world, "203.0.113.67")
        world.access.is_away = False
        world.engine.take_fact(TelephonyUp(is_restarted=True))
        await asyncio.sleep(0.1)
        assert (ATTACKER, None) in denied(world)

    in_world(story)
