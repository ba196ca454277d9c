"""HTTP of logging in and out: the password, then what the user or the company wants beside it."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Router, Status

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.session_schemas import SessionOut, describe_session
from zhiyin.apps.accounts.sessions import Step, await_step, close_session, open_session, user_on_the_way
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest, remote_address, require_csrf
from zhiyin.apps.rest.schemas import ProblemOut, problems
from zhiyin.apps.signin import attempts, policy, second_factor
from zhiyin.apps.signin.errors import LoginOver, SsoOnly
from zhiyin.apps.signin.schemas import CodeIn, EnteredOut, FactorSetupOut, LoginIn, ProviderLogOutOut
from zhiyin.apps.signin.sessions import SIGNED_IN_BY

router = Router(tags=["session"])

OWN_SESSION = NeedsPerson(why="It belongs to a person's own session.")
_REFUSALS = dict.fromkeys((400, 401, 403, 409, 422, 429), ProblemOut)


@router.get("/session", operation_id="getSession", auth=None, response=SessionOut)
def get_session(request: HttpRequest) -> Any:
    """Who is logged in; also sets the CSRF cookie."""
    get_token(request)
    return describe_session(request)


@router.post("/session", operation_id="logIn", auth=None, response={200: SessionOut, **_REFUSALS})
def log_in(request: HttpRequest, body: LoginIn) -> Any:
    """Log in with company code, user name and password. ``step`` of the answer says what is still to be done."""
    require_csrf(request)
    address, now = remote_address(request), timezone.now()
    user = accounts.check_login(
        company=body.company, username=body.username, password=body.password, address=address, now=now
    )
    if not policy.may_use_password(user):
        raise SsoOnly
    step: Step | None = None
    if second_factor.has_second_factor(user):
        step = "code"
    elif second_factor.is_required(user):
        step = "set_up"
    if step is not None:
        await_step(request, user, step)
        return describe_session(request)
    return _enter(request, user)


@router.get(
    "/session/provider-log-out",
    operation_id="getProviderLogOut",
    auth=OWN_SESSION,
    response={200: ProviderLogOutOut, **problems()},
)
def get_provider_log_out(request: TenantRequest) -> Any:
    """Where the browser goes after logging out here, to log out at the identity provider too. Ask it before."""
    path = str(request.session.get(SIGNED_IN_BY, ""))
    return {"address": attempts.logout_address(path) if path else ""}


@router.delete("/session", operation_id="logOut", auth=OWN_SESSION, response={204: None, **problems()})
def log_out(request: TenantRequest) -> Any:
    """Log out; the browser's telephone is taken back, and its tickets are worth nothing any more."""
    accounts.log_out(actor=request.actor)
    close_session(request)
    return Status(204, None)


@router.post("/session/code", operation_id="enterCode", auth=None, response={200: SessionOut, **_REFUSALS})
def enter_code(request: HttpRequest, body: CodeIn) -> Any:
    """The second step of logging in: a code of the authenticator app, or a recovery code."""
    require_csrf(request)
    user = _on_the_way(request, "code")
    address = remote_address(request)
    way = second_factor.check_code(user=user, code=body.code, address=address, now=timezone.now())
    return _enter(request, user, way)


@router.post(
    "/session/second-factor", operation_id="beginRequiredSetup", auth=None, response={200: FactorSetupOut, **_REFUSALS}
)
def begin_required_setup(request: HttpRequest) -> Any:
    """Begin to set up the second factor that the company requires, on the way in."""
    require_csrf(request)
    return second_factor.begin_setup(_on_the_way(request, "set_up"))


@router.post(
    "/session/second-factor/confirm",
    operation_id="confirmRequiredSetup",
    auth=None,
    response={200: EnteredOut, **_REFUSALS},
)
def confirm_required_setup(request: HttpRequest, body: CodeIn) -> Any:
    """Confirm it with the app's first code; the user is in then."""
    require_csrf(request)
    user = _on_the_way(request, "set_up")
    actor = accounts.actor_at_work(tenant=user.tenant, user_id=user.pk)
    assert actor is not None
    codes = second_factor.confirm_setup(user=user, actor=actor, code=body.code, now=timezone.now())
    return {"session": _enter(request, user, "app"), "codes": codes}


def _on_the_way(request: HttpRequest, step: Step) -> User:
    user = user_on_the_way(request, step)
    if user is None:
        raise LoginOver
    return user


def _enter(request: HttpRequest, user: User, way: str = "") -> dict[str, Any]:
    accounts.note_login(user=user, address=remote_address(request), now=timezone.now(), way=way)
    open_session(request, user)
    return describe_session(request)
