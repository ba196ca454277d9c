"""The words by which one person is found wherever the product has written them down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from urllib.parse import quote

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import erasing as customers
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.vault import open_secret, seal_secret
from zhiyin.contracts.numbers import dial_string

_PURPOSE = "erasure words"
#: shorter ones stand in too many other words
_SHORTEST_NAME, _SHORTEST_LATIN, _SHORTEST_NUMBER = 2, 6, 7


def words_of(*, tenant: Tenant, customer_id: int, others_numbers: Iterable[str] = ()) -> list[str]:
    """Return name, numbers in every form, and mail addresses that are this customer's alone, longest first.

    What another customer shares (a family's number, a frequent name) would erase that customer's data too: it is
    taken away from this customer's own rows only.
    """
    told = customers.own_identifiers(tenant=tenant, customer_id=customer_id)
    colleagues = accounts.names_within(tenant=tenant, names=told.names)
    words: set[str] = {name for name in told.names - colleagues if _stands_alone(name)}
    words |= set(told.emails)
    for number in {*told.numbers, *others_numbers}:
        forms = {number, number.removeprefix("+"), dial_string(number, tenant.region)}
        words |= {form for form in forms if len(form) >= _SHORTEST_NUMBER}
    words |= {quote(word, safe="") for word in words} | {quote(word) for word in words}
    return sorted(words, key=lambda word: (-len(word), word))


def _stands_alone(name: str) -> bool:
    """Latin letters make up other words, so a short name of them is found by its row alone."""
    return len(name) >= (_SHORTEST_LATIN if name.isascii() else _SHORTEST_NAME)


@dataclass(frozen=True, slots=True)
class Traces:
    """What is looked for everywhere: words, and subjects of the audit ("customer:7").

    ``points`` are what the person's rows and recordings hang on in backups (``contracts.person_keys``).
    """

    words: list[str]
    subjects: list[str]
    points: list[str] = field(default_factory=list)


def sealed(traces: Traces, *, tenant: Tenant) -> str:
    return seal_secret(json.dumps(asdict(traces)), tenant=tenant, purpose=_PURPOSE)


def opened(text: str, *, tenant: Tenant) -> Traces:
    return Traces(**json.loads(open_secret(text, tenant=tenant, purpose=_PURPOSE)))
