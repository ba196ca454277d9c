"""Who may call a route. Each names the right it needs; without a session it is refused before anything is read."""

from typing import Any, ClassVar

from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from zhiyin.apps.refusals import NotAllowed, NotLoggedIn
from zhiyin.apps.tenancy.actors import Actor

SESSION_COOKIE = "zhiyin_session"


class TenantRequest(HttpRequest):
    """A request inside its company's transaction; ``actor`` is set by the middleware once somebody is logged in."""

    actor: Actor


class Needs(APIKeyCookie):
    """Admits a logged-in user who has ``right`` ("" = anybody logged in). Unsafe methods need the CSRF token."""

    param_name: str = SESSION_COOKIE
    #: in the API description all rights share one security scheme: the session's cookie
    openapi_description: ClassVar[str] = "The session's cookie; unsafe methods also need the header X-CSRFToken."

    def __init__(self, right: str = "") -> None:
        self.right = right
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor: Actor | None = getattr(request, "actor", None)
        if key is None or actor is None:
            raise NotLoggedIn
        require_csrf(request)
        if self.right and not actor.may(self.right):
            raise NotAllowed(facts={"right": self.right})
        return actor


def require_csrf(request: HttpRequest) -> None:
    """Refuse an unsafe request that does not carry the CSRF token of its own browser."""
    if check_csrf(request) is not None:
        raise NotAllowed("csrf_failed", title="The page is out of date. Reload it and try again.")


def remote_address(request: HttpRequest) -> str:
    """Return the browser's address as the front reported it: the last entry is its own, the others anybody's."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return (forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", "")))[:64]
