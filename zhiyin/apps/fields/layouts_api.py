"""HTTP of layouts: everybody reads a form, who may ``fields.write`` arranges it."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.fields import layouts, queries
from zhiyin.apps.fields.layouts import Form
from zhiyin.apps.fields.schemas import FieldOut, OptionalName, shape_field
from zhiyin.apps.fields.subjects import subjects
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.fields.layouts import MAX_CONDITION_VALUES, MAX_PLACES, MAX_SECTIONS

router = Router(tags=["fields"], auth=Needs("fields.write"))
ANYBODY = Needs()

FieldName = Annotated[str, StringConstraints(pattern=r"^(custom\.)?[a-z][a-z0-9_]{0,59}$")]


class ConditionBody(Schema):
    """Shown only when another field's value passes; yes is "true", no "false"."""

    field: FieldName
    comparison: Literal["is_any_of", "is_none_of", "is_filled", "is_empty"]
    values: list[Annotated[str, StringConstraints(max_length=200)]] = Field(default=[], max_length=MAX_CONDITION_VALUES)


class PlaceBody(Schema):
    field: FieldName
    is_wide: bool = False
    is_read_only: bool = False
    show_when: ConditionBody | None = None


class SectionBody(Schema):
    name: OptionalName = ""
    name_en: OptionalName = ""
    columns: int = Field(default=2, ge=1, le=3)
    places: list[PlaceBody] = Field(max_length=MAX_PLACES)


class BuiltInOut(Schema):
    code: str
    name: str
    name_en: str
    is_required: bool
    is_wide: bool


class FormOut(Schema):
    """All that a form is made of. ``version`` 0: nobody arranged it, the order is the default."""

    subject: str
    variant: str
    version: int
    sections: list[SectionBody]
    built_in: list[BuiltInOut]
    fields: list[FieldOut]


class LayoutIn(Schema):
    version: int = Field(ge=0)
    sections: list[SectionBody] = Field(min_length=1, max_length=MAX_SECTIONS)


class VariantOut(Schema):
    code: str
    name: str
    name_en: str


class SubjectOut(Schema):
    code: str
    name: str
    name_en: str
    variants: list[VariantOut]


class SubjectsOut(Schema):
    items: list[SubjectOut]


def _shape(actor: Actor, form: Form) -> FormOut:
    rows = queries.list_fields(tenant=actor.tenant, subject=form.subject.code, is_active=True)
    return FormOut(
        subject=form.subject.code,
        variant=form.variant,
        version=form.version,
        sections=[SectionBody(**section) for section in layouts.to_json(form.layout)],
        built_in=[BuiltInOut.from_orm(field) for field in form.subject.built_in],
        fields=[shape_field(row) for row in rows.order_by("position", "pk")],
    )


@router.get("", operation_id="getFieldSubjects", auth=ANYBODY, response={200: SubjectsOut, **problems()})
def get_field_subjects(request: TenantRequest) -> Any:
    """The kinds of record that have custom fields, each with its types."""
    return {
        "items": [
            SubjectOut(
                code=subject.code,
                name=subject.name,
                name_en=subject.name_en,
                variants=[
                    VariantOut(code=code, name=name, name_en=name_en)
                    for code, (name, name_en) in subject.variants.items()
                ],
            )
            for subject in subjects()
        ]
    }


@router.get("/{subject}/{variant}", operation_id="getForm", auth=ANYBODY, response={200: FormOut, **problems(400, 404)})
def get_form(request: TenantRequest, subject: str, variant: str) -> Any:
    """The form of one type of record: its layout, and every field that can stand on it."""
    return _shape(request.actor, layouts.form_of(request.actor.tenant, subject, variant))


@router.put("/{subject}/{variant}", operation_id="saveLayout", response={200: FormOut, **problems(400, 404, 409)})
def save_layout(request: TenantRequest, subject: str, variant: str, body: LayoutIn) -> Any:
    """Arrange the form of one type of record."""
    form = layouts.save_layout(
        actor=request.actor,
        subject=subject,
        variant=variant,
        layout=layouts.from_json(body.dict()["sections"]),
        version=body.version,
    )
    return _shape(request.actor, form)


@router.delete("/{subject}/{variant}", operation_id="resetLayout", response={204: None, **problems(400, 404)})
def reset_layout(request: TenantRequest, subject: str, variant: str) -> Any:
    """Go back to the default order."""
    layouts.reset_layout(actor=request.actor, subject=subject, variant=variant)
    return Status(204, None)
