"""Field rights, applied: what of a thing an actor sees, masked or in clear, and what may be written.

Apps name the fields of their subjects here as they start (``register_fields``); a role says hide, mask, read or write
for each. Whoever shapes an answer, writes a CSV or takes a change asks these functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ninja import Schema

from zhiyin.apps.refusals import Invalid, NotAllowed
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.permissions import Access, mask_text

S = TypeVar("S", bound=Schema)
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field that a role may restrict. Only text can be masked: without ``can_mask`` "mask" hides it."""

    code: str
    zh: str
    en: str
    can_mask: bool = True


#: the company's own fields of a subject, such as custom ones
CompanyFields = Callable[[Tenant], Iterable[FieldWords]]

_FIELDS: dict[str, tuple[FieldWords, ...]] = {}
#: subject -> of which field a value of the audit tells
_TOLD_BY: dict[str, Callable[[str], str]] = {}
#: kind of the audit -> the subject whose name stands in its entries
_NAMED_IN: dict[str, str] = {}
_OF_COMPANY: dict[str, CompanyFields] = {}


class FieldNotWritable(NotAllowed):
    """The role may not change a field; ``fields`` names it."""

    code = "field_not_writable"
    title = "Your role may not change these fields."


class FieldNotReadable(Invalid):
    """A list was asked to be narrowed or sorted by what the role may not see; ``fields`` names it as it was asked."""

    code = "field_not_readable"
    title = "Your role does not see these fields in clear, so nothing can be found or sorted by them."


def register_fields(
    subject: str,
    fields: Iterable[FieldWords],
    *,
    of_company: CompanyFields | None = None,
    field_of: Callable[[str], str] = str,
    named_in: Iterable[str] = (),
) -> None:
    """Name the fields of a subject ("customer") for the roles page; called once, as the app starts.

    ``field_of`` says of which field a value of the audit tells; ``named_in`` are other kinds of the audit whose
    entries bear the subject's name.
    """
    _FIELDS[subject] = tuple(fields)
    _TOLD_BY[subject] = field_of
    _NAMED_IN.update(dict.fromkeys((subject, *named_in), subject))
    if of_company is not None:
        _OF_COMPANY[subject] = of_company


def known_fields(tenant: Tenant) -> dict[str, list[FieldWords]]:
    """Return the fields of every subject that a role of this company may restrict."""
    return {
        subject: [*fields, *(_OF_COMPANY[subject](tenant) if subject in _OF_COMPANY else ())]
        for subject, fields in _FIELDS.items()
    }


def restrict(actor: Actor, subject: str, item: S, *, also: Mapping[str, Sequence[str]] | None = None) -> S:
    """Return ``item`` as the actor may see it: hidden fields are emptied, masked ones keep their first sign.

    A hidden field gets the default of the schema, or ``None``; entries of ``custom`` are left out. ``also`` names
    what else of the schema tells of a field. Telephone numbers are masked where they are shaped, by ``sees_numbers``.
    """
    changes: dict[str, Any] = {}
    for (of, name), access in actor.permissions.fields.items():
        if of != subject or access.covers(Access.READ) or (name == "numbers" and access is Access.MASK):
            continue
        field, _, code = name.partition(".")
        if code:
            values = changes.get(field, getattr(item, field, {}))
            changes[field] = _without(values, code, access)
            continue
        for each in (field, *(also or {}).get(field, ())):
            if each in type(item).model_fields:
                changes[each] = _restricted(item, each, access)
    return item.model_copy(update=changes) if changes else item


def _restricted(item: Schema, field: str, access: Access) -> Any:
    shown = _masked(getattr(item, field)) if access is Access.MASK else None
    return _empty(type(item), field) if shown is None else shown


def _without(values: Mapping[str, Any], code: str, access: Access) -> dict[str, Any]:
    kept = {key: value for key, value in values.items() if key != code}
    if access is Access.MASK and (shown := _masked(values.get(code))) is not None:
        kept[code] = shown
    return kept


def _masked(value: object) -> Any:
    """Return text masked, a list of texts each masked; ``None`` for what cannot be masked."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [mask_text(each) for each in value]
    return None


def _empty(schema: type[Schema], field: str) -> Any:
    info = schema.model_fields[field]
    if not info.is_required():
        return info.get_default(call_default_factory=True)
    return {str: "", list: [], dict: {}, bool: False}.get(_plain_type(info.annotation))


def _plain_type(annotation: Any) -> Any:
    return getattr(annotation, "__origin__", annotation)


def check_writable(actor: Actor, subject: str, names: Iterable[str]) -> None:
    """Raise ``FieldNotWritable`` for the fields that the actor's role may not change."""
    refused = [name for name in names if actor.field_access(subject, name) is not Access.WRITE]
    if refused:
        raise FieldNotWritable(fields=dict.fromkeys(refused, "not_writable"))


def may_find_by(actor: Actor, subject: str, field: str) -> bool:
    """Return whether lists may be searched, narrowed and sorted by a field: one that is masked would be guessed."""
    return actor.field_access(subject, field).covers(Access.READ)


def check_findable(actor: Actor, subject: str, asked: Mapping[str, str]) -> None:
    """Raise ``FieldNotReadable``; ``asked``: what an address says -> the field that it would tell of."""
    refused = [name for name, field in asked.items() if not may_find_by(actor, subject, field)]
    if refused:
        raise FieldNotReadable(fields=dict.fromkeys(refused, "not_readable"))


def visible_values(
    actor: Actor, subject: str, values: Mapping[str, Any], *, field_of: Callable[[str], str] = str
) -> dict[str, Any]:
    """Return loose values (of the audit) as the actor may see them, without hidden ones and those without a mask.

    ``field_of`` says of which field a value tells. Telephone numbers are stored masked there, and stay so.
    """
    unmaskable = {words.code for words in _FIELDS.get(subject, ()) if not words.can_mask}
    shown: dict[str, Any] = {}
    for name, value in values.items():
        field = field_of(name)
        access = actor.field_access(subject, field)
        if access.covers(Access.READ) or (name == "numbers" and access is Access.MASK):
            shown[name] = value
        elif access is Access.MASK and field not in unmaskable and (masked := _masked(value)) is not None:
            shown[name] = masked
    return shown


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of the audit says of its subject."""

    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def visible_entry(actor: Actor, kind: str, entry: Entry) -> Entry:
    """Return what an entry of the audit says, as the actor's field rights let it be seen."""
    subject = _NAMED_IN.get(kind)
    if subject is None:
        return entry
    name = str(visible_values(actor, subject, {"name": entry.name}).get("name", ""))
    if kind != subject:
        return Entry(name, entry.before, entry.after)
    before, after = (
        None if values is None else visible_values(actor, subject, values, field_of=_TOLD_BY[subject])
        for values in (entry.before, entry.after)
    )
    return Entry(name, before, after)


def kinds_with_hidden_names(actor: Actor) -> list[str]:
    """Return the kinds of the audit whose names the actor does not see in clear: nothing is found by those."""
    return [kind for kind, subject in _NAMED_IN.items() if not may_find_by(actor, subject, "name")]


def visible_columns(
    actor: Actor, subject: str, columns: Mapping[str, C], *, told_by: Mapping[str, str] | None = None
) -> dict[str, C]:
    """Return the columns of a CSV without those of hidden fields; ``told_by``: columns that tell of another field."""
    known = told_by or {}
    return {
        name: titles
        for name, titles in columns.items()
        if actor.field_access(subject, known.get(name, name)) is not Access.HIDE
    }
