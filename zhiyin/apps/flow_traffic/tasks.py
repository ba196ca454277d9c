"""Jobs: forgetting failures that nobody mends any more."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from zhiyin.apps.flow_traffic.services import forget_old_failures

log = structlog.get_logger(__name__)


@app.periodic(cron="41 3 * * *")
@app.task(name="flow_traffic.forget", queue="flow_traffic", queueing_lock="flow_traffic.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001 - the scheduler's own argument
    """Each night: delete failures that are older than half a year. Counters stay."""
    log.info("flow_failures_forgotten", failures=forget_old_failures(now=timezone.now()))
