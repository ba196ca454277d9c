"""Erasing one person's data: previewed, asked for, agreed to by a second person where wanted, done by the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit.chain import EMPTIED
from zhiyin.apps.customers import services as customers
from zhiyin.apps.interactions import erasing as contacts
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.privacy import ledger, tasks
from zhiyin.apps.privacy.errors import (
    ContactIsOpen,
    ErasureGoesOn,
    ErasureWrongStage,
    NotConfirmed,
    OwnErasure,
    UnknownErasure,
)
from zhiyin.apps.privacy.models import Erasure, PrivacyPolicy
from zhiyin.apps.privacy.person import Traces, sealed, words_of
from zhiyin.apps.privacy.steps import all_steps, registered
from zhiyin.apps.privacy.sweeping import unreadable_entries
from zhiyin.apps.privacy.touching import noted_for
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web
from zhiyin.apps.tenancy.scope import inside

State = Erasure.State
RIGHT = "customers.erase"
_OPEN = (State.WAITING, State.RUNNING)


def policy_of(*, tenant: Tenant) -> PrivacyPolicy:
    return PrivacyPolicy.objects.of(tenant).first() or PrivacyPolicy(tenant=tenant)


@transaction.atomic
def save_policy(*, actor: Actor, needs_approval: bool) -> PrivacyPolicy:
    """Say whether a second person has to agree to an erasure."""
    policy = policy_of(tenant=actor.tenant)
    before = {"needs_approval": policy.needs_approval}
    policy.needs_approval = needs_approval
    policy.save()
    after = {"needs_approval": needs_approval}
    audit.record(actor=actor, action="privacy_policy.changed", kind="privacy_policy", before=before, after=after)
    return policy


def preview(*, actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return what an erasure would take, what stays and why, and what is in its way. Raises ``NotFound``."""
    customers.get_customer(actor=actor, customer_id=customer_id)
    counts: dict[str, int] = {}
    for each in registered():
        count: Callable[..., int] = import_string(f"{each.by}.count_of_customer")
        counts[each.name] = count(tenant=actor.tenant, customer_id=customer_id)
    return {
        "goes": {name: count for name, count in counts.items() if count},
        "kept": _kept(actor.tenant, customer_id),
        "is_contact_open": contacts.has_open_contact(tenant=actor.tenant, customer_id=customer_id),
        "needs_approval": policy_of(tenant=actor.tenant).needs_approval,
    }


def _kept(tenant: Tenant, customer_id: int) -> list[dict[str, Any]]:
    told = [
        ("held_recordings", import_string("zhiyin.apps.recordings.erasing.count_held"), "legal_hold"),
        ("blocked_numbers", import_string("zhiyin.apps.customers.erasing.count_blocked"), "block_list"),
        ("contacts", contacts.count_of_contacts, "figures"),
    ]
    kept = [(what, count(tenant=tenant, customer_id=customer_id), why) for what, count, why in told]
    return [{"what": what, "count": count, "why": why} for what, count, why in kept if count]


@transaction.atomic
def order(*, actor: Actor, customer_id: int, confirmation: str, reason: str, now: datetime) -> Erasure:
    """Order that a customer's data are erased. There is no way back; callbacks that wait are cancelled with it.

    Raises ``NotConfirmed``, ``ContactIsOpen``, ``ErasureGoesOn``, ``NotFound`` and ``EngineAway``.
    """
    customer = customers.get_customer(actor=actor, customer_id=customer_id)
    if confirmation.strip() != customer.name.strip():
        raise NotConfirmed
    if Erasure.objects.of(actor.tenant).filter(customer_id=customer_id, state__in=_OPEN).exists():
        raise ErasureGoesOn
    if contacts.has_open_contact(tenant=actor.tenant, customer_id=customer_id):
        raise ContactIsOpen
    waits = policy_of(tenant=actor.tenant).needs_approval
    if not waits and not contacts.cancel_waiting(actor=actor, customer_id=customer_id):
        raise ContactIsOpen
    made = Erasure.objects.of(actor.tenant).create(
        customer_id=customer_id,
        state=State.WAITING if waits else State.RUNNING,
        reason=reason,
        by_id=actor.user_id,
        by_name=actor.name,
        ordered_at=now,
        moved_at=now,
    )
    _write_down(actor, made, "erasure.ordered")
    if waits:
        _ask_for_decision(actor, made)
    else:
        tasks.order(tenant_id=actor.tenant.pk, erasure_id=made.pk)
    return made


def _ask_for_decision(actor: Actor, made: Erasure) -> None:
    """Tell whoever else may decide; the customer is not named."""
    deciders = accounts.users_who_may(tenant=actor.tenant, right=RIGHT)
    others = [user_id for user_id in deciders if user_id != actor.user_id]
    _tell(made, others, "erasure_waits", by=actor.name)


def _tell(made: Erasure, user_ids: Sequence[int], code: str, **facts: str) -> None:
    notifications.notify(
        tenant=made.tenant,
        user_ids=user_ids,
        category=notifications.Category.SYSTEM,
        code=code,
        facts=facts,
        link=f"/erasures/{made.pk}",
        key=f"erasure:{made.pk}:{code}",
    )


def _tell_who_asked(made: Erasure, code: str, **facts: str) -> None:
    _tell(made, [] if made.by_id is None else [made.by_id], code, **facts)


def _write_down(actor: Actor, made: Erasure, action: str) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="erasure",
        subject=made.pk,
        after={"customer": made.customer_id, "number": str(made.number), "counts": made.counts, "kept": made.kept},
    )


@transaction.atomic
def decide(*, actor: Actor, erasure_id: int, is_approved: bool) -> Erasure:
    """Agree to an erasure or refuse it. Raises ``OwnErasure``, ``ErasureWrongStage`` and ``ContactIsOpen``."""
    found = get_erasure(tenant=actor.tenant, erasure_id=erasure_id, is_locked=True)
    if found.state != State.WAITING:
        raise ErasureWrongStage
    if found.by_id == actor.user_id:
        raise OwnErasure
    if is_approved and contacts.has_open_contact(tenant=actor.tenant, customer_id=found.customer_id):
        raise ContactIsOpen
    if is_approved and not contacts.cancel_waiting(actor=actor, customer_id=found.customer_id):
        raise ContactIsOpen
    found.state = State.RUNNING if is_approved else State.REFUSED
    found.decided_by_name, found.moved_at = actor.name, timezone.now()
    found.save()
    _write_down(actor, found, "erasure.approved" if is_approved else "erasure.refused")
    if is_approved:
        tasks.order(tenant_id=found.tenant_id, erasure_id=found.pk)
    else:
        _tell_who_asked(found, "erasure_refused", by=actor.name)
    return found


def get_erasure(*, tenant: Tenant, erasure_id: int, is_locked: bool = False) -> Erasure:
    """Raises ``UnknownErasure``."""
    rows = Erasure.objects.of(tenant)
    found = (rows.select_for_update() if is_locked else rows).filter(pk=erasure_id).first()
    if found is None:
        raise UnknownErasure
    return found


# --- in the worker ----------------------------------------------------------------------------------------------


def work(*, tenant: Tenant, erasure_id: int) -> bool:
    """Do the next step; return whether there is another. Safe to repeat, and to be cut off anywhere."""
    steps = all_steps()
    with inside(tenant):
        found = Erasure.objects.of(tenant).filter(pk=erasure_id, state=State.RUNNING).first()
    if found is None:
        return False
    if not found.sealed_words:
        _begin(tenant, found)
        return True
    if found.step < len(steps):
        step = steps[found.step]
        with step.role(), inside(tenant), noted_for(found):
            count = step.act(tenant, found)
        _note(tenant, found, step.name, count)
        return True
    _finish(tenant, found)
    return False


def _begin(tenant: Tenant, found: Erasure) -> None:
    """Seal what is to be looked for before it is gone, and tell the ledger outside of the database."""
    with inside(tenant):
        words = words_of(
            tenant=tenant,
            customer_id=found.customer_id,
            others_numbers=contacts.own_numbers(tenant=tenant, customer_id=found.customer_id),
        )
        found.kept = _kept(tenant, found.customer_id)
        subjects = _told(tenant, found.customer_id, "audited_of_customer")
        points = _told(tenant, found.customer_id, "points_of_customer")
        found.sealed_words = sealed(Traces(words, [f"customer:{found.customer_id}", *subjects], points), tenant=tenant)
    _save(tenant, found)
    ledger.note(tenant=tenant, erasure=found)


def _told(tenant: Tenant, customer_id: int, name: str) -> list[str]:
    """Return what the apps have to say: subjects of the audit, or points of the keys, that are the customer's."""
    found: list[str] = []
    for each in registered():
        told = getattr(import_module(each.by), name, None)
        found += told(tenant=tenant, customer_id=customer_id) if told else []
    return found


def _note(tenant: Tenant, found: Erasure, name: str, count: int) -> None:
    # a step that was cut off after its commit is done again and finds nothing: what it found stands already
    found.counts = found.counts | ({name: found.counts.get(name, 0) + count} if count else {})
    found.step += 1
    _save(tenant, found)


def _save(tenant: Tenant, found: Erasure) -> None:
    found.moved_at = timezone.now()
    with working_as_web(), inside(tenant):
        found.save()


def _finish(tenant: Tenant, found: Erasure) -> None:
    found.state, found.sealed_words, found.done_at = State.DONE, "", timezone.now()
    found.moved_at = found.done_at
    with working_as_web(), inside(tenant):
        found.save()
        _write_down(system(tenant), found, "erasure.done")
        _tell_who_asked(found, "erasure_done")


def standing_still(*, tenant: Tenant, before: datetime) -> list[int]:
    """Return the erasures at work on which nothing was done since ``before``."""
    rows = Erasure.objects.of(tenant).filter(state=State.RUNNING, moved_at__lt=before)
    return list(rows.values_list("pk", flat=True))


def tell_chain_of_unreadable() -> None:
    """Name the entries of the audit that a restore could not read in an entry of its own: nobody forged them.

    As the owner, before anything starts.
    """
    for tenant in Tenant.objects.order_by("pk"):
        with inside(tenant):
            entries = unreadable_entries(tenant=tenant)
            if entries:
                audit.record(actor=system(tenant), action=EMPTIED, kind="restored_backup", after={"entries": entries})
