"""HTTP of single sign-on: what the log-in page offers, the way to a provider, and the way back.

Open to everybody: who comes is known only afterwards. What a provider's page brings back is answered with a redirect
into our own pages, never with what it said.
"""

from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.sessions import open_session
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.rest.access import remote_address, require_csrf
from zhiyin.apps.rest.schemas import ProblemOut
from zhiyin.apps.signin import attempts, providers, saml
from zhiyin.apps.signin.errors import SignInFailed
from zhiyin.apps.signin.models import IdentityProvider
from zhiyin.apps.signin.sessions import SIGNED_IN_BY

router = Router(tags=["sign-in"])

#: the session's own memory of the attempt that it began
_STATE = "sign_in"


class SignInOfferOut(Schema):
    """``path`` stands in the addresses of the provider."""

    path: str
    name: str


class SignInOffersOut(Schema):
    items: list[SignInOfferOut]


class SignInOffersIn(Schema):
    company: str = Field(max_length=64)


class BeginIn(Schema):
    """``next``: the page that was asked for."""

    next: str = Field(default="", max_length=500)


class BegunOut(Schema):
    """Where the browser goes now."""

    address: str


class CallbackIn(Schema):
    code: str = Field(default="", max_length=4000)
    state: str = Field(default="", max_length=200)
    iss: str = Field(default="", max_length=500)
    error: str = Field(default="", max_length=200)


class StateIn(Schema):
    state: str = Field(default="", max_length=200)


@router.get("/offered", operation_id="getOffered", auth=None, response={200: SignInOffersOut, 422: ProblemOut})
def get_offered(request: HttpRequest, wanted: Query[SignInOffersIn]) -> Any:
    """The identity providers of a company; none for a company that does not exist."""
    found = providers.offered(company=wanted.company)
    return {"items": [{"path": f"{row.tenant_id}-{row.key}", "name": row.name} for row in found]}


@router.post(
    "/{path}/begin",
    operation_id="beginSignIn",
    auth=None,
    response={200: BegunOut, **dict.fromkeys((400, 403, 404, 422, 429), ProblemOut)},
)
def begin_sign_in(request: HttpRequest, path: str, body: BeginIn) -> Any:
    """Begin to log in at a provider."""
    require_csrf(request)
    provider = _provider(path)
    address, state = attempts.begin(provider=provider, next_place=body.next, now=timezone.now())
    request.session[_STATE] = state
    return {"address": address}


@router.get("/{path}/callback", operation_id="finishOidc", auth=None, include_in_schema=False)
def finish_oidc(request: HttpRequest, path: str, told: Query[CallbackIn]) -> HttpResponse:
    """The browser comes back from an OpenID provider."""
    try:
        provider = _provider(path)
        if told.error:
            raise SignInFailed("provider_refused")
        user, place = attempts.finish_oidc(
            provider=provider,
            state=told.state,
            known_state=str(request.session.get(_STATE, "")),
            code=told.code,
            issuer=told.iss,
            now=timezone.now(),
        )
        return _enter(request, provider, user, place)
    except (SignInFailed, NotFound, IntegrityError) as error:
        return _back_to_login(error)


@router.post("/{path}/acs", operation_id="receiveSaml", auth=None, include_in_schema=False)
def receive_saml(request: HttpRequest, path: str) -> HttpResponse:
    """A form of a SAML provider's page, which comes without our cookies; the browser goes on in its own session."""
    try:
        provider = _provider(path)
        state = attempts.take_response(
            provider=provider,
            state=request.POST.get("RelayState", ""),
            response=request.POST.get("SAMLResponse", ""),
            now=timezone.now(),
        )
    except (SignInFailed, NotFound) as error:
        return _back_to_login(error)
    return _redirect(f"/api/sign-in/{path}/finish?{urlencode({'state': state})}")


@router.get("/{path}/finish", operation_id="finishSaml", auth=None, include_in_schema=False)
def finish_saml(request: HttpRequest, path: str, told: Query[StateIn]) -> HttpResponse:
    """The browser that began comes for whom the response named."""
    try:
        provider = _provider(path)
        known = str(request.session.get(_STATE, ""))
        user, place = attempts.finish_saml(provider=provider, state=told.state, known_state=known, now=timezone.now())
        return _enter(request, provider, user, place)
    except (SignInFailed, NotFound, IntegrityError) as error:
        return _back_to_login(error)


@router.get("/{path}/metadata", operation_id="getSamlMetadata", auth=None, include_in_schema=False)
def get_saml_metadata(request: HttpRequest, path: str) -> HttpResponse:
    """Our metadata, to hand over to a SAML provider."""
    provider = _provider(path)
    if provider.kind != IdentityProvider.Kind.SAML:
        raise NotFound
    text = saml.own_metadata(provider, attempts.addresses_of(provider))
    return HttpResponse(text, content_type="application/samlmetadata+xml; charset=utf-8")


def _provider(path: str) -> IdentityProvider:
    provider = attempts.find_provider(path)
    if provider is None:
        raise NotFound
    return provider


def _enter(request: HttpRequest, provider: IdentityProvider, user: User, place: str) -> HttpResponse:
    accounts.note_login(user=user, address=remote_address(request), now=timezone.now(), way=provider.name)
    open_session(request, user)
    request.session[SIGNED_IN_BY] = f"{provider.tenant_id}-{provider.key}"
    return _redirect(place or "/")


def _back_to_login(error: Exception) -> HttpResponse:
    code = error.code if isinstance(error, SignInFailed) else "sign_in_over"
    return _redirect(f"/login?{urlencode({'problem': code})}")


def _redirect(place: str) -> HttpResponse:
    answer = HttpResponseRedirect(place)
    answer.status_code = 303
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
