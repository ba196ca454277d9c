"""Reading customers' numbers: for their cards, and for the lists on which they stand."""

from __future__ import annotations

from collections.abc import Iterable

from zhiyin.apps.customers.belongings import Belongings
from zhiyin.apps.customers.models import CustomerNumber
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant

_NUMBERS = Belongings(CustomerNumber, order="t.position, t.id")


def numbers_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[CustomerNumber]]]:
    """Ask for each customer's numbers in their order."""
    return _NUMBERS.question(tenant, customer_ids)


def numbers_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[CustomerNumber]]:
    return answer(numbers_asked(tenant=tenant, customer_ids=customer_ids))
