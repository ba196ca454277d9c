"""The proof, before a queue is saved, that its overflow chain ends, and what stands in the way of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhiyin.apps.queues import queries
from zhiyin.apps.queues.errors import BadOverflow, BadReminder, UnknownReference
from zhiyin.apps.queues.models import Queue
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import published_values
from zhiyin.domain.booking_reminders import problem_of
from zhiyin.domain.routing.overflow import Condition, OverflowStep, UnknownAction, find_problems, read_action

#: A queue that is being made has no id yet: nothing can lead to it.
_NEW = 0


def check(tenant: Tenant, queue: Queue | None, fields: Mapping[str, Any]) -> None:
    """Refuse a chain that does not end or names what is not there. Raises ``BadOverflow`` and ``UnknownReference``."""
    hours = fields.get("hours_id")
    if hours is not None and hours not in published_values(tenant=tenant, section="hours", field="id"):
        raise UnknownReference("hours_id")
    survey = fields.get("survey")
    if survey is not None and survey["flow"] not in published_values(tenant=tenant, section="flows", field="id"):
        raise UnknownReference("survey")
    _check_reminder(tenant, (fields.get("callback") or {}).get("reminder"))
    if "overflow" not in fields and "max_wait_s" not in fields:
        return
    chain = read_chain(fields.get("overflow", queue.overflow if queue is not None else ()))
    if not chain:
        return
    own = queue.pk if queue is not None else _NEW
    others = {row.pk: read_chain(row.overflow) for row in queries.list_queues(tenant=tenant) if row.pk != own}
    problems = find_problems(
        own,
        chain,
        max_wait_s=fields.get("max_wait_s", queue.max_wait_s if queue is not None else 0),
        others=others,
        prompts=published_values(tenant=tenant, section="prompts", field="key"),
    )
    if problems:
        raise BadOverflow(problems[0].code, problems[0].step)


def _check_reminder(tenant: Tenant, reminder: Mapping[str, Any] | None) -> None:
    if reminder is None:
        return
    if reminder["service"] not in published_values(tenant=tenant, section="external/messages", field="id"):
        raise UnknownReference("callback.reminder.service")
    for name in ("text_zh", "text_en", "subject_zh", "subject_en"):
        problem = problem_of(reminder[name], page=reminder["page"])
        if problem is not None:
            raise BadReminder("page" if problem == "page_missing" else name, problem)


def read_chain(steps: Iterable[Mapping[str, Any]]) -> tuple[OverflowStep, ...]:
    """Return the chain as the domain knows it. Raises ``BadOverflow`` for a step that lacks what its action needs."""
    chain = []
    for number, step in enumerate(steps):
        try:
            action = read_action(step["action"], queue=step["queue"], prompt=step["prompt"])
        except UnknownAction as error:
            raise BadOverflow("incomplete", number) from error
        chain.append(OverflowStep(Condition(step["condition"]), action, step["threshold"]))
    return tuple(chain)


def queues_leading_to(*, tenant: Tenant, queue_id: int) -> list[str]:
    """Return the names of the queues whose chain adds or moves to this one."""
    rows = queries.list_queues(tenant=tenant).filter(overflow__contains=[{"queue": queue_id}])
    return list(rows.order_by("name").values_list("name", flat=True))
