"""One transaction per request, seeing the rows of the logged-in user's company and no others."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from zhiyin.apps.accounts.sessions import resume_session

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
            with transaction.atomic():
                request.key_call = call  # type: ignore[attr-defined] # read by ``Needs``
                request.actor = resume_session(request) if call is None else None  # type: ignore[attr-defined] # TenantRequest
                response = self.get_response(request)
                for name, value in call.headers.items() if call else ():
                    response.headers[name] = value
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except (OperationalError, InterfaceError) as error:
            log.warning("database_away", error=type(error).__name__)
            return JsonResponse(
                {
                    "code": "database_away",
                    "title": "The database cannot be reached now. Live calls go on; try again in a few seconds.",
                    "facts": {},
                    "fields": {},
                },
                status=503,
                content_type="application/problem+json",
                headers={"Retry-After": "2"},
            )
