"""Erasures with their certificates, and whether a second person has to agree. None of it names whom it was about."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class PrivacyPolicy(TenantModel):
    needs_approval = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant",), name="privacy_one_policy"),)

    def __str__(self) -> str:
        return str(self.needs_approval)


class Erasure(TenantModel):
    """删除个人数据: one customer's data on their way out; once done, the certificate."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

    number = models.UUIDField(default=uuid.uuid4, editable=False)
    customer_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)
    #: how many of the steps are done
    step = models.PositiveSmallIntegerField(default=0)
    #: step -> how many rows, files or places
    counts = models.JSONField(default=dict)
    #: [{"what", "count", "why"}]
    kept = models.JSONField(default=list)
    #: how the customer was asked for (by letter, law, number of the request); names nobody
    reason = models.CharField(max_length=200)
    #: names, numbers and addresses to be looked for, sealed, until it is done
    sealed_words = models.TextField(blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    decided_by_name = models.CharField(max_length=150, blank=True)
    ordered_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "number"), name="erasure_number"),
            models.UniqueConstraint(
                fields=("tenant", "customer_id"),
                condition=models.Q(state__in=("waiting", "running")),
                name="erasure_one_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("tenant", "-ordered_at"), name="erasure_ordered"),)

    def __str__(self) -> str:
        return str(self.number)


class Touched(TenantModel):
    """A row that an erasure has changed or removed, by what it hangs on: written by triggers of the sealed tables.

    Taken out when the erasure forgets the points' keys (``touching``).
    """

    erasure_id = models.BigIntegerField()
    #: the row itself first, then its owners
    points = ArrayField(models.TextField())

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return str(self.points)
