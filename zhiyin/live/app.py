"""The front process: owns the port, serves the pages, the API's proxy and both sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import PartLink
from zhiyin.contracts.metrics import MetricsServer, metrics_socket
from zhiyin.live import metrics
from zhiyin.live.alarms import AlarmBook
from zhiyin.live.alarms_page import AlarmsPage
from zhiyin.live.api_proxy import ApiProxy
from zhiyin.live.desk_socket import DeskSocket
from zhiyin.live.embedding import Embedders
from zhiyin.live.event_stream import PATH as EVENTS_PATH
from zhiyin.live.event_stream import EventStream
from zhiyin.live.health import HealthBook
from zhiyin.live.hub import DESK_GRACE_S, Hub
from zhiyin.live.limits import Connections
from zhiyin.live.logins import CHECK_EVERY_S, Logins
from zhiyin.live.pages import Pages
from zhiyin.live.sip_proxy import SipNodes, SipProxy

#: A whole call centre may sit behind one address.
SOCKETS_PER_ADDRESS, SOCKETS_IN_ALL = 2_000, 20_000
#: each asks ``web`` once a second
STREAMS_PER_ADDRESS, STREAMS_IN_ALL = 20, 200
PING_EVERY_S = PONG_WITHIN_S = 15.0
MAX_SOCKET_BYTES = 64 * 1024
ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """All that the front needs to know."""

    engine: PartLink
    web: PartLink
    parts_status: Path
    data: Path
    asterisk_url: str
    ticket_key: bytes = field(repr=False)
    pages: Path = Path(__file__).parent / "static"
    desk_grace_s: float = DESK_GRACE_S
    login_check_every_s: float = CHECK_EVERY_S
    #: where it hands out its figures; nowhere by default
    metrics: Path | None = None
    #: several Asterisks instead of the one
    nodes: SipNodes | None = None
    #: the certificate that the front serves with, to tell when it ends
    certificate: Path | None = None

    @classmethod
    def of(cls, environment: Environment) -> LiveSettings:
        return cls(
            engine=environment.engine_link,
            web=environment.web_link,
            parts_status=environment.parts_status,
            data=environment.data,
            asterisk_url=environment.ari_url,
            ticket_key=bytes.fromhex(environment.ticket_key),
            nodes=_nodes(environment),
            metrics=metrics_socket(environment.run, "live"),
            certificate=environment.tls_cert,
        )


def _nodes(environment: Environment) -> SipNodes | None:
    if not environment.node_urls:
        return None
    tls = environment.keys.client if environment.keys else None
    return SipNodes(environment.node_urls, key=bytes.fromhex(environment.ticket_key), tls=tls)


def create_app(settings: LiveSettings) -> ASGIApp:
    """Return the front as an ASGI application; its parts start and stop with it."""
    hub = Hub(settings.engine, desk_grace_s=settings.desk_grace_s)
    web = ApiProxy(settings.web)
    alarms = AlarmBook(data=settings.data, run=settings.parts_status.parent, certificate=settings.certificate)
    health = HealthBook(
        link=hub.link,
        is_web_up=web.is_web_up,
        parts_status=settings.parts_status,
        data=settings.data,
        alarms=alarms,
    )
    logins = Logins(ask_web=web.ask, ticket_key=settings.ticket_key, every_s=settings.login_check_every_s)
    web.on_session_ended = logins.ended.end
    alarms_page = AlarmsPage(health=health, ask_web=web.ask)
    events = EventStream(web.ask_as, connections=Connections(per_address=STREAMS_PER_ADDRESS, in_all=STREAMS_IN_ALL))
    desks = DeskSocket(
        hub,
        ticket_key=settings.ticket_key,
        connections=Connections(per_address=SOCKETS_PER_ADDRESS, in_all=SOCKETS_IN_ALL),
        logins=logins,
    )
    telephones = SipProxy(
        settings.asterisk_url,
        connections=Connections(per_address=SOCKETS_PER_ADDRESS, in_all=SOCKETS_IN_ALL),
        nodes=settings.nodes,
    )
    pages = Pages(settings.pages)
    embedders = Embedders(web.ask)
    metrics.ENGINE_IS_UP.set_function(lambda: hub.link.is_up)
    figures = MetricsServer(settings.metrics, metrics.REGISTRY, lag=metrics.LAG_S) if settings.metrics else None

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        hub.start()
        if figures is not None:
            await figures.start()
        yield
        if figures is not None:
            await figures.stop()
        await hub.stop()
        await web.close()

    async def serve_health(_request: Request) -> Response:
        body = msgspec.json.encode(await health.read())
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def serve_api(request: Request) -> Response:
        return await web(request)

    async def serve_events(request: Request) -> Response:
        return await (events.serve(request) if events.is_wanted(request) else web(request))

    async def serve_pages(request: Request) -> Response:
        return await pages(request)

    async def serve_telephone(request: Request) -> Response:
        return await pages.telephone(request, await embedders.of(request.path_params["company"]))

    async def serve_desk(socket: WebSocket) -> None:
        await desks(socket)

    async def serve_sip(socket: WebSocket) -> None:
        await telephones(socket)

    routes = [
        Route("/api/health", serve_health, methods=["GET"]),
        Route("/api/alarms", alarms_page.serve, methods=["GET"]),
        Route(EVENTS_PATH, serve_events, methods=["GET"]),
        Route("/api/{path:path}", serve_api, methods=ALL_METHODS),
        WebSocketRoute("/ws", serve_desk),
        WebSocketRoute("/sip", serve_sip),
        Route("/embed/{company}/telephone", serve_telephone, methods=["GET"]),
        Route("/{path:path}", serve_pages, methods=["GET"]),
    ]
    return metrics.Measured(SecurityHeaders(Starlette(routes=routes, lifespan=life)))


class SecurityHeaders:
    """Adds the headers that every answer has, without touching those that an answer set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers.setdefault(name, value)
                if _may_be_framed(headers.get("content-security-policy", "")):
                    del headers["x-frame-options"]  # it knows but one origin; the policy names them all
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _may_be_framed(policy: str) -> bool:
    ancestors = [rule for rule in policy.split("; ") if rule.startswith("frame-ancestors ")]
    return bool(ancestors) and ancestors != ["frame-ancestors 'none'"]


#: How uvicorn serves the front. Tickets stand in addresses: there is no access log.
SERVER_OPTIONS: dict[str, Any] = {
    "http": "h11",
    "ws": "websockets-sansio",
    "ws_max_size": MAX_SOCKET_BYTES,
    "ws_ping_interval": PING_EVERY_S,
    "ws_ping_timeout": PONG_WITHIN_S,
    # A compressor for each of a thousand desks costs more memory than the frames do.
    "ws_per_message_deflate": False,
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    "log_level": "warning",
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": 3,
    "backlog": 1024,
    "lifespan": "on",
}


def run(environment: Environment) -> None:
    """Serve until told to stop (SIGTERM, SIGINT)."""
    config = uvicorn.Config(
        create_app(LiveSettings.of(environment)),
        host=environment.http_host,
        port=environment.http_port,
        loop="uvloop",
        ssl_certfile=str(environment.tls_cert) if environment.is_tls else None,
        ssl_keyfile=str(environment.tls_key) if environment.is_tls else None,
        **SERVER_OPTIONS,
    )
    uvicorn.Server(config).run()
