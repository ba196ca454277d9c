"""Scheduled jobs of the whole installation, each safe to repeat."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status
from psycopg.errors import LockNotAvailable

from zhiyin.apps.accounts import login_sessions, throttle
from zhiyin.apps.channels import guests
from zhiyin.apps.signin import attempts

log = structlog.get_logger(__name__)

_KEEP_JOBS_HOURS = 72
_WAIT_FOR_LOG_S = 2


@app.periodic(cron="17 3 * * *")
@app.task(name="upkeep.make_log_months", queue="upkeep", queueing_lock="upkeep.make_log_months")
def make_log_months(timestamp: int) -> None:  # noqa: ARG001 - the scheduler's own argument
    """Make the parts of the log that the coming months will need; where a backup reads the log, tomorrow.

    A new part asks for the log alone. Waiting for it behind a long backup would hold up every writer behind us.
    """
    first = timezone.now().date().replace(day=1)
    for ahead in range(3):
        month = (first + timedelta(days=31 * ahead)).replace(day=1)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [f"{_WAIT_FOR_LOG_S}s"])
                cursor.execute("SELECT make_event_log_month(%s)", [month])
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            log.warning("log_is_read", month=str(month))
            return


@app.periodic(cron="*/15 * * * *")
@app.task(name="upkeep.forget", queue="upkeep", queueing_lock="upkeep.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001 - the scheduler's own argument
    """Delete what no longer counts: failed logins, guests' calls, sessions that ended."""
    now = timezone.now()
    logins, calls = throttle.forget_old_failures(now=now), guests.forget_old_calls(now=now)
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    login_sessions.forget_old_sessions(now=now)
    attempts.forget_old_attempts(now=now)
    log.info("forgotten", logins=logins, calls=calls, sessions=sessions)


@app.periodic(cron="* * * * *")
@app.task(
    name="upkeep.take_up_left_behind", queue="upkeep", queueing_lock="upkeep.take_up_left_behind", pass_context=True
)
async def take_up_left_behind(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the scheduler's own
    """Give jobs of a worker that died to the next one: otherwise they would hold their locks for ever.

    Every job is safe to repeat. One that stands in line again already need not be taken up: it is ended.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        assert job.id is not None
        try:
            await jobs.retry_job(job)
            log.warning("job_taken_up", job=job.id, task=job.task_name)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.ABORTED, delete_job=False)


@app.periodic(cron="41 3 * * *")
@app.task(name="upkeep.remove_old_jobs", queue="upkeep", queueing_lock="upkeep.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: object, timestamp: int) -> None:  # noqa: ARG001 - the scheduler's own argument
    """Delete finished jobs, whose table would grow for ever."""
    await builtin_tasks.remove_old_jobs(context, max_hours=_KEEP_JOBS_HOURS)  # type: ignore[arg-type] # untyped above
