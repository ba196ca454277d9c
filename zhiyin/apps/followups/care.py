"""Care rules: kept, tried on everybody, and carried out each day. What they make are follow-ups (care tasks)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from zhiyin.apps.accounts import absences
from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.accounts.queries import UserFilter
from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import occasions
from zhiyin.apps.followups.care_candidates import Candidate, find_candidates, judged
from zhiyin.apps.followups.errors import BadCareRule
from zhiyin.apps.followups.models import CareRule, FollowUp
from zhiyin.apps.followups.queries import day_of
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.care import DATED, Assignment, Days, choose_owner, due_days

#: how far a preview looks
PREVIEW_DAYS = 30
_SAMPLE = 10


@transaction.atomic
def create_rule(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> CareRule:
    """Make a rule. Raises ``BadCareRule``; a taken name violates the table's constraint."""
    row = CareRule(tenant=actor.tenant)
    _set(actor.tenant, row, fields, now)
    row.save(force_insert=True)
    audit.record(
        actor=actor, action="care_rule.created", kind="care_rule", subject=row.pk, name=row.name, after=_shown(row)
    )
    if row.is_active:
        _order_tasks(actor.tenant, now)
    return row


@transaction.atomic
def change_rule(*, actor: Actor, rule_id: int, fields: Mapping[str, Any], now: datetime) -> CareRule:
    """Change what is named; tasks that were made stay as they are, and are not made again.

    Raises ``NotFound`` and ``BadCareRule``.
    """
    row = _locked(actor, rule_id)
    before, was_active = _shown(row), row.is_active
    _set(actor.tenant, row, fields, now)
    row.save()
    if row.is_active and not was_active:
        _order_tasks(actor.tenant, now)
    audit.record(
        actor=actor,
        action="care_rule.changed",
        kind="care_rule",
        subject=row.pk,
        name=row.name,
        before=before,
        after=_shown(row),
    )
    return row


@transaction.atomic
def remove_rule(*, actor: Actor, rule_id: int) -> None:
    """Remove a rule; the tasks it made stay. Raises ``NotFound``."""
    row = _locked(actor, rule_id)
    before = _shown(row)
    row.delete()
    audit.record(
        actor=actor, action="care_rule.removed", kind="care_rule", subject=rule_id, name=row.name, before=before
    )


def get_rule(*, actor: Actor, rule_id: int) -> CareRule:
    """Raises ``NotFound``."""
    row = CareRule.objects.of(actor.tenant).filter(pk=rule_id).first()
    if row is None:
        raise NotFound
    return row


def _locked(actor: Actor, rule_id: int) -> CareRule:
    row = CareRule.objects.of(actor.tenant).select_for_update().filter(pk=rule_id).first()
    if row is None:
        raise NotFound
    return row


def _set(tenant: Tenant, row: CareRule, fields: Mapping[str, Any], now: datetime) -> None:
    """Write and check the fields. What was due while the rule slept is not made when it wakes."""
    was_active = row.is_active and row.pk is not None
    for name, value in fields.items():
        setattr(row, name, value)
    wrong: dict[str, str] = {}
    if row.occasion in DATED:
        if row.date_field not in {code for code, _, _ in occasions.date_fields(tenant=tenant)}:
            wrong["date_field"] = "unknown_reference" if row.date_field else "missing"
    else:
        row.date_field = ""
    if row.until_time <= row.from_time:
        wrong["until_time"] = "must_be_later"
    if row.team_id is not None and not accounts.has_team(tenant=tenant, team_id=row.team_id):
        wrong["team_id"] = "unknown_reference"
    if row.assignment == Assignment.TURNS.value and row.team_id is None:
        wrong.setdefault("team_id", "missing")
    if wrong:
        raise BadCareRule(**wrong)
    today = _today(tenant, now)
    if row.is_active and (not was_active or row.begins_on is None):
        row.begins_on = max(row.begins_on, today) if "begins_on" in fields and row.begins_on else today
    row.ran_on = None


# --- trying it -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule would catch from tomorrow on, if it were switched on now."""

    tomorrow: int
    total: int
    #: how many on each day that has any
    by_day: dict[date, int]
    listed: int
    without_consent: int
    sample: list[Candidate] = field(default_factory=list)


def preview(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> Preview:
    """Try a rule that need not be kept. Raises ``BadCareRule``."""
    row = CareRule(tenant=actor.tenant)
    _set(actor.tenant, row, fields, now)
    tomorrow = _today(actor.tenant, now) + timedelta(1)
    due = Days(tomorrow, tomorrow + timedelta(PREVIEW_DAYS - 1))
    found = find_candidates(tenant=actor.tenant, rule=row, due=due)
    reasons: Counter[str] = Counter()
    by_day: Counter[date] = Counter()
    sample: list[Candidate] = []
    for one, reason in judged(tenant=actor.tenant, rule=row, found=found, now=now):
        reasons[reason] += 1
        if reason:
            continue
        by_day[one.due_on] += 1
        if len(sample) < _SAMPLE:
            sample.append(one)
    return Preview(
        tomorrow=by_day[tomorrow],
        total=reasons[""],
        by_day=dict(sorted((day, count) for day, count in by_day.items() if count)),
        listed=reasons["listed"],
        without_consent=reasons["consent"],
        sample=sample,
    )


def _order_tasks(tenant: Tenant, now: datetime) -> None:
    """Let a rule that was switched on be carried out now; the hours after find what is due from then on."""
    from zhiyin.apps.followups import tasks  # noqa: PLC0415 - the jobs import this module

    tasks.order_care_tasks(tenant_id=tenant.pk, at=int(now.timestamp()))


# --- carrying it out -----------------------------------------------------------------------------------------------


def make_tasks(*, tenant: Tenant, now: datetime) -> int:
    """Carry out every rule that was not yet today, by the company's day; return how many tasks were made."""
    today = _today(tenant, now)
    rules = CareRule.objects.of(tenant).filter(is_active=True).exclude(ran_on=today).order_by("pk")
    return sum(_carry_out(tenant, rule_id, now) for rule_id in list(rules.values_list("pk", flat=True)))


@transaction.atomic
def _carry_out(tenant: Tenant, rule_id: int, now: datetime) -> int:
    """One rule, in one transaction: made, told and marked, or not. Two workers at once make nothing twice."""
    today = _today(tenant, now)
    rows = CareRule.objects.of(tenant).select_for_update(skip_locked=True, of=("self",))
    rule = rows.filter(pk=rule_id, is_active=True).exclude(ran_on=today).first()
    if rule is None or rule.begins_on is None:
        return 0
    due = due_days(today=today, begins_on=rule.begins_on)
    made = [] if due is None else _tasks(tenant, rule, due, now)
    FollowUp.objects.of(tenant).bulk_create(made, ignore_conflicts=True)
    rule.ran_on = today
    rule.save(update_fields=["turns", "ran_on"])
    if made:
        audit.record(
            actor=system(tenant),
            action="care_rule.carried_out",
            kind="care_rule",
            subject=rule.pk,
            name=rule.name,
            after={"made": len(made), "on": today.isoformat()},
            at=now,
        )
        _tell_owners(tenant, made, today, now)
    return len(made)


def _tasks(tenant: Tenant, rule: CareRule, due: Days, now: datetime) -> list[FollowUp]:
    begins, _ = day_of(tenant, now)
    made_today = FollowUp.objects.of(tenant).filter(rule=rule, created_at__gte=begins).count()
    room = max(0, rule.daily_limit - made_today)
    people = _people(tenant, rule, now)
    zone = ZoneInfo(tenant.time_zone)
    active = set(accounts.list_users(tenant=tenant).filter(is_active=True).values_list("pk", flat=True))
    made: list[FollowUp] = []
    found = find_candidates(tenant=tenant, rule=rule, due=due)
    for one, reason in judged(tenant=tenant, rule=rule, found=found, now=now):
        if len(made) >= room:
            break
        if reason:
            continue
        owner, rule.turns = choose_owner(
            Assignment(rule.assignment),
            customer_owner=one.owner_id if one.owner_id in active else None,
            people=people,
            turn=rule.turns,
        )
        made.append(
            FollowUp(
                tenant=tenant,
                customer_id=one.customer_id,
                owner_id=owner,
                team_id=rule.team_id,
                subject=rule.subject,
                how=rule.how,
                due_at=datetime.combine(due.last, rule.from_time, tzinfo=zone),
                until_at=datetime.combine(due.last, rule.until_time, tzinfo=zone),
                rule=rule,
                anchor_on=one.anchor_on,
                created_at=now,
            )
        )
    return made


def _people(tenant: Tenant, rule: CareRule, now: datetime) -> list[int]:
    """Return who takes turns: the team's active members, those who are away today left out while others are there."""
    if rule.team_id is None or rule.assignment == Assignment.POOL.value:
        return []
    members = accounts.find_users(tenant=tenant, wanted=UserFilter(team=rule.team_id, is_active=True))
    ids = list(members.order_by("pk").values_list("pk", flat=True))
    away = set(
        absences.list_absences(tenant=tenant)
        .filter(starts_at__lte=now, ends_at__gt=now, user_id__in=ids)
        .values_list("user_id", flat=True)
    )
    return [one for one in ids if one not in away] or ids


def _tell_owners(tenant: Tenant, made: list[FollowUp], today: date, now: datetime) -> None:
    """One notification a person and rule, not one a task."""
    rule_id = made[0].rule_id
    for owner, count in Counter(row.owner_id for row in made if row.owner_id is not None).items():
        notify(
            tenant=tenant,
            user_ids=[owner],
            category=Category.TASK,
            code="care_tasks_made",
            facts={"count": count},
            link="/tasks?type=care",
            key=f"care:{rule_id}:{today.isoformat()}:{len(made)}",
            now=now,
        )


def _today(tenant: Tenant, now: datetime) -> date:
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()


def _shown(row: CareRule) -> dict[str, Any]:
    return {name: value for name, value in audit.fields_of(row).items() if name not in ("turns", "ran_on")}
