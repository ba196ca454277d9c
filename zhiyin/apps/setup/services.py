"""Making a company, changing what it is called, and removing the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.conf import settings
from django.db import connection, transaction

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.channels import services as channels
from zhiyin.apps.flows import services as flows
from zhiyin.apps.queues import services as queues
from zhiyin.apps.setup import beginnings, first_caller
from zhiyin.apps.setup.errors import AlreadySetUp, CodeTaken, NoDemo, SetupCodeNeeded, UnknownTimeZone
from zhiyin.apps.setup.first_caller import FirstCaller
from zhiyin.apps.setup.models import SetupState
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import postponed_publication, publish_settings
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.tenancy.vault import new_wrapped_key

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewCompany:
    code: str
    name: str
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    username: str
    name: str
    password: str


def set_up(
    *,
    actor: Actor | None,
    caller: FirstCaller,
    company: NewCompany,
    administrator: NewAdministrator,
    now: datetime,
) -> User:
    """Make the first company and its administrator, from the wizard.

    While there is no company at all, open to who shows the setup code or sits at the machine; beside a demo only to
    the demo's administrator. Raises ``AlreadySetUp``, ``CodeTaken``, ``WeakPassword``, ``UnknownTimeZone``,
    ``SetupCodeNeeded``, ``SetupCodeWrong``, ``TooManyLogins``; the last two count or have counted the attempt, so
    the transaction around must not be rolled back for them.
    """
    is_admitted = not Tenant.objects.exists()
    if is_admitted:
        first_caller.check(caller, now=now)
    user = _make_first(actor, company, administrator, address=caller.address, is_admitted=is_admitted)
    log.info("company_set_up", tenant=user.tenant_id, address=caller.address)
    return user


@transaction.atomic
def _make_first(
    actor: Actor | None, company: NewCompany, administrator: NewAdministrator, *, address: str, is_admitted: bool
) -> User:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('setup', 0))")  # two wizards make one company
    if Tenant.objects.filter(is_demo=False).exists():
        raise AlreadySetUp
    if Tenant.objects.exists() and (actor is None or not actor.may("admin")):
        raise AlreadySetUp(title="Log in as the demo company's administrator to make a company of your own.")
    if not Tenant.objects.exists() and not is_admitted:
        raise SetupCodeNeeded  # the demo was removed this instant: nobody has been asked for the code
    if Tenant.objects.filter(code=company.code).exists():
        raise CodeTaken
    accounts.check_strength(administrator.password)
    tenant = create_company(company)
    fields = {
        "username": administrator.username,
        "name": administrator.name,
        "role": "administrator",
        "language": company.language,
    }
    by = replace(system(tenant), address=address)
    with postponed_publication():
        user = accounts.create_user(actor=by, password=administrator.password, change=UserChange(fields))
        _begin(tenant)
    publish_settings(tenant=tenant)
    return user


def create_company(company: NewCompany) -> Tenant:
    """Insert a company with a key of its own, and let the transaction see it. Raises ``UnknownTimeZone``."""
    check_time_zone(company.time_zone)
    tenant = Tenant.objects.create(
        code=company.code,
        name=company.name,
        time_zone=company.time_zone,
        language=company.language,
        is_demo=company.is_demo,
        wrapped_key=new_wrapped_key(vault_key=bytes.fromhex(settings.VAULT_KEY), company=company.code),
    )
    enter_tenant(tenant.pk)
    accounts.begin_company(tenant=tenant)
    return tenant


def _begin(tenant: Tenant) -> None:
    actor = system(tenant)
    create_choices(tenant)
    flows.create_hours(actor=actor, fields={"name": "工作时间", "weekly": beginnings.OFFICE_HOURS})
    channels.save_policy(actor=actor, fields={"allowed_prefixes": ["+86"]})
    SetupState.objects.of(tenant).create(tenant=tenant, done=["company"])


def create_choices(tenant: Tenant) -> None:
    """Give a company its first not-ready reasons and dispositions."""
    actor = system(tenant)
    for position, (code, name, name_en, is_rest, planned_min) in enumerate(beginnings.REASONS):
        queues.create_reason(
            actor=actor,
            fields={
                "code": code,
                "name": name,
                "name_en": name_en,
                "is_rest": is_rest,
                "planned_min": planned_min,
                "position": position,
            },
        )
    for position, (name, name_en, below) in enumerate(beginnings.DISPOSITIONS):
        parent = queues.create_disposition(actor=actor, fields={"name": name, "name_en": name_en, "position": position})
        for place, (child, child_en) in enumerate(below):
            queues.create_disposition(
                actor=actor,
                fields={"parent_id": parent.pk, "name": child, "name_en": child_en, "position": place},
            )


def check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownTimeZone from error


@transaction.atomic
def save_company(*, actor: Actor, fields: Mapping[str, Any]) -> Tenant:
    """Change the company's name, time zone or language. Raises ``UnknownTimeZone``."""
    if "time_zone" in fields:
        check_time_zone(fields["time_zone"])
    tenant = Tenant.objects.select_for_update().get(pk=actor.tenant.pk)
    return settings_changes.update(actor=actor, row=tenant, fields=fields)


@transaction.atomic
def save_state(*, actor: Actor, done: Sequence[str] | None, is_dismissed: bool | None) -> None:
    state, _ = SetupState.objects.of(actor.tenant).get_or_create(tenant=actor.tenant)
    if done is not None:
        state.done = sorted(set(done))
    if is_dismissed is not None:
        state.is_dismissed = is_dismissed
    state.save()


def remove_demo() -> int:
    """Remove the demo company with all that belongs to it; return its id. Raises ``NoDemo``.

    Live calls end on the settings they began with; its files are removed by a job.
    """
    demo = Tenant.objects.filter(is_demo=True).first()
    if demo is None:
        raise NoDemo
    with connection.cursor() as cursor:
        cursor.execute("SELECT remove_demo_company(%s)", [demo.pk])
    return int(demo.pk)
