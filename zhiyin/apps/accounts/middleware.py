"""One transaction per request, seeing the rows of the logged-in user's company and no others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from zhiyin.apps.accounts.login_sessions import MOST_TOLD, collected_endings
from zhiyin.apps.accounts.sessions import resume_session
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.read_once import reading
from zhiyin.contracts.tickets import SESSION_ENDED_HEADER

_SAFE = ("GET", "HEAD", "OPTIONS")
_END_VIEW = ("DELETE", "/api/session/view")

log = structlog.get_logger(__name__)


class TenantTransaction:
    """Opens the transaction, finds out who asks, and commits unless the answer is a refusal.

    Refusals roll back where they are turned into an answer (``config/api.py``), because some must keep what they
    wrote: a failed login that was not counted would not be throttled.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.authenticate_key = import_string(settings.KEY_AUTHENTICATION)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            call = self.authenticate_key(request)
            with transaction.atomic(), collected_endings() as ended:
                request.key_call = call  # type: ignore[attr-defined] # read by ``Needs``
                request.actor = resume_session(request) if call is None else None  # type: ignore[attr-defined] # TenantRequest
                if is_forbidden_to_viewers(request):
                    return _problem(403, "viewing_only", "You look with other eyes. End that to change things.")
                with reading() if request.method in _SAFE else nullcontext():
                    response = self.get_response(request)
                for name, value in call.headers.items() if call else ():
                    response.headers[name] = value
                if ended and response.status_code < 400:
                    response.headers[SESSION_ENDED_HEADER] = ",".join(ended[:MOST_TOLD])
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except (OperationalError, InterfaceError) as error:
            log.warning("database_away", error=type(error).__name__)
            title = "The database cannot be reached now. Live calls go on; try again in a few seconds."
            answer = _problem(503, "database_away", title)
            answer["Retry-After"] = "2"
            return answer


def is_forbidden_to_viewers(request: HttpRequest) -> bool:
    """Whether somebody who looks with another user's eyes asks for more than to see, or to end it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.is_viewed or request.method in _SAFE:
        return False
    return (request.method, request.path) != _END_VIEW


def _problem(status: int, code: str, title: str) -> JsonResponse:
    body = {"code": code, "title": title, "facts": {}, "fields": {}}
    return JsonResponse(body, status=status, content_type="application/problem+json")
