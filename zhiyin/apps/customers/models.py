"""A customer, and the numbers by which the customer is known."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Customer(TenantModel):
    class Gender(models.TextChoices):
        UNKNOWN = "unknown"
        FEMALE = "female"
        MALE = "male"

    class Level(models.TextChoices):
        ORDINARY = "ordinary"
        IMPORTANT = "important"
        VIP = "vip"

    name = models.CharField(max_length=100)
    #: the name's initials and its whole pinyin, for searching: "zxm zhangxiaoming"
    pinyin = models.CharField(max_length=400, blank=True)
    company = models.CharField(max_length=200, blank=True)
    gender = models.CharField(max_length=8, choices=Gender.choices, default=Gender.UNKNOWN)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.ORDINARY)
    address = models.CharField(max_length=300, blank=True)
    hobbies = models.CharField(max_length=300, blank=True)
    product = models.CharField(max_length=200, blank=True)
    purchased_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "name"), name="customer_name"),)

    def __str__(self) -> str:
        return self.name


class CustomerNumber(TenantModel):
    """One number in canonical form. Several customers may share it: a family, a company's switchboard."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=32)
    #: as people type it: without the own country's code
    digits = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "number"), name="customer_number_twice", violation_error_code="numbers"
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "number"), name="customer_number"),
            models.Index(fields=("tenant", "customer", "position"), name="customer_number_order"),
        )

    def __str__(self) -> str:
        return self.number
