"""Importing customers: known by any of their numbers or mail addresses, without either by name and company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries, removal, services, snapshots, tags
from zhiyin.apps.customers.reach import NumberChange, Reach
from zhiyin.apps.exchange.kinds.base import Differs, Effect, ImportField, ParsedRow, choice_of, parts_of
from zhiyin.apps.exchange.models import Import, ImportRow
from zhiyin.apps.fields import queries as own_fields
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.fields.cleaning import BadValue, clean_value
from zhiyin.domain.fields.definitions import Definition, Rules
from zhiyin.domain.fields.definitions import Kind as FieldKind

Outcome = ImportRow.Outcome
SUBJECT = "customer"
CUSTOM = "custom."

_FIELDS = (
    ImportField(
        "name", "姓名", "Name", is_required=True, also=("客户名称", "客户", "联系人"), example=("张三", "Li Lei")
    ),
    ImportField("kind", "客户种类", "Kind", also=("个人或企业",), example=("个人", "person")),
    ImportField("company", "单位", "Company", also=("公司", "企业名称"), example=("云帆科技", "Acme Ltd")),
    ImportField("numbers", "电话", "Telephone", also=("联系电话", "号码", "phone"), example=("13800138000",) * 2),
    ImportField("mobile", "手机", "Mobile", also=("手机号", "手机号码", "cell")),
    ImportField("work_number", "办公电话", "Work telephone", also=("单位电话", "座机", "固定电话", "固话")),
    ImportField("home_number", "家庭电话", "Home telephone", also=("住宅电话",)),
    ImportField("fax", "传真", "Fax"),
    ImportField(
        "emails", "邮箱", "Mail", also=("电子邮件", "邮件", "email", "e-mail"), example=("li@example.com",) * 2
    ),
    ImportField("province", "省", "Province", also=("省份",)),
    ImportField("city", "市", "City", also=("城市",)),
    ImportField("district", "区县", "District", also=("区",)),
    ImportField("address", "地址", "Address", also=("详细地址", "联系地址", "street")),
    ImportField("gender", "性别", "Gender"),
    ImportField("level", "级别", "Level", also=("客户级别", "等级")),
    ImportField("tags", "标签", "Tags", example=("老客户", "regular")),
    ImportField("owner", "负责人", "Owner", also=("客户经理", "所属座席", "归属人")),
    ImportField("birthday", "生日", "Birthday", also=("出生日期",), example=("1990-05-20",) * 2),
    ImportField("anniversary_on", "纪念日", "Anniversary"),
    ImportField("type", "类型", "Type", also=("客户类型",)),
    ImportField("monthly_value", "月均消费", "Monthly value", also=("ARPU",)),
    ImportField("service", "业务", "Service"),
    ImportField("credit_rating", "信用等级", "Credit rating"),
    ImportField("credit_limit", "信用额度", "Credit limit"),
    ImportField("arrears", "欠费", "Arrears"),
    ImportField("product", "产品", "Product", also=("购买产品",)),
    ImportField("purchased_on", "购买日期", "Purchased on"),
    ImportField("hobbies", "爱好", "Hobbies"),
    ImportField("note", "备注", "Note", also=("说明", "remarks", "comment")),
)
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {"person": ("个人", "人"), "company": ("企业", "公司", "单位", "organisation")},
    "gender": {"female": ("女", "女士", "f"), "male": ("男", "先生", "m"), "unknown": ("未知", "保密")},
    "level": {"ordinary": ("普通",), "important": ("重要",), "vip": ("vip", "贵宾")},
}
#: column -> what its numbers are used for ("": what the number itself tells)
_NUMBERS = {"mobile": "mobile", "numbers": "", "work_number": "work", "home_number": "home", "fax": "fax"}
_PLACE = ("province", "city", "district")
_LENGTHS = {
    "name": 100, "company": 200, "hobbies": 300, "note": 10_000, "type": 40, "service": 100, "credit_rating": 8,
    "product": 200, "address": 300, "province": 40, "city": 40, "district": 40,
}  # fmt: skip
_MONEY = frozenset({"monthly_value", "credit_limit", "arrears"})
_DATES = frozenset({"anniversary_on", "purchased_on", "birthday"})


class Customers:
    code = "customers"
    zh, en = "客户", "Customers"
    right = "customers.import"
    batch = 100
    has_secrets = False

    def fields(self, actor: Actor) -> Sequence[ImportField]:
        custom = own_fields.definitions(actor.tenant, SUBJECT)
        return (
            *_FIELDS,
            *(
                ImportField(
                    f"{CUSTOM}{field.code}", field.name, field.name_en or field.name, is_required=field.is_required
                )
                for field in custom
            ),
        )

    def begin(self, actor: Actor, *, on_match: str, is_trial: bool) -> CustomerLoader:  # noqa: ARG002 - no secrets
        return CustomerLoader(actor, does_change=on_match == Import.OnMatch.CHANGE)


class CustomerLoader:
    def __init__(self, actor: Actor, *, does_change: bool) -> None:
        self._actor, self._tenant, self._does_change = actor, actor.tenant, does_change
        self._custom = {field.code: field for field in own_fields.definitions(actor.tenant, SUBJECT)}
        users = accounts.list_users(tenant=actor.tenant).values_list("pk", "username", "name")
        self._users = {name.casefold(): pk for pk, username, whole in users for name in (whole, username)}

        self._readers = self._readers_by_field()

    def parse(self, given: Mapping[str, str]) -> ParsedRow:
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for code, cell in given.items():
            if not cell:
                continue
            try:
                values[code] = self._value(code, cell)
            except BadValue as error:
                problems[code] = error.code
        if "name" not in values and "name" not in problems:
            problems["name"] = "missing"
        keys = [f"number:{number}" for number, _ in _numbers_of(values)]
        keys += [f"mail:{mail}" for mail in values.get("emails", ())]
        if not keys:
            keys = [f"name:{values.get('name', '')}:{values.get('company', '')}"[:120]]
        return ParsedRow(values, tuple(keys), problems)

    def _value(self, code: str, cell: str) -> Any:
        if code.startswith(CUSTOM):
            return self._custom_value(code.removeprefix(CUSTOM), cell)
        read = self._readers.get(code)
        if read is not None:
            return read(cell)
        if len(cell) > _LENGTHS.get(code, 300):
            raise BadValue("string_too_long")
        return cell

    def _readers_by_field(self) -> dict[str, Callable[[str], Any]]:
        return {
            **{code: partial(_choice, _CHOICES[code]) for code in _CHOICES},
            **dict.fromkeys(_NUMBERS, self._numbers),
            **dict.fromkeys(_MONEY, partial(self._clean, FieldKind.MONEY)),
            **dict.fromkeys(_DATES, partial(self._clean, FieldKind.DATE)),
            "emails": lambda cell: [str(self._clean(FieldKind.EMAIL, part)).lower() for part in parts_of(cell)],
            "owner": lambda cell: _known(self._users.get(cell.casefold()), "unknown_user"),
            "tags": parts_of,
        }

    def _numbers(self, cell: str) -> list[str]:
        return [self._number(part) for part in parts_of(cell)]

    def _number(self, text: str) -> str:
        number = _normalise(self._tenant.region)(text)
        if number is None:
            raise BadValue("bad_number")
        return number

    def _clean(self, kind: FieldKind, cell: str) -> Any:
        definition = Definition(code="", kind=kind, name="", rules=Rules(decimals=2))
        return clean_value(definition, cell, normalise=_normalise(self._tenant.region))

    def _custom_value(self, code: str, cell: str) -> Any:
        """Return the value as the field's own cleaning reads it; choices and users are told by their words."""
        field = self._custom.get(code)
        if field is None:
            raise BadValue("unknown_field")
        if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
            by_word = {
                word.casefold(): each.code for each in field.options for word in (each.code, each.name_en, each.name)
            }
            chosen = [_known(by_word.get(part.casefold()), "unknown_option") for part in parts_of(cell)]
            return chosen if field.kind is FieldKind.CHOICES else chosen[0]
        if field.kind is FieldKind.USER:
            return _known(self._users.get(cell.casefold()), "unknown_user")
        return clean_value(field, cell, normalise=_normalise(self._tenant.region))

    def perform(self, row: ParsedRow) -> Effect:
        found = self._find(row)
        if found is None:
            return self._create(row.values)
        if not self._does_change:
            return Effect(Outcome.SKIPPED, found.pk, found.name)
        before = snapshots.take(tenant=self._tenant, customer_id=found.pk)
        numbers = queries.numbers_of(tenant=self._tenant, customer_ids=[found.pk]).get(found.pk, [])
        emails = queries.emails_of(tenant=self._tenant, customer_ids=[found.pk]).get(found.pk, [])
        known = {each.number for each in numbers}
        reach = _reach(row.values)
        services.update_customer(
            actor=self._actor,
            customer_id=found.pk,
            fields=self._columns(row.values),
            reach=Reach(
                numbers=[
                    *(NumberChange(id=each.pk) for each in numbers),
                    *(each for each in reach.numbers or () if each.number not in known),
                ],
                emails=[*emails, *(reach.emails or ())],
                addresses=reach.addresses,
            ),
        )
        tags.add_tags(tenant=self._tenant, customer_ids=[found.pk], tag_ids=self._tag_ids(row.values))
        after = snapshots.take(tenant=self._tenant, customer_id=found.pk)
        if before is None or after is None or not snapshots.differences(after, before):
            return Effect(Outcome.UNCHANGED, found.pk, found.name)
        return Effect(Outcome.CHANGED, found.pk, found.name, before, after)

    def _find(self, row: ParsedRow) -> Any:
        """Return whom the row means. Raises ``Refusal`` ("several_matches")."""
        numbers = [key.removeprefix("number:") for key in row.keys if key.startswith("number:")]
        mails = [key.removeprefix("mail:") for key in row.keys if key.startswith("mail:")]
        found = queries.known_by(
            tenant=self._tenant,
            numbers=numbers,
            emails=mails,
            name=None if numbers or mails else (row.values["name"], row.values.get("company", "")),
        )
        if len(found) > 1:
            found = [each for each in found if each.name == row.values["name"]] or found
        if len(found) > 1:
            raise Refusal("several_matches")
        return found[0] if found else None

    def _create(self, values: dict[str, Any]) -> Effect:
        made = services.create_customer(
            actor=self._actor,
            fields=self._columns(values),
            reach=_reach(values),
            tag_ids=self._tag_ids(values),
        )
        return Effect(
            Outcome.CREATED, made.pk, made.name, None, snapshots.take(tenant=self._tenant, customer_id=made.pk)
        )

    def _columns(self, values: dict[str, Any]) -> dict[str, Any]:
        joined = {*_NUMBERS, *_PLACE, "emails", "tags", "owner", "birthday"}
        plain = {name: value for name, value in values.items() if name not in joined and not name.startswith(CUSTOM)}
        custom = {name.removeprefix(CUSTOM): value for name, value in values.items() if name.startswith(CUSTOM)}
        if custom:
            plain["custom"] = custom
        if "owner" in values:
            plain["owner_id"] = values["owner"]
        if "birthday" in values:
            year, month, day = (int(part) for part in values["birthday"].split("-"))
            plain |= {"birth_year": year, "birth_month": month, "birth_day": day}
        if any(name in values for name in _PLACE):
            plain.pop("address", None)  # it stands in the list of addresses then
        return plain

    def _tag_ids(self, values: dict[str, Any]) -> list[int]:
        """Return the tags' ids; one that the company lacks is made."""
        names = [name[:40] for name in values.get("tags", ())]
        known = (
            {tag.name: tag.pk for tag in tags.list_tags(tenant=self._tenant).filter(name__in=names)} if names else {}
        )
        return [known.get(name) or tags.create_tag(actor=self._actor, fields={"name": name}).pk for name in names]

    def undo(self, effect: Effect) -> None:
        customer_id = effect.subject_id or 0
        now = snapshots.take(tenant=self._tenant, customer_id=customer_id)
        if now is None and effect.outcome == Outcome.CREATED:
            return
        differing = snapshots.differences(now, effect.after or {})
        if differing:
            raise Differs(differing)
        if effect.outcome == Outcome.CREATED:
            removal.remove_customer(actor=self._actor, customer_id=customer_id)
            return
        removal.put_back_customer(actor=self._actor, customer_id=customer_id, snapshot=effect.before or {})

    def close(self) -> None:
        """The engine knows no customers."""


def _choice(words: Mapping[str, Sequence[str]], cell: str) -> str:
    return str(_known(choice_of(cell, words)))


def _known(value: Any, code: str = "unknown_choice") -> Any:
    if value is None:
        raise BadValue(code)
    return value


def _normalise(region: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        try:
            return normalise_number(text, region)
        except BadNumber:
            return None

    return read


def _numbers_of(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(number, use) for column, use in _NUMBERS.items() for number in values.get(column, ())]


def _reach(values: Mapping[str, Any]) -> Reach:
    addresses = None
    if any(name in values for name in _PLACE):
        place = {name: values.get(name, "") for name in _PLACE}
        addresses = [place | {"line": values.get("address", "")}]
    return Reach(
        numbers=[NumberChange(number=number, use=use or None) for number, use in _numbers_of(values)],
        emails=list(values.get("emails", ())),
        addresses=addresses,
    )
