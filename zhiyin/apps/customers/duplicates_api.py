"""HTTP of duplicates (查重) and of merging (合并)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.customers import duplicates, merging
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.duplicates import Draft
from zhiyin.apps.customers.duplicates_tasks import order_search
from zhiyin.apps.customers.field_names import REASON_OF, field_of
from zhiyin.apps.customers.models.merging import CustomerMerge, DuplicatePair
from zhiyin.apps.customers.schemas import CustomerOut, shape_customers
from zhiyin.apps.customers.services import get_customer
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import check_writable
from zhiyin.domain.permissions import Access

router = Router(tags=["customers"], auth=Needs("customers.merge"))
merges_router = Router(tags=["customers"], auth=Needs("customers.merge"))

Reason = Literal[
    "number", "email", "name", "near_name", "company", "address", "birthday",
    "other_birthday", "other_gender", "other_kind",
]  # fmt: skip
Text = Annotated[str, StringConstraints(max_length=300)]
COLUMNS = {
    "one.name": ("客户", "Customer"),
    "other.name": ("可能重复", "May be the same as"),
    "score": ("相似度", "Score"),
    "reasons": ("依据", "Reasons"),
    "found_at": ("发现时间", "Found at"),
}
MERGE_COLUMNS = {
    "kept_name": ("保留的客户", "Kept"),
    "merged_name": ("并入的客户", "Merged"),
    "by_name": ("操作人", "By"),
    "at": ("时间", "At"),
    "undone_at": ("撤销时间", "Undone at"),
}


class CustomerDraftIn(Schema):
    """What is typed so far of a customer; ``customer_id``: the one that is edited."""

    name: Text = ""
    kind: Literal["person", "company"] = "person"
    company: Text = ""
    numbers: list[Text] = Field(default=[], max_length=20)
    emails: list[Text] = Field(default=[], max_length=20)
    address: Text = ""
    customer_id: int | None = None


class SimilarOut(Schema):
    customer: CustomerOut
    score: int
    reasons: list[Reason]


class SimilarListOut(Schema):
    """``beyond``: how many more there are among the customers whom the asker may not see."""

    beyond: int
    items: list[SimilarOut]


class DuplicatePairOut(Schema):
    id: int
    one: CustomerOut
    other: CustomerOut
    score: int
    reasons: list[Reason]
    state: Literal["open", "not_same"]
    found_at: datetime


class DuplicatePairPage(Page[DuplicatePairOut]):
    pass


class DuplicateListIn(ListIn):
    state: Literal["open", "not_same"] = "open"
    at_least: int = Field(default=0, ge=0, le=100)


class DuplicateSearchOut(Schema):
    state: Literal["running", "done", "failed"]
    total: int
    finished: int
    found: int
    by_name: str
    began_at: datetime
    ended_at: datetime | None


class LastSearchOut(Schema):
    search: DuplicateSearchOut | None


class JudgementIn(Schema):
    is_same: bool


class MergeIn(Schema):
    """``chosen``: field -> whose value stays; left out: the kept one's, or the other's where it has none."""

    kept_id: int
    merged_id: int
    chosen: dict[Annotated[str, StringConstraints(max_length=80)], Literal["kept", "merged", "both"]] = Field(
        default={}, max_length=200
    )


class MergeOut(Schema):
    id: int
    kept_id: int
    merged_id: int
    kept_name: str
    merged_name: str
    chosen: dict[str, str]
    by_name: str
    at: datetime
    undone_at: datetime | None


class MergePage(Page[MergeOut]):
    pass


class ComparisonIn(Schema):
    kept: int
    merged: int


class ComparisonOut(Schema):
    """Two customers side by side, and of which fields one value must be chosen."""

    kept: CustomerOut
    merged: CustomerOut
    fields: list[str]


@router.post(
    "/similar", operation_id="findSimilarCustomers", auth=Needs("customers.write"),
    response={200: SimilarListOut, **problems()},
)  # fmt: skip
def find_similar_customers(request: TenantRequest, body: CustomerDraftIn) -> Any:
    """Who may be meant by what is typed of a new customer, the likeliest first."""
    similar, beyond = duplicates.find_similar(actor=request.actor, draft=Draft(**body.dict()))
    shaped = shape_customers(request.actor, [each.customer for each in similar])
    items = [
        SimilarOut.from_orm({"customer": customer, "score": each.likeness.score, "reasons": each.likeness.reasons})
        for customer, each in zip(shaped, similar, strict=True)
    ]
    return {"items": items, "beyond": beyond}


@router.get("", operation_id="listDuplicates", response={200: DuplicatePairPage, **problems()})
def list_duplicates(request: TenantRequest, listing: Query[DuplicateListIn]) -> Any:
    """Pairs of customers who may be one."""
    rows = duplicates.list_pairs(
        actor=request.actor, state=listing.state, at_least=listing.at_least, search=listing.search
    )
    return answer_list(
        request,
        rows,
        listing,
        sortable={"score": "score", "found_at": "found_at"},
        default_sort="-score",
        shape=lambda found: _shape_pairs(request.actor, found),
        columns=COLUMNS,
        export_right="customers.export",
    )


def _shape_pairs(actor: Actor, rows: Sequence[DuplicatePair]) -> list[DuplicatePairOut]:
    ids = [key for row in rows for key in (row.low_id, row.high_id)]
    known = duplicates.names_of(tenant=actor.tenant, customer_ids=ids)
    shaped = {each.id: each for each in shape_customers(actor, list(known.values()))}
    return [
        DuplicatePairOut.from_orm(
            {
                "one": shaped[row.low_id],
                "other": shaped[row.high_id],
                "reasons": _reasons(actor, row.reasons),
                **{name: getattr(row, name) for name in ("id", "score", "state", "found_at")},
            }
        )
        for row in rows
        if row.low_id in shaped and row.high_id in shaped
    ]


def _reasons(actor: Actor, reasons: Sequence[str]) -> list[str]:
    """Return the reasons without those that tell of what the actor's role does not show."""
    return [one for one in reasons if actor.field_access(SUBJECT, REASON_OF.get(one, one)) is not Access.HIDE]


@router.get("/search", operation_id="getDuplicateSearch", response={200: LastSearchOut, **problems()})
def get_duplicate_search(request: TenantRequest) -> Any:
    """The last search through all customers, and how far it is."""
    return {"search": duplicates.last_search(tenant=request.actor.tenant)}


@router.post("/search", operation_id="startDuplicateSearch", response={200: LastSearchOut, **problems()})
def start_duplicate_search(request: TenantRequest) -> Any:
    """Order a search through all customers; while one is at work, that one is meant."""
    begun = duplicates.begin_search(actor=request.actor, now=timezone.now())
    order_search(tenant_id=request.actor.tenant.pk, search_id=begun.pk)
    return {"search": begun}


@router.put("/{int:pair_id}/judgement", operation_id="judgeDuplicate", response={204: None, **problems(404)})
def judge_duplicate(request: TenantRequest, pair_id: int, body: JudgementIn) -> Any:
    """Remember that the two are not one customer, or take that back."""
    duplicates.judge_pair(actor=request.actor, pair_id=pair_id, is_same=body.is_same)
    return Status(204, None)


@merges_router.get("/comparison", operation_id="compareCustomers", response={200: ComparisonOut, **problems(404)})
def compare_customers(request: TenantRequest, asked: Query[ComparisonIn]) -> Any:
    """Two customers side by side."""
    actor = request.actor
    pair = [get_customer(actor=actor, customer_id=key) for key in (asked.kept, asked.merged)]
    kept, merged = shape_customers(actor, pair)
    return ComparisonOut(kept=kept, merged=merged, fields=_choosable(actor))


def _choosable(actor: Actor) -> list[str]:
    """Return the fields of which the actor may choose the value that stays."""
    return [name for name in merging.choosable_fields() if actor.field_access(SUBJECT, field_of(name)) is Access.WRITE]


@merges_router.get("", operation_id="listMerges", response={200: MergePage, **problems()})
def list_merges(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """What was merged, by whom, and what was undone."""
    rows = merging.list_merges(actor=request.actor, search=listing.search)
    sortable = {name: name for name in ("at", "kept_name", "merged_name", "by_name", "undone_at")}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-at",
        shape=_shape_merges,
        columns=MERGE_COLUMNS,
        export_right="customers.export",
    )


def _shape_merges(rows: Sequence[CustomerMerge]) -> list[MergeOut]:
    return [MergeOut.from_orm(row) for row in rows]


@merges_router.post("", operation_id="mergeCustomers", response={201: MergeOut, **problems(400, 404)})
def merge_customers(request: TenantRequest, body: MergeIn) -> Any:
    """Make two customers one. All that belongs to the merged one follows."""
    check_writable(request.actor, SUBJECT, sorted(field_of(name) for name in body.chosen))
    made = merging.merge(
        actor=request.actor, kept_id=body.kept_id, merged_id=body.merged_id, chosen=body.chosen, now=timezone.now()
    )
    return Status(201, MergeOut.from_orm(made))


@merges_router.post("/{int:merge_id}/undo", operation_id="undoMerge", response={200: MergeOut, **problems(404, 409)})
def undo_merge(request: TenantRequest, merge_id: int) -> Any:
    """Let the two be what they were; 409 ``changed_since_merge`` names what somebody changed."""
    return MergeOut.from_orm(merging.undo(actor=request.actor, merge_id=merge_id, now=timezone.now()))
