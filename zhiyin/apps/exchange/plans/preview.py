"""What a plan would do now, shown before it is saved: nothing is written, sent or taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhiyin.apps.exchange.errors import UnreadableFile
from zhiyin.apps.exchange.export_gate import Watermark, cells_of
from zhiyin.apps.exchange.export_limits import limits_passed, policy_of
from zhiyin.apps.exchange.kinds import kind_for
from zhiyin.apps.exchange.models import FilePlan
from zhiyin.apps.exchange.plans import services
from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.apps.exchange.plans.folders import opened_folder
from zhiyin.apps.exchange.plans.sites import address_of, get_file
from zhiyin.apps.exchange.plans.taking import files_at_hand, site_name
from zhiyin.apps.exchange.replay import ask_list
from zhiyin.apps.exchange.tables import MAX_BYTES, read_head
from zhiyin.apps.exchange.titles import guess_mapping
from zhiyin.apps.rest.listing import Listed
from zhiyin.apps.tenancy.actors import Actor

_SAMPLE = 5
_MOST_FILES = 20


@dataclass(slots=True)
class Preview:
    """``fault`` "": the place can be used. In: ``missing`` are columns that the plan assigns and the file lacks."""

    file_name: str = ""
    place: str = ""
    next_at: datetime | None = None
    rows: int = 0
    beyond: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    sample: list[list[Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    #: title -> field, as it would be guessed
    guess: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    fault: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def preview(*, actor: Actor, fields: Mapping[str, Any], plan_id: int | None, now: datetime) -> Preview:
    """Say what the plan with these fields would do. Raises as ``services.update_plan``."""
    stored = services.get_plan(tenant=actor.tenant, plan_id=plan_id) if plan_id is not None else None
    plan = services.draft(actor, fields, now, stored=stored, is_mapped=False)
    plan.stopped_why = ""
    shown = Preview(next_at=services.next_time(plan, now))
    try:
        if plan.direction == FilePlan.Direction.OUT:
            _show_out(actor, plan, shown, now)
        else:
            _show_in(actor, plan, shown, now)
    except PlaceFault as fault:
        shown.fault, shown.facts = fault.code, dict(fault.facts)
    except UnreadableFile as refusal:
        shown.fault, shown.facts = refusal.code, dict(refusal.facts)
    return shown


def _show_out(actor: Actor, plan: FilePlan, shown: Preview, now: datetime) -> None:
    listed = ask_list(actor=actor, path=plan.list_path, query=services.query_of(plan, now))
    columns = {name: titles for name, titles in listed.columns.items() if not plan.columns or name in plan.columns}
    narrowed = Listed(listed.rows, listed.shape, columns, listed.right)
    policy = policy_of(tenant=actor.tenant)
    mark = Watermark(actor=actor, kind=policy.watermark, at=now.astimezone(ZoneInfo(actor.tenant.time_zone)))
    shown.rows = listed.rows.count()
    shown.beyond = limits_passed(policy, actor=actor, rows=shown.rows, now=now)
    shown.titles = [str(title) for title in mark.titles(narrowed.titles(actor.language))]
    shown.sample = [list(line) for line in cells_of(narrowed, listed.rows.first(_SAMPLE), actor=actor, mark=mark)]
    shown.file_name = site_name(plan, now)
    shown.place = _place(plan, shown.file_name)
    if plan.place == FilePlan.Place.FOLDER:
        with opened_folder(company=plan.tenant.code, path=plan.folder):
            pass


def _show_in(actor: Actor, plan: FilePlan, shown: Preview, now: datetime) -> None:
    if plan.place == FilePlan.Place.FOLDER:
        shown.place = _place(plan, plan.file_name)
        shown.files = [file.name for file in files_at_hand(plan, now)][:_MOST_FILES]
        shown.file_name = shown.files[0] if shown.files else ""
        if not shown.files:
            return
        with opened_folder(company=plan.tenant.code, path=plan.folder) as folder:
            content = folder.read(shown.file_name, most_bytes=MAX_BYTES)
    else:
        shown.file_name = site_name(plan, now)
        shown.place = _place(plan, shown.file_name)
        content = get_file(plan, name=shown.file_name, most_bytes=MAX_BYTES)
        shown.files = [shown.file_name] if content is not None else []
    if content is not None:
        _show_head(actor, plan, shown, content)


def _show_head(actor: Actor, plan: FilePlan, shown: Preview, content: bytes) -> None:
    head = read_head(content, encoding=plan.encoding, separator=plan.separator)
    shown.titles, shown.sample = head.titles, [list(row) for row in head.sample]
    guessed = guess_mapping(head.titles, kind_for(actor, plan.kind).fields(actor))
    shown.guess = {head.titles[int(place)]: code for place, code in guessed.items()}
    shown.missing = [title for title in plan.mapping if title not in head.titles]


def _place(plan: FilePlan, name: str) -> str:
    if plan.place == FilePlan.Place.HTTPS:
        return address_of(plan, name)
    return "/".join(part for part in (plan.tenant.code, plan.folder, name) if part)
