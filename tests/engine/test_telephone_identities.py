"""What Asterisk could not be told of telephones, because it was away just then, it is told when it is back."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.world import World, in_world
from zhiyin.contracts.snapshots import SipAccountSetting
from zhiyin.engine.ports import SipIdentity, TelephonyAway, TelephonyDown, TelephonyUp
from zhiyin.engine.telephones import MEND_AFTER_S


class Line:
    """Breaks under the requests about telephones while it is down."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.is_down, self.asked = world, False, 0
        self.put, self.remove = world.telephony.put_identity, world.telephony.remove_identity
        monkeypatch.setattr(world.telephony, "put_identity", self.put_identity)
        monkeypatch.setattr(world.telephony, "remove_identity", self.remove_identity)

    async def put_identity(self, identity: SipIdentity) -> None:
        self.check()
        await self.put(identity)

    async def remove_identity(self, account: str) -> None:
        self.check()
        await self.remove(account)

    def check(self) -> None:
        self.asked += 1
        if self.is_down:
            raise TelephonyAway("connection broke")

    async def change(self, version: int, *accounts: SipAccountSetting) -> None:
        """The company's telephones are others now."""
        world = self.world
        world.log.change_settings(msgspec.structs.replace(world.settings, version=version, sip_accounts=accounts))
        await world.until(lambda: world.tenant.company.settings.version == version)
        await world.pass_s(1)

    async def comes_back(self) -> None:
        self.is_down = False
        self.world.engine.take_fact(TelephonyUp(is_restarted=False))
        await self.world.pass_s(1)


def test_a_telephone_that_was_removed_while_the_line_broke_cannot_register_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its secret went on to be good until Asterisk was restarted."""

    async def story(world: World) -> None:
        line = Line(world, monkeypatch)
        line.is_down = True
        await line.change(2)
        assert "desk4" in world.telephony.identities
        await line.comes_back()
        assert "desk4" not in world.telephony.identities

    in_world(story)


def test_a_telephone_that_was_made_while_the_line_broke_is_made_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(world: World) -> None:
        line = Line(world, monkeypatch)
        line.is_down = True
        await line.change(2, *world.settings.sip_accounts, SipAccountSetting("desk9", "new", 3))
        assert "desk9" not in world.telephony.identities
        await line.comes_back()
        assert world.telephony.identities["desk9"].secret == "new"
        assert "desk4" in world.telephony.identities

    in_world(story)


@pytest.mark.parametrize("is_made", [True, False])
def test_one_answer_that_was_lost_is_asked_for_again(monkeypatch: pytest.MonkeyPatch, *, is_made: bool) -> None:
    """The line held, so that no coming back was told: the telephone could not register until Asterisk was restarted."""

    async def story(world: World) -> None:
        line = Line(world, monkeypatch)
        line.is_down = True
        wanted = (*world.settings.sip_accounts, SipAccountSetting("desk9", "new", 3)) if is_made else ()
        await line.change(2, *wanted)
        line.is_down = False
        await world.pass_s(MEND_AFTER_S)
        assert ("desk9" in world.telephony.identities) is is_made
        assert ("desk4" in world.telephony.identities) is is_made

    in_world(story)


def test_while_asterisk_is_away_nothing_is_asked_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        line = Line(world, monkeypatch)
        line.is_down = True
        world.engine.take_fact(TelephonyDown())
        await line.change(2)
        asked = line.asked
        await world.pass_s(10 * MEND_AFTER_S)
        assert line.asked == asked
        await line.comes_back()
        assert "desk4" not in world.telephony.identities

    in_world(story)


def test_a_telephone_of_a_removed_ones_name_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one's registration stood, so that the new one's was no news: its agent could never be ready."""

    async def story(world: World) -> None:
        line = Line(world, monkeypatch)
        world.telephony.register("desk4")
        line.is_down = True
        await line.change(2)
        line.is_down = False  # before anybody was told so
        await line.change(3, SipAccountSetting("desk4", "another", 4))
        assert world.telephony.identities["desk4"].secret == "another"
        assert "desk4" not in world.telephony.registered, "that was the old one"
        world.telephony.register("desk4")
        await line.comes_back()
        assert "desk4" in world.telephony.registered, "what is in order is left alone"

    in_world(story)
