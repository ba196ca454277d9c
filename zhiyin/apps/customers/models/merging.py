"""Merged customers, and pairs that may be one. Customers stand here by id: the merged one's row is gone."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class CustomerMerge(TenantModel):
    """合并: ``merged_id`` became part of ``kept_id``. Also the tombstone: whoever asks for the one finds the other."""

    kept_id = models.BigIntegerField()
    merged_id = models.BigIntegerField()
    kept_name = models.CharField(max_length=100)
    merged_name = models.CharField(max_length=100)
    #: field -> "merged" or "both", where the kept customer's own value was not taken
    chosen = models.JSONField(default=dict)
    #: both as they were, and the kept one as it was afterwards (``snapshots.py``)
    kept_before = models.JSONField()
    merged_before = models.JSONField()
    kept_after = models.JSONField()
    #: what other apps moved: table's reference or registered kind -> what it takes to move it back
    moved = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "merged_id"),
                condition=models.Q(undone_at__isnull=True),
                name="customer_merged_once",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "kept_id"), name="customer_merge_kept"),
            models.Index(fields=("tenant", "-at"), name="customer_merge_at"),
        )

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept_name}"


class DuplicatePair(TenantModel):
    """Two customers who may be one; ``low_id`` < ``high_id``."""

    class State(models.TextChoices):
        OPEN = "open"
        NOT_SAME = "not_same"

    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20))
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("low_id", "high_id"), name="duplicate_pair_once"),
            models.CheckConstraint(condition=models.Q(low_id__lt=models.F("high_id")), name="duplicate_pair_order"),
        )
        indexes = (
            models.Index(fields=("tenant", "state", "-score", "id"), name="duplicate_pair_score"),
            models.Index(fields=("tenant", "high_id"), name="duplicate_pair_high"),
        )

    def __str__(self) -> str:
        return f"{self.low_id} {self.high_id} {self.score}"


class DuplicateSearch(TenantModel):
    """查重: one search through all customers."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    #: pairs that share something and are compared
    total = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=150)
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant",), condition=models.Q(state="running"), name="duplicate_search_one"
            ),
        )
        indexes = (models.Index(fields=("tenant", "-began_at"), name="duplicate_search_began"),)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
