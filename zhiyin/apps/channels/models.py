"""Numbers, trunks, SIP telephones and the outbound policy."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import Tenant, TenantManager, TenantModel


class Number(TenantModel):
    """A number the company is called on, in canonical form. It belongs to one company of the installation."""

    number = models.CharField(max_length=32)
    name = models.CharField(max_length=60, blank=True)
    flow = models.ForeignKey("flows.Flow", on_delete=models.PROTECT, related_name="+")
    #: calls to it are admitted from a reserve when the installation cannot take all calls
    is_vip = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number",), name="number_taken", violation_error_code="number"),)

    def __str__(self) -> str:
        return self.number


class Trunk(TenantModel):
    """A SIP trunk to a carrier."""

    class Transport(models.TextChoices):
        UDP = "udp"
        TCP = "tcp"
        TLS = "tls"

    name = models.CharField(max_length=60)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=5060)
    transport = models.CharField(max_length=3, choices=Transport.choices, default=Transport.UDP)
    username = models.CharField(max_length=100, blank=True)
    sealed_secret = models.TextField(blank=True)
    does_register = models.BooleanField(default=False)
    caller_number = models.CharField(max_length=32, blank=True)
    is_enabled = models.BooleanField(default=True)
    #: voices by SRTP, whose keys only TLS hides
    is_encrypted = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "name"), name="trunk_name_taken", violation_error_code="name"),
            models.CheckConstraint(
                condition=models.Q(does_register=False) | ~models.Q(username=""),
                name="trunk_registers_by_name",
                violation_error_code="username",
            ),
            models.CheckConstraint(
                condition=models.Q(is_encrypted=False) | models.Q(transport="tls"),
                name="trunk_encrypts_over_tls",
                violation_error_code="is_encrypted",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Telephone(TenantModel):
    """A SIP telephone that registers. ``account`` is unique in the installation: all companies share one registrar."""

    account = models.CharField(max_length=64)
    label = models.CharField(max_length=60, blank=True)
    sealed_secret = models.TextField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account",), name="telephone_account_taken", violation_error_code="extension"
            ),
            models.UniqueConstraint(
                fields=("tenant", "user"), name="telephone_one_per_agent", violation_error_code="agent_id"
            ),
        )

    def __str__(self) -> str:
        return self.account


class OutboundPolicy(models.Model):
    """Which numbers may be called, how many at once, and what they are shown."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+")
    allowed_prefixes = ArrayField(models.CharField(max_length=20), default=list)
    denied_prefixes = ArrayField(models.CharField(max_length=20), default=list)
    max_concurrent = models.PositiveIntegerField(default=20)
    max_per_hour_per_agent = models.PositiveIntegerField(default=120)
    caller_number = models.CharField(max_length=32, blank=True)
    wrap_up_s = models.PositiveSmallIntegerField(default=60)
    wrap_up_mode = models.CharField(max_length=12, default="extendable", db_default="extendable")
    wrap_up_extensions = models.PositiveSmallIntegerField(default=3, db_default=3)
    wrap_up_extension_s = models.PositiveSmallIntegerField(default=60, db_default=60)
    is_recorded = models.BooleanField(default=True)
    #: calls between colleagues; default of the database too: while an upgrade runs, the version before writes rows
    is_internal_recorded = models.BooleanField(default=False, db_default=False)
    #: the trunks tried, in this order
    trunks = ArrayField(models.BigIntegerField(), default=list)
    #: caps of a day's minutes; null: none
    max_minutes_per_day = models.PositiveIntegerField(null=True, blank=True)
    max_international_minutes_per_day = models.PositiveIntegerField(null=True, blank=True, default=300)
    max_premium_minutes_per_day = models.PositiveIntegerField(null=True, blank=True, default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return "outbound"


class GuestCall(models.Model):
    """A call from the "call us" page, counted per address. Knows no company: it limits the address."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("address", "at"), name="guest_call_address"),)

    def __str__(self) -> str:
        return self.address
