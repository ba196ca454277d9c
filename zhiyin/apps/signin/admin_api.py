"""HTTP of other people's security, and of what the company demands."""

from typing import Any

from ninja import Router, Status

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.signin import policy, second_factor, sessions
from zhiyin.apps.signin.schemas import EndedOut, SignInPolicyIn, SignInPolicyOut, UserSignInOut

users_router = Router(tags=["users"], auth=Needs("admin"))
policy_router = Router(tags=["sign-in"], auth=Needs("admin"))


@users_router.get(
    "/{int:user_id}/sign-in", operation_id="getUserSignIn", response={200: UserSignInOut, **problems(404)}
)
def get_user_sign_in(request: TenantRequest, user_id: int) -> Any:
    """How a user signs in: the second factor, and where the user is logged in."""
    user = accounts.get_user(actor=request.actor, user_id=user_id)
    found = sessions.list_sessions(actor=request.actor, user_id=user.pk)
    return {"second_factor": second_factor.state_of(user), "sessions": found}


@users_router.post(
    "/{int:user_id}/second-factor/reset",
    operation_id="resetSecondFactor",
    auth=NeedsPerson("admin", why="It opens the way into a person's account."),
    response={204: None, **problems(404, 409)},
)
def reset_second_factor(request: TenantRequest, user_id: int) -> Any:
    """Take a user's second factor away, for one who lost the telephone and the recovery codes."""
    second_factor.reset(actor=request.actor, user_id=user_id)
    return Status(204, None)


@users_router.delete(
    "/{int:user_id}/sessions", operation_id="endUserSessions", response={200: EndedOut, **problems(404)}
)
def end_user_sessions(request: TenantRequest, user_id: int) -> Any:
    """Log a user out everywhere."""
    user = accounts.get_user(actor=request.actor, user_id=user_id)
    return {"ended": sessions.end_all(actor=request.actor, user_id=user.pk)}


@users_router.delete(
    "/{int:user_id}/sessions/{int:login_session_id}",
    operation_id="endUserSession",
    response={204: None, **problems(404)},
)
def end_user_session(request: TenantRequest, user_id: int, login_session_id: int) -> Any:
    """Log a user out in one browser."""
    sessions.end_session(actor=request.actor, user_id=user_id, session_id=login_session_id)
    return Status(204, None)


@policy_router.get("/policy", operation_id="getSignInPolicy", response={200: SignInPolicyOut, **problems()})
def get_sign_in_policy(request: TenantRequest) -> Any:
    """What the company demands when its people log in."""
    return policy.get_policy(request.actor.tenant)


@policy_router.put("/policy", operation_id="saveSignInPolicy", response={200: SignInPolicyOut, **problems(400)})
def save_sign_in_policy(request: TenantRequest, body: SignInPolicyIn) -> Any:
    """Set it; who is logged in stays so, and meets it at the next login."""
    return policy.save_policy(actor=request.actor, **body.dict())
