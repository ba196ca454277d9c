"""Jobs of imports, exports and planned exchange.

They work as the role ``web``: the wall between companies holds in the worker too.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web

#: a job works so long, then stands in line again: other jobs and the worker's end do not wait for it
_WITHIN_S = 5.0
#: an import on which nothing was done for so long was left behind by a worker that died
_LEFT_BEHIND = timedelta(minutes=2)


def order(*, tenant_id: int, import_id: int) -> None:
    """Let the worker go on with an import, once however often it is ordered."""
    job = work_on_import.configure(queueing_lock=f"exchange.import:{import_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, import_id=import_id)


@app.task(name="exchange.work_on_import", queue="exchange")
def work_on_import(*, tenant_id: int, import_id: int) -> None:
    """Do a few seconds of an import. Safe to repeat, and to be cut off anywhere."""
    from zhiyin.apps.exchange import runs  # noqa: PLC0415 - which orders jobs by this module

    ends_at = time.monotonic() + _WITHIN_S
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web():
        is_more = runs.work(tenant=tenant, import_id=import_id, is_time_over=lambda: time.monotonic() > ends_at)
    if is_more:
        order(tenant_id=tenant_id, import_id=import_id)


def order_export(*, tenant_id: int, export_id: int) -> None:
    """Let the worker go on with an export, once however often it is ordered."""
    job = work_on_export.configure(queueing_lock=f"exchange.export:{export_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, export_id=export_id)


@app.task(name="exchange.work_on_export", queue="exchange")
def work_on_export(*, tenant_id: int, export_id: int) -> None:
    """Do a few seconds of an export. Safe to repeat, and to be cut off anywhere."""
    from zhiyin.apps.exchange import export_runs  # noqa: PLC0415 - which orders jobs by this module

    ends_at = time.monotonic() + _WITHIN_S
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web():
        is_more = export_runs.work(tenant=tenant, export_id=export_id, is_time_over=lambda: time.monotonic() > ends_at)
    if is_more:
        order_export(tenant_id=tenant_id, export_id=export_id)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.resume_left_behind", queue="exchange", queueing_lock="exchange.resume_left_behind")
def resume_left_behind(timestamp: int) -> None:
    """Every minute: take up what a worker that died left standing."""
    from zhiyin.apps.exchange import exports, queries  # noqa: PLC0415

    before = datetime.fromtimestamp(timestamp, UTC) - _LEFT_BEHIND
    for tenant in Tenant.objects.order_by("pk"):
        for import_id in queries.standing_still(tenant=tenant, before=before):
            order(tenant_id=tenant.pk, import_id=import_id)
        for export_id in exports.standing_still(tenant=tenant, before=before):
            order_export(tenant_id=tenant.pk, export_id=export_id)


def order_plan(*, tenant_id: int, plan_id: int) -> None:
    """Let the worker carry a plan out, or go on with its run: one job of a plan at a time."""
    name = f"exchange.plan:{plan_id}"
    job = work_on_plan.configure(queueing_lock=name, lock=name)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id, plan_id=plan_id)


@app.task(name="exchange.work_on_plan", queue="exchange")
def work_on_plan(*, tenant_id: int, plan_id: int) -> None:
    """Do a few seconds of a plan's run. Safe to repeat, and to be cut off anywhere."""
    from zhiyin.apps.exchange.plans import work  # noqa: PLC0415 - which orders jobs by this module

    ends_at = time.monotonic() + _WITHIN_S
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with working_as_web():
        is_more = work.work(
            tenant=tenant, plan_id=plan_id, clock=timezone.now, is_time_over=lambda: time.monotonic() > ends_at
        )
    if is_more:
        order_plan(tenant_id=tenant_id, plan_id=plan_id)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.carry_out_plans", queue="exchange", queueing_lock="exchange.carry_out_plans")
def carry_out_plans(timestamp: int) -> None:
    """Every minute: begin the plans that are due, and go on with those that wait or were left behind."""
    from zhiyin.apps.exchange.plans import work  # noqa: PLC0415

    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        for plan_id in work.plans_with_work(tenant=tenant, now=now):
            order_plan(tenant_id=tenant.pk, plan_id=plan_id)


@app.periodic(cron="23 4 * * *")
@app.task(name="exchange.forget_old", queue="exchange", queueing_lock="exchange.forget_old")
def forget_old(timestamp: int) -> None:
    """Daily: remove files and rows whose time is over."""
    from zhiyin.apps.exchange import imports  # noqa: PLC0415
    from zhiyin.apps.exchange.plans import services as plans  # noqa: PLC0415

    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        with working_as_web():
            imports.forget_old(tenant=tenant, now=now)
            plans.forget_old(tenant=tenant, now=now)


@app.periodic(cron="7 * * * *")
@app.task(name="exchange.remove_exports", queue="exchange", queueing_lock="exchange.remove_exports")
def remove_exports(timestamp: int) -> None:
    """Hourly: remove the files of exports whose time is over."""
    from zhiyin.apps.exchange import exports  # noqa: PLC0415

    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        with working_as_web():
            exports.remove_old(tenant=tenant, now=now)
