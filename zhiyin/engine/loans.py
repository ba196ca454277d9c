"""Agents lent to a queue for a time (支援): the company's settings as they hold at an instant. Pure.

Memberships stay what they are: a loan lies on top of them while it lasts, and is gone by itself.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from zhiyin.contracts.snapshots import LoanSetting, QueueSetting, TenantSettings


def in_force(settings: TenantSettings, now: datetime) -> TenantSettings:
    """Return the settings with the loans of this instant, and no others, in the queues' members.

    Repeatable: what is in force already stays so.
    """
    known = {agent.id for agent in settings.agents}
    loans = tuple(loan for loan in settings.loans if loan.from_at <= now < loan.until and loan.agent in known)
    queues = tuple(_with_loans(queue, loans) for queue in settings.queues) if loans else settings.queues
    return replace(settings, queues=queues, loans=loans)


def next_change_at(settings: TenantSettings, now: datetime) -> datetime | None:
    """Return when another loan begins or ends; None: none will."""
    instants = (at for loan in settings.loans for at in (loan.from_at, loan.until) if at > now)
    return min(instants, default=None)


def _with_loans(queue: QueueSetting, loans: tuple[LoanSetting, ...]) -> QueueSetting:
    lent = {loan.agent for loan in loans if loan.queue == queue.id}
    away = {loan.agent for loan in loans if loan.is_instead} - lent
    members = tuple(member for member in queue.members if member not in away)
    return replace(queue, members=(*members, *sorted(lent - set(members))))
