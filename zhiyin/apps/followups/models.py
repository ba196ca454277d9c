"""Notes, follow-ups, and the rules that make care tasks."""

from __future__ import annotations

from datetime import time
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel
from zhiyin.domain.care import Assignment, Occasion


class Note(TenantModel):
    """What somebody wrote about a customer or a contact. Mentioned users are named in the text as "@name"."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, null=True, related_name="+")
    interaction_id = models.CharField(max_length=64, null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    mentions = ArrayField(models.BigIntegerField(), default=list)
    is_pinned = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    #: when the text was changed last; None: as it was written
    edited_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False) | models.Q(interaction_id__isnull=False),
                name="note_on_something",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "customer", "-created_at", "-id"), name="note_customer"),
            models.Index(fields=("tenant", "interaction_id"), name="note_interaction"),
        )

    def __str__(self) -> str:
        return f"note {self.pk}"


class NoteRevision(TenantModel):
    """A note's text as it was before a change."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField()
    written_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return f"{self.note_id} {self.written_at}"


class How(models.TextChoices):
    CALL = "call"
    VISIT = "visit"
    MAIL = "mail"
    WECHAT = "wechat"
    SMS = "sms"
    OTHER = "other"


class CareRule(TenantModel):
    """关怀规则: whom to care for, when, and who does it; when it is due says ``domain/care.py``."""

    class Purpose(models.TextChoices):
        SERVICE = "service"
        MARKETING = "marketing"
        SURVEY = "survey"

    name = models.CharField(max_length=60)
    #: a new rule sleeps until somebody has seen whom it would catch
    is_active = models.BooleanField(default=False)
    occasion = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Occasion])
    #: of dated occasions: by which date it goes (``customers.occasions.date_fields``)
    date_field = models.CharField(max_length=60, blank=True)
    #: before a yearly day or a warranty's end; after all else
    days = models.PositiveSmallIntegerField(default=0)
    #: after a contact: only of these queues, with one of these outcomes, wrapped up as one of these
    queues = ArrayField(models.BigIntegerField(), default=list)
    outcomes = ArrayField(models.CharField(max_length=16), default=list)
    dispositions = ArrayField(models.BigIntegerField(), default=list)
    #: which customers: ``customers.occasions.Who``
    who = models.JSONField(default=dict, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SERVICE)
    #: only customers who consented; else also those who were never asked. Who refused is never contacted
    needs_consent = models.BooleanField(default=False)
    subject = models.CharField(max_length=200)
    how = models.CharField(max_length=8, choices=How.choices, default=How.CALL)
    #: what to say
    script = models.TextField(blank=True)
    #: from when to when it is done on its day, by the company's clock
    from_time = models.TimeField(default=time(9, 0))
    until_time = models.TimeField(default=time(18, 0))
    assignment = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Assignment])
    #: whose members take turns, or may claim; with ``owner``: who gets what nobody owns
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: the most it makes in a day; the others come the next day
    daily_limit = models.PositiveIntegerField(default=200)
    #: how often somebody tries to reach the customer
    max_attempts = models.PositiveSmallIntegerField(default=3)
    #: nothing that was due before is made
    begins_on = models.DateField(null=True, blank=True)
    #: how many were given by turns: whose turn it is
    turns = models.PositiveBigIntegerField(default=0)
    #: the company's day on which it was carried out last
    ran_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", Lower("name"), name="care_rule_name_taken", violation_error_code="name"),
            models.CheckConstraint(
                condition=models.Q(until_time__gt=models.F("from_time")),
                name="care_rule_times",
                violation_error_code="until_time",
            ),
        )

    def __str__(self) -> str:
        return self.name


class FollowUp(TenantModel):
    """跟进: something to do for a customer at a time, then what came of it. One that a rule made is a care task."""

    class State(models.TextChoices):
        PLANNED = "planned"
        DONE = "done"
        CANCELLED = "cancelled"

    class Outcome(models.TextChoices):
        NONE = ""
        REACHED = "reached"
        NOT_REACHED = "not_reached"
        REFUSED = "refused"

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=200)
    how = models.CharField(max_length=8, choices=How.choices, default=How.CALL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    #: who may claim it while nobody owns it; None: everybody who works follow-ups
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    #: of a care task: until when on its day it is done
    until_at = models.DateTimeField(null=True)
    #: how often the customer was not reached
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default=Outcome.NONE)
    result = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    #: the contact that was dialled for it last
    interaction_id = models.CharField(max_length=64, null=True)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    rule = models.ForeignKey(CareRule, on_delete=models.SET_NULL, null=True, related_name="+")
    #: the day that the rule went by: this year's birthday, the day of the purchase
    anchor_on = models.DateField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rule", "customer", "anchor_on"), name="care_task_once"),
            models.CheckConstraint(
                condition=models.Q(state="planned", closed_at__isnull=True)
                | (~models.Q(state="planned") & models.Q(closed_at__isnull=False)),
                name="follow_up_closed_at",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "owner", "state", "due_at"), name="follow_up_owner"),
            models.Index(fields=("tenant", "state", "due_at"), name="follow_up_due"),
            models.Index(fields=("tenant", "customer", "-due_at", "-id"), name="follow_up_customer"),
            models.Index(fields=("tenant", "rule", "created_at"), name="follow_up_rule"),
            models.Index(
                fields=("tenant", "team", "due_at"),
                condition=models.Q(state="planned", owner__isnull=True),
                name="follow_up_claimable",
            ),
            models.Index(
                fields=("remind_at",),
                condition=models.Q(state="planned", reminded_at__isnull=True, remind_at__isnull=False),
                name="follow_up_remind",
            ),
        )

    def __str__(self) -> str:
        return self.subject
