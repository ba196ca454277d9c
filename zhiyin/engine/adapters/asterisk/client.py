"""A thin ARI client: one websocket that carries the events and the requests, connected again for ever.

Lists come by plain HTTP: Asterisk copies an answer onto its thread's stack before it writes it to a websocket, so a
list of a thousand channels asked for there ended Asterisk and every call with it (22.10.1, ``res_http_websocket``).
So are the dialplan's globals set, which must not wait behind every call's requests.

Knows frames, requests and time limits, and nothing of calls. Events reach ``on_event`` in the order in which Asterisk
sent them; while ``on_connected`` runs they are kept back, so that it can take stock first.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import quote, urlencode

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from zhiyin.domain.leadership import ANNOUNCED_FOR_S, LEASE_S
from zhiyin.engine import metrics
from zhiyin.engine.adapters.asterisk.address import AriAddress
from zhiyin.engine.adapters.asterisk.answers import Answer
from zhiyin.engine.adapters.asterisk.errors import AriAway, AriError, AriRefused
from zhiyin.engine.adapters.asterisk.event_clock import EventClock
from zhiyin.engine.adapters.asterisk.http_line import HttpLine
from zhiyin.engine.adapters.asterisk.messages import (
    ApplicationReplaced,
    Event,
    EventFilter,
    EventType,
    Kind,
    Message,
    RESTRequest,
    RESTResponse,
)
from zhiyin.engine.lease import Gate, OpenGate
from zhiyin.engine.ports import TelephonyError

log = structlog.get_logger(__name__)

#: Asterisk closes the socket on a larger message from us ("Cannot fit huge websocket frame").
MAX_REQUEST_BYTES = 60_000
MAX_MESSAGE_BYTES = 1024 * 1024
#: So many names fit into Asterisk's longest line of HTTP (4,096 bytes).
GLOBALS_AT_ONCE = 40
REQUEST_TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 5.0
#: A frozen Asterisk is noticed after the sum of both.
PING_EVERY_S = 3.0
PONG_WITHIN_S = 5.0
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 1.0
#: By then an engine that leads no more has been told so: its gate is shut.
TAKE_BACK_AFTER_S = LEASE_S + ANNOUNCED_FOR_S

_decode_message = msgspec.json.Decoder(Message).decode
_decode_kind = msgspec.json.Decoder(Kind).decode
_encode = msgspec.json.Encoder().encode


class AriClient:
    """One connection to one Asterisk for the applications in ``filters`` (application name -> event types wanted).

    ``on_connected`` runs after each connect and may send requests; when it raises, the connection is made anew.
    ``on_lost`` is called once for each connection whose ``on_connected`` had succeeded, ``on_refused`` whenever the
    machine says that nothing listens there. When another client takes over the applications, this one stays
    disconnected; with a ``gate`` only until that lets it pass later on: then no other engine leads, and what took them
    was an earlier try of its own that a frozen Asterisk carried out late. Requests wait at the gate, too: Asterisk
    would carry them out even then.
    """

    def __init__(
        self,
        address: AriAddress,
        *,
        filters: Mapping[str, Sequence[str]],
        on_event: Callable[[Event], None],
        on_connected: Callable[[], Awaitable[None]],
        on_lost: Callable[[], None],
        on_refused: Callable[[], None] = lambda: None,
        gate: Gate | None = None,
        request_timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> None:
        self._address = address
        self._filters = filters
        self._on_event = on_event
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._on_refused = on_refused
        self._gate = gate or OpenGate()
        self._is_led = gate is not None
        self._request_timeout_s = request_timeout_s
        self._socket: ClientConnection | None = None
        credentials = base64.b64encode(f"{address.user}:{address.password}".encode()).decode()
        self._authorization = f"Basic {credentials}"
        #: the door's own, since it is told in time or not at all; and one for what may take long
        self._door_line, self._list_line = (
            HttpLine(url=address.url, tls=address.tls, timeout_s=request_timeout_s) for _ in range(2)
        )
        self._pending: dict[str, asyncio.Future[RESTResponse]] = {}
        self._ids = itertools.count(1)
        self._kept_back: list[Event] | None = None
        self._is_replaced = False
        self._task: asyncio.Task[None] | None = None
        #: when something was heard last, and how Asterisk dated it
        self._heard = 0.0, ""
        #: how late events are heard
        self.event_clock = EventClock()
        #: when Asterisk said last what the last connection that ended brought, by the loop's clock
        self.last_word_at_s = 0.0

    @property
    def is_replaced(self) -> bool:
        """Whether another client took over the applications."""
        return self._is_replaced

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="ari")

    async def stop(self) -> None:
        """Close the connection. Channels and bridges stay as they are."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def lists(self, *paths: str) -> tuple[Answer, ...]:
        """Read lists, however long, and return once every event that was sent before they were read was delivered.

        Raises ``AriAway`` as ``request`` does.
        """
        answers = tuple([await self.aside("GET", path) for path in paths])
        await self.request("GET", "asterisk/ping")
        return answers

    async def aside(self, method: str, path: str, *, is_door: bool = False) -> Answer:
        """Send one request beside the websocket, and return its answer, whatever its status.

        There it would wait behind every call's requests, or its answer is too long. What Asterisk sent before may be
        delivered after. Raises ``AriAway`` as ``request`` does.
        """
        await self._gate.passed()
        if self._socket is None:
            raise AriAway("not connected")
        line = self._door_line if is_door else self._list_line
        kind, asked_at = path.partition("/")[0], time.perf_counter()
        try:
            answer = await line.ask(
                method,
                f"/ari/{path}",
                headers=f"Authorization: {self._authorization}\r\n",
                before=self._gate.passed,
            )
        except AriAway:
            metrics.ARI_FAILURES.labels(kind).inc()
            raise
        metrics.ARI_S.labels(kind).observe(time.perf_counter() - asked_at)
        return Answer(f"{method} {path.partition('?')[0]}", answer.status, answer.reason, answer.body)

    async def set_globals(self, values: Mapping[str, str]) -> None:
        """Set variables of the dialplan in their order, many at once; neither names nor values hold commas.

        Beside the websocket, since under a flood the door must be told in time. ``ARRAY`` without a channel sets
        globals, a hundred at most. Raises ``AriAway`` and ``AriRefused``.
        """
        names = list(values)
        for first in range(0, len(names), GLOBALS_AT_ONCE):
            some = names[first : first + GLOBALS_AT_ONCE]
            query = urlencode(
                {"variable": f"ARRAY({','.join(some)})", "value": ",".join(values[name] for name in some)}
            )
            (await self.aside("POST", f"asterisk/variable?{query}", is_door=True)).expect()

    async def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        *,
        body: object = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Send one REST request and return its answer, whatever its status.

        Raises ``AriAway`` when not connected, when the connection breaks meanwhile, or after ``timeout_s``
        (then it is unknown whether Asterisk did it).
        """
        await self._gate.passed()
        socket = self._socket
        if socket is None:
            raise AriAway("not connected")
        request_id = str(next(self._ids))
        frame = _encode(
            RESTRequest(
                transaction_id=request_id,
                request_id=request_id,
                method=method,
                uri=f"{path}?{urlencode(query, quote_via=quote)}" if query else path,
                content_type="application/json" if body is not None else "",
                message_body=_encode(body).decode() if body is not None else "",
            )
        )
        if len(frame) > MAX_REQUEST_BYTES:
            raise AriRefused(
                request=f"{method} {path}", status=413, reason="request larger than Asterisk's websocket takes"
            )
        future: asyncio.Future[RESTResponse] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = future
        kind, asked_at = path.partition("/")[0], time.perf_counter()
        try:
            async with asyncio.timeout(timeout_s or self._request_timeout_s):
                await socket.send(frame, text=True)
                response = await future
                answered_at = time.perf_counter()
                metrics.ARI_S.labels(kind).observe(answered_at - asked_at)
                self.event_clock.compare(response.timestamp, asked_s=asked_at, answered_s=answered_at)
        except TimeoutError as error:
            metrics.ARI_FAILURES.labels(kind).inc()
            raise AriAway(f"no answer to {method} {path}") from error
        except ConnectionClosed as error:
            metrics.ARI_FAILURES.labels(kind).inc()
            raise AriAway(f"connection broke during {method} {path}") from error
        finally:
            self._pending.pop(request_id, None)
        return Answer(
            request=f"{method} {path}",
            status=response.status_code,
            reason=response.reason_phrase,
            body=response.message_body,
        )

    # --- the connection

    async def _run(self) -> None:
        delay_s = FIRST_DELAY_S
        told = ""
        while True:
            await self._gate.passed()  # to connect takes the applications from whoever has them
            self._is_replaced = False
            try:
                if await self._serve_once():
                    delay_s, told = FIRST_DELAY_S, ""
            except InvalidStatus as error:
                status = error.response.status_code
                if told != (told := f"refused {status}"):
                    tell_refusal(status)
            except (OSError, TimeoutError, WebSocketException) as error:
                if isinstance(error, ConnectionRefusedError):
                    self._on_refused()
                if told != (told := type(error).__name__):
                    log.warning("asterisk_away", error=repr(error))
            except Exception:  # this task is the engine's only way to Asterisk: it must not end
                log.exception("asterisk_client_broke")
            if self._is_replaced:
                if not self._is_led:
                    return
                await asyncio.sleep(TAKE_BACK_AFTER_S)
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)

    async def _serve_once(self) -> bool:
        """Connect and serve until the connection ends; True when it had become usable."""
        was_usable = False
        async with self._connect() as socket:
            self._socket, self._kept_back = socket, []
            self.event_clock.forget()
            reader = asyncio.create_task(self._read(socket), name="ari-reader")
            try:
                was_usable = await self._make_usable(reader)
                if was_usable:
                    await reader
            finally:
                self._socket, self._kept_back = None, None
                reader.cancel()
                self._fail_pending()
                self._door_line.close()
                self._list_line.close()
                if was_usable:
                    self.last_word_at_s = self._last_word_at_s()
                    self._on_lost()
        return was_usable

    def _connect(self) -> connect:
        address = self._address
        query = urlencode({"app": ",".join(self._filters), "subscribeAll": "false"})
        return connect(
            f"{address.url.replace('http', 'ws', 1)}/ari/events?{query}",
            additional_headers={"Authorization": self._authorization},
            subprotocols=["ari"],  # type: ignore[list-item] # a NewType of str
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
            ssl=address.tls if address.url.startswith("https") else None,
            open_timeout=CONNECT_TIMEOUT_S,
            close_timeout=1,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_WITHIN_S,
            proxy=None,
        )

    async def _make_usable(self, reader: asyncio.Task[None]) -> bool:
        """Set the event filters, let the owner take stock, deliver what was kept back. False when that failed."""
        setup = asyncio.create_task(self._set_up(), name="ari-setup")
        try:
            await asyncio.wait({setup, reader}, return_when=asyncio.FIRST_COMPLETED)
            if not setup.done():
                return False
            setup.result()
        except (AriError, TelephonyError) as error:
            log.warning("asterisk_setup_failed", error=str(error))
            return False
        finally:
            setup.cancel()
        kept_back, self._kept_back = self._kept_back or [], None
        for event in kept_back:
            self._deliver(event)
        return True

    async def _set_up(self) -> None:
        for application, types in self._filters.items():
            # RESTResponse is an event too: without it no request would ever be answered.
            wanted = EventFilter(allowed=tuple(EventType(name) for name in ("RESTResponse", *types)))
            (await self.request("PUT", f"applications/{application}/eventFilter", body=wanted)).expect()
        await self._on_connected()

    async def _read(self, socket: ClientConnection) -> None:
        now_s = asyncio.get_running_loop().time
        async for frame in socket:
            heard_at_s = now_s()
            try:
                message = _decode_message(frame)
            except msgspec.MsgspecError as error:
                self._heard = heard_at_s, ""
                self._note_unread(frame, error)
                continue
            self._heard = heard_at_s, message.timestamp
            if isinstance(message, RESTResponse):
                future = self._pending.get(message.request_id)
                if future is not None and not future.done():
                    future.set_result(message)
            elif isinstance(message, ApplicationReplaced):
                # To connect again at once would take the calls from the engine that took them from us, and so on.
                log.error("another_engine_took_over", hint="only one engine may run on one Asterisk")
                self._is_replaced = True
                return
            elif self._kept_back is not None:
                self._kept_back.append(message)
            else:
                self._deliver(message)

    def _last_word_at_s(self) -> float:
        """Return when it was said, not when it was read: a line that broke may have held it up."""
        heard_at_s, dated = self._heard
        return heard_at_s - self.event_clock.lateness(dated, now_s=heard_at_s).ago_s

    def _deliver(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            log.exception("event_handler_failed", type=type(event).__name__)

    def _note_unread(self, frame: str | bytes, error: msgspec.MsgspecError) -> None:
        try:
            kind = _decode_kind(frame).type
        except msgspec.MsgspecError:
            kind = "?"
        log.debug("event_not_ours", type=kind, error=str(error))

    def _fail_pending(self) -> None:
        for future in self._pending.values():
            if not future.done():
                future.set_exception(AriAway("connection broke"))
                future.exception()  # seen, should the asker have gone
        self._pending.clear()


def tell_refusal(status: int) -> None:
    """Say why the server does not take us: one that has begun to listen may still be loading its ARI (404, 503)."""
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE):
        log.info("asterisk_is_starting", status=status)
        return
    log.error("asterisk_refuses_us", status=status, hint="check ARI user and password")
