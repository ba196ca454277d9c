"""The front's figures for Prometheus. The counters belong to the process, as is the custom of this library."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zhiyin.contracts.metrics import QUICK_S

REGISTRY = CollectorRegistry()

REQUESTS_S = Histogram(
    "zhiyin_http_request_seconds",
    "Requests until the beginning of their answer: the API's (by way of web) and the pages'.",
    ("kind", "method", "status"),
    buckets=QUICK_S,
    registry=REGISTRY,
)
SOCKETS = Gauge(
    "zhiyin_sockets", "Open websockets: of desks and of browsers' telephones.", ("kind",), registry=REGISTRY
)
DESK_MESSAGES = Counter("zhiyin_desk_messages", "Messages put into desks' outboxes.", registry=REGISTRY)
OVERRUN_DESKS = Counter("zhiyin_desks_overrun", "Desks dropped because they did not keep up.", registry=REGISTRY)
ENGINE_IS_UP = Gauge("zhiyin_engine_link_is_up", "1 while the front has the engine.", registry=REGISTRY)
LAG_S = Histogram("zhiyin_live_loop_lag_seconds", "How late the loop comes.", buckets=QUICK_S, registry=REGISTRY)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SOCKET_KINDS = {"/ws": "desk", "/sip": "telephone"}


class Measured:
    """Counts requests and open sockets. Labels are of a fixed set, whatever anybody asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve_http(scope, receive, send)
        elif scope["type"] == "websocket":
            with SOCKETS.labels(_SOCKET_KINDS.get(scope["path"], "other")).track_inprogress():
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked_at = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = "api" if scope["path"].startswith("/api/") else "page"
                method = scope["method"] if scope["method"] in _METHODS else "other"
                status = f"{message['status'] // 100}xx"
                REQUESTS_S.labels(kind, method, status).observe(time.perf_counter() - asked_at)
            await send(message)

        await self._app(scope, receive, send_measured)
