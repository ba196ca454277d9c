"""HTTP of how a company keeps its customers: classes, the public pool, and what is done to many at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.customers import classes, pool, tags
from zhiyin.apps.customers.classes import ClassDraft
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.lists.codes import ListCode
from zhiyin.apps.customers.lists.schemas import Reason
from zhiyin.apps.customers.models import CustomerClass
from zhiyin.apps.customers.schemas import CustomerOut, TagColour, shape_customers
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import Instant, problems

router = Router(tags=["customers"], auth=Needs("customers.read"))
classes_router = Router(tags=["customers"], auth=Needs("customers.settings"))

WRITES = Needs("customers.write")
ClassName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Ids = Annotated[list[int], Field(min_length=1, max_length=200)]
_MAX_CLASSES, _MAX_CONDITIONS = 30, 10


class ClassConditionIn(Schema):
    """Words by ``is_any`` of ``values``; amounts ``at_least`` or ``at_most`` ``amount``."""

    field: Literal["kind", "type", "service", "credit_rating", "monthly_value", "credit_limit", "arrears"]
    test: Literal["is_any", "at_least", "at_most"]
    values: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=50)] = []
    amount: Decimal | None = Field(default=None, max_digits=14, decimal_places=2)


class ClassIn(Schema):
    id: int | None = None
    name: ClassName
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    colour: TagColour = "blue"
    conditions: Annotated[list[ClassConditionIn], Field(max_length=_MAX_CONDITIONS)] = []


class ClassesIn(Schema):
    """All classes, in the order in which their rules are tried; the first that fits is the customer's."""

    classes: Annotated[list[ClassIn], Field(max_length=_MAX_CLASSES)]


class ClassOut(Schema):
    id: int
    name: str
    name_en: str
    colour: TagColour
    conditions: list[ClassConditionIn]


class ClassesOut(Schema):
    items: list[ClassOut]


class ClassCountsOut(Schema):
    """How many customers each rule takes in this order, and how many none takes."""

    counts: list[int]
    none: int


class ClassChoiceIn(Schema):
    """``class_id`` null: the rules decide again."""

    class_id: int | None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class PolicyOut(Schema):
    claims_per_day: int | None
    max_held: int | None
    return_after_days: int | None
    announce_days: int
    key_share_pct: int


Limit = Annotated[int, Field(ge=0, le=1_000_000)]
Days = Annotated[int, Field(ge=1, le=3650)]


class PolicyIn(Schema):
    claims_per_day: Limit | None
    max_held: Limit | None
    return_after_days: Days | None
    announce_days: int = Field(ge=0, le=365)
    key_share_pct: int = Field(ge=1, le=100)


class AllowanceOut(Schema):
    """``left`` null: any number."""

    left: int | None
    limit: str
    claimed_today: int
    held: int


class IdsIn(Schema):
    customers: Ids


class ReleaseIn(Schema):
    customers: Ids
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class AssignIn(Schema):
    customers: Ids
    owner_id: int


class TagManyIn(Schema):
    customers: Ids
    add: Annotated[list[int], Field(max_length=50)] = []
    take: Annotated[list[int], Field(max_length=50)] = []


class ListManyIn(Schema):
    customers: Ids
    list: ListCode
    reason: Reason
    expires_at: Instant | None = None


class DoneOut(Schema):
    """The customers to whom it was done; the others were so already, or are somebody else's."""

    customers: list[int]


def _drafts(body: ClassesIn) -> list[ClassDraft]:
    return [
        ClassDraft(one.id, one.name, one.name_en, one.colour, [_plain(condition) for condition in one.conditions])
        for one in body.classes
    ]


def _plain(condition: ClassConditionIn) -> dict[str, Any]:
    amount = None if condition.amount is None else str(condition.amount)
    return {"field": condition.field, "test": condition.test, "values": condition.values, "amount": amount}


def _shape_classes(rows: Sequence[CustomerClass]) -> dict[str, Any]:
    return {"items": [ClassOut.from_orm(row) for row in rows]}


@classes_router.get(
    "", operation_id="getClasses", auth=Needs("customers.read"), response={200: ClassesOut, **problems()}
)
def get_classes(request: TenantRequest) -> Any:
    """The classes with their rules, in the order in which they are tried."""
    return _shape_classes(list(classes.list_classes(tenant=request.actor.tenant)))


@classes_router.put("", operation_id="saveClasses", response={200: ClassesOut, **problems(400, 409)})
def save_classes(request: TenantRequest, body: ClassesIn) -> Any:
    """Let these be the classes; every customer is sorted into them anew."""
    return _shape_classes(classes.save_classes(actor=request.actor, drafts=_drafts(body)))


@classes_router.post("/count", operation_id="countClasses", response={200: ClassCountsOut, **problems(400)})
def count_classes(request: TenantRequest, body: ClassesIn) -> Any:
    """How many customers each rule would take, before anything is saved."""
    rules = [classes.read_conditions(draft.conditions, index) for index, draft in enumerate(_drafts(body))]
    counts, nobody = classes.count_fitting(tenant=request.actor.tenant, rules=rules)
    return {"counts": counts, "none": nobody}


@router.put(
    "/{int:customer_id}/class",
    operation_id="chooseClass",
    auth=WRITES,
    response={200: CustomerOut, **problems(400, 404)},
)
def choose_class(request: TenantRequest, customer_id: int, body: ClassChoiceIn) -> Any:
    """Choose a customer's class by hand, with the reason, or leave it to the rules again."""
    customer = classes.override_class(
        actor=request.actor, customer_id=customer_id, class_id=body.class_id, reason=body.reason
    )
    return shape_customers(request.actor, [customer])[0]


@router.get("/policy", operation_id="getCustomerPolicy", response={200: PolicyOut, **problems()})
def get_policy(request: TenantRequest) -> Any:
    """Limits of the public pool, the return to it, and how many customers are key accounts."""
    return pool.policy_of(tenant=request.actor.tenant)


@router.put(
    "/policy",
    operation_id="saveCustomerPolicy",
    auth=Needs("customers.settings"),
    response={200: PolicyOut, **problems()},
)
def save_policy(request: TenantRequest, body: PolicyIn) -> Any:
    """Change them; key accounts are found anew at once."""
    row = pool.save_policy(actor=request.actor, fields=body.dict())
    classes.find_key_accounts(tenant=request.actor.tenant)
    return row


@router.get("/pool/allowance", operation_id="getPoolAllowance", response={200: AllowanceOut, **problems()})
def get_allowance(request: TenantRequest) -> Any:
    """How many customers one may still claim."""
    return pool.allowance_of(actor=request.actor, now=timezone.now())


@router.post("/pool/claim", operation_id="claimCustomers", auth=WRITES, response={200: DoneOut, **problems(409)})
def claim(request: TenantRequest, body: IdsIn) -> Any:
    """Take customers out of the pool, as many as one's limits allow."""
    return {"customers": pool.claim(actor=request.actor, customer_ids=body.customers, now=timezone.now())}


@router.post("/pool/release", operation_id="releaseCustomers", auth=WRITES, response={200: DoneOut, **problems()})
def release(request: TenantRequest, body: ReleaseIn) -> Any:
    """Give customers back to the pool: one's own, or with ``customers.assign`` anybody's."""
    done = pool.release(actor=request.actor, customer_ids=body.customers, reason=body.reason, now=timezone.now())
    return {"customers": done}


@router.post(
    "/pool/assign",
    operation_id="assignCustomers",
    auth=Needs("customers.assign"),
    response={200: DoneOut, **problems(400)},
)
def assign(request: TenantRequest, body: AssignIn) -> Any:
    """Give customers to a user."""
    done = pool.assign(actor=request.actor, customer_ids=body.customers, owner_id=body.owner_id, now=timezone.now())
    return {"customers": done}


@router.post("/tags", operation_id="tagCustomers", auth=WRITES, response={200: DoneOut, **problems(400)})
def tag_many(request: TenantRequest, body: TagManyIn) -> Any:
    """Put tags on many customers and take others off."""
    done = tags.tag_many(actor=request.actor, customer_ids=body.customers, add=body.add, take=body.take)
    return {"customers": done}


@router.post(
    "/lists", operation_id="listCustomersApart", auth=Needs("lists.write"), response={200: DoneOut, **problems(400)}
)
def list_many(request: TenantRequest, body: ListManyIn) -> Any:
    """Put many customers on a list, for one reason."""
    done = lists.add_customers(
        actor=request.actor,
        list_code=body.list,
        customer_ids=body.customers,
        reason=body.reason,
        now=timezone.now(),
        expires_at=body.expires_at,
    )
    return {"customers": done}
