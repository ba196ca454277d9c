"""The moves of customers out of the public pool and back."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.customers.models.record import Customer
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class PoolMove(TenantModel):
    """A customer went from the pool to an owner, back, or from one owner to another."""

    class Kind(models.TextChoices):
        CLAIM = "claim"
        ASSIGN = "assign"
        RELEASE = "release"
        RETURN = "return"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    to_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "to_owner", "kind", "at"), name="pool_move_claims"),
            models.Index(fields=("tenant", "customer", "-at"), name="pool_move_customer"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id}"
