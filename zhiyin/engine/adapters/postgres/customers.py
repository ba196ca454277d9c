"""Looking a customer up for a flow: the fields that an administrator chose, over Django's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from zhiyin.domain.fields.keys import fold
from zhiyin.domain.flows.customer_fields import BY_NUMBER, OWN_PREFIX

#: One is meant: of several no more is asked than that they are several.
_MOST = 2
#: So long may a value be that a contact keeps.
_CHARACTERS = 200

#: field of domain/flows/customer_fields.py -> how it is read; each of them text
_READ = {
    "id": "c.id::text",
    "name": "c.name",
    "kind": "c.kind",
    "class": """(SELECT k.name FROM customers_customerclass k
                  WHERE k.id = coalesce(c.class_by_hand_id, c.class_by_rule_id))""",
    "level": "c.level",
    "gender": "c.gender",
    "company": "c.company",
    "type": "c.type",
    "service": "c.service",
    "credit_rating": "c.credit_rating",
    "credit_limit": "c.credit_limit::text",
    "arrears": "c.arrears::text",
    "monthly_value": "c.monthly_value::text",
    "key_account": "c.is_key_account::text",
    "email": "(SELECT e.email FROM customers_customeremail e WHERE e.customer_id = c.id ORDER BY e.position LIMIT 1)",
    "owner": "c.owner_id::text",
}
_WITH_NUMBER = "SELECT customer_id FROM customers_customernumber WHERE tenant_id = %(tenant)s AND number = %(value)s"
_WITH_FIELD = """
    SELECT k.record_id FROM fields_fieldkey k JOIN fields_fielddefinition d ON d.id = k.field_id
     WHERE d.tenant_id = %(tenant)s AND d.subject = 'customer' AND d.code = %(by)s AND d.is_active
       AND k.tenant_id = %(tenant)s AND k.is_whole AND k.text = %(value)s"""


async def find_customers(
    connection: AsyncConnection[Any], *, tenant: int, by: str, value: str, fields: Sequence[str]
) -> list[dict[str, str]]:
    is_number = by == BY_NUMBER
    asked: dict[str, object] = {"tenant": tenant, "value": value if is_number else fold(value), "most": _MOST}
    asked |= {"by": by.removeprefix(OWN_PREFIX), "length": _CHARACTERS}
    columns = ["''"]
    for place, field in enumerate(fields):
        if field in _READ:
            columns.append(_READ[field])
        else:
            asked[f"own{place}"] = field.removeprefix(OWN_PREFIX)
            columns.append(f"c.custom->>%(own{place})s::text")
    read = ", ".join(f"left({column}, %(length)s)" for column in columns)
    those = _WITH_NUMBER if is_number else _WITH_FIELD
    statement = f"""
        SELECT {read} FROM customers_customer c
         WHERE c.tenant_id = %(tenant)s AND c.erased_at IS NULL AND c.id IN ({those})
         ORDER BY c.changed_at DESC LIMIT %(most)s"""  # noqa: S608 - this module's own columns, values are bound
    rows = await (await connection.execute(statement.encode(), asked)).fetchall()
    return [{field: text for field, text in zip(fields, row[1:], strict=True) if text} for row in rows]
