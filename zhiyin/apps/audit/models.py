"""The audit entry."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Entry(TenantModel):
    """One act of one user. The name is kept as it was, so that the entry outlives the user.

    ``before`` and ``after`` hold only the fields that changed; secrets never stand in them.
    """

    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150)
    address = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_name = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "audit_entry"
        indexes = (
            models.Index(fields=("tenant", "-at"), name="audit_entry_at"),
            models.Index(fields=("tenant", "subject_kind", "subject_id", "-at"), name="audit_entry_subject"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"
