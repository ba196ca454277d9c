"""An export's way: ordered, approved where it is beyond the limits, made by the worker, downloaded, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.exchange import tasks
from zhiyin.apps.exchange.errors import BeyondLimit, NoFile, OwnExport, RightsChanged, UnknownExport, WrongStage
from zhiyin.apps.exchange.export_gate import write_down
from zhiyin.apps.exchange.export_limits import MOST_ROWS, limits_passed, policy_of
from zhiyin.apps.exchange.files import read_file, remove_file
from zhiyin.apps.exchange.models import Export, ExportPiece, ExportPolicy
from zhiyin.apps.exchange.replay import ask_list, permissions_sum, plain_filters
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.refusals import NotAllowed
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside

State = Export.State
PAGE = "/exports"
#: how long the page tells of exports whose file is gone; the audit tells for ever
_KEEP_ENTRIES = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Ordered:
    """``export`` None: the list is short, its own address sends it at once."""

    rows: int
    export: Export | None


def list_exports(*, actor: Actor) -> QuerySet[Export]:
    """Return one's own exports; who administers sees all, who approves sees what waits too."""
    rows: QuerySet[Export] = Export.objects.of(actor.tenant)
    if actor.may("admin"):
        return rows
    own = Q(by_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    return rows.filter(own | Q(state=State.WAITING) if actor.may("exports.approve") else own)


def get_export(*, actor: Actor, export_id: int) -> Export:
    """Raises ``UnknownExport``."""
    return _one(list_exports(actor=actor), export_id)


def _one(rows: QuerySet[Export], export_id: int) -> Export:
    found = rows.filter(pk=export_id).first()
    if found is None:
        raise UnknownExport
    return found


def _locked(actor: Actor, export_id: int, *states: str) -> Export:
    found = _one(list_exports(actor=actor).select_for_update(of=("self",)), export_id)
    if found.state not in states:
        raise WrongStage(title="The export has gone on meanwhile. Reload the page.", facts={"state": found.state})
    return found


@transaction.atomic
def order_export(
    *,
    actor: Actor,
    list_path: str,
    query: str,
    form: str,
    columns: list[str],
    reason: str,
    now: datetime,
    is_planned: bool = False,
) -> Ordered:
    """Order the export of a list as it is filtered and sorted; a short one is not ordered but sent by its address.

    Beyond the limits it waits for somebody else. Raises ``NoList``, ``NotAllowed`` and ``BeyondLimit``.
    """
    listed = ask_list(actor=actor, path=list_path, query=query)
    policy = _locked_policy(actor.tenant)
    rows = listed.rows.count()
    beyond = limits_passed(policy, actor=actor, rows=rows, now=now)
    if rows <= policy.rows_at_once and not beyond and not columns and not is_planned:
        return Ordered(rows, None)
    most = {"rows": rows, "rows_per_export": policy.rows_per_export, "rows_per_day": policy.rows_per_day}
    if rows > MOST_ROWS or (beyond and policy.over_limit == ExportPolicy.OverLimit.REFUSE):
        raise BeyondLimit(facts={**most, "beyond": beyond})
    known = list(listed.columns)
    made = Export.objects.of(actor.tenant).create(
        list_path=list_path,
        query=query,
        filters=plain_filters(QueryDict(query).dict()),
        format=form,
        language=actor.language[:2],
        columns=[name for name in known if name in columns] or known,
        state=State.WAITING if beyond else State.RUNNING,
        total=rows,
        beyond=beyond,
        reason=reason,
        is_planned=is_planned,
        by_id=actor.user_id,
        by_name=actor.name,
        created_at=now,
        moved_at=now,
    )
    write_down(actor, made, "export.ordered", beyond=beyond, reason=reason)
    if beyond:
        _ask_approvers(actor, made)
    else:
        tasks.order_export(tenant_id=actor.tenant.pk, export_id=made.pk)
    return Ordered(rows, made)


def _locked_policy(tenant: Tenant) -> ExportPolicy:
    """Return the limits so that two orders of one moment do not each find room for themselves."""
    return ExportPolicy.objects.of(tenant).select_for_update().first() or policy_of(tenant=tenant)


def _ask_approvers(actor: Actor, made: Export) -> None:
    approvers = accounts.users_who_may(tenant=actor.tenant, right="exports.approve")
    notifications.notify(
        tenant=actor.tenant,
        user_ids=[user_id for user_id in approvers if user_id != actor.user_id],
        category=notifications.Category.TASK,
        code="export_waits",
        facts={"by": actor.name, "rows": made.total},
        link=f"{PAGE}?state=waiting",
        key=f"export:{made.pk}:waits",
    )


@transaction.atomic
def decide(*, actor: Actor, export_id: int, is_approved: bool) -> Export:
    """Approve or refuse an export that is beyond the limits. Raises ``OwnExport`` and ``WrongStage``."""
    if not actor.may("exports.approve"):
        raise NotAllowed(facts={"right": "exports.approve"})
    found = _locked(actor, export_id, State.WAITING)
    if found.by_id == actor.user_id:
        raise OwnExport
    found.state = State.RUNNING if is_approved else State.REFUSED
    found.decided_by_name, found.moved_at = actor.name, timezone.now()
    if not is_approved:
        found.ended_at, found.query = found.moved_at, ""
    found.save()
    write_down(actor, found, "export.approved" if is_approved else "export.refused", by=found.by_name)
    if is_approved:
        tasks.order_export(tenant_id=found.tenant_id, export_id=found.pk)
    else:
        tell_owner(found, "export_refused")
    return found


def tell_owner(found: Export, code: str) -> None:
    """Tell who ordered an export what became of it; of a planned one its plan tells."""
    if found.by_id is not None and not found.is_planned:
        notifications.notify(
            tenant=found.tenant,
            user_ids=[found.by_id],
            category=notifications.Category.SYSTEM,
            code=code,
            facts={"rows": found.total, "by": found.decided_by_name},
            link=PAGE,
            key=f"export:{found.pk}:{code}",
        )


@transaction.atomic
def cancel(*, actor: Actor, export_id: int) -> Export:
    """Stop after the rows at hand. Raises ``WrongStage``."""
    found = _locked(actor, export_id, State.WAITING, State.RUNNING)
    _only_its_own(actor, found)
    found.state, found.ended_at, found.query = State.CANCELLED, timezone.now(), ""
    found.save()
    ExportPiece.objects.of(actor.tenant).filter(export=found).delete()
    write_down(actor, found, "export.cancelled")
    return found


def _only_its_own(actor: Actor, found: Export) -> None:
    if found.by_id != actor.user_id and not actor.may("admin"):
        raise UnknownExport


@transaction.atomic
def download(*, actor: Actor, export_id: int) -> tuple[Export, bytes]:
    """Return the file for its owner or an administrator, if what they may see is what it was made of.

    Raises ``UnknownExport``, ``NoFile``, ``RightsChanged`` and ``NotAllowed``.
    """
    found = get_export(actor=actor, export_id=export_id)
    _only_its_own(actor, found)
    if found.state != State.READY or found.file_id is None:
        raise NoFile
    ask_list(actor=actor, path=found.list_path, query="")
    if found.by_id == actor.user_id and found.permissions != permissions_sum(actor):
        raise RightsChanged
    content = read_file(tenant=actor.tenant, file_id=found.file_id)
    Export.objects.of(actor.tenant).filter(pk=found.pk).update(downloads=F("downloads") + 1)
    write_down(actor, found, "export.downloaded", by=found.by_name)
    return found, content


@transaction.atomic
def delete(*, actor: Actor, export_id: int) -> Export:
    """Delete the file; that there was one stays. Raises ``WrongStage``."""
    found = _locked(actor, export_id, State.READY)
    _remove(found)
    write_down(actor, found, "export.deleted", by=found.by_name)
    return found


def hand_over(*, actor: Actor, export_id: int, place: str) -> None:
    """Note that a planned export was brought to its place, and remove our copy of the file."""
    found = get_export(actor=actor, export_id=export_id)
    _remove(found)
    write_down(actor, found, "export.delivered", place=place)


def give_up(*, actor: Actor, export_id: int, problem: str) -> None:
    """Note that a planned export could not be brought to its place: nothing left, so it counts for no limit."""
    found = get_export(actor=actor, export_id=export_id)
    _remove(found)
    found.state, found.problem = State.FAILED, problem
    found.save()


def _remove(found: Export) -> None:
    if found.file_id is not None:
        remove_file(tenant=found.tenant, file_id=found.file_id)
    found.file_id, found.state, found.query = None, State.REMOVED, ""
    found.save()


def remove_old(*, tenant: Tenant, now: datetime) -> int:
    """Remove the files whose time is over, and entries nobody looks for any more. Returns how many files."""
    with inside(tenant):
        over = Export.objects.of(tenant).filter(state=State.READY, expires_at__lt=now)
        found = list(over.select_for_update(of=("self",)))
        for each in found:
            _remove(each)
        Export.objects.of(tenant).filter(
            ended_at__lt=now - _KEEP_ENTRIES, state__in=(State.SENT, State.REMOVED, State.REFUSED, State.CANCELLED)
        ).delete()
    return len(found)


def standing_still(*, tenant: Tenant, before: datetime) -> list[int]:
    """Return the exports at work on which nothing was done since ``before``."""
    rows = Export.objects.of(tenant).filter(state=State.RUNNING, moved_at__lt=before)
    return list(rows.values_list("pk", flat=True))
