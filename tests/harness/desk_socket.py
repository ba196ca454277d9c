"""The desk's socket as a program speaks it: commands, and the rows that ``live`` keeps fresh."""

from __future__ import annotations

import asyncio
import itertools
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.waiting import until

Row = dict[str, Any]


@dataclass
class DeskSocket:
    """``me``, ``mine`` and the lead's ``agents`` are as of the newest message.

    As a page does, it comes again when the front lets it go: a test that keeps the loop from running for long answers
    no pings.
    """

    connection: ClientConnection
    #: opens another connection with a ticket of its own
    reopen: Callable[[], Awaitable[ClientConnection]]
    is_loaded: bool = False
    is_leaving: bool = False
    me: Row | None = None
    mine: dict[str, Row] = field(default_factory=dict)
    agents: dict[int, Row] = field(default_factory=dict)
    parked: list[Row] = field(default_factory=list)
    #: every state of the agent that the desk was told, in order: one may last shorter than a look takes
    states: list[str] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=itertools.count)
    _asked: dict[str, asyncio.Future[Row]] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return self.me["state"] if self.me else ""

    async def ask(self, do: str, **fields: object) -> Row | None:
        """Send a command; return its problem, or None where it was done."""
        number = f"t{next(self._ids)}"
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        request = json.dumps({"id": number, "do": do, **fields})
        try:
            await self.connection.send(request)
        except ConnectionClosed:
            self.is_loaded = False
            await until(lambda: self.is_loaded, what="the desk is connected again")
            await self.connection.send(request)
        async with asyncio.timeout(10):
            problem: Row | None = (await answer)["problem"]
        return problem

    async def do(self, do: str, **fields: object) -> None:
        """Send a command that must be done."""
        problem = await self.ask(do, **fields)
        assert problem is None, f"{do} was refused: {problem}"

    async def is_in(self, state: str, *, within_s: float = 40) -> None:
        await until(lambda: self.state == state, what=f"the agent is {state}", within_s=within_s)

    async def passes(self, state: str, *, since: int, within_s: float = 40) -> None:
        """Wait for a state that may be over by now; ``since`` is how many ``states`` there were before."""
        await until(lambda: state in self.states[since:], what=f"the agent was {state}", within_s=within_s)

    async def follow(self) -> None:
        """Read until it is left; a connection that the front ends is opened anew."""
        while True:
            with suppress(ConnectionClosed):
                async for text in self.connection:
                    self._take(json.loads(text))
            if self.is_leaving:
                return
            self.connection = await self.reopen()

    async def leave(self) -> None:
        self.is_leaving = True
        await self.connection.close()

    def _take(self, message: Row) -> None:
        match message["type"]:
            case "reply":
                self._asked.pop(message["id"]).set_result(message)
            case "snapshot":
                self.is_loaded, self.me = True, message["me"]
                self.mine = {row["id"]: row for row in message["mine"]}
                self.parked = message["parked"]
                self.agents = {row["id"]: row for row in (message["board"] or {}).get("agents", ())}
            case "update":
                self.me = message.get("me", self.me)
                self.parked = message.get("parked", self.parked)
                self.mine |= {row["id"]: row for row in message.get("mine", ())}
                self.agents |= {row["id"]: row for row in message.get("agents", ())}
                for gone in message.get("gone", ()):
                    self.mine.pop(gone, None)
            case _:
                return
        if self.state != (self.states[-1] if self.states else None):
            self.states.append(self.state)


@asynccontextmanager
async def desk_socket(product: Product, username: str) -> AsyncIterator[DeskSocket]:
    """Log in, open the socket and wait for the first rows."""
    with Api(product, username) as api:

        async def reopen() -> ClientConnection:
            ticket = (await asyncio.to_thread(api.read, "/ticket"))["ticket"]
            url = f"{product.url.replace('http', 'ws')}/ws?ticket={ticket}"
            return await connect(url, origin=cast(Origin, product.url), ssl=_its_own_certificate(url))

        socket = DeskSocket(await reopen(), reopen)
        following = asyncio.create_task(socket.follow())
        try:
            await until(lambda: socket.is_loaded, what="the desk's rows are there")
            yield socket
        finally:
            await socket.leave()
            await following


def _its_own_certificate(url: str) -> ssl.SSLContext | None:
    """Return what asks nobody about the certificate that the test made, as ``Api`` does."""
    if not url.startswith("wss:"):
        return None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def sign_out(product: Product, username: str, *, within_s: float = 40) -> None:
    """Bring the agent to signed out from wherever a test left it: a call is hung up, a wrap-up ended."""
    deadline = time.monotonic() + within_s
    async with desk_socket(product, username) as socket:
        while (me := socket.me) is not None and me["state"] != "logged_out":
            assert time.monotonic() < deadline, f"{username} cannot be signed out: {me}"
            if me["state"] == "wrap_up":
                await socket.ask("CompleteWrapUp", interaction=me["interaction"], then_ready=False)
            elif me["interaction"]:
                await socket.ask("HangUp", interaction=me["interaction"])
            else:
                await socket.ask("SignOut")
            with suppress(AssertionError):
                await until(lambda before=me: socket.me is not before, what="the state changes", within_s=0.5)
