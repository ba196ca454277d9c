"""HTTP of customers."""

from collections.abc import Sequence
from typing import Any

from ninja import Query, Router, Status

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries, services
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.field_names import FILTERED_BY, field_of
from zhiyin.apps.customers.filters import CustomerFilter
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.schemas import (
    CustomerIn,
    CustomerListIn,
    CustomerOut,
    CustomerPage,
    CustomerPatchIn,
    shape_customers,
)
from zhiyin.apps.customers.services import NumberChange, Reach
from zhiyin.apps.fields import queries as fields
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import (
    FieldNotWritable,
    check_findable,
    check_writable,
    may_find_by,
    visible_columns,
)

router = Router(tags=["customers"], auth=Needs("customers.read"))

_NULLABLE = frozenset(
    {"purchased_on", "owner_id", "birthday", "anniversary_on", "monthly_value", "credit_limit", "arrears"}
)
#: what is no field of the record itself
_LISTS = frozenset({"numbers", "emails", "addresses", "tag_ids", "version"})
COLUMNS = {
    "kind": ("客户类别", "Kind"),
    "name": ("姓名", "Name"),
    "company": ("单位", "Company"),
    "gender": ("性别", "Gender"),
    "level": ("级别", "Level"),
    "customer_class.name": ("客户分级", "Class"),
    "first_number": ("电话", "Telephone"),
    "first_place": ("归属地", "Place"),
    "address": ("地址", "Address"),
    "first_email": ("邮箱", "Mail"),
    "tag_names": ("标签", "Tags"),
    "type": ("类型", "Type"),
    "monthly_value": ("月均消费", "Monthly value"),
    "service": ("业务", "Service"),
    "credit_rating": ("信用等级", "Credit rating"),
    "credit_limit": ("信用额度", "Credit limit"),
    "arrears": ("欠费", "Arrears"),
    "hobbies": ("爱好", "Hobbies"),
    "product": ("产品", "Product"),
    "purchased_on": ("购买日期", "Purchased on"),
    "owner.name": ("负责人", "Owner"),
    "note": ("备注", "Note"),
}


_TOLD_BY = {name: field_of(name) for name in COLUMNS}


class _CustomerRow(CustomerOut):
    """A customer on one line of a spreadsheet."""

    @property
    def first_number(self) -> str:
        return (self.numbers[0].number or self.numbers[0].masked) if self.numbers else ""

    @property
    def first_place(self) -> str:
        return self.numbers[0].place if self.numbers else ""

    @property
    def first_email(self) -> str:
        return self.emails[0] if self.emails else ""

    @property
    def tag_names(self) -> list[str]:
        return [tag.name for tag in self.tags]


def _wanted(listing: CustomerListIn) -> CustomerFilter:
    named = listing.dict(include={field for field in CustomerFilter.__dataclass_fields__ if field != "tags"})
    return CustomerFilter(**named, tags=tuple(int(tag) for tag in listing.tags.split(",") if tag))


@router.get("", operation_id="listCustomers", response={200: CustomerPage, **problems()})
def list_customers(request: TenantRequest, listing: Query[CustomerListIn]) -> Any:
    """Customers, searched by name, pinyin initials or part of a number."""
    actor = request.actor

    own_fields = fields.definitions(actor.tenant, SUBJECT)
    findable = [one for one in own_fields if may_find_by(actor, SUBJECT, f"custom.{one.code}")]
    _check_findable(actor, listing)

    def shape(rows: Sequence[Customer]) -> list[CustomerOut]:
        shaped = shape_customers(actor, rows, own_fields=own_fields)
        if listing.format == "json":
            return shaped
        named = fields.user_ids(own_fields, (row.custom for row in rows))
        users = accounts.names_of(tenant=actor.tenant, user_ids=named)
        return [
            _CustomerRow(
                **item.dict(exclude={"custom"}),
                custom=fields.readable(actor, own_fields, row.custom, users=users),
            )
            for row, item in zip(rows, shaped, strict=True)
        ]

    rows = queries.search_customers(actor=actor, search=listing.search, wanted=_wanted(listing), own_fields=findable)
    rows = fields.filtered(rows, actor=actor, fields=findable, conditions=fields.conditions_of(request.GET.dict()))
    sortable = {
        name: name
        for name in ("name", "company", "level", "changed_at", "created_at", "monthly_value", "arrears", "owned_since")
    }
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-changed_at",
        shape=shape,
        columns=visible_columns(
            actor, SUBJECT, COLUMNS | fields.columns(own_fields), told_by={name: field_of(name) for name in COLUMNS}
        ),
        export_right="customers.export",
    )


def _check_findable(actor: Actor, listing: CustomerListIn) -> None:
    """Raise ``FieldNotReadable`` for what would tell of fields that the actor's role does not show."""
    asked = {name: field for name, field in FILTERED_BY.items() if getattr(listing, name, None) not in ("", None)}
    if listing.sort:
        asked["sort"] = listing.sort.removeprefix("-")
    check_findable(actor, SUBJECT, asked)


def _reach(body: CustomerIn | CustomerPatchIn) -> Reach:
    numbers, addresses = body.numbers, body.addresses
    return Reach(
        numbers=None
        if numbers is None
        else [NumberChange(id=item.id, number=item.number, use=item.use) for item in numbers],
        emails=body.emails,
        addresses=None if addresses is None else [item.dict() for item in addresses],
    )


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """Return the record's own fields; a birthday is three of them."""
    fields = {name: value for name, value in given.items() if value is not None or name in _NULLABLE}
    if "birthday" in fields:
        birthday = fields.pop("birthday") or {}
        fields |= {f"birth_{part}": birthday.get(part) for part in ("year", "month", "day")}
    return fields


def _check_writable(actor: Actor, body: CustomerIn | CustomerPatchIn) -> None:
    """Raise ``FieldNotWritable`` for what was sent of fields that the actor's role may not change."""
    names: set[str] = set()
    for name in body.dict(exclude_unset=True, exclude={"version"}):
        custom = body.custom if name == "custom" else None
        names |= {f"custom.{code}" for code in custom or {}} or {field_of(name)}
    check_writable(actor, SUBJECT, sorted(names))


def _check_owner(actor: Actor, customer_id: int, body: CustomerPatchIn) -> None:
    """Raise ``FieldNotWritable`` where somebody would go round the limits of the public pool."""
    if "owner_id" not in body.dict(exclude_unset=True) or actor.may("customers.assign"):
        return
    if services.get_customer(actor=actor, customer_id=customer_id).owner_id != body.owner_id:
        raise FieldNotWritable(fields={"owner_id": "not_writable"})


@router.post(
    "", operation_id="createCustomer", auth=Needs("customers.write"), response={201: CustomerOut, **problems(400, 409)}
)
def create_customer(request: TenantRequest, body: CustomerIn) -> Any:
    """Make a customer, a person or a company."""
    _check_writable(request.actor, body)
    customer = services.create_customer(
        actor=request.actor,
        fields=_fields(body.dict(exclude=_LISTS)),
        reach=_reach(body),
        tag_ids=body.tag_ids,
    )
    return Status(201, shape_customers(request.actor, [customer])[0])


@router.get("/{int:customer_id}", operation_id="getCustomer", response={200: CustomerOut, **problems(404)})
def get_customer(request: TenantRequest, customer_id: int) -> Any:
    """One customer. Seeing numbers in clear is audited."""
    customer = services.get_customer(actor=request.actor, customer_id=customer_id)
    services.record_reading(actor=request.actor, customer=customer)
    return shape_customers(request.actor, [customer])[0]


@router.patch(
    "/{int:customer_id}",
    operation_id="updateCustomer",
    auth=Needs("customers.write"),
    response={200: CustomerOut, **problems(400, 404, 409)},
)
def update_customer(request: TenantRequest, customer_id: int, body: CustomerPatchIn) -> Any:
    """Change what is named of a customer; each list that is given is all there shall be.

    Another owner is chosen by whoever may assign; others claim and release within their limits.

    409 ``stale_version`` tells in ``facts.changes`` who changed which fields since the version that the editor saw.
    """
    _check_writable(request.actor, body)
    _check_owner(request.actor, customer_id, body)
    customer = services.update_customer(
        actor=request.actor,
        customer_id=customer_id,
        fields=_fields(body.dict(exclude_unset=True, exclude=_LISTS)),
        reach=_reach(body),
        tag_ids=body.tag_ids,
        version=body.version,
    )
    return shape_customers(request.actor, [customer])[0]
