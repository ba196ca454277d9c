"""The steps of an erasure. Each is one transaction, may be repeated, and says how much it found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit.chain import EMPTIED
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.privacy.person import opened
from zhiyin.apps.privacy.sweeping import empty_audit, sweep
from zhiyin.apps.privacy.touching import forget_keys
from zhiyin.apps.tenancy.actors import system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web

#: (tenant, customer_id) -> how many rows; an app that keeps something of customers names such a function
Forget = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Step:
    """``as_web``: done with the rights of ``web``, else with the worker's own, which writes log and projections."""

    name: str
    act: Callable[[Tenant, Erasure], int]
    as_web: bool = False

    def role(self) -> AbstractContextManager[None]:
        return working_as_web() if self.as_web else nullcontext()


@dataclass(frozen=True, slots=True)
class Registered:
    """An app that keeps something of customers, as ``settings.PERSONAL_DATA`` names it."""

    name: str
    by: str
    as_web: bool


def registered() -> list[Registered]:
    named: list[dict[str, Any]] = settings.PERSONAL_DATA
    return [Registered(**each) for each in named]


def _by_app(path: str) -> Callable[[Tenant, Erasure], int]:
    def act(tenant: Tenant, erasure: Erasure) -> int:
        forget: Forget = import_string(f"{path}.forget_customer")
        return forget(tenant=tenant, customer_id=erasure.customer_id)

    return act


def _sweep(tenant: Tenant, erasure: Erasure) -> int:
    return sweep(tenant=tenant, words=opened(erasure.sealed_words, tenant=tenant).words)


def _audit(tenant: Tenant, erasure: Erasure) -> int:
    """The chain still fits: which entries were emptied stands in an entry of its own (``audit.chain``)."""
    traces = opened(erasure.sealed_words, tenant=tenant)
    entries = empty_audit(tenant=tenant, subjects=traces.subjects, words=traces.words)
    if entries:
        audit.record(
            actor=system(tenant),
            action=EMPTIED,
            kind="erasure",
            subject=erasure.pk,
            after={"entries": entries, "customer": erasure.customer_id},
        )
    return len(entries)


def _keys(tenant: Tenant, erasure: Erasure) -> int:
    """From here on no backup tells of the person. Nothing is counted: the rows were."""
    told = opened(erasure.sealed_words, tenant=tenant)
    customers = [each for each in told.subjects if each.startswith("customer:")]
    forget_keys(tenant=tenant, erasure=erasure, own={*customers, *told.points})
    return 0


def all_steps() -> list[Step]:
    """Return the steps in their order: what hangs on the customer's contacts first, words and keys last."""
    by_app = [Step(each.name, _by_app(each.by), each.as_web) for each in registered()]
    return [*by_app, Step("audit", _audit), Step("words", _sweep), Step("keys", _keys, as_web=True)]
