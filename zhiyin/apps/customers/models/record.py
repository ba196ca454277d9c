"""A customer, a person or a company, and the numbers, mail and postal addresses by which the customer is reached."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from zhiyin.apps.customers.models.classes import CustomerClass
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Customer(TenantModel):
    """Persons and companies stand in one table, so that numbers, contacts and lists know one id."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"

    class Gender(models.TextChoices):
        UNKNOWN = "unknown"
        FEMALE = "female"
        MALE = "male"

    class Level(models.TextChoices):
        ORDINARY = "ordinary"
        IMPORTANT = "important"
        VIP = "vip"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=100)
    #: the name's initials and its whole pinyin, for searching: "zxm zhangxiaoming"
    pinyin = models.CharField(max_length=400, blank=True)
    #: where a person works, as written; a company that is a customer itself is a relation "works_for"
    company = models.CharField(max_length=200, blank=True)
    gender = models.CharField(max_length=8, choices=Gender.choices, default=Gender.UNKNOWN)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.ORDINARY)
    hobbies = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    #: people tell their birthday without the year
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    anniversary_on = models.DateField(null=True, blank=True)
    #: the company's own word: government, wholesale, private ...
    type = models.CharField(max_length=40, blank=True)
    #: what the customer is worth a month (ARPU), in the company's currency
    monthly_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    service = models.CharField(max_length=100, blank=True)
    credit_rating = models.CharField(max_length=8, blank=True)
    credit_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    arrears = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    #: the class that the rules give, and the one that somebody chose instead, with the reason
    class_by_rule = models.ForeignKey(CustomerClass, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    class_by_hand = models.ForeignKey(CustomerClass, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    class_reason = models.CharField(max_length=300, blank=True)
    is_key_account = models.BooleanField(default=False)
    #: values of the company's own fields by their code
    custom = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: nobody owns who is in the public pool; when the owner was warned that the customer returns to it
    owned_since = models.DateTimeField(null=True, blank=True)
    return_announced_at = models.DateTimeField(null=True, blank=True)
    #: rises with every change; who changes an older one is told what happened meanwhile
    version = models.PositiveIntegerField(default=1)
    #: the row stays without anything that tells who it was, for what is counted; no list and no page shows it
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(birth_month__isnull=True, birth_day__isnull=True, birth_year__isnull=True)
                | models.Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
                name="customer_birthday",
                violation_error_code="birthday",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "name"), name="customer_name"),
            models.Index(fields=("tenant", "-changed_at", "-id"), name="customer_changed"),
            models.Index(fields=("tenant", "owner"), name="customer_owner"),
            models.Index(fields=("tenant", "-monthly_value"), name="customer_value"),
            models.Index(fields=("tenant", "birth_month", "birth_day"), name="customer_birthday_index"),
        )

    def __str__(self) -> str:
        return self.name


class CustomerNumber(TenantModel):
    """One number in canonical form. Several customers may share it: a family, a company's switchboard.

    The first of a customer's numbers is the primary one.
    """

    class Use(models.TextChoices):
        MOBILE = "mobile"
        HOME = "home"
        WORK = "work"
        FAX = "fax"
        OTHER = "other"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=32)
    #: as people type it: without the own country's code
    digits = models.CharField(max_length=32)
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.OTHER)
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


class CustomerEmail(TenantModel):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    #: in lower case, as it is looked for
    email = models.CharField(max_length=254)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "email"), name="customer_email_twice", violation_error_code="emails"
            ),
        )
        indexes = (models.Index(fields=("tenant", "email"), name="customer_email"),)

    def __str__(self) -> str:
        return self.email


class CustomerAddress(TenantModel):
    class Use(models.TextChoices):
        HOME = "home"
        WORK = "work"
        DELIVERY = "delivery"
        OTHER = "other"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.OTHER)
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    line = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "province", "city"), name="customer_address_place"),
            models.Index(fields=("customer", "position"), name="customer_address_order"),
        )

    def __str__(self) -> str:
        return f"{self.province}{self.city}{self.district}{self.line}"


class SearchEntry(TenantModel):
    """By what a customer is found (``search_keys.py``). A table of its own: most changes leave it as it is."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="+", primary_key=True)
    keys = SearchVectorField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (GinIndex(fields=("keys",), name="customer_search_keys"),)

    def __str__(self) -> str:
        return str(self.pk)
