"""HTTP of absences: who is away from when to when, and who stands in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import absences
from zhiyin.apps.accounts.models import Absence
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems

router = Router(tags=["users"], auth=Needs("admin"))


class AbsenceOut(Schema):
    id: int
    user: int
    user_name: str
    deputy: int
    deputy_name: str
    starts_at: datetime
    ends_at: datetime
    note: str


class AbsencePage(Page[AbsenceOut]):
    pass


class AbsenceListIn(ListIn):
    user: int | None = None


class AbsenceIn(Schema):
    user: int
    deputy: int
    starts_at: Instant
    ends_at: Instant
    note: Annotated[str, StringConstraints(strip_whitespace=True), Field(max_length=200)] = ""


COLUMNS = {
    "user_name": ("请假人", "Absent"),
    "deputy_name": ("代理人", "Deputy"),
    "starts_at": ("开始", "From"),
    "ends_at": ("结束", "To"),
    "note": ("说明", "Note"),
}


def _shape(rows: Sequence[Absence]) -> list[AbsenceOut]:
    return [
        AbsenceOut(
            id=row.pk,
            user=row.user.pk,
            user_name=row.user.name,
            deputy=row.deputy.pk,
            deputy_name=row.deputy.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            note=row.note,
        )
        for row in rows
    ]


@router.get("", operation_id="listAbsences", response={200: AbsencePage, **problems()})
def list_absences(request: TenantRequest, listing: Query[AbsenceListIn]) -> Any:
    """Absences, the latest first."""
    rows = absences.list_absences(tenant=request.actor.tenant, search=listing.search, user_id=listing.user)
    sortable = {"starts_at": "starts_at", "ends_at": "ends_at", "user_name": "user__name"}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-starts_at", shape=_shape, columns=COLUMNS
    )


@router.post("", operation_id="createAbsence", response={201: AbsenceOut, **problems(400)})
def create_absence(request: TenantRequest, body: AbsenceIn) -> Any:
    """Let a deputy see and work what a user owns, from one instant to another."""
    row = absences.create_absence(
        actor=request.actor,
        user_id=body.user,
        deputy_id=body.deputy,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        note=body.note,
    )
    return Status(201, _shape([row])[0])


@router.delete("/{int:absence_id}", operation_id="removeAbsence", response={204: None, **problems(404)})
def remove_absence(request: TenantRequest, absence_id: int) -> Any:
    """End an absence now, or call it off."""
    absences.remove_absence(actor=request.actor, absence_id=absence_id)
    return Status(204, None)
