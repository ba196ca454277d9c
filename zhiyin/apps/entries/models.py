"""The table that says by which flow a caller is served."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class EntryRule(TenantModel):
    """进线规则: whom a flow is for, in the order of trying. A share below 100 makes it a canary."""

    name = models.CharField(max_length=60)
    note = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    is_enabled = models.BooleanField(default=True)
    flow = models.ForeignKey("flows.Flow", on_delete=models.PROTECT, related_name="+")
    #: canonical; empty: any
    numbers = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    customer_classes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_vip_only = models.BooleanField(default=False)
    hours = models.ForeignKey("flows.Hours", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_open_wanted = models.BooleanField(default=True)
    share_pct = models.PositiveSmallIntegerField(default=100)
    #: it is switched off where, with so many contacts in each arm, so many points more gave up in the flow, or met a
    #: fault, than in the other arm; null: not watched
    least_contacts = models.PositiveIntegerField(default=50)
    gave_up_points = models.PositiveSmallIntegerField(null=True, blank=True, default=10)
    fault_points = models.PositiveSmallIntegerField(null=True, blank=True, default=5)
    #: since when its results are of one thing: its last change in what decides
    counted_since = models.DateTimeField()
    #: of one that was switched off by itself: {"reason", "value", "other", "bound", "contacts"}
    breach = models.JSONField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="entry_rule_name_taken", violation_error_code="name"),
            models.CheckConstraint(condition=models.Q(share_pct__gte=1, share_pct__lte=100), name="entry_rule_share"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_canary(self) -> bool:
        return self.share_pct < 100
