"""A trunk's registration whose state Asterisk lost is made again as soon as the trunk is asked."""

from __future__ import annotations

from typing import Any, cast

from zhiyin.engine.adapters.asterisk.answers import Answer
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.identities import MediaRules
from zhiyin.engine.adapters.asterisk.manager import ManagerAnswer, ManagerClient
from zhiyin.engine.adapters.asterisk.provisioning import Provisioning
from zhiyin.engine.ports import Trunk

CONTACT = {"Event": "ContactStatusDetail", "Status": "Reachable", "RoundtripUsec": "900"}
LOST = {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk-7"}


class Asterisk:
    """Its part for registrations heard of the last one's deletion when the next one was made already."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.asked = 0

    async def request(self, method: str, path: str, *_: Any, **__: Any) -> Answer:
        if method == "PUT":
            self.made.append(path.rsplit("/", 2)[-2])
        return Answer(f"{method} {path}", 200, "OK", '{"value": ""}')

    async def act(self, action: str, **_: str) -> ManagerAnswer:
        success = {"Response": "Success"}
        if action == "PJSIPShowEndpoint":
            self.asked += 1
            return ManagerAnswer((success, CONTACT | {"RoundtripUsec": str(900 + self.asked)}))
        if action == "PJSIPShowRegistrationsOutbound":
            is_there = self.made.count("registration") > 1
            return ManagerAnswer((success, LOST | ({"Status": "Registered"} if is_there else {})))
        return ManagerAnswer((success,))


async def test_a_registration_whose_state_is_lost_is_made_again() -> None:
    """A trunk whose password was corrected never registered: its test said neither yes nor no for ever."""
    asterisk = Asterisk()
    made = Provisioning(ari=cast("AriClient", asterisk), manager=cast("ManagerClient", asterisk), media=MediaRules())
    given = Trunk(id=7, host="127.0.0.1", port=5060, transport="udp", username="u", secret="pw", does_register=True)
    await made.put_trunk(given)
    assert asterisk.made.count("registration") == 1
    assert (await made.test_trunk(7)).state == "ok"
    assert asterisk.made.count("registration") == 2
