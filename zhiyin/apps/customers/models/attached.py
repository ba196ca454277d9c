"""What is attached to a customer: tags, owned products, relations to other customers, consents."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.customers.models.record import Customer
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Tag(TenantModel):
    class Colour(models.TextChoices):
        GREY = "grey"
        BLUE = "blue"
        GREEN = "green"
        ORANGE = "orange"
        RED = "red"
        PURPLE = "purple"

    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=8, choices=Colour.choices, default=Colour.GREY)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "name"), name="tag_name", violation_error_code="name"),
        )

    def __str__(self) -> str:
        return self.name


class CustomerTag(TenantModel):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("customer", "tag"), name="customer_tag_twice", violation_error_code="tags"),
        )
        indexes = (models.Index(fields=("tenant", "tag", "customer"), name="customer_tag"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"


class Product(TenantModel):
    """One line of the catalogue: what the company sells, and how long it stands for it."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    warranty_months = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "code"), name="product_code", violation_error_code="code"),
        )

    def __str__(self) -> str:
        return self.name


class OwnedProduct(TenantModel):
    """A thing the customer has: of the catalogue, or named as somebody told it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=200)
    serial = models.CharField(max_length=80, blank=True)
    purchased_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "customer"), name="owned_product_customer"),
            models.Index(fields=("tenant", "serial"), name="owned_product_serial"),
            models.Index(fields=("tenant", "product"), name="owned_product_product"),
        )

    def __str__(self) -> str:
        return self.name


class Relation(TenantModel):
    """``customer`` stands in ``kind`` to ``other``: works for it, was referred by it, is family of it."""

    class Kind(models.TextChoices):
        WORKS_FOR = "works_for"
        SUBSIDIARY_OF = "subsidiary_of"
        FAMILY = "family"
        REFERRED_BY = "referred_by"
        OTHER = "other"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    #: decision maker, accountant, daughter ...
    role = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "other", "kind"), name="relation_twice", violation_error_code="other_id"
            ),
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("other")),
                name="relation_to_itself",
                violation_error_code="other_id",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "customer"), name="relation_customer"),
            models.Index(fields=("tenant", "other"), name="relation_other"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.other_id}"


class Consent(TenantModel):
    """One word of the customer about one channel and purpose. Never changed: the last one counts."""

    class Channel(models.TextChoices):
        CALL = "call"
        SMS = "sms"
        EMAIL = "email"
        MESSAGE = "message"
        RECORDING = "recording"

    class Purpose(models.TextChoices):
        SERVICE = "service"
        MARKETING = "marketing"
        SURVEY = "survey"
        PROFILING = "profiling"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    is_given = models.BooleanField()
    at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    #: on the telephone, in a letter, on the website ...
    how = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "customer", "channel", "purpose", "-at"), name="consent_last"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.channel} {self.purpose}"
