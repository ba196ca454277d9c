"""Data that a carrier gives along in SIP headers become attached data of the contact, and nobody else's do."""

from __future__ import annotations

import pytest

from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts.attached_data import attached_data
from zhiyin.contracts.snapshots import TrunkSetting

TRUNK = TrunkSetting(id=1, name="主线路", host="carrier.example")
HEADERS = {"X-Zhiyin-Data-Account": "88120", "X-Zhiyin-Data-Level": "金卡", "X-Other": "1"}


def _data(world: World, leg: str) -> dict[str, str]:
    session = world.board.session_of(leg)
    assert session is not None
    return attached_data(session.call.data_refs, session.personal)


def test_a_trunks_headers_are_attached_and_stand_in_no_event() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, endpoint="trunk-1", headers=HEADERS)
        await world.until(lambda: world.board.session_of(leg) and world.call_of(leg).data_refs)
        assert _data(world, leg) == {"Account": "88120", "Level": "金卡"}
        (attached,) = world.events("DataAttached")
        assert (attached.by, attached.agent) == ("carrier", None)
        assert "88120" not in repr(world.events())

    in_world(story, company(trunks=(TRUNK,)))


@pytest.mark.parametrize("endpoint", ["anonymous", "z1"])
def test_what_others_than_trunks_write_into_headers_is_not_believed(endpoint: str) -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, endpoint=endpoint, headers=HEADERS)
        await world.pass_s(2)
        assert not world.events("DataAttached")
        session = world.board.session_of(leg)
        assert session is None or not session.call.data_refs

    in_world(story, company(trunks=(TRUNK,)))


def test_headers_have_the_limits_of_attached_data() -> None:
    """Thirty headers, some too long or empty: what fits is attached, at most twenty."""
    many = {f"X-Zhiyin-Data-K{number}": str(number) for number in range(30)}
    odd = {
        "X-Zhiyin-Data-" + "k" * 41: "v",
        "X-Zhiyin-Data-Long": "v" * 201,
        "X-Zhiyin-Data-": "v",
        "X-Zhiyin-Data-E": "",
    }

    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, endpoint="trunk-1", headers=odd | many)
        await world.until(lambda: world.board.session_of(leg) and world.call_of(leg).data_refs)
        data = _data(world, leg)
        assert 0 < len(data) <= 20
        assert data.items() <= {f"K{number}": str(number) for number in range(30)}.items()

    in_world(story, company(trunks=(TRUNK,)))


def test_a_call_that_came_while_no_engine_was_there_has_its_data_too() -> None:
    async def story(world: World) -> None:
        await world.kill()
        leg = world.telephony.call(HOTLINE, endpoint="trunk-1", headers=HEADERS)
        await world.start()
        await world.until(lambda: world.board.session_of(leg) and world.call_of(leg).data_refs)
        assert _data(world, leg)["Account"] == "88120"

    in_world(story, company(trunks=(TRUNK,)))
