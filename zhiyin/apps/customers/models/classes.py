"""Classes of customers, and how a company keeps its customers."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class CustomerClass(TenantModel):
    """A class (客户分级) and its rule: ``conditions`` as ``domain.customers.classes`` reads them, by ``position``."""

    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=8, default="blue")
    position = models.PositiveSmallIntegerField(default=0)
    conditions = models.JSONField(default=list, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "name"), name="customer_class_name", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class CustomerPolicy(TenantModel):
    """One row a company: limits of the pool (``domain.customers.pool``), and how many are key accounts."""

    claims_per_day = models.PositiveIntegerField(null=True, blank=True, default=20)
    max_held = models.PositiveIntegerField(null=True, blank=True, default=200)
    return_after_days = models.PositiveIntegerField(null=True, blank=True)
    announce_days = models.PositiveIntegerField(default=3)
    key_share_pct = models.PositiveSmallIntegerField(default=20)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant",), name="customer_policy_one"),
            models.CheckConstraint(
                condition=models.Q(key_share_pct__range=(1, 100)),
                name="customer_policy_share",
                violation_error_code="key_share_pct",
            ),
        )

    def __str__(self) -> str:
        return "customers"
