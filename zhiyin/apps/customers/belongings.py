"""What belongs to customers, row by row: numbers, mail addresses, products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar, cast

from zhiyin.apps.tenancy.asking import Question
from zhiyin.apps.tenancy.models import Tenant, TenantModel
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson

B = TypeVar("B", bound=TenantModel)


class _OfCustomer(Protocol):
    customer_id: int


class Belongings(Generic[B]):
    """The rows of one model that has a ``customer``; in ``order`` its table is called ``t``."""

    def __init__(self, model: type[B], *, order: str) -> None:
        self._rows = RowsAsJson(model)
        self._order = order

    def question(self, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[B]]]:
        """Ask for the rows of each customer in their order; who has none is missing."""
        return Question(self._sql, (tenant.pk, tuple(customer_ids)), self._read)

    @cached_property
    def _sql(self) -> str:
        return self._rows.select("t.tenant_id = $1 AND t.customer_id = ANY($2)", order=self._order)

    @cached_property
    def _read(self) -> Any:
        def read(text: str | None) -> dict[int, list[B]]:
            found: dict[int, list[B]] = defaultdict(list)
            for row in self._rows.read(text):
                found[cast(_OfCustomer, row).customer_id].append(row)
            return found

        return read
