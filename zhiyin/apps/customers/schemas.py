"""Shapes of customers at HTTP, numbers masked for whoever may not see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries
from zhiyin.apps.customers.classes import classes_asked
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.lists.codes import ListCode
from zhiyin.apps.customers.lists.queries import entries_asked, listed
from zhiyin.apps.customers.models import Customer, CustomerClass, CustomerNumber, Tag
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.customers.tags import tags_asked
from zhiyin.apps.customers.visibility import WRITE, sees_all, visible_ids
from zhiyin.apps.fields import queries as fields
from zhiyin.apps.rest.schemas import ListIn, Page, Shape
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, ask
from zhiyin.apps.tenancy.field_rights import restrict
from zhiyin.contracts.numbers import mask_number
from zhiyin.domain.fields.definitions import Definition

Gender = Literal["unknown", "female", "male"]
Level = Literal["ordinary", "important", "vip"]
Kind = Literal["person", "company"]
NumberUse = Literal["mobile", "home", "work", "fax", "other"]
AddressUse = Literal["home", "work", "delivery", "other"]
TagColour = Literal["grey", "blue", "green", "orange", "red", "purple"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
LongLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Note = Annotated[str, StringConstraints(max_length=10_000)]
Money = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
Values = dict[str, Any]


class CustomerNumberOut(Shape):
    """``number`` is null for whoever lacks the right ``numbers.clear``; dial it by ``id`` then."""

    id: int
    number: str | None
    masked: str
    place: str
    kind: Literal["mobile", "landline", "service", "emergency", "foreign", "other"]
    use: NumberUse
    is_primary: bool


class OwnerOut(Shape):
    id: int
    name: str


class AddressOut(Shape):
    use: AddressUse
    province: str
    city: str
    district: str
    line: str
    postcode: str


class TagRefOut(Shape):
    id: int
    name: str
    colour: TagColour


class BirthdayOut(Shape):
    """People tell month and day; the year only if they like."""

    year: int | None
    month: int
    day: int


class ClassRefOut(Shape):
    """``by_hand``: somebody chose it, for this ``reason``; else the first rule that fits did."""

    id: int
    name: str
    colour: TagColour
    by_hand: bool
    reason: str


class CustomerOut(Shape):
    """``address``, ``product`` and ``purchased_on`` are those of the first address and of the first owned product."""

    id: int
    kind: Kind
    name: str
    company: str
    gender: Gender
    level: Level
    address: str
    hobbies: str
    product: str
    purchased_on: date | None
    note: str
    numbers: list[CustomerNumberOut]
    emails: list[str]
    addresses: list[AddressOut]
    tags: list[TagRefOut]
    birthday: BirthdayOut | None
    anniversary_on: date | None
    type: str
    monthly_value: Decimal | None
    service: str
    credit_rating: str
    credit_limit: Decimal | None
    arrears: Decimal | None
    custom: Values
    owner: OwnerOut | None
    lists: list[ListCode]
    customer_class: ClassRefOut | None
    is_key_account: bool
    owned_since: datetime | None
    #: whether the asker may change this one
    may_change: bool
    version: int
    created_at: datetime
    changed_at: datetime


class CustomerPage(Page[CustomerOut]):
    pass


class CustomerListIn(ListIn):
    """``owner``: a user's id, "me", or "none" for the public pool; ``tags``: all of them, with commas between."""

    level: Level | Literal[""] = ""
    kind: Kind | Literal[""] = ""
    type: Short = ""
    owner: Annotated[str, StringConstraints(pattern=r"^(me|none|\d{1,18}|)$")] = ""
    tags: Annotated[str, StringConstraints(pattern=r"^(\d{1,18}(,\d{1,18}){0,9})?$")] = ""
    customer_class: int | None = None
    is_key_account: bool | None = None
    list: ListCode | Literal[""] = ""
    product: int | None = None
    province: Short = ""
    city: Short = ""
    birth_month: int | None = Field(default=None, ge=1, le=12)
    min_value: Money | None = None
    in_arrears: bool | None = None


class CustomerNumberIn(Schema):
    """A stored number by ``id``, a new one by ``number``, a corrected one by both. The first is the primary one."""

    id: int | None = None
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=32)] | None = None
    use: NumberUse | None = None


class AddressIn(Schema):
    use: AddressUse = "other"
    province: Short = ""
    city: Short = ""
    district: Short = ""
    line: LongLine = ""
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12)] = ""


class BirthdayIn(Schema):
    year: int | None = Field(default=None, ge=1880, le=2200)
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Numbers = Annotated[list[CustomerNumberIn], Field(max_length=20)]
Emails = Annotated[list[Email], Field(max_length=20)]
Addresses = Annotated[list[AddressIn], Field(max_length=20)]
TagIds = Annotated[list[int], Field(max_length=100)]


class CustomerIn(Schema):
    kind: Kind = "person"
    name: Name
    company: Line = ""
    gender: Gender = "unknown"
    level: Level = "ordinary"
    address: LongLine | None = None
    hobbies: LongLine = ""
    product: Line | None = None
    purchased_on: date | None = None
    note: Note = ""
    numbers: Numbers = []
    emails: Emails = []
    addresses: Addresses = []
    tag_ids: TagIds = []
    birthday: BirthdayIn | None = None
    anniversary_on: date | None = None
    type: Short = ""
    monthly_value: Money | None = None
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    credit_rating: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)] = ""
    credit_limit: Money | None = None
    arrears: Money | None = None
    custom: Values = {}
    owner_id: int | None = None


class CustomerPatchIn(Schema):
    """Only what is named changes; what can be unknown may be set to null.

    ``version`` is the one that the editor saw: with an older one nothing is changed (409 ``stale_version``).
    """

    version: int | None = None
    kind: Kind | None = None
    name: Name | None = None
    company: Line | None = None
    gender: Gender | None = None
    level: Level | None = None
    address: LongLine | None = None
    hobbies: LongLine | None = None
    product: Line | None = None
    purchased_on: date | None = None
    note: Note | None = None
    numbers: Numbers | None = None
    emails: Emails | None = None
    addresses: Addresses | None = None
    tag_ids: TagIds | None = None
    birthday: BirthdayIn | None = None
    anniversary_on: date | None = None
    type: Short | None = None
    monthly_value: Money | None = None
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None
    credit_rating: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)] | None = None
    credit_limit: Money | None = None
    arrears: Money | None = None
    custom: Values | None = None
    owner_id: int | None = None


_JOINED = frozenset(
    {
        "numbers",
        "emails",
        "addresses",
        "tags",
        "birthday",
        "owner",
        "address",
        "product",
        "purchased_on",
        "custom",
        "lists",
        "customer_class",
        "may_change",
    }
)
_PLAIN = [name for name in CustomerOut.model_fields if name not in _JOINED]


#: what else of an answer tells of a field
_TOLD_BY = {"addresses": ("address",)}


class CardQuestions:
    """What the cards of these customers are made of; whoever knows whose cards come next asks it ahead."""

    def __init__(self, actor: Actor, rows: Sequence[Customer]) -> None:
        of: dict[str, Any] = {"tenant": actor.tenant, "customer_ids": [row.pk for row in rows]}
        self.numbers = queries.numbers_asked(**of)
        self.emails = queries.emails_asked(**of)
        self.addresses = queries.addresses_asked(**of)
        self.products = queries.owned_products_asked(**of)
        self.tags = tags_asked(**of)
        self.entries = entries_asked(**of)
        self.owners = accounts.names_asked(tenant=actor.tenant, user_ids=[row.owner_id for row in rows])
        self.classes = classes_asked(tenant=actor.tenant)
        self.own_fields = fields.definitions_asked(actor.tenant, SUBJECT)

    def all(self) -> list[Question[Any]]:
        return list(vars(self).values())


def shape_customers(
    actor: Actor, rows: Sequence[Customer], *, own_fields: Sequence[Definition] | None = None
) -> list[CustomerOut]:
    """Return the customers as the actor may see them; all that belongs to them is read in one statement.

    ``own_fields``: the company's, where they are read already.
    """
    if not rows:
        return []
    asked = CardQuestions(actor, rows)
    told = ask(*asked.all())
    numbers, emails, addresses = told[asked.numbers], told[asked.emails], told[asked.addresses]
    products, tags, classes = told[asked.products], told[asked.tags], told[asked.classes]
    lists, owners = listed(told[asked.entries]), told[asked.owners]
    changeable = None if sees_all(actor, WRITE) else visible_ids(actor, [row.pk for row in rows], WRITE)
    own_fields = told[asked.own_fields] if own_fields is None else own_fields
    shaped = [
        CustomerOut(
            **{name: getattr(row, name) for name in _PLAIN},
            numbers=[shape_number(actor, number) for number in numbers.get(row.pk, [])],
            emails=emails.get(row.pk, []),
            addresses=[AddressOut.from_orm(address) for address in addresses.get(row.pk, [])],
            address=next((str(address) for address in addresses.get(row.pk, [])), ""),
            product=next((owned.name for owned in products.get(row.pk, [])), ""),
            purchased_on=next((owned.purchased_on for owned in products.get(row.pk, [])), None),
            tags=[shape_tag_ref(tag) for tag in tags.get(row.pk, [])],
            birthday=_birthday(row),
            customer_class=_class(actor, row, classes),
            may_change=changeable is None or row.pk in changeable,
            lists=cast("list[ListCode]", lists.get(row.pk, [])),
            custom=fields.shown(actor, own_fields, row.custom),
            owner=OwnerOut(id=row.owner_id, name=owners[row.owner_id]) if row.owner_id in owners else None,
        )
        for row in rows
    ]
    return [restrict(actor, SUBJECT, item, also=_TOLD_BY) for item in shaped]


def shape_tag_ref(tag: Tag) -> TagRefOut:
    return TagRefOut.from_orm(tag)


def _class(actor: Actor, row: Customer, classes: Mapping[int, CustomerClass]) -> ClassRefOut | None:
    chosen = classes.get(row.class_by_hand_id or row.class_by_rule_id or 0)
    if chosen is None:
        return None
    name = chosen.name if actor.language.startswith("zh") else chosen.name_en or chosen.name
    return ClassRefOut(
        id=chosen.pk,
        name=name,
        colour=cast("TagColour", chosen.colour),
        by_hand=row.class_by_hand_id is not None,
        reason=row.class_reason,
    )


def _birthday(row: Customer) -> BirthdayOut | None:
    if row.birth_month is None or row.birth_day is None:
        return None
    return BirthdayOut(year=row.birth_year, month=row.birth_month, day=row.birth_day)


def shape_number(actor: Actor, row: CustomerNumber) -> CustomerNumberOut:
    place = place_of(row.number)
    return CustomerNumberOut(
        id=row.pk,
        number=row.number if actor.sees_numbers else None,
        masked=mask_number(row.number),
        place=place.named(actor.language),
        kind=place.kind,
        use=cast("NumberUse", row.use),
        is_primary=row.position == 0,
    )
