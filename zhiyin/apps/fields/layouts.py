"""Layouts: where a record's fields, its own and the company's, stand on the forms of each type of record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.fields import queries
from zhiyin.apps.fields.errors import BadLayout, StaleLayout
from zhiyin.apps.fields.models import FieldDefinition, StoredLayout
from zhiyin.apps.fields.subjects import Subject, get_subject
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.fields.definitions import Definition, Kind
from zhiyin.domain.fields.layouts import Comparison, Condition, Layout, Place, Section, find_faults, shown_fields

PREFIX = "custom."


@dataclass(frozen=True, slots=True)
class Form:
    """A type's layout as it holds now; ``version`` 0: nobody saved one, the fields stand in their default order."""

    subject: Subject
    variant: str
    layout: Layout
    version: int


def form_of(tenant: Tenant, subject: str, variant: str) -> Form:
    """Return the form of one type of record. Raises ``UnknownSubject`` and ``NotFound``."""
    known = _known(subject, variant)
    fields = queries.definitions(tenant, subject)
    row = StoredLayout.objects.of(tenant).filter(subject=subject, variant=variant).first()
    if row is None:
        return Form(known, variant, default_layout(known, variant, fields), 0)
    usable = {place.code for place in known.built_in} | {PREFIX + field.code for field in fields}
    return Form(known, variant, _only(from_json(row.sections), usable), row.version)


@transaction.atomic
def save_layout(*, actor: Actor, subject: str, variant: str, layout: Layout, version: int) -> Form:
    """Put a type's fields where ``layout`` says. ``version``: that of the form it was made from.

    Raises ``UnknownSubject``, ``NotFound``, ``BadLayout`` and ``StaleLayout``.
    """
    known = _known(subject, variant)
    fields = queries.definitions(actor.tenant, subject)
    faults = find_faults(
        layout,
        known={place.code for place in known.built_in} | {PREFIX + field.code for field in fields},
        required=_required(known, fields),
    )
    if faults:
        raise BadLayout(faults)
    rows = StoredLayout.objects.of(actor.tenant).select_for_update()
    row = rows.filter(subject=subject, variant=variant).first()
    if version != (row.version if row else 0):
        raise StaleLayout
    before = row.sections if row else None
    row = row or StoredLayout(tenant=actor.tenant, subject=subject, variant=variant, version=0)
    row.sections = to_json(layout)
    row.version += 1
    row.save()
    audit.record(
        actor=actor,
        action="layout.changed",
        kind="layout",
        subject=f"{subject}:{variant}",
        name=known.variants[variant][0],
        before={"sections": before},
        after={"sections": row.sections},
    )
    return Form(known, variant, layout, row.version)


@transaction.atomic
def reset_layout(*, actor: Actor, subject: str, variant: str) -> None:
    """Go back to the default order. Repeatable. Raises ``UnknownSubject`` and ``NotFound``."""
    known = _known(subject, variant)
    row = StoredLayout.objects.of(actor.tenant).filter(subject=subject, variant=variant).first()
    if row is None:
        return
    row.delete()
    audit.record(
        actor=actor,
        action="layout.removed",
        kind="layout",
        subject=f"{subject}:{variant}",
        name=known.variants[variant][0],
        before={"sections": row.sections},
    )


def hidden_fields(tenant: Tenant, subject: str, variant: str, values: Mapping[str, object]) -> frozenset[str]:
    """Return the codes of the custom fields that a record's form does not show for these values.

    ``values``: the record's own fields by name, the company's as ``custom.CODE``.
    """
    row = StoredLayout.objects.of(tenant).filter(subject=subject, variant=variant).first()
    if row is None:
        return frozenset()
    layout = from_json(row.sections)
    shown = shown_fields(layout, values)
    codes = FieldDefinition.objects.of(tenant).filter(subject=subject).values_list("code", flat=True)
    return frozenset(code for code in codes if PREFIX + code not in shown)


def place_everywhere(row: FieldDefinition) -> None:
    """Let a field that is new, used again or now required stand at the end of every saved layout without it."""
    for stored in StoredLayout.objects.of(row.tenant).filter(subject=row.subject):
        name = PREFIX + row.code
        if any(place["field"] == name for section in stored.sections for place in section["places"]):
            continue
        place = asdict(Place(name, is_wide=row.kind == Kind.LONG_TEXT))
        stored.sections[-1]["places"].append(place)
        stored.version += 1
        stored.save(update_fields=["sections", "version"])


def default_layout(subject: Subject, variant: str, fields: Iterable[Definition]) -> Layout:
    """Return the form that nobody arranged: all that belongs to the type, then the company's own fields."""
    own = tuple(Place(PREFIX + field.code, is_wide=field.kind is Kind.LONG_TEXT) for field in fields)
    built_in = tuple(
        Place(field.code, is_wide=field.is_wide)
        for field in subject.built_in
        if field.variants is None or variant in field.variants
    )
    first = Section("基本信息", "Profile", 2, built_in)
    return Layout((first, Section("更多信息", "More", 2, own)) if own else (first,))


def to_json(layout: Layout) -> list[dict[str, Any]]:
    return [asdict(section) for section in layout.sections]


def from_json(sections: Sequence[Mapping[str, Any]]) -> Layout:
    return Layout(
        tuple(
            Section(
                name=section["name"],
                name_en=section["name_en"],
                columns=section["columns"],
                places=tuple(_place(place) for place in section["places"]),
            )
            for section in sections
        )
    )


def _place(given: Mapping[str, Any]) -> Place:
    when = given.get("show_when")
    return Place(
        field=given["field"],
        is_wide=given["is_wide"],
        is_read_only=given["is_read_only"],
        show_when=Condition(when["field"], Comparison(when["comparison"]), tuple(when["values"])) if when else None,
    )


def _only(layout: Layout, usable: set[str]) -> Layout:
    """Leave out what was retired since: fields, and conditions that look at one."""
    return Layout(
        tuple(
            Section(
                section.name,
                section.name_en,
                section.columns,
                tuple(
                    Place(
                        place.field,
                        place.is_wide,
                        place.is_read_only,
                        place.show_when if place.show_when and place.show_when.field in usable else None,
                    )
                    for place in section.places
                    if place.field in usable
                ),
            )
            for section in layout.sections
        )
    )


def _required(subject: Subject, fields: Iterable[Definition]) -> list[str]:
    built_in = [field.code for field in subject.built_in if field.is_required]
    return built_in + [PREFIX + field.code for field in fields if field.is_required]


def _known(subject: str, variant: str) -> Subject:
    known = get_subject(subject)
    if variant not in known.variants:
        raise NotFound
    return known
