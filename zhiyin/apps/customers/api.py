"""HTTP of customers."""

from collections.abc import Sequence
from typing import Any

from ninja import Query, Router, Status

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import queries, services
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.schemas import (
    CustomerIn,
    CustomerListIn,
    CustomerNumberIn,
    CustomerOut,
    CustomerPage,
    CustomerPatchIn,
    shape_customers,
)
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["customers"], auth=Needs("customers.read"))

_NULLABLE = frozenset({"purchased_on", "owner_id"})
COLUMNS = {
    "name": ("姓名", "Name"),
    "company": ("单位", "Company"),
    "gender": ("性别", "Gender"),
    "level": ("级别", "Level"),
    "first_number": ("电话", "Telephone"),
    "first_place": ("归属地", "Place"),
    "address": ("地址", "Address"),
    "hobbies": ("爱好", "Hobbies"),
    "product": ("产品", "Product"),
    "purchased_on": ("购买日期", "Purchased on"),
    "owner.name": ("负责人", "Owner"),
    "note": ("备注", "Note"),
}


class _CustomerRow(CustomerOut):
    """A customer on one line of a spreadsheet."""

    @property
    def first_number(self) -> str:
        return (self.numbers[0].number or self.numbers[0].masked) if self.numbers else ""

    @property
    def first_place(self) -> str:
        return self.numbers[0].place if self.numbers else ""


@router.get("", operation_id="listCustomers", response={200: CustomerPage, **problems()})
def list_customers(request: TenantRequest, listing: Query[CustomerListIn]) -> Any:
    """Customers, searched by name, pinyin initials or part of a number."""
    actor = request.actor

    def shape(rows: Sequence[Customer]) -> list[CustomerOut]:
        shaped = shape_customers(actor, rows)
        return [_CustomerRow(**item.dict()) for item in shaped] if listing.format == "csv" else shaped

    if listing.format == "csv":
        audit.record(actor=actor, action="customer.exported", kind="customer", name=listing.search)
    rows = queries.search_customers(actor=actor, search=listing.search, level=listing.level, owner_id=listing.owner)
    sortable = {name: name for name in ("name", "company", "level", "changed_at", "created_at", "purchased_on")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-changed_at", shape=shape, columns=COLUMNS
    )


def _numbers(given: list[CustomerNumberIn]) -> list[NumberChange]:
    return [NumberChange(id=item.id, number=item.number) for item in given]


@router.post(
    "", operation_id="createCustomer", auth=Needs("customers.write"), response={201: CustomerOut, **problems(400, 409)}
)
def create_customer(request: TenantRequest, body: CustomerIn) -> Any:
    """Make a customer."""
    customer = services.create_customer(
        actor=request.actor, fields=body.dict(exclude={"numbers"}), numbers=_numbers(body.numbers)
    )
    return Status(201, shape_customers(request.actor, [customer])[0])


@router.get("/{int:customer_id}", operation_id="getCustomer", response={200: CustomerOut, **problems(404)})
def get_customer(request: TenantRequest, customer_id: int) -> Any:
    """One customer. Seeing numbers in clear is audited."""
    customer = services.get_customer(tenant=request.actor.tenant, customer_id=customer_id)
    services.record_reading(actor=request.actor, customer=customer)
    return shape_customers(request.actor, [customer])[0]


@router.patch(
    "/{int:customer_id}",
    operation_id="updateCustomer",
    auth=Needs("customers.write"),
    response={200: CustomerOut, **problems(400, 404, 409)},
)
def update_customer(request: TenantRequest, customer_id: int, body: CustomerPatchIn) -> Any:
    """Change what is named of a customer; ``numbers``, where given, are all there shall be."""
    given = body.dict(exclude_unset=True, exclude={"numbers"})
    customer = services.update_customer(
        actor=request.actor,
        customer_id=customer_id,
        fields={name: value for name, value in given.items() if value is not None or name in _NULLABLE},
        numbers=None if body.numbers is None else _numbers(body.numbers),
    )
    return shape_customers(request.actor, [customer])[0]
