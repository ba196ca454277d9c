"""HTTP of what is attached to customers: tags, products, relations, consents."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import attached, queries, services, tags
from zhiyin.apps.customers.attached_schemas import (
    ConsentIn,
    ConsentItems,
    ConsentOut,
    OwnedIn,
    OwnedItems,
    OwnedOut,
    ProductIn,
    ProductListIn,
    ProductOut,
    ProductPage,
    ProductPatchIn,
    RelationIn,
    RelationItems,
    RelationOut,
    TagIn,
    TagMergeIn,
    TagOut,
    TagPage,
    TagPatchIn,
)
from zhiyin.apps.customers.models import Consent, OwnedProduct, Product, Relation, Tag
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems
from zhiyin.apps.tenancy.actors import Actor

router = Router(tags=["customers"], auth=Needs("customers.read"))
tags_router = Router(tags=["customers"], auth=Needs("customers.settings"))
products_router = Router(tags=["customers"], auth=Needs("customers.settings"))

READS, WRITES = Needs("customers.read"), Needs("customers.write")
TAG_COLUMNS = {"name": ("标签", "Tag"), "colour": ("颜色", "Colour"), "customers": ("客户数", "Customers")}
PRODUCT_COLUMNS = {
    "code": ("编码", "Code"),
    "name": ("产品", "Product"),
    "warranty_months": ("保修月数", "Warranty (months)"),
    "is_active": ("在售", "On sale"),
}


@tags_router.get("", operation_id="listTags", auth=READS, response={200: TagPage, **problems()})
def list_tags(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Tags, each with how many customers have it."""
    rows = tags.list_tags(tenant=request.actor.tenant, search=listing.search)
    sortable = {"name": "name", "customers": "customers"}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="name",
        shape=_shape_tags,
        columns=TAG_COLUMNS,
        export_right="customers.export",
    )


def _shape_tags(rows: Sequence[Tag]) -> list[TagOut]:
    return [TagOut.from_orm(row) for row in rows]


@tags_router.post("", operation_id="createTag", response={201: TagOut, **problems(409)})
def create_tag(request: TenantRequest, body: TagIn) -> Any:
    return Status(201, tags.create_tag(actor=request.actor, fields=body.dict()))


@tags_router.patch("/{int:tag_id}", operation_id="updateTag", response={200: TagOut, **problems(404, 409)})
def update_tag(request: TenantRequest, tag_id: int, body: TagPatchIn) -> Any:
    """Rename or recolour a tag on every customer that has it."""
    fields = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    return tags.update_tag(actor=request.actor, tag_id=tag_id, fields=fields)


@tags_router.post("/{int:tag_id}/merge", operation_id="mergeTag", response={200: TagOut, **problems(400, 404)})
def merge_tag(request: TenantRequest, tag_id: int, body: TagMergeIn) -> Any:
    """Give every customer of this tag the other one, and remove this."""
    return tags.merge_tag(actor=request.actor, tag_id=tag_id, into_id=body.into_id)


@tags_router.delete("/{int:tag_id}", operation_id="removeTag", response={204: None, **problems(404)})
def remove_tag(request: TenantRequest, tag_id: int) -> Any:
    tags.remove_tag(actor=request.actor, tag_id=tag_id)
    return Status(204, None)


@products_router.get("", operation_id="listProducts", auth=READS, response={200: ProductPage, **problems()})
def list_products(request: TenantRequest, listing: Query[ProductListIn]) -> Any:
    """The product catalogue."""
    is_active = {"active": True, "retired": False}.get(listing.state)
    rows = attached.list_products(tenant=request.actor.tenant, search=listing.search, is_active=is_active)
    sortable = {name: name for name in ("code", "name", "warranty_months")}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="code",
        shape=_shape_products,
        columns=PRODUCT_COLUMNS,
        export_right="customers.export",
    )


def _shape_products(rows: Sequence[Product]) -> list[ProductOut]:
    return [ProductOut.from_orm(row) for row in rows]


@products_router.post("", operation_id="createProduct", response={201: ProductOut, **problems(409)})
def create_product(request: TenantRequest, body: ProductIn) -> Any:
    return Status(201, attached.save_product(actor=request.actor, product_id=None, fields=body.dict()))


@products_router.patch(
    "/{int:product_id}", operation_id="updateProduct", response={200: ProductOut, **problems(404, 409)}
)
def update_product(request: TenantRequest, product_id: int, body: ProductPatchIn) -> Any:
    fields = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    return attached.save_product(actor=request.actor, product_id=product_id, fields=fields)


@products_router.delete("/{int:product_id}", operation_id="removeProduct", response={204: None, **problems(404, 409)})
def remove_product(request: TenantRequest, product_id: int) -> Any:
    """Remove a product that no customer owns; retire the others (``is_active`` false)."""
    attached.remove_product(actor=request.actor, product_id=product_id)
    return Status(204, None)


@router.get("/{int:customer_id}/products", operation_id="getOwnedProducts", response={200: OwnedItems, **problems(404)})
def get_owned(request: TenantRequest, customer_id: int) -> Any:
    """What a customer has of us."""
    services.get_customer(actor=request.actor, customer_id=customer_id)
    owned = queries.owned_products_of(tenant=request.actor.tenant, customer_ids=[customer_id])
    return {"items": [_shape_owned(row) for row in owned.get(customer_id, [])]}


def _shape_owned(row: OwnedProduct) -> OwnedOut:
    return OwnedOut.from_orm(row)


@router.post(
    "/{int:customer_id}/products",
    operation_id="addOwnedProduct",
    auth=WRITES,
    response={201: OwnedOut, **problems(400, 404)},
)
def add_owned(request: TenantRequest, customer_id: int, body: OwnedIn) -> Any:
    """Write down what a customer has."""
    row = attached.save_owned(actor=request.actor, customer_id=customer_id, owned_id=None, fields=body.dict())
    return Status(201, _shape_owned(row))


@router.put(
    "/{int:customer_id}/products/{int:owned_id}",
    operation_id="changeOwnedProduct",
    auth=WRITES,
    response={200: OwnedOut, **problems(400, 404)},
)
def change_owned(request: TenantRequest, customer_id: int, owned_id: int, body: OwnedIn) -> Any:
    row = attached.save_owned(actor=request.actor, customer_id=customer_id, owned_id=owned_id, fields=body.dict())
    return _shape_owned(row)


@router.delete(
    "/{int:customer_id}/products/{int:owned_id}",
    operation_id="removeOwnedProduct",
    auth=WRITES,
    response={204: None, **problems(404)},
)
def remove_owned(request: TenantRequest, customer_id: int, owned_id: int) -> Any:
    attached.remove_owned(actor=request.actor, customer_id=customer_id, owned_id=owned_id)
    return Status(204, None)


@router.get("/{int:customer_id}/relations", operation_id="getRelations", response={200: RelationItems, **problems(404)})
def get_relations(request: TenantRequest, customer_id: int) -> Any:
    """To whom a customer stands in which relation, from either side."""
    services.get_customer(actor=request.actor, customer_id=customer_id)
    rows = attached.relations_of(tenant=request.actor.tenant, customer_id=customer_id)
    return {"items": [_shape_relation(row, customer_id) for row in rows]}


def _shape_relation(row: Relation, customer_id: int) -> RelationOut:
    is_from = row.customer_id == customer_id
    other = row.other if is_from else row.customer
    return RelationOut(
        id=row.pk,
        kind=row.kind,  # type: ignore[arg-type] # one of the table's own choices
        is_from=is_from,
        other_id=other.pk,
        other_name=other.name,
        other_kind=other.kind,  # type: ignore[arg-type] # one of the table's own choices
        role=row.role,
        note=row.note,
    )


@router.post(
    "/{int:customer_id}/relations",
    operation_id="addRelation",
    auth=WRITES,
    response={201: RelationOut, **problems(400, 404, 409)},
)
def add_relation(request: TenantRequest, customer_id: int, body: RelationIn) -> Any:
    row = attached.add_relation(
        actor=request.actor, customer_id=customer_id, other_id=body.other_id, fields=body.dict(exclude={"other_id"})
    )
    return Status(201, _shape_relation(row, customer_id))


@router.delete(
    "/{int:customer_id}/relations/{int:relation_id}",
    operation_id="removeRelation",
    auth=WRITES,
    response={204: None, **problems(404)},
)
def remove_relation(request: TenantRequest, customer_id: int, relation_id: int) -> Any:
    attached.remove_relation(actor=request.actor, customer_id=customer_id, relation_id=relation_id)
    return Status(204, None)


@router.get("/{int:customer_id}/consents", operation_id="getConsents", response={200: ConsentItems, **problems(404)})
def get_consents(request: TenantRequest, customer_id: int) -> Any:
    """What a customer said about being contacted; the last word on each channel and purpose counts."""
    services.get_customer(actor=request.actor, customer_id=customer_id)
    return {
        "items": _shape_consents(
            request.actor, attached.consents_of(tenant=request.actor.tenant, customer_id=customer_id)
        )
    }


def _shape_consents(actor: Actor, rows: Sequence[Consent]) -> list[ConsentOut]:
    names = accounts.names_of(tenant=actor.tenant, user_ids=[row.by_id for row in rows])
    seen: set[tuple[str, str]] = set()
    shaped = []
    for row in rows:
        is_last = (row.channel, row.purpose) not in seen
        seen.add((row.channel, row.purpose))
        shaped.append(
            ConsentOut(
                id=row.pk,
                channel=row.channel,  # type: ignore[arg-type] # one of the table's own choices
                purpose=row.purpose,  # type: ignore[arg-type] # one of the table's own choices
                is_given=row.is_given,
                is_last=is_last,
                at=row.at,
                valid_until=row.valid_until,
                how=row.how,
                by=names.get(row.by_id or 0, ""),
            )
        )
    return shaped


@router.post(
    "/{int:customer_id}/consents",
    operation_id="tellConsent",
    auth=WRITES,
    response={201: ConsentOut, **problems(404)},
)
def tell_consent(request: TenantRequest, customer_id: int, body: ConsentIn) -> Any:
    """Write down that a customer gave or withdrew a consent; nothing told before is changed."""
    fields = body.dict() | {"at": timezone.now()}
    row = attached.tell_consent(actor=request.actor, customer_id=customer_id, fields=fields)
    return Status(201, _shape_consents(request.actor, [row])[0])
