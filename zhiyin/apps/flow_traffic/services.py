"""Forgetting what is of no use any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiyin.apps.flow_traffic.models import FlowFailure

#: a look-up that failed longer ago is not mended by its single calls any more; the counters have it
FAILURES_KEPT = timedelta(days=180)


def forget_old_failures(*, now: datetime) -> int:
    """Delete the failures of all companies that are older; return how many. Repeatable."""
    deleted, _ = FlowFailure._base_manager.filter(failed_at__lt=now - FAILURES_KEPT).delete()
    return deleted
