"""The one connection to the engine: commands and replies, and every company's board; made again for ever."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from zhiyin.contracts.commands import Command, Subscribe
from zhiyin.contracts.frames import (
    MAX_FRAME_BYTES,
    BoardUpdate,
    Nudged,
    Problem,
    Reply,
    Request,
    decode_frame,
    encode_frame,
)
from zhiyin.contracts.links import PartLink

log = structlog.get_logger(__name__)

ANSWER_WITHIN_S = 8.0
CONNECT_WITHIN_S = 2.0
#: The next engine takes over within two seconds: asking often costs next to nothing.
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 0.2

ENGINE_AWAY = Problem(code="engine_away")
NO_ANSWER = Problem(code="no_answer_in_time")


class EngineLink:
    """``on_board`` gets every update in order, ``on_nudge`` every hint.

    ``on_up`` and ``on_down`` tell of the connection, in turn.
    """

    def __init__(
        self,
        link: PartLink,
        *,
        on_board: Callable[[BoardUpdate], None],
        on_up: Callable[[], None],
        on_down: Callable[[], None],
        on_nudge: Callable[[Nudged], None] = lambda _nudge: None,
    ) -> None:
        self._link = link
        self._addresses = itertools.cycle(link.addresses)
        self._on_board = on_board
        self._on_up = on_up
        self._on_down = on_down
        self._on_nudge = on_nudge
        self._writer: asyncio.StreamWriter | None = None
        self._pending: dict[str, asyncio.Future[Reply]] = {}
        self._subscriptions = itertools.count(1)
        self._task: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self._writer is not None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="engine-link")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def subscribe(self) -> None:
        """Ask for every board, whole. Also asked again when rows may have vanished that no update names."""
        if self._writer is not None:
            request = Request(id=f"subscribe-{next(self._subscriptions)}", tenant=0, actor=None, command=Subscribe())
            self._send(self._writer, request)

    async def ask(
        self, command: Command, *, request_id: str, tenant: int, actor: int | None, within_s: float = ANSWER_WITHIN_S
    ) -> Reply:
        """Send a command and return the engine's reply, or one that says "engine_away" or "no_answer_in_time"."""
        writer = self._writer
        if writer is None:
            return Reply(id=request_id, problem=ENGINE_AWAY)
        if request_id in self._pending:
            return Reply(id=request_id, problem=Problem(code="conflict"))
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = future
        deadline_at = datetime.now(UTC) + timedelta(seconds=within_s)
        try:
            async with asyncio.timeout(within_s):
                request = Request(id=request_id, tenant=tenant, actor=actor, command=command, deadline_at=deadline_at)
                self._send(writer, request)
                await writer.drain()
                return await future
        except TimeoutError:
            return Reply(id=request_id, problem=NO_ANSWER)
        except OSError:
            return Reply(id=request_id, problem=ENGINE_AWAY)
        finally:
            self._pending.pop(request_id, None)

    # --- the connection

    @staticmethod
    def _send(writer: asyncio.StreamWriter, request: Request) -> None:
        frame = encode_frame(request)
        writer.write(len(frame).to_bytes(4, "big") + frame)

    async def _run(self) -> None:
        delay_s = FIRST_DELAY_S
        while True:
            try:
                async with asyncio.timeout(CONNECT_WITHIN_S):
                    reader, writer = await self._link.open(next(self._addresses))
            except (OSError, TimeoutError):
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, LONGEST_DELAY_S)
                continue
            delay_s = FIRST_DELAY_S
            try:
                await self._serve(reader, writer)
            except Exception:  # this task is the front's only way to the engine: it must not end
                log.exception("engine_link_broke")
            finally:
                writer.close()
            await asyncio.sleep(delay_s)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        log.info("engine_connected")
        self.subscribe()
        self._on_up()
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                if length > MAX_FRAME_BYTES:
                    log.error("engine_frame_too_long", bytes=length)
                    return
                self._take(await reader.readexactly(length))
        except (asyncio.IncompleteReadError, OSError):  # a network that went is no ConnectionError
            log.warning("engine_away")
        finally:
            self._writer = None
            for request_id, future in self._pending.items():
                if not future.done():
                    future.set_result(Reply(id=request_id, problem=Problem(code="connection_lost")))
            self._on_down()

    def _take(self, data: bytes) -> None:
        try:
            frame = decode_frame(data)
        except msgspec.MsgspecError as error:
            # A newer engine may say more than this program knows; the rest of its frames is still good.
            log.error("engine_frame_unreadable", why=str(error))
            return
        if isinstance(frame, Reply):
            future = self._pending.get(frame.id)
            if future is not None and not future.done():
                future.set_result(frame)
        elif isinstance(frame, BoardUpdate):
            self._on_board(frame)
        elif isinstance(frame, Nudged):
            self._on_nudge(frame)
