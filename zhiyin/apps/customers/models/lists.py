"""The lists of numbers and customers that are treated apart: VIP, blocked, not to be called."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.customers.models.record import Customer
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class ListEntry(TenantModel):
    """A number, or a customer with all numbers, on one list. Never deleted: who put it there and took it off stays."""

    class List(models.TextChoices):
        VIP = "vip"
        BLOCK = "block"
        DO_NOT_CALL = "do_not_call"

    list = models.CharField(max_length=12, choices=List.choices)
    #: in canonical form; "" for a customer's entry
    number = models.CharField(max_length=32, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number="", customer__isnull=False)
                | (~models.Q(number="") & models.Q(customer__isnull=True)),
                name="list_entry_of_one",
                violation_error_code="number",
            ),
            models.UniqueConstraint(
                fields=("tenant", "list", "number"),
                condition=models.Q(ended_at__isnull=True) & ~models.Q(number=""),
                name="list_entry_number",
                violation_error_code="number",
            ),
            models.UniqueConstraint(
                fields=("tenant", "list", "customer"),
                condition=models.Q(ended_at__isnull=True, customer__isnull=False),
                name="list_entry_customer",
                violation_error_code="customer_id",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "number"), name="list_entry_by_number"),
            models.Index(fields=("tenant", "list", "-created_at"), name="list_entry_latest"),
        )

    def __str__(self) -> str:
        return self.number or str(self.customer_id)
