"""HTTP of a person's data: handing them over, erasing them, and the certificates."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from zhiyin.apps.privacy import queries, services
from zhiyin.apps.privacy.handing_over import write_person
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.privacy.steps import all_steps
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

WHY_PERSON = "A person answers for what is handed over and erased."
customer_router = Router(tags=["privacy"], auth=NeedsPerson(services.RIGHT, why=WHY_PERSON))
router = Router(tags=["privacy"], auth=NeedsPerson(services.RIGHT, why=WHY_PERSON))
policy_router = Router(tags=["privacy"], auth=Needs("admin"))

ErasureState = Literal["waiting", "running", "done", "refused"]
COLUMNS = {
    "number": ("证书编号", "Certificate"),
    "customer_id": ("客户编号", "Customer id"),
    "state": ("状态", "State"),
    "reason": ("依据", "Reason"),
    "by_name": ("申请人", "Asked for by"),
    "decided_by_name": ("审批人", "Decided by"),
    "ordered_at": ("申请时间", "Asked for at"),
    "done_at": ("完成时间", "Done at"),
}


class KeptOut(Schema):
    """What stays of a person, and why: "legal_hold", "block_list", "figures" (contacts that name nobody)."""

    what: str
    count: int
    why: str


class ErasurePreviewOut(Schema):
    """``goes``: what is erased -> how many rows or files."""

    goes: dict[str, int]
    kept: list[KeptOut]
    is_contact_open: bool
    needs_approval: bool
    erasures: list["ErasureOut"]


class ErasureOut(Schema):
    """Once done, the certificate. ``counts``: step -> rows, files or places. ``step``: of ``steps``."""

    id: int
    number: str
    customer_id: int
    state: ErasureState
    step: int
    steps: int
    counts: dict[str, int]
    kept: list[KeptOut]
    reason: str
    by_name: str
    decided_by_name: str
    ordered_at: datetime
    done_at: datetime | None
    is_mine: bool = False


class ErasurePage(Page[ErasureOut]):
    pass


class ErasureListIn(ListIn):
    state: ErasureState | Literal[""] = ""
    customer: int | None = None


class ErasureIn(Schema):
    """``confirmation``: the customer's name as it stands. ``reason`` names nobody: the request's number, the law."""

    confirmation: Annotated[str, StringConstraints(max_length=100)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ErasureDecisionIn(Schema):
    is_approved: bool


class PrivacyPolicyOut(Schema):
    needs_approval: bool


class PrivacyPolicyIn(Schema):
    needs_approval: bool


def _shape_for(request: TenantRequest, rows: Sequence[Erasure]) -> list[ErasureOut]:
    names = [name for name in ErasureOut.model_fields if name not in ("number", "is_mine", "steps")]
    steps = len(all_steps())
    return [
        ErasureOut(
            number=str(row.number),
            is_mine=row.by_id == request.actor.user_id,
            steps=steps,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


@customer_router.get(
    "/{int:customer_id}/erasure", operation_id="previewErasure", response={200: ErasurePreviewOut, **problems(404)}
)
def preview_erasure(request: TenantRequest, customer_id: int) -> Any:
    """What an erasure would take, what stays and why, and earlier ones."""
    told = services.preview(actor=request.actor, customer_id=customer_id)
    rows = queries.list_erasures(tenant=request.actor.tenant, customer_id=customer_id).order_by("-pk")[:5]
    return {**told, "erasures": _shape_for(request, list(rows))}


@customer_router.post(
    "/{int:customer_id}/erasure",
    operation_id="orderErasure",
    response={201: ErasureOut, **problems(400, 404, 409, 503)},
)
def order_erasure(request: TenantRequest, customer_id: int, body: ErasureIn) -> Any:
    """Order that all that tells of this person is erased. There is no way back."""
    made = services.order(
        actor=request.actor,
        customer_id=customer_id,
        confirmation=body.confirmation,
        reason=body.reason,
        now=timezone.now(),
    )
    return Status(201, _shape_for(request, [made])[0])


@customer_router.get(
    "/{int:customer_id}/personal-data", operation_id="handOverPerson", response={200: None, **problems(404)}
)
def hand_over_person(request: TenantRequest, customer_id: int) -> Any:
    """All that is stored of this person, as a ZIP for the person. Audited."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_person(actor=request.actor, customer_id=customer_id, target=target, now=timezone.now())
    target.seek(0)
    return FileResponse(
        target,
        as_attachment=True,
        filename=f"personal-data-{customer_id}.zip",
        content_type="application/zip",
        headers={"Cache-Control": "no-store"},
    )


@router.get("", operation_id="listErasures", response={200: ErasurePage, **problems()})
def list_erasures(request: TenantRequest, listing: Query[ErasureListIn]) -> Any:
    """Erasures and their certificates."""
    rows = queries.list_erasures(tenant=request.actor.tenant, customer_id=listing.customer, state=listing.state)
    if listing.search:
        rows = rows.filter(reason__icontains=listing.search)

    def shape(found: Sequence[Erasure]) -> list[ErasureOut]:
        return _shape_for(request, found)

    sortable = {name: name for name in ("ordered_at", "done_at", "state", "customer_id")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-ordered_at", shape=shape, columns=COLUMNS
    )


@router.get("/{int:erasure_id}", operation_id="getErasure", response={200: ErasureOut, **problems(404)})
def get_erasure(request: TenantRequest, erasure_id: int) -> Any:
    """One erasure and how far it is; once done, the certificate."""
    return _shape_for(request, [services.get_erasure(tenant=request.actor.tenant, erasure_id=erasure_id)])[0]


@router.post(
    "/{int:erasure_id}/decision", operation_id="decideErasure", response={200: ErasureOut, **problems(404, 409, 503)}
)
def decide_erasure(request: TenantRequest, erasure_id: int, body: ErasureDecisionIn) -> Any:
    """Agree or refuse; never about an erasure one asked for oneself."""
    found = services.decide(actor=request.actor, erasure_id=erasure_id, is_approved=body.is_approved)
    return _shape_for(request, [found])[0]


@policy_router.get("", operation_id="getPrivacyPolicy", response={200: PrivacyPolicyOut, **problems()})
def get_privacy_policy(request: TenantRequest) -> Any:
    """Whether a second person has to agree to an erasure."""
    return services.policy_of(tenant=request.actor.tenant)


@policy_router.put("", operation_id="savePrivacyPolicy", response={200: PrivacyPolicyOut, **problems()})
def save_privacy_policy(request: TenantRequest, body: PrivacyPolicyIn) -> Any:
    """Say whether a second person has to agree."""
    return services.save_policy(actor=request.actor, needs_approval=body.needs_approval)
