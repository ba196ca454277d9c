"""Making drafts of the rules, trying them, adopting or dropping them: each step audited and live at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import settings_changes
from zhiyin.apps.queues import queries as queue_queries
from zhiyin.apps.queues import services as queues
from zhiyin.apps.routing import queries as routing_queries
from zhiyin.apps.routing import services as routing
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import postponed_publication, publish_settings
from zhiyin.apps.trials import queries
from zhiyin.apps.trials.errors import NoShare, NothingChanged, OtherTrialRuns, UnknownReference, WrongState
from zhiyin.apps.trials.models import RuleTrial

State = RuleTrial.State
#: nothing goes by it, and it may be changed and begun
_RESTING = (State.DRAFT, State.RETURNED, State.DROPPED)


@transaction.atomic
def create_trial(*, actor: Actor, fields: Mapping[str, Any]) -> RuleTrial:
    """Make a draft; it changes nothing yet. Raises ``UnknownReference``; a taken name violates the constraint."""
    _check(actor, fields["changes"])
    return settings_changes.create(actor=actor, row=RuleTrial(tenant=actor.tenant, owner_id=actor.user_id, **fields))


@transaction.atomic
def update_trial(*, actor: Actor, trial_id: int, fields: Mapping[str, Any]) -> RuleTrial:
    """Change a draft that does not run; of one that runs only its name and its bounds.

    Raises ``NotFound``, ``UnknownReference`` and ``WrongState``.
    """
    row = _locked(actor, trial_id)
    if row.state not in _RESTING and fields.keys() & {"changes", "share_pct"}:
        raise WrongState
    if "changes" in fields:
        _check(actor, fields["changes"])
    return settings_changes.update(actor=actor, row=row, fields=fields)


@transaction.atomic
def begin_shadow(*, actor: Actor, trial_id: int, now: datetime) -> RuleTrial:
    """Ask the draft at every decision from now on. Raises ``NotFound``, ``NothingChanged``, ``OtherTrialRuns``."""
    row = _may_begin(actor, trial_id, from_=_RESTING)
    fields = {"state": State.SHADOW.value, "shadow_began_at": now, "ended_at": None, "breach": None}
    return settings_changes.update(actor=actor, row=row, fields=fields)


@transaction.atomic
def begin_canary(*, actor: Actor, trial_id: int, share_pct: int, now: datetime) -> RuleTrial:
    """Let a share of the contacts go by the draft from now on.

    Raises ``NotFound``, ``NothingChanged``, ``NoShare``, ``OtherTrialRuns`` and ``WrongState``.
    """
    row = _may_begin(actor, trial_id, from_=(*_RESTING, State.SHADOW))
    if row.changes.get("contact_choice"):
        raise NoShare
    begun = {"state": State.CANARY.value, "canary_began_at": now, "ended_at": None, "breach": None}
    return settings_changes.update(actor=actor, row=row, fields=begun | {"share_pct": share_pct})


@transaction.atomic
def drop_trial(*, actor: Actor, trial_id: int, now: datetime) -> RuleTrial:
    """Let everything be as it is; what was recorded stays. Raises ``NotFound`` and ``WrongState``."""
    row = _locked(actor, trial_id)
    if row.state in (State.ADOPTED, State.DROPPED):
        raise WrongState
    return settings_changes.update(actor=actor, row=row, fields={"state": State.DROPPED.value, "ended_at": now})


@transaction.atomic
def adopt_trial(*, actor: Actor, trial_id: int, now: datetime) -> RuleTrial:
    """Let the draft be the rules of all. Each changed queue, and the classes, get an entry of the history.

    Raises ``NotFound``, ``NothingChanged``, ``UnknownReference`` and ``WrongState``.
    """
    row = _locked(actor, trial_id)
    if row.state == State.ADOPTED:
        raise WrongState
    changes = row.changes
    _need_changes(changes)
    _check(actor, changes)
    with postponed_publication():
        for draft in changes.get("queues", []):
            fields = {name: value for name, value in draft.items() if name not in ("id", "memberships")}
            queues.update_queue(actor=actor, queue_id=draft["id"], fields=fields, memberships=draft.get("memberships"))
        _adopt_classes(actor, changes.get("classes", []))
        if changes.get("contact_choice"):
            routing.save_policy(actor=actor, fields={"contact_choice": changes["contact_choice"]})
        settings_changes.update(actor=actor, row=row, fields={"state": State.ADOPTED.value, "ended_at": now})
    publish_settings(tenant=actor.tenant)
    return row


def _adopt_classes(actor: Actor, drafts: list[dict[str, Any]]) -> None:
    if drafts:
        by_code = {draft["code"]: draft for draft in drafts}
        rows = routing_queries.list_classes(tenant=actor.tenant)
        routing.save_classes(actor=actor, drafts=[routing.shown(one) | by_code.get(one.code, {}) for one in rows])


# --- what holds -----------------------------------------------------------------------------------------------------


def _locked(actor: Actor, trial_id: int) -> RuleTrial:
    queries.get_trial(tenant=actor.tenant, trial_id=trial_id)
    return RuleTrial.objects.of(actor.tenant).select_for_update().get(pk=trial_id)


def _may_begin(actor: Actor, trial_id: int, *, from_: tuple[str, ...]) -> RuleTrial:
    row = _locked(actor, trial_id)
    if row.state not in from_:
        raise WrongState
    _need_changes(row.changes)
    _check(actor, row.changes)
    if RuleTrial.objects.of(actor.tenant).filter(state__in=queries.RUNNING).exclude(pk=row.pk).exists():
        raise OtherTrialRuns
    return row


def _need_changes(changes: Mapping[str, Any]) -> None:
    says = [*changes.get("classes", []), *changes.get("queues", [])]
    if not changes.get("contact_choice") and not any(len(one) > 1 for one in says):
        raise NothingChanged


def _check(actor: Actor, changes: Mapping[str, Any]) -> None:
    """Refuse what names a queue, an agent or a class that is not there."""
    tenant = actor.tenant
    known = set(queue_queries.list_queues(tenant=tenant).values_list("pk", flat=True))
    members = queue_queries.members_of(tenant_id=tenant.pk, queue_ids=list(known))
    for number, draft in enumerate(changes.get("queues", [])):
        asked = {added for ring in draft.get("rings", []) for added in ring["add_queues"]}
        if draft["id"] not in known or not asked <= known - {draft["id"]}:
            raise UnknownReference(f"changes.queues.{number}")
        agents = {one["agent"] for one in draft.get("memberships", [])}
        if not agents <= set(members.get(draft["id"], [])):
            raise UnknownReference(f"changes.queues.{number}.memberships")
    codes = set(routing_queries.list_classes(tenant=tenant).values_list("code", flat=True))
    for number, one in enumerate(changes.get("classes", [])):
        if one["code"] not in codes:
            raise UnknownReference(f"changes.classes.{number}")
