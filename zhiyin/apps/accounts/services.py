"""Logging in and out, and the life of a user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhiyin.apps.accounts import login_sessions, ownership, throttle
from zhiyin.apps.accounts.actors import actor_of
from zhiyin.apps.accounts.errors import (
    BadLogin,
    LastAdministrator,
    SelfTakeOver,
    StillOwns,
    WeakPassword,
    WrongOldPassword,
)
from zhiyin.apps.accounts.models import Department, Role, Team, User
from zhiyin.apps.accounts.organisation import resolve_place
from zhiyin.apps.accounts.rights import NAMES
from zhiyin.apps.accounts.roles import administrators
from zhiyin.apps.audit import services as audit
from zhiyin.apps.engine_client import EngineAway, EngineRefused, ask_engine
from zhiyin.apps.queues import services as queues
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import postponed_publication, publish_settings
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.contracts.commands import CloseTelephone
from zhiyin.contracts.rights import ENGINE_RIGHTS, SCOPED_RIGHTS
from zhiyin.contracts.tickets import Ticket, sign_ticket

#: a ticket outlives no working day; the desk asks for a new one before it ends
TICKET_LIFE = timedelta(hours=12)

#: for other apps to name, from their ``AppConfig.ready``, what of theirs users own
register_owned = ownership.register_owned


def check_login(*, company: str, username: str, password: str, address: str, now: datetime) -> User:
    """Return the user whose password this is; ``note_login`` follows once the user is in.

    Unknown companies and users cost the same time as a wrong password. Raises ``BadLogin`` and ``TooManyLogins``;
    both count or have counted the attempt, so the transaction must not be rolled back for them.
    """
    code, name = company.strip().lower()[:64], username.strip().lower()[:64]
    throttle.check_attempt(company=code, username=name, address=address, now=now)
    tenant = Tenant.objects.filter(code=code).first()
    user = _find(tenant, name) if tenant else None
    if user is None:
        make_password(password)  # the time it takes tells nobody that the user does not exist
    if user is None or not user.check_password(password) or not user.is_active:
        throttle.count_failure(company=code, username=name, address=address, now=now)
        if tenant is not None:
            _audit_login(tenant, user, name=name, address=address, action="login.failed")
        raise BadLogin
    throttle.forget_failures(company=code, username=name)
    return user


def note_login(*, user: User, address: str, now: datetime, way: str = "") -> None:
    """Record that a user is in; ``way``: what was shown beside or instead of the password."""
    User._base_manager.filter(pk=user.pk).update(last_login=now)
    after = {"way": way} if way else None
    _audit_login(user.tenant, user, name=user.name, address=address, action="login", after=after)


def note_refused(*, user: User, address: str, way: str) -> None:
    """Record that a user's password was right and what had to follow was not."""
    _audit_login(user.tenant, user, name=user.name, address=address, action="login.failed", after={"way": way})


def _find(tenant: Tenant, username: str) -> User | None:
    enter_tenant(tenant.pk)
    rows = (
        User.objects.of(tenant)
        .select_related("tenant", "role")
        .filter(username__iexact=username, removed_at__isnull=True)
    )
    return rows.first()


def _audit_login(
    tenant: Tenant,
    user: User | None,
    *,
    name: str,
    address: str,
    action: str,
    after: Mapping[str, Any] | None = None,
) -> None:
    enter_tenant(tenant.pk)
    actor = Actor(
        tenant=tenant,
        user_id=user.pk if user else None,
        name=user.name if user else name,
        role="",
        address=address,
    )
    audit.record(actor=actor, action=action, kind="user", subject=user.pk if user else "", name=name, after=after)


def reach_of(actor: Actor) -> dict[str, tuple[int, ...]]:
    """Return the teams within each right that is checked outside Django; a right that reaches everybody is left out."""
    reach = {}
    for right in sorted(SCOPED_RIGHTS & actor.rights):
        teams = actor.reach.teams_of(actor.scope_of(right))
        if teams is not None:
            reach[right] = tuple(sorted(teams))
    return reach


def issue_ticket(*, actor: Actor, key: bytes, now: datetime) -> tuple[str, datetime]:
    """Return a signed ticket for the desk's socket, and when it ends."""
    assert actor.user_id is not None
    expires_at = now + TICKET_LIFE
    ticket = Ticket(
        tenant=actor.tenant.pk,
        user=actor.user_id,
        name=actor.name,
        role=actor.role,
        rights=tuple(sorted(actor.rights - ENGINE_RIGHTS if actor.is_viewed else actor.rights)),
        reach=reach_of(actor),
        expires_at=expires_at,
        session=actor.session,
        agent=actor.user_id if actor.may("desk") and not actor.is_viewed else None,
    )
    return sign_ticket(ticket, key), expires_at


@transaction.atomic
def begin_company(*, tenant: Tenant) -> None:
    """Give a new company the built-in roles, a department of its name and a first team."""
    for code, (name, name_en) in NAMES.items():
        Role.objects.of(tenant).create(code=code, name=name, name_en=name_en, is_built_in=True)
    department = Department.objects.of(tenant).create(name=tenant.name)
    department.path = f"{department.pk}/"
    department.save(update_fields=["path"])
    first = "一组" if tenant.language.startswith("zh") else "Team 1"
    Team.objects.of(tenant).create(department=department, name=first)


@dataclass(frozen=True, slots=True)
class UserChange:
    """What of a user is to be set; only the named fields change. ``queues``: the ids of all queues the user serves."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    queues: Sequence[int] | None = None


def create_user(*, actor: Actor, password: str, change: UserChange) -> User:
    """Make a user. Raises ``WeakPassword``; a taken name violates ``user_username_taken``."""
    named = {name: change.fields[name] for name in ("username", "name") if name in change.fields}
    check_strength(password, User(tenant=actor.tenant, **named))
    return create_user_with_hash(actor=actor, password_hash=make_password(password), change=change)


@transaction.atomic
def create_user_with_hash(*, actor: Actor, password_hash: str, change: UserChange) -> User:
    """Make a user whose password was checked and hashed elsewhere."""
    fields = resolve_place(tenant=actor.tenant, fields=change.fields, is_new=True)
    user = User(tenant=actor.tenant, password=password_hash, **fields)
    user.save(force_insert=True)
    if change.queues is not None:
        queues.set_queues_of_user(tenant=actor.tenant, user_id=user.pk, queue_ids=change.queues)
    audit.record(actor=actor, action="user.created", kind="user", subject=user.pk, name=user.name, after=_shown(user))
    publish_settings(tenant=actor.tenant)
    return user


@transaction.atomic
def update_user(*, actor: Actor, user_id: int, change: UserChange) -> User:
    """Change a user. Raises ``NotFound`` and ``LastAdministrator``."""
    user = get_user(actor=actor, user_id=user_id)
    before = _shown(user)
    for name, value in resolve_place(tenant=actor.tenant, fields=change.fields, is_new=False).items():
        setattr(user, name, value)
    _keep_an_administrator(user)
    user.save()
    if not user.is_active:
        login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user.pk])
    if change.queues is not None:
        queues.set_queues_of_user(tenant=actor.tenant, user_id=user.pk, queue_ids=change.queues)
    audit.record(
        actor=actor,
        action="user.changed",
        kind="user",
        subject=user.pk,
        name=user.name,
        before=before,
        after=_shown(user),
    )
    publish_settings(tenant=actor.tenant)
    return user


@transaction.atomic
def change_users(*, actor: Actor, user_ids: Sequence[int], fields: Mapping[str, Any]) -> int:
    """Give several users a role, team or site, or switch them on or off, all or none; return how many.

    Raises as ``update_user`` for the first that cannot be changed.
    """
    with postponed_publication():
        for user_id in sorted(set(user_ids)):
            update_user(actor=actor, user_id=user_id, change=UserChange(fields))
    publish_settings(tenant=actor.tenant)
    return len(set(user_ids))


@transaction.atomic
def hand_over(*, actor: Actor, user_id: int, to: int) -> dict[str, int]:
    """Give everything a user owns to another; return how many of each kind.

    Raises ``NotFound``, ``SelfTakeOver``, and ``Invalid`` for who cannot take over.
    """
    user = get_user(actor=actor, user_id=user_id)
    if to == user.pk:
        raise SelfTakeOver
    target = User.objects.of(actor.tenant).filter(pk=to, is_active=True, removed_at__isnull=True).first()
    if target is None:
        raise Invalid("unknown_user", title="This user does not exist.", fields={"to": "unknown_user"})
    return ownership.hand_over_owned(actor=actor, source=user, target=target)


@transaction.atomic
def remove_user(
    *, actor: Actor, user_id: int, now: datetime, hand_over_to: int | None = None, leaves_owned: bool = False
) -> None:
    """End a user's access for good; records keep the name.

    Raises ``NotFound``, ``LastAdministrator``, and ``StillOwns`` where nobody is named to take over what the user
    owns and it shall not be left as it is (``leaves_owned``).
    """
    user = get_user(actor=actor, user_id=user_id)
    if hand_over_to is not None:
        hand_over(actor=actor, user_id=user_id, to=hand_over_to)
    elif not leaves_owned:
        owned = {each.kind: count for each, count in ownership.count_owned(tenant=actor.tenant, user_id=user_id)}
        if any(owned.values()):
            raise StillOwns(facts=owned)
    Team.objects.of(actor.tenant).filter(lead=user).update(lead=None)
    Department.objects.of(actor.tenant).filter(head=user).update(head=None)
    user.is_active, user.removed_at = False, now
    _keep_an_administrator(user)
    user.save()
    login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user.pk], now=now)
    queues.set_queues_of_user(tenant=actor.tenant, user_id=user.pk, queue_ids=())
    audit.record(actor=actor, action="user.removed", kind="user", subject=user.pk, name=user.name)
    publish_settings(tenant=actor.tenant)


@transaction.atomic
def set_password(*, actor: Actor, user_id: int, password: str) -> None:
    """Give another user a new password; all the user's sessions end. Raises ``NotFound`` and ``WeakPassword``."""
    user = get_user(actor=actor, user_id=user_id)
    check_strength(password, user)
    user.password = make_password(password)
    user.save(update_fields=["password"])
    login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user.pk])
    audit.record(actor=actor, action="user.password_set", kind="user", subject=user.pk, name=user.name)


def change_own_password(*, actor: Actor, old: str, new: str) -> User:
    """Raises ``WrongOldPassword``, ``TooManyLogins`` and ``WeakPassword``."""
    user = confirm_password(actor=actor, password=old, field="old", now=timezone.now())
    check_strength(new, user)
    user.password = make_password(new)
    user.save(update_fields=["password"])
    login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user.pk], except_key=actor.session)
    audit.record(actor=actor, action="user.password_changed", kind="user", subject=user.pk, name=user.name)
    return user


def confirm_password(*, actor: Actor, password: str, now: datetime, field: str = "password") -> User:
    """Return the actor's own user, who gave the password once more. Guesses count as failed logins do.

    Raises ``WrongOldPassword`` and ``TooManyLogins``; both keep the count.
    """
    user = get_user(actor=actor, user_id=actor.user_id or 0)
    company, counted = actor.tenant.code, f"password:{user.pk}"
    throttle.check_attempt(company=company, username=counted, address=actor.address, now=now)
    if not check_password(password, user.password):
        throttle.count_failure(company=company, username=counted, address=actor.address, now=now)
        raise WrongOldPassword(fields={field: "wrong_password"})
    return user


def save_preferences(*, actor: Actor, language: str | None, theme: str | None) -> None:
    chosen = {name: value for name, value in (("language", language), ("theme", theme)) if value is not None}
    if chosen:
        User.objects.of(actor.tenant).filter(pk=actor.user_id or 0).update(**chosen)


def get_user(*, actor: Actor, user_id: int) -> User:
    """Return a user who was not removed. Raises ``NotFound``."""
    rows = User.objects.of(actor.tenant).select_related("role", "team", "site")
    user = rows.filter(pk=user_id, removed_at__isnull=True).first()
    if user is None:
        raise NotFound
    return user


def actor_at_work(*, tenant: Tenant, user_id: int | None) -> Actor | None:
    """Return a user as who a job works that the user ordered; ``None``: not at work here any more."""
    return actor_of(tenant=tenant, user_id=user_id or 0)


def check_strength(password: str, user: User | None = None) -> None:
    """Raise ``WeakPassword`` for a short or common one, or one like the user's own name."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        reason = next((item.code for item in error.error_list if item.code), "weak_password")
        raise WeakPassword(facts={"why": reason}, fields={"password": "weak_password"}) from error


def _keep_an_administrator(user: User) -> None:
    if user.is_active and user.role.permissions.may("admin"):
        return
    active = administrators(tenant=user.tenant)
    if active.filter(pk=user.pk).exists() and not active.exclude(pk=user.pk).exists():
        raise LastAdministrator


def _shown(user: User) -> dict[str, Any]:
    names = ("username", "name", "is_active", "telephone", "language", "skills", "team_id", "site_id")
    return {"role": user.role.code, **{name: getattr(user, name) for name in names}}


def log_out(*, actor: Actor) -> None:
    """Take the user's browser telephone back, whichever page has it, and record it.

    An engine that is away keeps nobody logged in: its identities end with it.
    """
    if actor.user_id is not None and actor.may("desk"):
        command = CloseTelephone(agent=actor.user_id, holder="")
        with suppress(EngineAway, EngineRefused):
            ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=object, timeout_s=1.0)
    login_sessions.end_sessions(tenant=actor.tenant, user_ids=[actor.user_id or 0], key=actor.session)
    audit.record(actor=actor, action="logout", kind="user", subject=actor.user_id or "", name=actor.name)
