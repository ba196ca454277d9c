"""The audit entry, the chain that seals it, and what looking through the chain found."""

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


class Seal(TenantModel):
    """One link of a company's chain (see ``chain``): entry by entry, in the order in which they were sealed.

    Written by the worker alone, never changed. An entry whose content a person's erasure took away still has its
    ``content_hash`` here, so that the links before and after it hold.
    """

    number = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    content_hash = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "audit_seal"
        constraints = (
            models.UniqueConstraint(fields=("tenant", "number"), name="audit_seal_number"),
            models.UniqueConstraint(fields=("tenant", "entry_id"), name="audit_seal_entry"),
        )
        indexes = (models.Index(fields=("tenant", "-sealed_at"), name="audit_seal_at"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.entry_id}"


class Verification(TenantModel):
    """One look through a company's whole chain. ``findings``: the first of them, each {code, number, entry}."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    sealed = models.BigIntegerField()
    found = models.BigIntegerField()
    findings = models.JSONField(default=list)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "audit_verification"
        indexes = (models.Index(fields=("tenant", "-ended_at"), name="audit_verification_at"),)

    def __str__(self) -> str:
        return f"{self.ended_at:%Y-%m-%d %H:%M}: {self.found}"
