"""Queues, who serves them, and the lists that agents choose from."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Queue(TenantModel):
    """A queue. Once removed it keeps its name for the records."""

    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    #: required skill's code -> least level 1 to 10
    skills = models.JSONField(default=dict, blank=True)
    offer_timeout_s = models.PositiveSmallIntegerField(default=20)
    wrap_up_s = models.PositiveSmallIntegerField(default=60)
    service_level_s = models.PositiveSmallIntegerField(default=20)
    #: the share to be answered within it; 0: none is aimed at
    service_level_pct = models.PositiveSmallIntegerField(default=80, db_default=80)
    announce_every_s = models.PositiveSmallIntegerField(default=30)
    max_wait_s = models.PositiveIntegerField(default=1800)
    is_recorded = models.BooleanField(default=True)
    #: what colleagues dial for it; "": nothing
    extension = models.CharField(max_length=6, blank=True, default="", db_default="")
    #: how it chooses between agents: ``domain.routing.policy.AgentChoice``
    agent_choice = models.CharField(max_length=30, default="longest_idle", db_default="longest_idle")
    #: how many telephones ring at once where it rings all
    ring_at_most = models.PositiveSmallIntegerField(default=10, db_default=10)
    #: [{"after_s", "lower_by", "drop": [skill], "add_queues": [id]}], the earliest first
    rings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    announces_place = models.BooleanField(default=True, db_default=True)
    announces_wait = models.BooleanField(default=True, db_default=True)
    #: its calendar, an id of ``flows.Hours``; null: open whenever a flow leads here
    hours_id = models.BigIntegerField(null=True, blank=True)
    #: [{"condition", "threshold", "action", "queue", "prompt"}], in order: ``domain.routing.overflow``
    overflow = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    #: points that its contacts have on top of those of their class
    weight = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: {"who", "wait_s", "within_days", "waits_for_away"} as ``domain.routing.classes.Preference``; {}: nobody
    preference = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    #: 留言, 回呼: the fields of ``contracts.snapshots`` ``VoicemailSetting`` and ``CallbackSetting``; null: not here
    voicemail = models.JSONField(null=True, blank=True)
    callback = models.JSONField(null=True, blank=True)
    #: 满意度邀评: the fields of ``contracts.snapshots.SurveySetting``; null: nobody is asked
    survey = models.JSONField(null=True, blank=True)
    #: 话后整理: ``domain.wrap_up.WrapUpRule``
    wrap_up_mode = models.CharField(max_length=12, default="extendable", db_default="extendable")
    wrap_up_extensions = models.PositiveSmallIntegerField(default=3, db_default=3)
    wrap_up_extension_s = models.PositiveSmallIntegerField(default=60, db_default=60)
    #: 久振未接: ``domain.missed_offers.MissedRule``
    missed_limit = models.PositiveSmallIntegerField(default=1, db_default=1)
    missed_pause_s = models.PositiveSmallIntegerField(default=0, db_default=0)
    missed_back_after_s = models.PositiveIntegerField(default=0, db_default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                condition=models.Q(removed_at__isnull=True),
                name="queue_name_taken",
                violation_error_code="name",
            ),
            models.UniqueConstraint(
                fields=("tenant", "extension"),
                condition=models.Q(removed_at__isnull=True) & ~models.Q(extension=""),
                name="queue_extension_taken",
                violation_error_code="extension",
            ),
        )

    def __str__(self) -> str:
        return self.name


class QueueMember(TenantModel):
    """An agent who serves a queue, and how: ``domain.routing.policy.Membership``."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: in which order the agent serves its queues, 1 first; contacts that have waited so long; in which order the queue
    #: asks its agents, 1 first; the agent's share where contacts are shared out
    order = models.PositiveSmallIntegerField(default=1, db_default=1)
    delay_s = models.PositiveIntegerField(default=0, db_default=0)
    tier = models.PositiveSmallIntegerField(default=1, db_default=1)
    share = models.PositiveSmallIntegerField(default=1, db_default=1)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "queue", "user"), name="queue_member_once"),)

    def __str__(self) -> str:
        return f"{self.queue_id}:{self.user_id}"


class Loan(TenantModel):
    """支援: an agent lent to a queue for a time, beside the memberships, which stay. The rows are its history."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: meanwhile the agent serves no other queue
    is_instead = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    #: before ``until``, where somebody ended it
    ended_at = models.DateTimeField(null=True, blank=True)
    #: null: by a program
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(until__gt=models.F("from_at")), name="loan_ends_after_it_begins"),
        )
        indexes = (models.Index(fields=("tenant", "from_at"), name="loan_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id}->{self.queue_id}"


class Reason(TenantModel):
    """A not-ready reason. ``is_rest`` makes the state 小休 instead of 示忙, for ``planned_min`` (0: any)."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    is_rest = models.BooleanField(default=False)
    planned_min = models.PositiveSmallIntegerField(default=0, db_default=0)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "code"), name="reason_code_taken", violation_error_code="code"),
        )

    def __str__(self) -> str:
        return self.name


class Disposition(TenantModel):
    """What a contact was about: a tree, chosen from in the wrap-up. Once removed it keeps its name for the records."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "parent", "name"),
                condition=models.Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="disposition_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name
