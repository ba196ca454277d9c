"""A file that comes in: taken once, imported as anybody imports it, put away with what was refused of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from zhiyin.apps.exchange import imports, runs
from zhiyin.apps.exchange.error_files import error_file
from zhiyin.apps.exchange.errors import ColumnsMissing
from zhiyin.apps.exchange.models import FilePlan, FileRun, Import
from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.apps.exchange.plans.folders import DONE, FAILED, FoundFile, opened_folder
from zhiyin.apps.exchange.plans.sites import get_file
from zhiyin.apps.exchange.plans.turns import End, Turn
from zhiyin.apps.exchange.tables import MAX_BYTES
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import inside
from zhiyin.domain.file_exchange.names import fill_name, is_meant

State = FileRun.State
#: a file without a marker that was changed so lately may still be written
STILL_S = 10.0


def take_step(actor: Actor, run: FileRun, *, now: datetime, is_time_over: Callable[[], bool]) -> Turn | End:
    """Do the next thing of a run. Raises ``PlaceFault`` and what imports refuse."""
    if run.imported_id is None:
        return _take_from_folder(actor, run, now) if _is_folder(run.plan) else _take_from_site(actor, run, now)
    with inside(actor.tenant):
        found = imports.get_import(actor=actor, import_id=run.imported_id)
    match found.state:
        case Import.State.MAPPING:
            with inside(actor.tenant):
                imports.start_check(actor=actor, import_id=found.pk)
        case Import.State.CHECKING | Import.State.RUNNING:
            runs.work(tenant=actor.tenant, import_id=found.pk, is_time_over=is_time_over)
        case Import.State.CHECKED:
            return _begin_or_refuse(actor, run, found, now)
        case Import.State.DONE:
            return _put_away(actor, run, found, now)
        case _:
            return _put_away(actor, run, found, now, problem=found.problem or f"import_{found.state}")
    return Turn.ON


def files_at_hand(plan: FilePlan, now: datetime) -> list[FoundFile]:
    """Return the files that would be taken now, oldest first. Raises ``PlaceFault``."""
    with opened_folder(company=plan.tenant.code, path=plan.folder) as folder:
        found = [file for file in folder.list_files() if is_meant(file.name, plan.file_name)]
    still = now - timedelta(seconds=STILL_S)
    return [file for file in found if (file.has_marker if plan.has_marker else file.modified_at <= still)]


def site_name(plan: FilePlan, now: datetime) -> str:
    return fill_name(plan.file_name, at=now.astimezone(ZoneInfo(plan.tenant.time_zone)))


def _is_folder(plan: FilePlan) -> bool:
    return plan.place == FilePlan.Place.FOLDER


def _take_from_folder(actor: Actor, run: FileRun, now: datetime) -> Turn | End:
    plan = run.plan
    for file in files_at_hand(plan, now):
        with opened_folder(company=plan.tenant.code, path=plan.folder) as folder:
            try:
                content = folder.read(file.name, most_bytes=MAX_BYTES)
            except PlaceFault as fault:
                if fault.code != "file_too_large":
                    raise
                folder.move(file.name, FAILED)
                return _failed(run, file.name, fault.code, facts=fault.facts, has_more=_has_more(plan, now))
            if content is None:
                continue
            if _was_taken(actor, run, file.name, content):
                folder.move(file.name, DONE)
                continue
            try:
                _upload(actor, run, file.name, content)
            except Invalid as refusal:
                folder.move(file.name, FAILED)
                return _failed(run, file.name, refusal.code, facts=refusal.facts, has_more=_has_more(plan, now))
        return Turn.ON
    return End(State.NOTHING)


def _take_from_site(actor: Actor, run: FileRun, now: datetime) -> Turn | End:
    name = site_name(run.plan, now)
    content = get_file(run.plan, name=name, most_bytes=MAX_BYTES)
    if content is None or _was_taken(actor, run, name, content):
        run.file_name = name
        return End(State.NOTHING)
    try:
        _upload(actor, run, name, content)
    except Invalid as refusal:
        return _failed(run, name, refusal.code, facts=refusal.facts)
    return Turn.ON


def _failed(run: FileRun, name: str, problem: str, *, facts: dict[str, object], has_more: bool = False) -> End:
    run.file_name = name
    return End(State.FAILED, problem=problem, facts=facts, has_more_files=has_more)


def _has_more(plan: FilePlan, now: datetime) -> bool:
    return bool(files_at_hand(plan, now))


def _was_taken(actor: Actor, run: FileRun, name: str, content: bytes) -> bool:
    with inside(actor.tenant):
        same = FileRun.objects.of(actor.tenant).filter(plan=run.plan, file_name=name, digest=_digest(content))
        # also where putting it away failed afterwards
        return same.filter(Q(state=State.DONE) | Q(imported__state=Import.State.DONE)).exists()


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _upload(actor: Actor, run: FileRun, name: str, content: bytes) -> None:
    """Make the import and remember it, both or neither. Raises ``Invalid``: the file cannot be read as planned."""
    plan = run.plan
    with inside(actor.tenant), transaction.atomic():
        made = imports.upload(actor=actor, kind_code=plan.kind, name=name, content=content)
        if made.format == "csv" and (plan.encoding or plan.separator):
            made = imports.change_form(actor=actor, import_id=made.pk, encoding=plan.encoding, separator=plan.separator)
        mapping = place_mapping(plan, made.titles)
        imports.assign(actor=actor, import_id=made.pk, mapping=mapping, on_match=plan.on_match)
        run.imported, run.file_name = made, name
        run.digest, run.size_bytes = _digest(content), len(content)
        run.save()


def place_mapping(plan: FilePlan, titles: list[str]) -> dict[str, str]:
    """Return column's place -> field, wherever a title stands and whatever stands beside. Raises ``ColumnsMissing``."""
    missing = [title for title in plan.mapping if title not in titles]
    if missing:
        raise ColumnsMissing(facts={"columns": missing})
    places = {str(titles.index(title)): code for title, code in plan.mapping.items()}
    return dict(sorted(places.items(), key=lambda pair: int(pair[0])))


def _begin_or_refuse(actor: Actor, run: FileRun, found: Import, now: datetime) -> Turn | End:
    if found.counts.get("refused") and run.plan.on_problems == FilePlan.OnProblems.REFUSE_FILE:
        return _put_away(actor, run, found, now, problem="rows_refused")
    with inside(actor.tenant):
        imports.start_run(actor=actor, import_id=found.pk)
    return Turn.ON


def _put_away(actor: Actor, run: FileRun, found: Import, now: datetime, *, problem: str = "") -> End:
    """Move the file to "done" or "failed", with a file of what was refused. Safe to repeat after a crash."""
    plan = run.plan
    run.rows, run.refused = found.total, int(found.counts.get("refused", 0))
    has_more = False
    if _is_folder(plan):
        with opened_folder(company=plan.tenant.code, path=plan.folder) as folder:
            into = FAILED if problem else DONE
            content = folder.read(run.file_name, most_bytes=MAX_BYTES)
            is_same = content is not None and _digest(content) == run.digest
            name = folder.move(run.file_name, into) if is_same else run.file_name
            if run.refused:
                with inside(actor.tenant):
                    errors = error_file(actor=actor, found=found)
                with folder.below(FAILED, make=True) as below:
                    below.write(f"{name}.errors.csv", io.BytesIO(errors))
        has_more = _has_more(plan, now)
    if problem:
        facts = {"rows": run.refused} if problem == "rows_refused" else {}
        return End(State.FAILED, problem=problem, facts=facts, has_more_files=has_more)
    return End(State.DONE, has_more_files=has_more)
