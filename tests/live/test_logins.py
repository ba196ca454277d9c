"""A browser's socket ends with its login, and not when the web server is away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from websockets.exceptions import InvalidStatus

from tests.live.builders import AGENT_RIGHTS, ticket
from tests.live.conftest import Front, serving, until
from zhiyin.contracts.tickets import SESSION_ENDED_HEADER

COOKIE = {"Cookie": "zhiyin_session=abc"}


@dataclass
class Office:
    """A web server that grants tickets to one session, while it is told to."""

    status: int = 200
    granted: str = ""
    asked: int = 0

    async def log_out(self, _request: Request) -> Response:
        return Response(status_code=204, headers={SESSION_ENDED_HEADER: "s1"})

    async def give_ticket(self, request: Request) -> JSONResponse:
        assert request.cookies["zhiyin_session"] == "abc"
        self.asked += 1
        return JSONResponse({"ticket": self.granted, "expires_at": ""}, status_code=self.status)


@pytest.fixture
async def office(front: Front) -> AsyncIterator[Office]:
    office = Office(granted=ticket())
    routes = [Route("/api/ticket", office.give_ticket), Route("/api/session", office.log_out, methods=["DELETE"])]
    app = Starlette(routes=routes)
    async with serving(app, uds=str(front.web_socket)):
        yield office


async def test_a_login_that_holds_is_asked_for_again_and_again(front: Front, office: Office) -> None:
    async with front.desk(ticket(), additional_headers=COOKIE) as desk:
        await until(lambda: office.asked > 3)
        office.status = 503
        asked = office.asked
        await until(lambda: office.asked > asked + 2)
        assert (await desk.do("c1", "SetReady"))["problem"] is None


@pytest.mark.parametrize(
    ("status", "granted"),
    [
        (401, {}),
        (403, {}),
        (200, {"rights": (*AGENT_RIGHTS, "live.read")}),
        (200, {"rights": ("desk",)}),
        (200, {"agent": None}),
        (200, {"user": 1002, "agent": 1002}),
    ],
    ids=["logged out", "forbidden", "more rights", "fewer rights", "no agent any more", "somebody else"],
)
async def test_a_login_that_changed_ends_the_socket(
    front: Front, office: Office, status: int, granted: dict[str, object]
) -> None:
    async with front.desk(ticket(), additional_headers=COOKIE) as desk:
        await until(lambda: office.asked > 1)
        office.status, office.granted = status, ticket(**granted)
        assert await desk.ended() == 4401


async def test_a_program_has_but_its_ticket(front: Front, office: Office) -> None:
    async with front.desk(ticket()) as desk:
        assert (await desk.do("c1", "SetReady"))["problem"] is None
    assert office.asked == 0


async def test_logging_out_closes_the_sockets_and_spoils_the_ticket(front: Front, office: Office) -> None:
    """Also for a program that shows a stolen ticket without a cookie; other logins of the same user go on."""
    async with front.desk(ticket()) as mine, front.desk(ticket(session="s2")) as elsewhere:
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = await browser.delete(f"{front.url}/api/session")
        assert answer.status_code == 204
        assert SESSION_ENDED_HEADER not in answer.headers
        assert await mine.ended() == 4401
        assert (await elsewhere.do("c1", "SetReady"))["problem"] is None
    with pytest.raises(InvalidStatus) as refused:
        async with front.desk(ticket()):
            pass
    assert refused.value.response.status_code == 403
