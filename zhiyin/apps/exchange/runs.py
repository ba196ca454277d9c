"""Doing an import batch by batch, in the worker. A batch and what is remembered of it are one transaction.

So a worker may die anywhere: whoever takes the import up again finds each row either done or not. The dry run does
the same as the run and rolls it back, so it cannot promise what the run does not keep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, models, transaction
from django.utils import timezone

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.audit import services as audit
from zhiyin.apps.exchange.errors import UnreadableFile
from zhiyin.apps.exchange.files import read_file
from zhiyin.apps.exchange.imports import SECRET_PURPOSE
from zhiyin.apps.exchange.kinds import KINDS
from zhiyin.apps.exchange.kinds.base import Differs, Effect, Kind, Loader
from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.exchange.queries import WORKING_STATES
from zhiyin.apps.exchange.tables import TableForm, read_rows
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import postponed_publication
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.tenancy.vault import seal_secret

State, RowState, Outcome = Import.State, ImportRow.State, ImportRow.Outcome

_STAGED_AT_ONCE = 1000
_WRITTEN = ("state", "outcome", "problems", "keys", "subject_id", "subject_name", "before", "after", "sealed_secret")


def work(*, tenant: Tenant, import_id: int, is_time_over: Callable[[], bool]) -> bool:
    """Do batches until the import is through (False) or the time is over (True: there is more to do)."""
    if not _stage(tenant, import_id):
        return False
    while _do_batch(tenant, import_id):
        if is_time_over():
            return True
    return False


def _locked(tenant: Tenant, import_id: int) -> Import | None:
    rows = Import.objects.of(tenant).select_for_update(of=("self",))
    return rows.filter(pk=import_id, state__in=WORKING_STATES).first()


def _stage(tenant: Tenant, import_id: int) -> bool:
    """Put the file's rows into the table, unless they are there. Returns whether there is anything to go on with."""
    with inside(tenant):
        found = _locked(tenant, import_id)
        if found is None or found.is_staged:
            return found is not None
        content = read_file(tenant=tenant, file_id=found.file_id or 0)
    form = TableForm(found.format, found.encoding, found.separator)
    staged = 0
    try:
        waiting = read_rows(content, form, columns=len(found.titles))
        while rows := list(islice(waiting, _STAGED_AT_ONCE)):
            with inside(tenant):
                if _locked(tenant, import_id) is None:
                    return False
                made = [
                    ImportRow(tenant=tenant, imported_id=import_id, number=row.number, cells=row.cells) for row in rows
                ]
                # rows that a worker put there before it died are the same
                ImportRow.objects.of(tenant).bulk_create(made, ignore_conflicts=True)
                staged += len(made)
                _note(tenant, import_id, finished=staged)
    except UnreadableFile as error:
        _fail(tenant, import_id, error.code)
        return False
    with inside(tenant):
        _note(tenant, import_id, finished=0, total=staged, is_staged=True)
    return True


def _note(tenant: Tenant, import_id: int, **facts: Any) -> None:
    Import.objects.of(tenant).filter(pk=import_id, state__in=WORKING_STATES).update(moved_at=timezone.now(), **facts)


def _fail(tenant: Tenant, import_id: int, problem: str) -> None:
    with inside(tenant):
        ImportRow.objects.of(tenant).filter(imported_id=import_id, state=RowState.WAITING).delete()
        _note(tenant, import_id, state=State.FAILED, problem=problem, ended_at=timezone.now())


def _do_batch(tenant: Tenant, import_id: int) -> bool:
    """Do one batch. Returns whether there may be another."""
    with inside(tenant):
        found = _locked(tenant, import_id)
        if found is None:
            return False
        kind = KINDS[found.kind]
        actor = accounts.actor_at_work(tenant=tenant, user_id=found.by_id)
        if actor is None or not actor.may(kind.right):
            found.state, found.problem, found.ended_at = _stopped(found), "user_gone", timezone.now()
            found.save()
            return False
        rows = _next_rows(found, kind)
        if not rows:
            _finish(actor, found)
            return False
        loader = kind.begin(actor, on_match=found.on_match, is_trial=found.state == State.CHECKING)
        if found.state == State.UNDOING:
            tally = _undo(loader, rows)
        elif found.state == State.CHECKING:
            tally = _try_out(found, loader, rows)
        else:
            tally = _run(actor, found, loader, rows)
        ImportRow.objects.of(tenant).bulk_update(rows, _WRITTEN)
        found.counts = dict(Counter(found.counts) + tally)
        found.finished += len(rows)
        found.moved_at = timezone.now()
        found.save()
    return True


def _stopped(found: Import) -> str:
    """What has begun can be undone, and what was undone in part again; what was only tried failed."""
    return State.FAILED if found.state == State.CHECKING else State.CANCELLED


def _next_rows(found: Import, kind: Kind) -> list[ImportRow]:
    rows = ImportRow.objects.of(found.tenant).filter(imported=found)
    if found.state == State.UNDOING:
        done = rows.filter(state=RowState.DONE, outcome__in=(Outcome.CREATED, Outcome.CHANGED))
        return list(done.order_by("-number")[: kind.batch])
    waiting = RowState.WAITING if found.state == State.CHECKING else RowState.CHECKED
    return list(rows.filter(state=waiting).order_by("number")[: kind.batch])


class _Undone(Exception):
    """Ends the savepoint of a trial."""


def _try_out(found: Import, loader: Loader, rows: Sequence[ImportRow]) -> Counter[str]:
    try:
        with transaction.atomic(), postponed_publication():
            _perform_all(found, loader, rows)
            raise _Undone
    except _Undone:
        pass
    _mark_repeated(found, rows)
    for row in rows:
        row.state, row.subject_id, row.sealed_secret = RowState.CHECKED, None, ""
        row.before = row.after = None
    return Counter(row.outcome for row in rows)


def _run(actor: Actor, found: Import, loader: Loader, rows: Sequence[ImportRow]) -> Counter[str]:
    with postponed_publication():
        _perform_all(found, loader, rows)
    loader.close()
    for row in rows:
        row.state = RowState.DONE
        row.sealed_secret = seal_secret(row.sealed_secret, tenant=actor.tenant, purpose=SECRET_PURPOSE)
    return Counter(row.outcome for row in rows)


def _perform_all(found: Import, loader: Loader, rows: Sequence[ImportRow]) -> None:
    for row in rows:
        given = {code: row.cells[int(place)] for place, code in found.mapping.items()}
        parsed = loader.parse(given)
        row.keys, row.problems = list(parsed.keys), parsed.problems
        effect = Effect(Outcome.REFUSED)
        if not parsed.problems:
            try:
                with transaction.atomic():
                    effect = loader.perform(parsed)
            except (Refusal, DatabaseError) as error:
                row.problems = _problems_of(error)
        row.outcome = effect.outcome
        row.subject_id, row.subject_name = effect.subject_id, effect.subject_name[:200]
        row.before, row.after, row.sealed_secret = effect.before, effect.after, effect.secret


def _problems_of(error: Refusal | DatabaseError | models.ProtectedError) -> dict[str, str]:
    """Return what is wrong by field. Raises what is no fault of the row."""
    if isinstance(error, Refusal):
        return error.fields or {"": error.code}
    if isinstance(error, models.ProtectedError):
        return {"": "in_use"}
    if isinstance(error, OperationalError):
        raise error
    return {"": "taken" if isinstance(error, IntegrityError) else "invalid"}


def _mark_repeated(found: Import, rows: Sequence[ImportRow]) -> None:
    """What a trial would make although an earlier batch of the file makes it already."""
    keys = {key for row in rows for key in row.keys}
    earlier = ImportRow.objects.of(found.tenant).filter(
        imported=found, number__lt=rows[0].number, keys__overlap=list(keys), outcome=Outcome.CREATED
    )
    known = {key for each in earlier.values_list("keys", flat=True) for key in each} if keys else set()
    for row in rows:
        if row.outcome == Outcome.CREATED and known.intersection(row.keys):
            is_skipped = found.on_match == Import.OnMatch.SKIP
            row.outcome = Outcome.SKIPPED if is_skipped else Outcome.CHANGED


def _undo(loader: Loader, rows: Sequence[ImportRow]) -> Counter[str]:
    with postponed_publication():
        for row in rows:
            effect = Effect(row.outcome, row.subject_id, row.subject_name, row.before, row.after)
            row.state, row.problems, row.sealed_secret = RowState.UNDONE, {}, ""
            try:
                with transaction.atomic():
                    loader.undo(effect)
            except Differs as error:
                row.state, row.problems = RowState.KEPT, dict.fromkeys(error.fields, "changed_since")
            except (Refusal, DatabaseError, models.ProtectedError) as error:
                row.state, row.problems = RowState.KEPT, _problems_of(error)
    loader.close()
    return Counter(row.state for row in rows)


def _finish(actor: Actor, found: Import) -> None:
    ended = {State.CHECKING: State.CHECKED, State.RUNNING: State.DONE, State.UNDOING: State.UNDONE}
    action = {State.RUNNING: "import.finished", State.UNDOING: "import.undone"}.get(State(found.state))
    found.state = ended[State(found.state)]
    found.moved_at = timezone.now()
    if action is not None:
        found.ended_at = found.moved_at
        audit.record(
            actor=actor, action=action, kind="import", subject=found.pk, name=found.file_name,
            after={"kind": found.kind, "counts": found.counts},
        )  # fmt: skip
    found.save()
