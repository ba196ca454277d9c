"""Planning follow-ups, doing them, and waking their reminders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services as customer_services
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.followups.errors import AlreadyClosed, ClaimedAlready, NeedsReason, UnknownPerson
from zhiyin.apps.followups.models import FollowUp, Note
from zhiyin.apps.followups.queries import visible_follow_ups
from zhiyin.apps.interactions import services as interactions
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users

_WOKEN_AT_ONCE = 200
#: of an entry of a list
_LONGEST_REASON = 300


@transaction.atomic
def plan_follow_up(*, actor: Actor, customer_id: int, fields: Mapping[str, Any], now: datetime) -> FollowUp:
    """Plan one; without an owner it is the actor's. Who is given one by another is told.

    Raises ``NotFound`` (customer, previous) and ``UnknownPerson``.
    """
    customer_services.get_customer(actor=actor, customer_id=customer_id)
    given = dict(fields)
    given["owner_id"] = given.get("owner_id") or actor.user_id
    _check_owner(actor.tenant, given["owner_id"])
    if given.get("previous_id") is not None:
        get_follow_up(actor=actor, follow_up_id=given["previous_id"])
    row = FollowUp(tenant=actor.tenant, customer_id=customer_id, created_by_id=actor.user_id, created_at=now, **given)
    row.save(force_insert=True)
    audit.record(
        actor=actor, action="follow_up.planned", kind="follow_up", subject=row.pk, name=row.subject, after=_shown(row)
    )
    _order_reminder(row)
    _tell_owner(actor, row, now)
    return row


@transaction.atomic
def change_follow_up(*, actor: Actor, follow_up_id: int, fields: Mapping[str, Any], now: datetime) -> FollowUp:
    """Change what is named of a planned one: also to put it off, or to give it to somebody else.

    A new time to be reminded at is a new reminder. Raises ``NotFound``, ``AlreadyClosed`` and ``UnknownPerson``.
    """
    row = _planned(actor, follow_up_id)
    before, owner_before, remind_before = _shown(row), row.owner_id, row.remind_at
    if "owner_id" in fields:
        _check_owner(actor.tenant, fields["owner_id"])
    for name, value in fields.items():
        setattr(row, name, value)
    if row.remind_at != remind_before:
        row.reminded_at = None
        _order_reminder(row)
    row.save()
    audit.record(
        actor=actor,
        action="follow_up.changed",
        kind="follow_up",
        subject=row.pk,
        name=row.subject,
        before=before,
        after=_shown(row),
    )
    if row.owner_id != owner_before:
        _tell_owner(actor, row, now)
    return row


@transaction.atomic
def close_follow_up(
    *,
    actor: Actor,
    follow_up_id: int,
    state: FollowUp.State,
    outcome: str = "",
    result: str = "",
    following: Mapping[str, Any] | None = None,
    do_not_call: bool = False,
    now: datetime,
) -> FollowUp:
    """Say that it is done, or not to be done; ``following`` plans the next one of the same customer.

    A care task is skipped for a reason only. ``do_not_call`` puts a customer who refused on the do-not-call list:
    whoever hears it writes it down, also without the right to keep lists. Raises ``NotFound``, ``AlreadyClosed``,
    ``NeedsReason`` and what ``plan_follow_up`` raises.
    """
    row = _planned(actor, follow_up_id)
    if state is FollowUp.State.CANCELLED and row.anchor_on is not None and not result:
        raise NeedsReason
    before = _shown(row)
    row.state, row.outcome, row.result = state.value, outcome, result
    row.closed_at, row.closed_by_id = now, actor.user_id
    row.save()
    audit.record(
        actor=actor,
        action=f"follow_up.{state.value}",
        kind="follow_up",
        subject=row.pk,
        name=row.subject,
        before=before,
        after=_shown(row),
    )
    if do_not_call and outcome == FollowUp.Outcome.REFUSED.value:
        lists.add_customers(
            actor=actor,
            list_code=lists.ListEntry.List.DO_NOT_CALL,
            customer_ids=[row.customer_id],
            reason=result[:_LONGEST_REASON] or row.subject,
            now=now,
            expires_at=None,
        )
    if following is not None:
        plan_follow_up(actor=actor, customer_id=row.customer_id, fields={**following, "previous_id": row.pk}, now=now)
    return row


@transaction.atomic
def try_again(*, actor: Actor, follow_up_id: int, again_at: datetime, result: str = "", now: datetime) -> FollowUp:
    """Count a try that did not reach the customer, and put the task off; its owner is reminded then.

    What was written at the tries stays together in the result. Raises ``NotFound`` and ``AlreadyClosed``.
    """
    row = _planned(actor, follow_up_id)
    before = _shown(row)
    row.attempts += 1
    row.owner_id = row.owner_id or actor.user_id
    row.due_at = row.remind_at = again_at
    row.until_at = row.reminded_at = None
    row.outcome = FollowUp.Outcome.NOT_REACHED.value
    row.result = "\n".join(part for part in (row.result, result) if part)
    row.save()
    _order_reminder(row)
    audit.record(
        actor=actor,
        action="follow_up.not_reached",
        kind="follow_up",
        subject=row.pk,
        name=row.subject,
        before=before,
        after=_shown(row),
        at=now,
    )
    return row


@transaction.atomic
def claim(*, actor: Actor, follow_up_id: int) -> FollowUp:
    """Take a task that nobody has; taken twice by the same person it stays theirs.

    Raises ``NotFound``, ``AlreadyClosed`` and ``ClaimedAlready``.
    """
    row = FollowUp.objects.of(actor.tenant).select_for_update(of=("self",)).filter(pk=follow_up_id).first()
    if row is None:
        raise NotFound
    if row.owner_id == actor.user_id:
        return row
    is_anybodys = row.team_id is None or row.team_id in actor.team_ids or actor.may("care.manage")
    if not is_anybodys:
        raise NotFound
    if row.owner_id is not None:
        raise ClaimedAlready
    if row.state != FollowUp.State.PLANNED.value:
        raise AlreadyClosed
    row.owner_id = actor.user_id
    row.save(update_fields=["owner", "changed_at"])
    audit.record(
        actor=actor,
        action="follow_up.claimed",
        kind="follow_up",
        subject=row.pk,
        name=row.subject,
        before={"owner": None},
        after={"owner": row.owner_id},
    )
    return row


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Delete notes and follow-ups of a customer whose data are erased, with what the notes said before."""
    notes, _ = Note.objects.of(tenant).filter(customer_id=customer_id).delete()
    tasks, _ = FollowUp.objects.of(tenant).filter(customer_id=customer_id).delete()
    return notes + tasks


def dial_for(*, actor: Actor, follow_up_id: int, customer_number_id: int | None) -> str:
    """Ring the actor's telephone, then the customer's; the contact is kept with the follow-up. Returns its id.

    Without a number the customer's first one is called. Raises ``NotFound`` and what ``dial`` raises.
    """
    row = get_follow_up(actor=actor, follow_up_id=follow_up_id)
    numbers = customers.numbers_of(tenant=actor.tenant, customer_ids=[row.customer_id]).get(row.customer_id, [])
    wanted = customer_number_id or (numbers[0].pk if numbers else None)
    if wanted is None or wanted not in {number.pk for number in numbers}:
        raise NotFound
    interaction = interactions.dial(actor=actor, number=None, customer_number_id=wanted, interaction_id=None)
    FollowUp.objects.of(actor.tenant).filter(pk=row.pk).update(interaction_id=interaction)
    return interaction


def get_follow_up(*, actor: Actor, follow_up_id: int) -> FollowUp:
    """Raises ``NotFound``."""
    row = visible_follow_ups(actor=actor).filter(pk=follow_up_id).first()
    if row is None:
        raise NotFound
    return row


# --- reminders -----------------------------------------------------------------------------------------------------


def wake(*, tenant: Tenant, now: datetime, follow_up_id: int | None = None) -> int:
    """Remind of what is to be reminded of by ``now`` (of one alone, if named); return of how many.

    The row is locked and marked in the transaction that tells its owner: however many jobs come, and however late,
    each reminder is told once.
    """
    woken = 0
    while True:
        with transaction.atomic():
            rows = FollowUp.objects.of(tenant).filter(
                state=FollowUp.State.PLANNED, reminded_at__isnull=True, remind_at__lte=now
            )
            if follow_up_id is not None:
                rows = rows.filter(pk=follow_up_id)
            due = list(rows.select_for_update(skip_locked=True).order_by("remind_at", "pk")[:_WOKEN_AT_ONCE])
            names = customers.customer_names(tenant=tenant, customer_ids=[row.customer_id for row in due])
            for row in due:
                _remind(tenant, row, names.get(row.customer_id, ""), now)
            FollowUp.objects.of(tenant).filter(pk__in=[row.pk for row in due]).update(reminded_at=now)
        woken += len(due)
        if len(due) < _WOKEN_AT_ONCE:
            return woken


def _remind(tenant: Tenant, row: FollowUp, customer: str, now: datetime) -> None:
    if row.owner_id is None or row.remind_at is None:
        return
    notify(
        tenant=tenant,
        user_ids=[row.owner_id],
        category=Category.REMINDER,
        code="follow_up_due",
        facts={"subject": row.subject, "customer": customer},
        link=f"/tasks?task={row.pk}",
        customer_id=row.customer_id,
        key=f"follow_up:{row.pk}:{int(row.remind_at.timestamp())}",
        now=now,
    )


def _order_reminder(row: FollowUp) -> None:
    """Let a job wake it at its time. The sweep of every few minutes finds what no job woke."""
    from zhiyin.apps.followups import tasks  # noqa: PLC0415 - the jobs import this module

    if row.remind_at is not None:
        wake_one = tasks.wake_one.configure(schedule_at=row.remind_at)
        wake_one.defer(tenant_id=row.tenant_id, follow_up_id=row.pk)


# --- the rest ------------------------------------------------------------------------------------------------------


def _planned(actor: Actor, follow_up_id: int) -> FollowUp:
    row = visible_follow_ups(actor=actor).select_for_update().filter(pk=follow_up_id).first()
    if row is None:
        raise NotFound
    if row.state != FollowUp.State.PLANNED.value:
        raise AlreadyClosed
    return row


def _check_owner(tenant: Tenant, owner_id: int | None) -> None:
    if owner_id is not None and not are_users(tenant=tenant, user_ids=(owner_id,)):
        raise UnknownPerson("owner_id")


def _tell_owner(actor: Actor, row: FollowUp, now: datetime) -> None:
    if row.owner_id is None or row.owner_id == actor.user_id:
        return
    names = customers.customer_names(tenant=actor.tenant, customer_ids=[row.customer_id])
    notify(
        tenant=actor.tenant,
        user_ids=[row.owner_id],
        category=Category.TASK,
        code="follow_up_assigned",
        facts={"by": actor.name, "subject": row.subject, "customer": names.get(row.customer_id, "")},
        link=f"/tasks?task={row.pk}",
        customer_id=row.customer_id,
        now=now,
    )


def _shown(row: FollowUp) -> dict[str, Any]:
    """What the audit keeps: not the result, which is text about a person."""
    return {name: value for name, value in audit.fields_of(row).items() if name not in ("result", "reminded_at")}
