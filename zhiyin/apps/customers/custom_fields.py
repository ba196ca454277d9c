"""What custom fields and layouts know of customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhiyin.apps.accounts.services import register_owned
from zhiyin.apps.customers.field_names import field_of
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.ownership import count_owned, hand_over_owned
from zhiyin.apps.fields import queries as fields
from zhiyin.apps.fields.subjects import BuiltIn, Subject, register
from zhiyin.apps.tenancy.field_rights import FieldWords, register_fields
from zhiyin.apps.tenancy.models import Tenant

SUBJECT = "customer"
_PERSON = frozenset({"person"})


def _records(tenant: Tenant, after: int, limit: int) -> Iterable[tuple[int, Mapping[str, Any]]]:
    rows = Customer.objects.of(tenant).filter(pk__gt=after).order_by("pk")
    return rows.values_list("pk", "custom")[:limit]


CUSTOMER = Subject(
    code=SUBJECT,
    name="客户",
    name_en="Customer",
    built_in=(
        BuiltIn("name", "姓名", "Name", is_required=True),
        BuiltIn("company", "单位", "Company", variants=_PERSON),
        BuiltIn("gender", "性别", "Gender", variants=_PERSON),
        BuiltIn("level", "级别", "Level"),
        BuiltIn("numbers", "电话", "Telephone", is_wide=True),
        BuiltIn("emails", "邮箱", "Mail", is_wide=True),
        BuiltIn("addresses", "地址", "Addresses", is_wide=True),
        BuiltIn("tags", "标签", "Tags", is_wide=True),
        BuiltIn("birthday", "生日", "Birthday", variants=_PERSON),
        BuiltIn("anniversary_on", "纪念日", "Anniversary"),
        BuiltIn("type", "类型", "Type"),
        BuiltIn("monthly_value", "月均消费", "Monthly value"),
        BuiltIn("service", "业务", "Service"),
        BuiltIn("credit_rating", "信用等级", "Credit rating"),
        BuiltIn("credit_limit", "信用额度", "Credit limit"),
        BuiltIn("arrears", "欠费", "Arrears"),
        BuiltIn("hobbies", "爱好", "Hobbies", is_wide=True, variants=_PERSON),
        BuiltIn("owner_id", "负责人", "Owner"),
        BuiltIn("note", "备注", "Note", is_wide=True),
    ),
    variants={"person": ("个人", "Person"), "company": ("企业", "Company")},
    records=_records,
)


#: a record has these whatever a role may see, or they say nothing when they are empty
_NOT_RESTRICTED = frozenset({"name", "gender", "level", "owner_id"})
_CANNOT_BE_MASKED = frozenset({"addresses", "tags", "birthday", "anniversary_on"})
_AMOUNTS = frozenset({"monthly_value", "credit_limit", "arrears"})


def _company_fields(tenant: Tenant) -> list[FieldWords]:
    return [
        FieldWords(f"custom.{field.code}", field.name, field.name_en or field.name)
        for field in fields.definitions(tenant, SUBJECT)
    ]


def register_customers() -> None:
    register(CUSTOMER)
    restrictable = [field for field in CUSTOMER.built_in if field.code not in _NOT_RESTRICTED]
    words = [
        FieldWords(field.code, field.name, field.name_en, field.code not in _CANNOT_BE_MASKED | _AMOUNTS)
        for field in restrictable
    ]
    register_fields(SUBJECT, words, of_company=_company_fields, field_of=field_of, named_in=("list_entry",))
    register_owned(kind="customers", zh="客户", en="Customers", count=count_owned, hand_over=hand_over_owned)
