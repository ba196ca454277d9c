"""API keys, and how much of each key's allowance is left."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class ApiKey(TenantModel):
    """What another system shows instead of a login. The secret itself is nowhere: only its digest."""

    name = models.CharField(max_length=60)
    #: the part that is shown in lists and in the audit; finds the row
    public_id = models.CharField(max_length=12, unique=True)
    #: SHA-256 of the secret part: 256 random bits need no slower hash
    digest = models.CharField(max_length=64)
    #: codes of rights, a subset of what its maker had
    rights = models.JSONField(default=list)
    #: addresses and networks it may be used from; empty: from everywhere
    addresses = models.JSONField(default=list, blank=True)
    calls_per_minute = models.PositiveIntegerField(default=600)
    expires_at = models.DateTimeField(null=True, blank=True)
    made_by = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    #: to the minute
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_address = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                condition=models.Q(revoked_at__isnull=True),
                name="api_key_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The beginning of the key as its user holds it, by which it is told from others."""
        return f"zyk_{self.tenant_id}_{self.public_id}"


class KeyAllowance(TenantModel):
    """A bucket of calls that fills up again. The table is unlogged: emptied by a crash, and cheap to write."""

    key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="+")
    calls = models.FloatField()
    filled_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return f"{self.key_id}: {self.calls}"
