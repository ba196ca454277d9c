"""The company's own rules of the router: classes of contacts, and which of them a free agent takes first."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel
from zhiyin.domain.routing.policy import DEFAULT_CHANNELS


class ContactClass(TenantModel):
    """A class of contacts and whom it is for: ``domain.routing.policy.ContactClass``, ``classes.ClassRule``.

    Tried by ``position``. The code never changes: flows and records name the class by it.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    points = models.SmallIntegerField(default=0)
    per_minute = models.FloatField(default=1.0)
    at_most = models.PositiveSmallIntegerField(default=1000)
    #: null: the queue's own target
    target_s = models.PositiveIntegerField(null=True, blank=True)
    #: the share to be answered within a target of its own; 0: none is aimed at
    target_pct = models.PositiveSmallIntegerField(default=80, db_default=80)
    is_hard = models.BooleanField(default=False)
    is_for_vips = models.BooleanField(default=False)
    customer_classes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    #: numbers called, as they stand in the company's numbers
    entries = ArrayField(models.CharField(max_length=32), default=list, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "code"), name="contact_class_code", violation_error_code="code"),
        )

    def __str__(self) -> str:
        return self.name


def plain_channels() -> list[dict[str, Any]]:
    """Return the rules that hold where a company says nothing."""
    return [
        {"channel": name, "limit": rule.limit, "effort": rule.effort, "interrupts": sorted(rule.interrupts)}
        for name, rule in DEFAULT_CHANNELS.items()
    ]


class RoutingPolicy(TenantModel):
    """One row a company: ``domain.routing.policy.Policy`` beside queues and classes."""

    contact_choice = models.CharField(max_length=20, default="priority")
    #: of the rule "weighted", in hundredths: what a minute of talk and what a contact counts
    talk_weight_pct = models.PositiveSmallIntegerField(default=40)
    count_weight_pct = models.PositiveSmallIntegerField(default=60)
    #: 公平派单: hard contacts an agent gets a day (0: any number), the gap after one, how long one waits for the rested
    hard_per_shift = models.PositiveSmallIntegerField(default=0)
    hard_gap_s = models.PositiveIntegerField(default=0)
    hard_waits_s = models.PositiveIntegerField(default=60)
    #: 纯呼入: nobody calls out, emergency numbers apart
    is_inbound_only = models.BooleanField(default=False)
    #: 多渠道容量: [{"channel", "limit", "effort", "interrupts": [channel]}] as ``contracts.snapshots.ChannelSetting``
    channels = models.JSONField(default=plain_channels, db_default=models.Value([], models.JSONField()), blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant",), name="routing_policy_one"),)

    def __str__(self) -> str:
        return "routing"


class RestPolicy(TenantModel):
    """One row a company: who may rest when. ``domain.rests.RestRule``."""

    approval = models.CharField(max_length=8, default="none")
    #: null: as long as anybody likes
    minutes_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    #: [{"since", "until", "weekdays"}]
    no_rest_times = models.JSONField(default=list, blank=True)
    #: [{"team", "queue", "at_most", "share_pct"}]
    quotas = models.JSONField(default=list, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant",), name="rest_policy_one"),)

    def __str__(self) -> str:
        return "rests"
