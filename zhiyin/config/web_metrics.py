"""The figures of ``web``: how long each route of the API takes, handed out on its own unix socket at ``/metrics``.

``live`` passes on ``/api/`` alone, so that nobody outside can ask for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, unbind_contextvars

from zhiyin.contracts.metrics import CONTENT_TYPE, QUICK_S

log = structlog.get_logger(__name__)

PATH = "/metrics"
#: reading is logged only when it failed or took long
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SLOW_S = 1.0
REGISTRY = CollectorRegistry()
REQUESTS_S = Histogram(
    "zhiyin_web_request_seconds",
    "Requests inside Django, by route.",
    ("route", "method", "status"),
    buckets=QUICK_S,
    registry=REGISTRY,
)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class RequestTimes:
    """Django middleware; the route is the pattern ("interactions/<interaction_id>"), never an address with an id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked_at = time.perf_counter()
        with bound_contextvars(request=request.headers.get("X-Request-ID", "")[:64]):
            response = self._get_response(request)
            route = request.resolver_match.route if request.resolver_match else "unknown"
            took_s = time.perf_counter() - asked_at
            status = response.status_code
            REQUESTS_S.labels(route, request.method, f"{status // 100}xx").observe(took_s)
            if request.method not in _READING or status >= 500 or took_s > _SLOW_S:
                named = {name: value for name, value in _named_in(request).items() if name not in get_contextvars()}
                log.info("request", method=request.method, route=route, status=status, ms=round(took_s * 1000), **named)
            unbind_contextvars("interaction")
        return response

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> None:
        """From here on every line names the contact that the address names."""
        bind_contextvars(**_named_in(request))


def _named_in(request: HttpRequest) -> dict[str, str]:
    found = request.resolver_match.kwargs.get("interaction_id") if request.resolver_match else None
    return {"interaction": str(found)} if found else {}


def _of_all_workers() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # registers itself
    return registry


def with_metrics(application: WsgiApp) -> WsgiApp:
    """Return the application, with ``/metrics`` in front of it."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return application(environ, start_response)
        body = generate_latest(_of_all_workers() if "PROMETHEUS_MULTIPROC_DIR" in os.environ else REGISTRY)
        start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    return serve
