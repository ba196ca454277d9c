"""HTTP of one's own security: second factor and sessions."""

from typing import Any

from django.utils import timezone
from ninja import Router, Status

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import User
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.signin import second_factor, sessions
from zhiyin.apps.signin.schemas import (
    CodeIn,
    EndedOut,
    FactorSetupOut,
    LoginSessionsOut,
    PasswordAgainIn,
    RecoveryCodesOut,
    SecondFactorOut,
)

router = Router(tags=["session"], auth=NeedsPerson(why="It belongs to a person's own account."))


@router.get("/second-factor", operation_id="getSecondFactor", response={200: SecondFactorOut, **problems()})
def get_second_factor(request: TenantRequest) -> Any:
    """Whether one's own second factor is on, and how many recovery codes are left."""
    actor = request.actor
    return second_factor.state_of(accounts.get_user(actor=actor, user_id=actor.user_id or 0))


@router.post(
    "/second-factor", operation_id="beginSecondFactor", response={200: FactorSetupOut, **problems(400, 409, 429)}
)
def begin_second_factor(request: TenantRequest, body: PasswordAgainIn) -> Any:
    """Begin to set up one's own second factor."""
    return second_factor.begin_setup(_confirmed(request, body))


@router.post(
    "/second-factor/confirm", operation_id="confirmSecondFactor", response={200: RecoveryCodesOut, **problems(400, 409)}
)
def confirm_second_factor(request: TenantRequest, body: CodeIn) -> Any:
    """Switch it on with the app's first code."""
    actor = request.actor
    user = accounts.get_user(actor=actor, user_id=actor.user_id or 0)
    return {"codes": second_factor.confirm_setup(user=user, actor=actor, code=body.code, now=timezone.now())}


@router.post(
    "/second-factor/recovery-codes",
    operation_id="renewRecoveryCodes",
    response={200: RecoveryCodesOut, **problems(400, 409, 429)},
)
def renew_recovery_codes(request: TenantRequest, body: PasswordAgainIn) -> Any:
    """Make new recovery codes; the old ones are worthless then."""
    return {"codes": second_factor.renew_recovery_codes(user=_confirmed(request, body), actor=request.actor)}


@router.post(
    "/second-factor/off", operation_id="switchOffSecondFactor", response={204: None, **problems(400, 409, 429)}
)
def switch_off_second_factor(request: TenantRequest, body: PasswordAgainIn) -> Any:
    """Switch one's own second factor off, where the company does not require it."""
    second_factor.switch_off(user=_confirmed(request, body), actor=request.actor)
    return Status(204, None)


@router.get("/sessions", operation_id="getOwnSessions", response={200: LoginSessionsOut, **problems()})
def get_own_sessions(request: TenantRequest) -> Any:
    """Where one is logged in."""
    return {"items": sessions.list_sessions(actor=request.actor, user_id=request.actor.user_id or 0)}


@router.delete("/sessions/{int:login_session_id}", operation_id="endOwnSession", response={204: None, **problems(404)})
def end_own_session(request: TenantRequest, login_session_id: int) -> Any:
    """Log out elsewhere."""
    actor = request.actor
    sessions.end_session(actor=actor, user_id=actor.user_id or 0, session_id=login_session_id)
    return Status(204, None)


@router.post("/sessions/end-others", operation_id="endOtherSessions", response={200: EndedOut, **problems()})
def end_other_sessions(request: TenantRequest) -> Any:
    """Log out everywhere but here."""
    actor = request.actor
    return {"ended": sessions.end_all(actor=actor, user_id=actor.user_id or 0, except_key=actor.session)}


def _confirmed(request: TenantRequest, body: PasswordAgainIn) -> User:
    return accounts.confirm_password(actor=request.actor, password=body.password, now=timezone.now())
