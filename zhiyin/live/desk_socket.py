"""``/ws``: one desk's socket. The ticket says whose it is; everything the browser says is doubted."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import msgspec
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Problem
from zhiyin.contracts.rights import RIGHT_FOR
from zhiyin.contracts.tickets import BadTicket, Ticket, read_ticket
from zhiyin.live.desks import Desk
from zhiyin.live.hub import Hub
from zhiyin.live.limits import Connections, Rate, TooManyConnections
from zhiyin.live.logins import Logins
from zhiyin.live.messages import DeskReply, to_text
from zhiyin.live.origins import is_same_origin, peer_address

log = structlog.get_logger(__name__)

MAX_MESSAGE_CHARACTERS = 16_384
MAX_ID_CHARACTERS = 64
MESSAGES_PER_S, MESSAGES_BURST = 20, 60
#: Commands of one desk that may wait for the engine at the same time.
MAX_WAITING = 16
#: A desk that does not read for this long is dropped even if its outbox has room.
SEND_WITHIN_S = 20.0

#: Close codes: WebSocket's own where one fits.
TRY_AGAIN, BROKEN_RULES, NOT_UNDERSTOOD, TICKET_OVER = 1013, 1008, 1007, 4401

DeskCommand = (
    c.SignIn
    | c.SignOut
    | c.SetReady
    | c.SetNotReady
    | c.WithdrawRest
    | c.OpenTelephone
    | c.CloseTelephone
    | c.RejectOffer
    | c.HangUp
    | c.Hold
    | c.Resume
    | c.SendDigits
    | c.Transfer
    | c.Consult
    | c.CompleteTransfer
    | c.CallBack
    | c.CallLater
    | c.InviteSurvey
    | c.ToVoicemail
    | c.Conference
    | c.SwapParties
    | c.EndConsult
    | c.AttachData
    | c.Park
    | c.Unpark
    | c.Dial
    | c.TakeWrapUp
    | c.CompleteWrapUp
    | c.ExtendWrapUp
    | c.CallTest
    | c.Monitor
    | c.ChangeMonitoring
    | c.StopMonitoring
    | c.TakeOver
    | c.Disconnect
    | c.ForceState
    | c.Requeue
    | c.ChangePriority
    | c.Assign
    | c.Pull
    | c.EndWaiting
    | c.AnswerRest
)


class BadMessage(Exception):
    """Not a command a browser may send; ``request_id`` where it could still be read."""

    def __init__(self, code: str, request_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.request_id = request_id


class _Broken(Exception):
    """The browser broke the socket's rules and is cut off with this close code."""

    def __init__(self, close_code: int) -> None:
        super().__init__(close_code)
        self.close_code = close_code


def read_command(text: str, *, agent: int) -> tuple[str, DeskCommand]:
    """Return the message's id and its command, made for ``agent`` whatever the message says. Raises ``BadMessage``."""
    try:
        message = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadMessage("bad_command") from error
    request_id = message.pop("id", None)
    if not isinstance(request_id, str) or not 0 < len(request_id) <= MAX_ID_CHARACTERS:
        raise BadMessage("bad_command")
    try:
        command = msgspec.convert({**message, "agent": agent}, type=DeskCommand)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadMessage("bad_command", request_id) from error
    return request_id, command


class DeskSocket:
    """Serves ``/ws?ticket=...``."""

    def __init__(self, hub: Hub, *, ticket_key: bytes, connections: Connections, logins: Logins) -> None:
        self._hub = hub
        self._logins = logins
        self._ticket_key = ticket_key
        self._connections = connections

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one socket to its end. A bad ticket or a foreign page is refused before the socket opens (403)."""
        try:
            ticket = self._admit(socket)
            with self._connections.one(peer_address(socket)):
                await socket.accept()
                await self._serve(socket, ticket)
        except (BadTicket, TooManyConnections) as refusal:
            log.info("desk_refused", why=repr(refusal), address=peer_address(socket))
            await socket.close(BROKEN_RULES)

    def _admit(self, socket: WebSocket) -> Ticket:
        if not is_same_origin(socket):
            raise BadTicket("foreign page")
        ticket = read_ticket(socket.query_params.get("ticket", ""), self._ticket_key, now=datetime.now(UTC))
        if ticket.session in self._logins.ended:
            raise BadTicket("logged out")
        return ticket

    async def _serve(self, socket: WebSocket, ticket: Ticket) -> None:
        desk = self._hub.open_desk(ticket)
        answers: set[asyncio.Task[None]] = set()
        life = [
            asyncio.create_task(self._read(socket, desk, answers)),
            asyncio.create_task(_write(socket, desk)),
            asyncio.create_task(_end_when_overrun(desk)),
            asyncio.create_task(_end_with(ticket)),
            asyncio.create_task(self._end_with_login(ticket, socket.headers.get("cookie"))),
            asyncio.create_task(self._end_with_logout(ticket)),
        ]
        try:
            done, _ = await asyncio.wait(life, return_when=asyncio.FIRST_COMPLETED)
            close_code = _close_code(done)
        finally:
            for task in (*life, *answers):
                task.cancel()
            self._hub.close_desk(desk)
        await asyncio.gather(*life, *answers, return_exceptions=True)
        if close_code is not None and socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(1):
                    await socket.close(close_code)

    async def _read(self, socket: WebSocket, desk: Desk, answers: set[asyncio.Task[None]]) -> None:
        rate = Rate(per_s=MESSAGES_PER_S, burst=MESSAGES_BURST)
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            text = message.get("text")
            if text is None:
                raise _Broken(NOT_UNDERSTOOD)
            if len(text) > MAX_MESSAGE_CHARACTERS or not rate.take():
                log.info("desk_broke_limits", characters=len(text), address=peer_address(socket))
                raise _Broken(BROKEN_RULES)
            try:
                if desk.agent is None:
                    raise BadMessage("forbidden", _id_of(text))
                request_id, command = read_command(text, agent=desk.agent)
                if (right := RIGHT_FOR.get(type(command))) is not None and right not in desk.ticket.rights:
                    raise BadMessage("forbidden", request_id)
                if len(answers) >= MAX_WAITING:
                    raise BadMessage("too_many_requests", request_id)
            except BadMessage as bad:
                if bad.request_id is None:
                    raise _Broken(NOT_UNDERSTOOD) from bad
                desk.outbox.put(to_text(DeskReply(id=bad.request_id, problem=Problem(code=bad.code))))
                continue
            task = asyncio.create_task(self._answer(desk, request_id, command))
            answers.add(task)
            task.add_done_callback(answers.discard)

    async def _end_with_login(self, ticket: Ticket, cookie: str | None) -> None:
        """A browser's socket lives no longer than its login; a program without cookie has but its ticket."""
        if cookie is None:
            await asyncio.Event().wait()
            return
        await self._logins.until_over(ticket, cookie)
        log.info("desk_login_over", tenant=ticket.tenant, user=ticket.user)
        raise _Broken(TICKET_OVER)

    async def _end_with_logout(self, ticket: Ticket) -> None:
        await self._logins.ended.until_ended(ticket.session)
        raise _Broken(TICKET_OVER)

    async def _answer(self, desk: Desk, request_id: str, command: DeskCommand) -> None:
        reply = await self._hub.ask(desk, command, request_id=request_id)
        if reply.problem is not None:
            log.info(
                "command_refused",
                do=type(command).__name__,
                problem=reply.problem.code,
                request=request_id,
                interaction=getattr(command, "interaction", None),
                agent=desk.agent,
            )
        desk.outbox.put(to_text(DeskReply(id=request_id, problem=reply.problem, result=reply.result)))


async def _write(socket: WebSocket, desk: Desk) -> None:
    while True:
        text = await desk.outbox.take()
        async with asyncio.timeout(SEND_WITHIN_S):
            await socket.send_text(text)


async def _end_when_overrun(desk: Desk) -> None:
    """A desk that does not keep up with its messages comes back to a fresh snapshot."""
    await desk.outbox.overrun.wait()
    log.info("desk_too_slow", tenant=desk.ticket.tenant, user=desk.ticket.user)
    raise _Broken(TRY_AGAIN)


async def _end_with(ticket: Ticket) -> None:
    """The socket lives no longer than its ticket; the page then asks for a new one."""
    await asyncio.sleep(max(0.0, (ticket.expires_at - datetime.now(UTC)).total_seconds()))
    raise _Broken(TICKET_OVER)


def _close_code(done: set[asyncio.Task[None]]) -> int | None:
    """Return the code to close with; None when the browser closed."""
    for task in done:
        match task.exception():
            case _Broken(close_code=code):
                return code
            case WebSocketDisconnect():
                return None
            case TimeoutError():
                return TRY_AGAIN
            case Exception() as error:
                log.error("desk_socket_failed", exc_info=error)
                return 1011
    return None


def _id_of(text: str) -> str | None:
    try:
        found = msgspec.json.decode(text, type=dict[str, object]).get("id")
    except (msgspec.MsgspecError, RecursionError):
        return None
    return found if isinstance(found, str) and 0 < len(found) <= MAX_ID_CHARACTERS else None
