"""What of a customer a flow may look up: fields that every customer has, and those of the company's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping

#: Who is looked for by a telephone number.
BY_NUMBER = "number"
#: A field of the company's own is named by this and its code.
OWN_PREFIX = "custom."

#: field -> its words, in Chinese and English
CUSTOMER_FIELDS: Mapping[str, tuple[str, str]] = {
    "name": ("姓名", "Name"),
    "class": ("客户分级", "Class"),
    "level": ("级别", "Level"),
    "kind": ("个人或企业", "Person or company"),
    "gender": ("性别", "Gender"),
    "company": ("单位", "Company"),
    "type": ("类型", "Type"),
    "service": ("业务", "Service"),
    "credit_rating": ("信用等级", "Credit rating"),
    "credit_limit": ("信用额度", "Credit limit"),
    "arrears": ("欠费", "Arrears"),
    "monthly_value": ("月均消费", "Monthly value"),
    "key_account": ("大客户", "Key account"),
    "email": ("邮箱", "Mail address"),
    "owner": ("负责人编号", "Owner's id"),
    "id": ("客户编号", "Customer's id"),
}


def is_customer_field(code: object) -> bool:
    """Return whether a flow may name it; whether the company has such a field of its own is not said."""
    if not isinstance(code, str):
        return False
    return code in CUSTOMER_FIELDS or (code.startswith(OWN_PREFIX) and code != OWN_PREFIX)
