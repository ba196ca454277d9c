"""A file that goes out: the list is exported as anybody exports it, then brought to its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import IO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from zhiyin.apps.exchange import export_runs, exports
from zhiyin.apps.exchange.files import read_parts
from zhiyin.apps.exchange.models import Export, FilePlan, FileRun
from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.apps.exchange.plans.folders import opened_folder
from zhiyin.apps.exchange.plans.services import query_of
from zhiyin.apps.exchange.plans.sites import put_file
from zhiyin.apps.exchange.plans.turns import End, Turn
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import inside
from zhiyin.domain.file_exchange.names import fill_name

State = FileRun.State


def send_step(actor: Actor, run: FileRun, *, now: datetime, is_time_over: Callable[[], bool]) -> Turn | End:
    """Do the next thing of a run. Raises ``PlaceFault`` and what exports refuse."""
    tenant = actor.tenant
    if run.export_id is None:
        with inside(tenant):
            _order(actor, run, now)
        return Turn.ON
    with inside(tenant):
        export = exports.get_export(actor=actor, export_id=run.export_id)
    match export.state:
        case Export.State.RUNNING:
            export_runs.work(tenant=tenant, export_id=export.pk, is_time_over=is_time_over)
            _note_state(run, State.RUNNING)
            return Turn.ON
        case Export.State.WAITING:
            _note_state(run, State.WAITING)
            return Turn.WAIT
        case Export.State.READY:
            return _deliver(actor, run, export)
    return End(State.FAILED, problem=export.problem or f"export_{export.state}")


def _order(actor: Actor, run: FileRun, now: datetime) -> None:
    plan = run.plan
    ordered = exports.order_export(
        actor=actor,
        list_path=plan.list_path,
        query=query_of(plan, now),
        form=plan.format,
        columns=plan.columns,
        reason=plan.name,
        now=now,
        is_planned=True,
    )
    assert ordered.export is not None, "a planned one is always ordered"
    run.export = ordered.export
    run.file_name = fill_name(plan.file_name, at=now.astimezone(ZoneInfo(plan.tenant.time_zone)))
    run.save(update_fields=["export", "file_name"])


def _note_state(run: FileRun, state: str) -> None:
    if run.state != state:
        run.state = state
        with inside(run.tenant):
            run.save(update_fields=["state"])


def _deliver(actor: Actor, run: FileRun, export: Export) -> End:
    """Bring the file; done again after a crash, the same file comes under the same name."""
    with tempfile.TemporaryFile() as copy:
        with inside(actor.tenant):
            for piece in read_parts(tenant=actor.tenant, file_id=export.file_id or 0):
                copy.write(piece)
        run.rows, run.size_bytes = export.total, copy.tell()
        copy.seek(0)
        try:
            place = _bring(run.plan, run.file_name, copy, run.size_bytes)
        except PlaceFault as fault:
            with inside(actor.tenant):
                exports.give_up(actor=actor, export_id=export.pk, problem=fault.code)
            raise
    with inside(actor.tenant):
        exports.hand_over(actor=actor, export_id=export.pk, place=place)
    return End(State.DONE)


def _bring(plan: FilePlan, name: str, source: IO[bytes], size_bytes: int) -> str:
    """Return the place in words for the audit. Raises ``PlaceFault``."""
    if plan.place == FilePlan.Place.HTTPS:
        put_file(plan, name=name, source=source, size_bytes=size_bytes)
        return urlsplit(plan.url).hostname or ""
    with opened_folder(company=plan.tenant.code, path=plan.folder) as folder:
        folder.write(name, source, has_marker=plan.has_marker)
    return f"{plan.folder}/"
