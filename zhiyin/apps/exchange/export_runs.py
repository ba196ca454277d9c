"""Making an export in the worker, piece by piece, as the user who ordered it and as the database role ``web``.

First the keys of all rows are put down in the list's order; then each piece's rows are read through the list again.
So every transaction is short, a worker may die anywhere, and a row that went out of sight meanwhile stays away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.exchange import exports
from zhiyin.apps.exchange.export_gate import Cells, Watermark, batches, cells_of, file_name, write_down
from zhiyin.apps.exchange.export_limits import MOST_ROWS, policy_of
from zhiyin.apps.exchange.files import store_stream
from zhiyin.apps.exchange.models import Export, ExportPiece
from zhiyin.apps.exchange.replay import ask_list, permissions_sum
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.rest.listing import Listed
from zhiyin.apps.rest.sheets import CSV_START, csv_lines, write_xlsx
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside

State = Export.State


def work(*, tenant: Tenant, export_id: int, is_time_over: Callable[[], bool]) -> bool:
    """Make pieces until the file is there (False) or the time is over (True: there is more to do)."""
    while _do_piece(tenant, export_id):
        if is_time_over():
            return True
    return False


def _do_piece(tenant: Tenant, export_id: int) -> bool:
    """Do one thing that is left to do. Returns whether there may be another."""
    with inside(tenant):
        found = Export.objects.of(tenant).select_for_update(of=("self",)).filter(pk=export_id).first()
        if found is None or found.state != State.RUNNING:
            return False
        actor = accounts.actor_at_work(tenant=tenant, user_id=found.by_id)
        if actor is None:
            return _fail(found, "user_gone")
        try:
            return _step(actor, found)
        except Refusal as error:
            return _fail(found, error.code)


def _step(actor: Actor, found: Export) -> bool:
    pieces = ExportPiece.objects.of(actor.tenant).filter(export=found)
    if not pieces.exists():
        return _put_down_keys(actor, found)
    if found.permissions != permissions_sum(actor):
        return _fail(found, "rights_changed")
    piece = pieces.filter(cells__isnull=True).order_by("position").first()
    if piece is None:
        _finish(actor, found)
        return False
    listed = _listed(actor, found)
    rows = listed.rows.of(piece.keys)
    piece.cells = list(cells_of(listed, rows, actor=actor, mark=_mark(actor, found)))
    piece.save()
    found.finished += len(piece.keys)
    _save_moved(found)
    return True


def _listed(actor: Actor, found: Export) -> Listed[Any]:
    """Return the list with the columns that were ordered and that are still shown."""
    listed = ask_list(actor=actor, path=found.list_path, query=found.query)
    columns = {name: titles for name, titles in listed.columns.items() if name in found.columns}
    return Listed(listed.rows, listed.shape, columns, listed.right)


def _put_down_keys(actor: Actor, found: Export) -> bool:
    listed = _listed(actor, found)
    keys = listed.rows.keys(MOST_ROWS)
    total = 0
    for position, batch in enumerate(batches(keys)):
        ExportPiece.objects.of(actor.tenant).create(export=found, position=position, keys=batch)
        total += len(batch)
    found.total, found.columns, found.permissions = total, list(listed.columns), permissions_sum(actor)
    if total == 0:
        ExportPiece.objects.of(actor.tenant).create(export=found, position=0, keys=[], cells=[])
    _save_moved(found)
    return True


def _save_moved(found: Export) -> None:
    found.moved_at = timezone.now()
    found.save()


def _mark(actor: Actor, found: Export) -> Watermark:
    at = found.created_at.astimezone(ZoneInfo(actor.tenant.time_zone))
    return Watermark(actor=actor, kind=policy_of(tenant=actor.tenant).watermark, at=at)


def _finish(actor: Actor, found: Export) -> None:
    mark = _mark(actor, found)
    titles = mark.titles(_listed(actor, found).titles(actor.language))
    with tempfile.TemporaryFile() as target:
        _write(chain([titles], _cells(found), mark.last_lines()), found.format, target)
        target.seek(0)
        found.file = store_stream(tenant=actor.tenant, name=file_name(found), source=target)
    found.total = sum(1 for _ in _cells(found))
    ExportPiece.objects.of(actor.tenant).filter(export=found).delete()
    found.state, found.query, found.finished = State.READY, "", found.total
    found.ended_at = timezone.now()
    found.expires_at = found.ended_at + timedelta(hours=policy_of(tenant=actor.tenant).keep_hours)
    _save_moved(found)
    write_down(actor, found, "export.made")
    exports.tell_owner(found, "export_ready")


def _cells(found: Export) -> Iterator[Cells]:
    position = 0
    while True:
        piece = ExportPiece.objects.of(found.tenant).filter(export=found, position=position).first()
        if piece is None:
            return
        yield from piece.cells or []
        position += 1


def _write(rows: Iterator[Cells], form: str, target: IO[bytes]) -> None:
    if form == "xlsx":
        write_xlsx(rows, target)
        return
    target.write(CSV_START[form])
    for batch in batches(rows):
        target.write(csv_lines(batch, form))


def _fail(found: Export, problem: str) -> bool:
    ExportPiece.objects.of(found.tenant).filter(export=found).delete()
    found.state, found.problem, found.query, found.ended_at = State.FAILED, problem[:60], "", timezone.now()
    found.save()
    exports.tell_owner(found, "export_failed")
    return False
