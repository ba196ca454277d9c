"""Who may call a route. Each names the right it needs; without a session it is refused before anything is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest, QueryDict
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from zhiyin.apps.refusals import NotAllowed, NotLoggedIn, Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import enter_tenant

SESSION_COOKIE = "zhiyin_session"


class PeopleOnly(NotAllowed):
    code = "people_only"
    title = "This is for people who are logged in; an API key cannot do it."


@dataclass(frozen=True, slots=True)
class KeyCall:
    """A request that shows an API key: whom it acts as, or why it is refused; ``headers`` go with its answer."""

    actor: Actor | None = None
    refusal: Refusal | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class TenantRequest(HttpRequest):
    """A request inside its company's transaction; ``actor`` is set by the middleware once somebody is logged in."""

    actor: Actor


class WorkRequest(TenantRequest):
    """What the worker asks of a route as one of its users, inside that user's company: no browser, no session.

    ``take`` gets the list instead of a file being written (``listing.Listed``).
    """

    def __init__(self, *, actor: Actor, path: str, query: QueryDict, take: Callable[[Any], None]) -> None:
        super().__init__()
        self.method = "GET"
        self.path = self.path_info = path
        self.GET = query  # type: ignore[assignment] # Django declares only its own immutable kind
        self.actor = actor
        self.take = take


class Needs(APIKeyCookie):
    """Admits a logged-in user who has ``right`` ("" = anybody logged in). Unsafe methods need the CSRF token.

    An API key that has the right is admitted too, without that token: no browser adds keys by itself. Where a request
    has a key, its session counts for nothing.
    """

    param_name: str = SESSION_COOKIE
    #: in the API description all rights share one security scheme: the session's cookie
    openapi_description: ClassVar[str] = "The session's cookie; unsafe methods also need the header X-CSRFToken."

    def __init__(self, right: str = "") -> None:
        self.right = right
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        call: KeyCall | None = getattr(request, "key_call", None)
        if isinstance(request, WorkRequest):
            actor = request.actor
        else:
            actor = self._by_session(request, key) if call is None else self._by_key(request, call)
        if self.right and not actor.may(self.right):
            raise NotAllowed(facts={"right": self.right})
        return actor

    def _by_session(self, request: HttpRequest, key: str | None) -> Actor:
        actor: Actor | None = getattr(request, "actor", None)
        if key is None or actor is None:
            raise NotLoggedIn
        require_csrf(request)
        return actor

    def _by_key(self, request: HttpRequest, call: KeyCall) -> Actor:
        """Only from here on the request acts as the key: routes open to everybody never see it."""
        if call.actor is None:
            raise call.refusal or NotLoggedIn()
        enter_tenant(call.actor.tenant.pk)
        request.actor = call.actor  # type: ignore[attr-defined] # TenantRequest
        return call.actor


class NeedsPerson(Needs):
    """Admits people only: what belongs to a session, to an agent's own desk, or would let a key make keys."""

    def __init__(self, right: str = "", *, why: str) -> None:
        #: for the description: why no key may
        self.why = why
        super().__init__(right)

    def _by_key(self, request: HttpRequest, call: KeyCall) -> Actor:
        actor = super()._by_key(request, call)
        if self.right and not actor.may(self.right):
            raise NotAllowed(facts={"right": self.right})
        raise PeopleOnly(title=f"An API key cannot do this. {self.why}")


def require_csrf(request: HttpRequest) -> None:
    """Refuse an unsafe request that does not carry the CSRF token of its own browser."""
    if check_csrf(request) is not None:
        raise NotAllowed("csrf_failed", title="The page is out of date. Reload it and try again.")


def remote_address(request: HttpRequest) -> str:
    """Return the browser's address as the front reported it: the last entry is its own, the others anybody's."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return (forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", "")))[:64]
