"""Making two customers one, and two again. Nothing is lost: what refers to the merged one follows.

Tables with a foreign key to ``Customer`` follow by themselves, whichever app they belong to. What refers to customers
otherwise (by id, by number), or must be settled before its rows meet, is registered by its app in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import snapshots
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.judged_pairs import move_pairs, move_pairs_back
from zhiyin.apps.customers.lists.queries import has_entries
from zhiyin.apps.customers.lists.services import end_doubled
from zhiyin.apps.customers.merging_errors import BadMerge, ChangedSinceMerge
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.models.merging import CustomerMerge
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.customers.search_entries import write_search_entries
from zhiyin.apps.customers.visibility import WRITE, locked_for_change, sees_all, visible_customers
from zhiyin.apps.fields import services as fields_of_own
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import publish_settings

#: (tenant, from customer, to customer) -> what ``move_back`` must know, as JSON
Move = Callable[[Tenant, int, int], Any]
#: (tenant, from customer, to customer, what ``move`` returned): ``from`` is whom it belonged to
MoveBack = Callable[[Tenant, int, int, Any], None]

KEPT, MERGED, BOTH = "kept", "merged", "both"
_PAIRS = "duplicate_pairs"
_BIRTHDAY = ("birth_year", "birth_month", "birth_day")
_UNCHOOSABLE = frozenset({"id", "tenant", "pinyin", "version", "created_at", "changed_at", "custom", *_BIRTHDAY})
_NOTE_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class _Mover:
    move: Move
    move_back: MoveBack


_movers: dict[str, _Mover] = {}


def register(kind: str, move: Move, move_back: MoveBack) -> None:
    """Let what an app keeps of customers other than by foreign key follow a merge, and its undoing."""
    _movers[kind] = _Mover(move, move_back)


def registered() -> frozenset[str]:
    """Return what follows a merge other than by foreign key."""
    return frozenset(_movers)


def choosable_fields() -> list[str]:
    """Return the fields of which one of the two values stays; "birthday" is one."""
    return ["birthday", *(field.attname for field in Customer._meta.concrete_fields if field.name not in _UNCHOOSABLE)]


@transaction.atomic
def merge(*, actor: Actor, kept_id: int, merged_id: int, chosen: Mapping[str, str], now: datetime) -> CustomerMerge:
    """Make ``merged_id`` part of ``kept_id``. ``chosen``: field -> "kept", "merged" or (the note) "both".

    A field that is not chosen keeps the kept one's value, or takes the other's where it has none. Raises
    ``NotFound`` and ``BadMerge``.
    """
    tenant = actor.tenant
    kept, merged = _locked_pair(actor, kept_id, merged_id)
    before = _taken(tenant, kept_id), _taken(tenant, merged_id)
    _choose(kept, merged, chosen)
    end_doubled(tenant=tenant, customer_id=merged_id, beside_id=kept_id, now=now)
    moved = {kind: mover.move(tenant, merged_id, kept_id) for kind, mover in _movers.items()}
    moved |= {name: _move_rows(tenant, model, reference, merged_id, kept_id) for model, reference, name in _tables()}
    fields_of_own.forget(tenant, SUBJECT, [merged_id])
    merged.delete()
    _order_positions(tenant, kept_id, before[0])
    kept.version += 1
    kept.save()
    fields_of_own.enter(tenant, SUBJECT, kept_id, kept.custom)
    write_search_entries(tenant=tenant, customers=[kept])
    _tell_engine(tenant, kept_id)
    moved[_PAIRS] = move_pairs(tenant, merged_id, kept_id)
    made = CustomerMerge.objects.of(tenant).create(
        kept_id=kept_id,
        merged_id=merged_id,
        kept_name=before[0]["record"]["name"],
        merged_name=before[1]["record"]["name"],
        chosen={field: side for field, side in chosen.items() if side != KEPT},
        kept_before=before[0],
        merged_before=before[1],
        kept_after=_taken(tenant, kept_id),
        moved={name: facts for name, facts in moved.items() if facts},
        by_id=actor.user_id,
        by_name=actor.name,
        at=now,
    )
    audit.record(
        actor=actor, action="customer.merged", kind="customer", subject=kept_id, name=kept.name,
        after={"merged": merged_id, "merged_name": made.merged_name, "chosen": made.chosen, "merge": made.pk},
    )  # fmt: skip
    return made


@transaction.atomic
def undo(*, actor: Actor, merge_id: int, now: datetime) -> CustomerMerge:
    """Let the two be what they were. What came to the kept one since (contacts, follow-ups) stays with it.

    Raises ``NotFound``, and ``ChangedSinceMerge`` naming what somebody changed: then nothing is undone.
    """
    tenant = actor.tenant
    found = CustomerMerge.objects.of(tenant).select_for_update().filter(pk=merge_id).first()
    if found is None:
        raise NotFound
    if found.undone_at is not None:
        return found
    if visible_customers(actor, WRITE).select_for_update(of=("self",)).filter(pk=found.kept_id).first() is None:
        raise NotFound
    now_kept = snapshots.take(tenant=tenant, customer_id=found.kept_id)
    differing = snapshots.differences(now_kept, found.kept_after)
    if differing:
        raise ChangedSinceMerge(differing)
    fields_of_own.forget(tenant, SUBJECT, [found.kept_id])
    snapshots.put_back(tenant=tenant, customer_id=found.merged_id, snapshot=found.merged_before)
    snapshots.put_back(tenant=tenant, customer_id=found.kept_id, snapshot=found.kept_before)
    for model, reference, name in _tables():
        _move_rows_back(tenant, model, reference, found, found.moved.get(name))
    for kind, mover in _movers.items():
        mover.move_back(tenant, found.merged_id, found.kept_id, found.moved.get(kind))
    move_pairs_back(tenant, found.moved.get(_PAIRS))
    _tell_engine(tenant, found.kept_id, found.merged_id)
    found.undone_at = now
    found.save(update_fields=["undone_at"])
    audit.record(
        actor=actor, action="customer.merge_undone", kind="customer", subject=found.kept_id, name=found.kept_name,
        after={"merged": found.merged_id, "merged_name": found.merged_name, "merge": found.pk},
    )  # fmt: skip
    return found


def list_merges(*, actor: Actor, search: str = "") -> models.QuerySet[CustomerMerge]:
    """Return what was merged into customers whom the actor may see."""
    rows: models.QuerySet[CustomerMerge] = CustomerMerge.objects.of(actor.tenant).defer(
        "kept_before", "merged_before", "kept_after", "moved"
    )
    if not sees_all(actor):
        rows = rows.filter(kept_id__in=visible_customers(actor).values("pk"))
    if search:
        rows = rows.filter(models.Q(kept_name__icontains=search) | models.Q(merged_name__icontains=search))
    return rows


def _locked_pair(actor: Actor, kept_id: int, merged_id: int) -> tuple[Customer, Customer]:
    if kept_id == merged_id:
        raise BadMerge("same_customer")
    found = locked_for_change(actor, (kept_id, merged_id))
    if found[kept_id].kind != found[merged_id].kind:
        raise BadMerge("other_kind")
    return found[kept_id], found[merged_id]


def _tell_engine(tenant: Tenant, *customer_ids: int) -> None:
    """Whose numbers stand on a list changed with whose they are."""
    if any(has_entries(tenant=tenant, customer_id=customer_id) for customer_id in customer_ids):
        publish_settings(tenant=tenant)


def _taken(tenant: Tenant, customer_id: int) -> snapshots.Snapshot:
    taken = snapshots.take(tenant=tenant, customer_id=customer_id)
    assert taken is not None
    return taken


def _choose(kept: Customer, merged: Customer, chosen: Mapping[str, str]) -> None:
    known = {*choosable_fields(), *(f"custom.{code}" for code in {*kept.custom, *merged.custom})}
    wrong = {name: "unknown_field" for name in chosen if name not in known}
    wrong |= {name: "unknown_choice" for name, side in chosen.items() if side == BOTH and name != "note"}
    if wrong:
        raise BadMerge("bad_choice", fields=wrong)

    def takes_merged(name: str, present: object, other: object) -> bool:
        is_empty = present in (None, "", "unknown")
        return chosen.get(name, MERGED if is_empty and other not in (None, "") else KEPT) == MERGED

    for name in choosable_fields()[1:]:
        if takes_merged(name, getattr(kept, name), getattr(merged, name)):
            setattr(kept, name, getattr(merged, name))
    if takes_merged("birthday", kept.birth_month, merged.birth_month):
        for name in _BIRTHDAY:
            setattr(kept, name, getattr(merged, name))
    if chosen.get("note") == BOTH:
        kept.note = "\n".join(note for note in (kept.note, merged.note) if note)[:_NOTE_LENGTH]
    for code, value in merged.custom.items():
        if takes_merged(f"custom.{code}", kept.custom.get(code), value):
            kept.custom[code] = value
    kept.custom = {
        code: value for code, value in kept.custom.items()
        if chosen.get(f"custom.{code}") != MERGED or code in merged.custom
    }  # fmt: skip
    kept.pinyin = search_keys(kept.name)


def _tables() -> list[tuple[type[models.Model], str, str]]:
    """Return every table that refers to customers: model, reference, name."""
    return [(model, name, f"{model._meta.label_lower}.{name}") for model, name in snapshots.references()]


def _is_own(model: type[models.Model]) -> bool:
    return model._meta.app_label == "customers"


def _move_rows(tenant: Tenant, model: type[models.Model], name: str, merged_id: int, kept_id: int) -> Any:
    """Let a table's rows follow. What the kept one has already is dropped, and remembered."""
    rows = model._base_manager.filter(tenant_id=tenant.pk, **{f"{name}_id": merged_id})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return None
    dropped: dict[str, Any] = {}
    try:
        with transaction.atomic():
            rows.update(**{f"{name}_id": kept_id})
    except IntegrityError:
        for row in model._base_manager.filter(pk__in=keys).order_by("pk"):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{f"{name}_id": kept_id})
            except IntegrityError:
                dropped[str(row.pk)] = snapshots.columns_of(row)
                row.delete()
    if _is_own(model):
        return None  # the snapshots say it
    return {"moved": [key for key in keys if str(key) not in dropped], "dropped": dropped}


def _move_rows_back(
    tenant: Tenant, model: type[models.Model], name: str, found: CustomerMerge, facts: Mapping[str, Any] | None
) -> None:
    if facts is None:
        return
    rows = model._base_manager.filter(tenant_id=tenant.pk, pk__in=facts["moved"], **{f"{name}_id": found.kept_id})
    rows.update(**{f"{name}_id": found.merged_id})
    for key, columns in facts["dropped"].items():
        snapshots.write_row(model, tenant, key, columns)


def _order_positions(tenant: Tenant, kept_id: int, kept_before: snapshots.Snapshot) -> None:
    """The kept one's own numbers, addresses ... come first: its primary number stays primary."""
    for model, name in snapshots.own_references():
        if not any(field.name == "position" for field in model._meta.concrete_fields):
            continue
        own = {int(key) for key in kept_before["rows"].get(f"{model._meta.model_name}.{name}", {})}
        rows = model._base_manager.filter(tenant_id=tenant.pk, **{f"{name}_id": kept_id})
        ordered = sorted(rows.values_list("pk", "position"), key=lambda row: (row[0] not in own, row[1], row[0]))
        for position, (key, _) in enumerate(ordered):
            rows.filter(pk=key).update(position=position)
