"""The figures of ``web``: how long each route of the API takes, handed out on its own unix socket at ``/metrics``.

``live`` passes on ``/api/`` alone, so that nobody outside can ask for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest

from zhiyin.contracts.metrics import CONTENT_TYPE, QUICK_S

PATH = "/metrics"
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
        response = self._get_response(request)
        route = request.resolver_match.route if request.resolver_match else "unknown"
        status = f"{response.status_code // 100}xx"
        REQUESTS_S.labels(route, request.method, status).observe(time.perf_counter() - asked_at)
        return response


def with_metrics(application: WsgiApp) -> WsgiApp:
    """Return the application, with ``/metrics`` in front of it."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return application(environ, start_response)
        body = generate_latest(REGISTRY)
        start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    return serve
