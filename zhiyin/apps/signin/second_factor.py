"""Setting up, showing and switching off the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts import throttle
from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit import services as audit
from zhiyin.apps.signin import codes
from zhiyin.apps.signin.errors import AlreadySetUp, NotSetUp, SecondFactorRequired, WrongCode
from zhiyin.apps.signin.models import RecoveryCode, SecondFactor, SignInPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.vault import open_secret, seal_secret
from zhiyin.contracts.sealing import CannotOpen

_PURPOSE = "second factor"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FactorState:
    """``since`` None: there is none."""

    since: datetime | None
    recovery_codes_left: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """The secret to type or to scan; shown until a code of it is given."""

    secret: str
    address: str


def state_of(user: User) -> FactorState:
    row = SecondFactor.objects.of(user.tenant).filter(user=user, confirmed_at__isnull=False).first()
    left = RecoveryCode.objects.of(user.tenant).filter(user=user).count() if row else 0
    return FactorState(row.confirmed_at if row else None, left, is_required(user))


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.of(user.tenant).filter(user=user, confirmed_at__isnull=False).exists()


def is_required(user: User) -> bool:
    """Whether the company demands a second factor of the user's role."""
    policy = SignInPolicy.objects.of(user.tenant).first()
    return policy is not None and user.role.code in policy.second_factor_roles


@transaction.atomic
def begin_setup(user: User) -> Setup:
    """Make a secret that waits for its first code; one that waited before is worthless. Raises ``AlreadySetUp``."""
    if has_second_factor(user):
        raise AlreadySetUp
    secret = codes.new_secret()
    sealed = seal_secret(secret, tenant=user.tenant, purpose=_PURPOSE)
    SecondFactor.objects.of(user.tenant).update_or_create(
        user=user, tenant=user.tenant, defaults={"sealed_secret": sealed, "last_step": 0}
    )
    return Setup(secret, codes.setup_address(secret, company=user.tenant.name, username=user.username))


@transaction.atomic
def confirm_setup(*, user: User, actor: Actor, code: str, now: datetime) -> list[str]:
    """Switch the second factor on with the app's first code; return the recovery codes, shown this once.

    Raises ``NotSetUp``, ``AlreadySetUp`` and ``WrongCode``.
    """
    row = SecondFactor.objects.of(user.tenant).select_for_update().filter(user=user).first()
    if row is None:
        raise NotSetUp
    if row.confirmed_at is not None:
        raise AlreadySetUp
    step = _matching_step(row, code, tenant=user.tenant, now=now)
    if step is None:
        raise WrongCode
    row.confirmed_at, row.last_step = now, step
    row.save(update_fields=["confirmed_at", "last_step"])
    audit.record(actor=actor, action="second_factor.set_up", kind="user", subject=user.pk, name=user.name)
    return _renew_codes(user)


@transaction.atomic
def renew_recovery_codes(*, user: User, actor: Actor) -> list[str]:
    """Return new recovery codes; the old ones are worthless. Raises ``NotSetUp``."""
    if not has_second_factor(user):
        raise NotSetUp
    audit.record(actor=actor, action="recovery_codes.renewed", kind="user", subject=user.pk, name=user.name)
    return _renew_codes(user)


def switch_off(*, user: User, actor: Actor) -> None:
    """Raises ``SecondFactorRequired`` and ``NotSetUp``."""
    if is_required(user):
        raise SecondFactorRequired
    _remove(user=user, actor=actor, action="second_factor.switched_off")


def reset(*, actor: Actor, user_id: int) -> None:
    """Take another user's second factor away, for one who lost it. Raises ``NotFound`` and ``NotSetUp``."""
    user = accounts.get_user(actor=actor, user_id=user_id)
    _remove(user=user, actor=actor, action="second_factor.reset")


def check_code(*, user: User, code: str, address: str, now: datetime) -> str:
    """Take a code of the app or a recovery code, each once; return which it was ("app" or "recovery_code").

    Raises ``WrongCode`` and ``TooManyLogins``; both keep the count, which a right password does not clear.
    """
    named = {"company": user.tenant.code, "username": f"code:{user.pk}"}
    throttle.check_attempt(**named, address=address, now=now)
    way = _take(user, code.strip(), now)
    if way is None:
        throttle.count_failure(**named, address=address, now=now)
        accounts.note_refused(user=user, address=address, way="second_factor")
        raise WrongCode
    throttle.forget_failures(**named)
    return way


def _take(user: User, code: str, now: datetime) -> str | None:
    rows = SecondFactor.objects.of(user.tenant).filter(user=user, confirmed_at__isnull=False)
    row = rows.select_for_update().first()
    if row is None:
        return None
    step = _matching_step(row, code.replace(" ", ""), tenant=user.tenant, now=now)
    if step is not None:
        row.last_step = step
        row.save(update_fields=["last_step"])
        return "app"
    digest = _digest(user, code)
    deleted, _ = RecoveryCode.objects.of(user.tenant).filter(user=user, digest=digest).delete()
    return "recovery_code" if deleted else None


def _matching_step(row: SecondFactor, code: str, *, tenant: Tenant, now: datetime) -> int | None:
    try:
        secret = open_secret(row.sealed_secret, tenant=tenant, purpose=_PURPOSE)
    except CannotOpen:
        log.error("second_factor_unreadable", user=row.user_id)
        return None
    return codes.matching_step(secret, code, now=now, after=row.last_step)


def _renew_codes(user: User) -> list[str]:
    fresh = codes.new_recovery_codes()
    RecoveryCode.objects.of(user.tenant).filter(user=user).delete()
    RecoveryCode.objects.of(user.tenant).bulk_create(
        [RecoveryCode(tenant=user.tenant, user=user, digest=_digest(user, code)) for code in fresh]
    )
    return fresh


def _digest(user: User, code: str) -> str:
    return codes.recovery_digest(code, key=bytes.fromhex(settings.VAULT_KEY), user_id=user.pk)


@transaction.atomic
def _remove(*, user: User, actor: Actor, action: str) -> None:
    deleted, _ = SecondFactor.objects.of(user.tenant).filter(user=user).delete()
    if not deleted:
        raise NotSetUp
    RecoveryCode.objects.of(user.tenant).filter(user=user).delete()
    audit.record(actor=actor, action=action, kind="user", subject=user.pk, name=user.name)
