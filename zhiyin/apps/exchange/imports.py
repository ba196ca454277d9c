"""An import's way: uploaded, its columns assigned, tried, run, undone. The work itself is done by ``runs``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhiyin.apps.audit import services as audit
from zhiyin.apps.exchange import tasks
from zhiyin.apps.exchange.errors import BadMapping, UnknownImport, WrongStage
from zhiyin.apps.exchange.files import read_file, remove_file, store_file
from zhiyin.apps.exchange.kinds import kind_for
from zhiyin.apps.exchange.kinds.base import Kind
from zhiyin.apps.exchange.models import Import, ImportRow, RememberedMapping
from zhiyin.apps.exchange.tables import TableHead, read_head
from zhiyin.apps.exchange.titles import guess_mapping, shape_of
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.tenancy.vault import open_secret

#: first passwords are worth something only until they are handed over
SECRET_PURPOSE = "first password"  # noqa: S105 - what the seal is for
#: an import's file and rows, with which it can be undone, are kept so long
KEEP_IMPORTS = timedelta(days=30)

State = Import.State


def list_imports(*, actor: Actor) -> QuerySet[Import]:
    """Return one's own imports; whoever administers sees everybody's."""
    rows: QuerySet[Import] = Import.objects.of(actor.tenant)
    return rows if actor.may("admin") else rows.filter(by_id=actor.user_id)


def get_import(*, actor: Actor, import_id: int) -> Import:
    """Raises ``UnknownImport``."""
    return _one(list_imports(actor=actor), import_id)


def _one(rows: QuerySet[Import], import_id: int) -> Import:
    found = rows.filter(pk=import_id).first()
    if found is None:
        raise UnknownImport
    return found


def _locked(actor: Actor, import_id: int, *states: str) -> Import:
    """Return the import, which nobody else changes until the transaction ends. Raises ``WrongStage``."""
    found = _one(list_imports(actor=actor).select_for_update(of=("self",)), import_id)
    if found.state not in states:
        raise WrongStage(facts={"state": found.state})
    return found


@transaction.atomic
def upload(*, actor: Actor, kind_code: str, name: str, content: bytes) -> Import:
    """Take a file in. Raises ``UnreadableFile`` and ``NotFound``."""
    kind = kind_for(actor, kind_code)
    head = read_head(content)
    file = store_file(tenant=actor.tenant, name=name, content=content)
    made = Import(
        tenant=actor.tenant,
        kind=kind.code,
        file=file,
        file_name=name[:200],
        by_id=actor.user_id,
        by_name=actor.name,
        moved_at=timezone.now(),
    )
    _take_head(actor, made, kind, head)
    made.save()
    audit.record(
        actor=actor,
        action="import.uploaded",
        kind="import",
        subject=made.pk,
        name=made.file_name,
        after={"kind": kind.code, "size_bytes": len(content)},
    )
    return made


def _take_head(actor: Actor, made: Import, kind: Kind, head: TableHead) -> None:
    made.format, made.encoding, made.separator = head.form.format, head.form.encoding, head.form.separator
    made.titles, made.sample = head.titles, head.sample
    fields = kind.fields(actor)
    known = RememberedMapping.objects.of(actor.tenant).filter(kind=kind.code, shape=shape_of(head.titles)).first()
    codes = {field.code for field in fields}
    remembered = {place: code for place, code in known.mapping.items() if code in codes} if known else {}
    made.mapping = remembered or guess_mapping(head.titles, fields)


@transaction.atomic
def change_form(*, actor: Actor, import_id: int, encoding: str, separator: str) -> Import:
    """Read the file otherwise than was guessed. Raises ``UnreadableFile`` and ``WrongStage``."""
    found = _locked(actor, import_id, State.MAPPING, State.CHECKED, State.FAILED)
    if found.file_id is None or found.format != "csv":
        raise WrongStage(facts={"state": found.state})
    content = read_file(tenant=actor.tenant, file_id=found.file_id)
    head = read_head(content, encoding=encoding or found.encoding, separator=separator or found.separator)
    _take_head(actor, found, kind_for(actor, found.kind), head)
    _begin_again(found, is_staged=False)
    return found


@transaction.atomic
def assign(*, actor: Actor, import_id: int, mapping: Mapping[str, str] | None, on_match: str | None) -> Import:
    """Say which column is which field, and what becomes of rows that are known. Raises ``BadMapping``."""
    found = _locked(actor, import_id, State.MAPPING, State.CHECKED, State.FAILED)
    if mapping is not None:
        kind = kind_for(actor, found.kind)
        found.mapping = {place: code for place, code in mapping.items() if code}
        _check_mapping(actor, kind, found)
        RememberedMapping.objects.of(actor.tenant).update_or_create(
            kind=kind.code,
            shape=shape_of(found.titles),
            defaults={"mapping": found.mapping},
            create_defaults={"mapping": found.mapping, "tenant": actor.tenant},
        )
    found.on_match = on_match or found.on_match
    _begin_again(found, is_staged=found.is_staged)
    return found


def _check_mapping(actor: Actor, kind: Kind, found: Import) -> None:
    fields = {field.code: field for field in kind.fields(actor)}
    problems: dict[str, str] = {}
    taken: set[str] = set()
    for place, code in found.mapping.items():
        if not place.isdecimal() or int(place) >= len(found.titles) or code not in fields:
            problems[f"mapping.{place}"] = "unknown_field"
        elif code in taken:
            problems[f"mapping.{place}"] = "assigned_twice"
        taken.add(code)
    problems |= {f"field.{code}": "missing" for code, each in fields.items() if each.is_required and code not in taken}
    if problems:
        raise BadMapping(fields=problems)


def _begin_again(found: Import, *, is_staged: bool) -> None:
    rows = ImportRow.objects.of(found.tenant).filter(imported=found)
    if is_staged:
        rows.update(state=ImportRow.State.WAITING, outcome="", problems={}, keys=[])
    else:
        rows.delete()
        found.total = 0
    found.state, found.is_staged, found.counts, found.finished = State.MAPPING, is_staged, {}, 0
    found.problem, found.moved_at = "", timezone.now()
    found.save()


@transaction.atomic
def start_check(*, actor: Actor, import_id: int) -> Import:
    """Order the dry run. Raises ``BadMapping`` and ``WrongStage``."""
    found = _locked(actor, import_id, State.MAPPING, State.CHECKED, State.FAILED)
    _check_mapping(actor, kind_for(actor, found.kind), found)
    _begin_again(found, is_staged=found.is_staged)
    return _start(found, State.CHECKING)


@transaction.atomic
def start_run(*, actor: Actor, import_id: int) -> Import:
    """Order the run. Raises ``WrongStage`` unless the dry run is through."""
    found = _locked(actor, import_id, State.CHECKED)
    kind_for(actor, found.kind)
    audit.record(
        actor=actor,
        action="import.started",
        kind="import",
        subject=found.pk,
        name=found.file_name,
        after={"kind": found.kind, "rows": found.total, "on_match": found.on_match},
    )
    return _start(found, State.RUNNING)


@transaction.atomic
def start_undo(*, actor: Actor, import_id: int) -> Import:
    """Order that all the import did is taken back. Raises ``WrongStage``."""
    found = _locked(actor, import_id, State.DONE, State.CANCELLED)
    kind_for(actor, found.kind)
    audit.record(actor=actor, action="import.undo_started", kind="import", subject=found.pk, name=found.file_name)
    return _start(found, State.UNDOING)


def _start(found: Import, state: str) -> Import:
    found.state, found.finished, found.moved_at, found.problem = state, 0, timezone.now(), ""
    if state != State.UNDOING:
        found.counts, found.ended_at = {}, None
    found.save()
    tasks.order(tenant_id=found.tenant_id, import_id=found.pk)
    return found


@transaction.atomic
def cancel(*, actor: Actor, import_id: int) -> Import:
    """Stop after the batch at hand: a dry run is given up, a run keeps what it did, which can be undone."""
    found = _locked(actor, import_id, State.CHECKING, State.RUNNING)
    if found.state == State.CHECKING:
        _begin_again(found, is_staged=found.is_staged)
        return found
    found.state, found.ended_at = State.CANCELLED, timezone.now()
    found.save()
    audit.record(
        actor=actor, action="import.cancelled", kind="import", subject=found.pk, name=found.file_name,
        after={"counts": found.counts},
    )  # fmt: skip
    return found


@transaction.atomic
def hand_over_secrets(*, actor: Actor, import_id: int) -> list[tuple[ImportRow, str]]:
    """Return the first passwords of whom the import made, and forget them: they are told once.

    Raises ``WrongStage`` when there are none (any more).
    """
    found = _locked(actor, import_id, State.DONE, State.CANCELLED)
    kind_for(actor, found.kind)
    rows = list(ImportRow.objects.of(actor.tenant).filter(imported=found).exclude(sealed_secret="").order_by("number"))
    if not rows:
        raise WrongStage("secrets_told", title="The first passwords were handed over already.")
    told = [(row, open_secret(row.sealed_secret, tenant=actor.tenant, purpose=SECRET_PURPOSE)) for row in rows]
    ImportRow.objects.of(actor.tenant).filter(pk__in=[row.pk for row in rows]).update(sealed_secret="")
    audit.record(
        actor=actor, action="import.passwords_told", kind="import", subject=found.pk, name=found.file_name,
        after={"users": len(rows)},
    )  # fmt: skip
    return told


def forget_old(*, tenant: Tenant, now: datetime) -> None:
    """Remove the files and rows of imports whose time is over; what they did stays, and who did it."""
    with inside(tenant):
        over = Import.objects.of(tenant).filter(created_at__lt=now - KEEP_IMPORTS, file__isnull=False)
        files = list(over.values_list("file_id", flat=True))
        ImportRow.objects.of(tenant).filter(imported__in=over).delete()
        over.update(sample=[])
        for file_id in files:
            remove_file(tenant=tenant, file_id=file_id)


def count_secrets(found: Import) -> int:
    """Return how many first passwords wait to be handed over."""
    return ImportRow.objects.of(found.tenant).filter(imported=found).exclude(sealed_secret="").count()
