"""Planning files, changing plans, and ordering a run at once. Whoever saves a plan is who it works as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.exchange import tasks
from zhiyin.apps.exchange.errors import BadPlan, RunGoesOn, UnknownPlan
from zhiyin.apps.exchange.kinds import KINDS, kind_for
from zhiyin.apps.exchange.models import FilePlan, FileRun
from zhiyin.apps.exchange.plans.sites import PURPOSE
from zhiyin.apps.exchange.replay import ask_list
from zhiyin.apps.outgoing import check_url
from zhiyin.apps.refusals import NotAllowed
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.tenancy.vault import seal_secret
from zhiyin.domain.file_exchange.names import fault_of_folder, fault_of_name
from zhiyin.domain.file_exchange.schedules import Every, Period, Schedule, next_run, span_of

RIGHT = "integrations.manage"
_KEEP_RUNS = timedelta(days=90)
_SHOWN = (
    *("name", "direction", "list_path", "columns", "period", "format", "kind", "mapping", "on_match", "on_problems"),
    *("encoding", "separator", "place", "folder", "url", "auth", "username", "file_name", "has_marker"),
    *("every", "at", "weekday", "is_enabled"),
)
Direction, Place, Auth = FilePlan.Direction, FilePlan.Place, FilePlan.Auth


def list_plans(*, tenant: Tenant, search: str = "") -> QuerySet[FilePlan]:
    rows: QuerySet[FilePlan] = FilePlan.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_plan(*, tenant: Tenant, plan_id: int) -> FilePlan:
    """Raises ``UnknownPlan``."""
    found = FilePlan.objects.of(tenant).select_related("tenant").filter(pk=plan_id).first()
    if found is None:
        raise UnknownPlan
    return found


def list_runs(*, tenant: Tenant, plan_id: int | None = None, state: str = "") -> QuerySet[FileRun]:
    """Return the log, of one plan or of all."""
    rows: QuerySet[FileRun] = FileRun.objects.of(tenant).select_related("plan")
    if plan_id is not None:
        rows = rows.filter(plan_id=plan_id)
    return rows.filter(state=state) if state else rows


@transaction.atomic
def create_plan(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> FilePlan:
    """Make one. Raises ``BadPlan``, ``BadTarget``, ``NotAllowed`` and what its list refuses.

    A taken name violates ``file_plan_name_taken``.
    """
    plan = FilePlan(tenant=actor.tenant)
    _take_over(actor, plan, fields, now)
    plan.save(force_insert=True)
    _audit(actor, plan, "file_plan.created", after=shown(plan))
    return plan


@transaction.atomic
def update_plan(*, actor: Actor, plan_id: int, fields: Mapping[str, Any], now: datetime) -> FilePlan:
    """Change what is named; from now on it works as ``actor``. Raises as ``create_plan``, and ``UnknownPlan``."""
    plan = get_plan(tenant=actor.tenant, plan_id=plan_id)
    before = shown(plan)
    _take_over(actor, plan, fields, now)
    plan.save()
    after = shown(plan) | ({"secret": "changed"} if fields.get("secret") else {})
    _audit(actor, plan, "file_plan.changed", before=before, after=after)
    return plan


@transaction.atomic
def remove_plan(*, actor: Actor, plan_id: int) -> None:
    """Remove one with its log; files stay where they are. Raises ``UnknownPlan``."""
    plan = get_plan(tenant=actor.tenant, plan_id=plan_id)
    _audit(actor, plan, "file_plan.removed", before=shown(plan))
    plan.delete()


@transaction.atomic
def run_now(*, actor: Actor, plan_id: int, now: datetime) -> FileRun:
    """Order a run at once, as its planner. Raises ``RunGoesOn``, ``UnknownPlan`` and ``BadPlan`` for a stopped one."""
    plan = get_plan(tenant=actor.tenant, plan_id=plan_id)
    if plan.stopped_why:
        raise BadPlan("plan_stopped", title="The plan is stopped. Open and save it: it then works with your rights.")
    run = begin(plan, FileRun.Trigger.PERSON, now=now, ordered_by_name=actor.name)
    if run is None:
        raise RunGoesOn
    _audit(actor, plan, "file_plan.ordered", after={"run": run.pk})
    tasks.order_plan(tenant_id=plan.tenant_id, plan_id=plan.pk)
    return run


def begin(plan: FilePlan, trigger: str, *, now: datetime, ordered_by_name: str = "") -> FileRun | None:
    """Note that a run begins; ``None``: one goes on, and two of a plan never do."""
    made = FileRun(
        tenant=plan.tenant, plan=plan, trigger=trigger, planner_name=plan.by_name,
        ordered_by_name=ordered_by_name, started_at=now,
    )  # fmt: skip
    FileRun.objects.of(plan.tenant).bulk_create([made], ignore_conflicts=True)
    return FileRun.objects.of(plan.tenant).filter(plan=plan, started_at=now, ended_at=None, trigger=trigger).first()


def schedule_of(plan: FilePlan) -> Schedule:
    return Schedule(Every(plan.every), plan.at, plan.weekday)


def next_time(plan: FilePlan, now: datetime) -> datetime | None:
    """Return when the plan is carried out next by its schedule; ``None``: not by itself."""
    if not plan.is_enabled or plan.stopped_why:
        return None
    return next_run(schedule_of(plan), after=now, zone=ZoneInfo(plan.tenant.time_zone))


def check_rights(actor: Actor, plan: FilePlan) -> None:
    """Raise ``NotAllowed`` unless ``actor`` may have this done: at planning, and again at each run."""
    if not actor.may(RIGHT):
        raise NotAllowed(facts={"right": RIGHT})
    if plan.direction == Direction.IN and not actor.may(KINDS[plan.kind].right):
        raise NotAllowed(facts={"right": KINDS[plan.kind].right})


def query_of(plan: FilePlan, now: datetime) -> str:
    """Return the list's query, with the time that it is of."""
    span = span_of(Period(plan.period), now=now, zone=ZoneInfo(plan.tenant.time_zone))
    if span is None:
        return plan.query
    kept = [part for part in plan.query.split("&") if part and part.split("=")[0] not in ("from", "to")]
    since, until = (moment.isoformat().replace("+", "%2B") for moment in span)
    return "&".join([*kept, f"from={since}", f"to={until}"])


def shown(plan: FilePlan) -> dict[str, Any]:
    """Return what the audit may show of a plan: not its filter, which may name people."""
    return {name: getattr(plan, name) for name in _SHOWN} | {"at": plan.at.isoformat("minutes")}


def draft(
    actor: Actor, fields: Mapping[str, Any], now: datetime, *, stored: FilePlan | None = None, is_mapped: bool = True
) -> FilePlan:
    """Return the plan that saving would make, unsaved; perhaps not mapped yet. Raises as ``create_plan``."""
    plan = stored or FilePlan(tenant=actor.tenant)
    given = dict(fields)
    secret = given.pop("secret", "") or ""
    is_elsewhere = plan.pk is not None and given.get("url", plan.url) != plan.url
    for name, value in given.items():
        setattr(plan, name, value)
    plan.query = plan.query.removeprefix("?")
    if secret:
        plan.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=PURPOSE)
    _check(plan, is_secret_lost=is_elsewhere and not secret)
    check_rights(actor, plan)
    if plan.direction == Direction.OUT:
        ask_list(actor=actor, path=plan.list_path, query=query_of(plan, now))
    elif is_mapped:
        _check_mapping(actor, plan)
    return plan


def _take_over(actor: Actor, plan: FilePlan, fields: Mapping[str, Any], now: datetime) -> None:
    draft(actor, fields, now, stored=plan)
    plan.by_id, plan.by_name = actor.user_id, actor.name
    plan.stopped_why, plan.failures = "", 0
    plan.next_at = next_time(plan, now)


def _check(plan: FilePlan, *, is_secret_lost: bool) -> None:
    problems: dict[str, str] = {}
    is_out, is_folder = plan.direction == Direction.OUT, plan.place == Place.FOLDER
    name_fault = fault_of_name(plan.file_name, may_have_star=not is_out and is_folder)
    ending = ".xlsx" if plan.format == "xlsx" else ".csv"
    if not name_fault and is_out and not plan.file_name.lower().endswith(ending):
        name_fault = "wrong_ending"
    if name_fault:
        problems["file_name"] = name_fault
    if is_folder:
        if not settings.EXCHANGE_FOLDER:
            problems["place"] = "no_base_folder"
        if fault_of_folder(plan.folder):
            problems["folder"] = "bad_folder"
        plan.url, plan.auth, plan.username, plan.sealed_secret, is_secret_lost = "", Auth.NONE, "", "", False
    else:
        check_url(plan.url)
        plan.folder, plan.has_marker = "", False
    if plan.auth == Auth.NONE:
        plan.username, plan.sealed_secret = "", ""
    elif not plan.sealed_secret or is_secret_lost:
        problems["secret"] = "secret_needed"  # noqa: S105 - what is wrong with it
    if plan.auth == Auth.BASIC and not plan.username:
        problems["username"] = "missing"
    if is_out and not plan.list_path:
        problems["list_path"] = "missing"
    if not is_out and plan.kind not in KINDS:
        problems["kind"] = "missing"
    if problems:
        raise BadPlan(fields=problems)


def _check_mapping(actor: Actor, plan: FilePlan) -> None:
    """Every title leads to a field of its own, and no required field is left out."""
    known = {field.code: field for field in kind_for(actor, plan.kind).fields(actor)}
    codes = list(plan.mapping.values())
    missing = [field.code for field in known.values() if field.is_required and field.code not in codes]
    if set(codes) - set(known) or len(set(codes)) < len(codes) or missing or not codes:
        raise BadPlan(fields={"mapping": "bad_mapping"}, facts={"missing": missing})


def _audit(actor: Actor, plan: FilePlan, action: str, **parts: Any) -> None:
    audit.record(actor=actor, action=action, kind="file_plan", subject=plan.pk, name=plan.name, **parts)


def forget_old(*, tenant: Tenant, now: datetime) -> None:
    """Delete the log's old entries, save of files that came in: what was taken once is not taken again."""
    with inside(tenant):
        old = FileRun.objects.of(tenant).filter(ended_at__lt=now - _KEEP_RUNS)
        old.exclude(state=FileRun.State.DONE, plan__direction=Direction.IN).delete()
