"""Keeping by what customers are found in step with what is stored of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from zhiyin.apps.customers.models import Customer, CustomerEmail, CustomerNumber
from zhiyin.apps.customers.search_keys import Findable, words_of
from zhiyin.apps.tenancy.models import Tenant

_WRITE = """
INSERT INTO customers_searchentry (customer_id, tenant_id, keys)
SELECT customer_id, %s, array_to_tsvector(string_to_array(words, E'\\n'))
FROM unnest(%s::bigint[], %s::text[]) AS given (customer_id, words)
ON CONFLICT (customer_id) DO UPDATE SET keys = excluded.keys WHERE customers_searchentry.keys <> excluded.keys
"""


def write_search_entries(*, tenant: Tenant, customers: Sequence[Customer]) -> None:
    """Write by what these customers are found, from their rows, numbers and mail addresses as stored.

    Whoever writes names, companies, numbers or mail addresses past ``services`` calls this. Repeatable.
    """
    ids = [customer.pk for customer in customers]
    numbers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    emails: dict[int, list[str]] = defaultdict(list)
    for number in CustomerNumber.objects.of(tenant).filter(customer_id__in=ids):
        numbers[number.customer_id].append((number.number, number.digits))
    for email in CustomerEmail.objects.of(tenant).filter(customer_id__in=ids):
        emails[email.customer_id].append(email.email)
    words = [
        "\n".join(
            words_of(
                Findable(
                    name=customer.name,
                    company=customer.company,
                    pinyin=customer.pinyin,
                    numbers=tuple(numbers[customer.pk]),
                    emails=tuple(emails[customer.pk]),
                ),
                tenant_id=tenant.pk,
            )
        )
        for customer in customers
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [tenant.pk, ids, words])
