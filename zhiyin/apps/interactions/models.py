"""What is folded from the log (written by the projector alone), and what people add to a contact."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import Tenant, TenantManager, TenantModel


class Projection(models.Model):
    """A row folded from the log. Nothing in the database may refuse it: the log has happened."""

    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True


class Interaction(Projection):
    """One contact of one customer. Durations in seconds; ``state`` is the engine's, while the contact lives."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered"  # an agent and the customer were connected
        ABANDONED = "abandoned"  # 排队放弃: left while waiting
        OVERFLOWED = "overflowed"  # asked for an agent, was sent away by rule
        SELF_SERVICE = "self_service"  # ended in automatic service
        NOT_REACHED = "not_reached"  # outbound or internal, the other side did not answer

    id = models.CharField(max_length=64, primary_key=True)
    direction = models.CharField(max_length=8)
    channel = models.CharField(max_length=16)
    customer_ref = models.CharField(max_length=80, null=True)
    entry = models.CharField(max_length=32, blank=True)
    came_by = models.CharField(max_length=40, blank=True)
    path = ArrayField(models.CharField(max_length=1), default=list)
    queue_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    #: 内部通话: who dialled; ``agent_id`` is then who was called
    caller_agent_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=16, blank=True, choices=Outcome.choices)
    wait_s = models.FloatField(default=0)
    talk_s = models.FloatField(default=0)
    hold_s = models.FloatField(default=0)
    wrap_up_s = models.FloatField(default=0)
    # Defaults of the database too: while an upgrade runs, the worker before it writes rows without these.
    parked_s = models.FloatField(default=0, db_default=0)
    consult_s = models.FloatField(default=0, db_default=0)
    data_refs = ArrayField(models.CharField(max_length=80), default=list, db_default=[])
    is_recorded = models.BooleanField(default=False)
    #: the flow it came to, and by which entry rule; ``entry_trial_id``: that whose share it fell outside of
    flow_id = models.BigIntegerField(null=True)
    entry_rule_id = models.BigIntegerField(null=True)
    entry_trial_id = models.BigIntegerField(null=True)
    #: how long it was in its first flow, until a queue, a message or the end; null: it is there yet
    flow_s = models.FloatField(null=True)
    #: what that flow asked outside in vain: nobody could be asked, or it came too late
    failed_requests = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: how often a step of it could not go on, and its handler of errors took the contact on
    caught_faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    state = models.JSONField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "interaction"
        indexes = (
            models.Index(fields=("tenant", "-started_at"), name="interaction_started"),
            models.Index(fields=("tenant", "agent_id", "-started_at"), include=("id",), name="interaction_of_agent"),
            models.Index(
                fields=("tenant", "caller_agent_id"),
                condition=models.Q(caller_agent_id__isnull=False),
                name="interaction_caller",
            ),
            models.Index(fields=("tenant", "queue_id", "-started_at"), name="interaction_queue"),
            models.Index(fields=("tenant", "customer_ref"), name="interaction_customer_ref"),
            models.Index(
                fields=("tenant", "entry_rule_id", "started_at"),
                condition=models.Q(entry_rule_id__isnull=False),
                name="interaction_entry_rule",
            ),
            models.Index(
                fields=("tenant", "entry_trial_id", "started_at"),
                condition=models.Q(entry_trial_id__isnull=False),
                name="interaction_entry_trial",
            ),
        )

    def __str__(self) -> str:
        return self.id


class Segment(Projection):
    """A part of a contact: a stay in a queue, a conversation with an agent, an offer that came to nothing, an agent's
    time as second party, or a stay on a slot."""

    class Kind(models.TextChoices):
        QUEUE = "queue"
        TALK = "talk"
        OFFER = "offer"
        CONSULT = "consult"
        PARK = "park"
        MESSAGE = "message"  # a voice message in line
        CALLBACK = "callback"  # a callback in line

    interaction_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveIntegerField(default=0)
    queue_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    hold_s = models.FloatField(default=0)
    #: of a stay in a queue that was answered: the waits promised in it, and how many of them were kept
    estimates = models.PositiveSmallIntegerField(default=0, db_default=0)
    estimates_within_p50 = models.PositiveSmallIntegerField(default=0, db_default=0)
    estimates_within_p90 = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "segment"
        indexes = (
            models.Index(fields=("tenant", "interaction_id"), name="segment_interaction"),
            models.Index(fields=("tenant", "kind", "started_at"), name="segment_started"),
            models.Index(fields=("tenant", "agent_id", "started_at"), name="segment_agent"),
            # who talked in which contact, read without a look at the rows
            models.Index(
                fields=("tenant", "agent_id"),
                include=("interaction_id",),
                condition=models.Q(kind="talk"),
                name="segment_talked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.interaction_id}/{self.kind}{self.number}"


class AgentStateSpan(Projection):
    """One stay of an agent in a state; the present one has no end."""

    agent_id = models.BigIntegerField()
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=40, null=True)
    interaction_id = models.CharField(max_length=64, null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: its planned end, of a rest
    until_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "agent_state_span"
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "agent_id"), condition=models.Q(ended_at__isnull=True), name="agent_in_one_state"
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "started_at"), name="agent_state_started"),
            models.Index(fields=("tenant", "interaction_id"), name="agent_state_interaction"),
        )

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class Recording(Projection):
    """One recording of a contact. Its file is made afterwards, and stands in ``recordings``."""

    class State(models.TextChoices):
        RECORDING = "recording"
        PROCESSING = "processing"
        READY = "ready"
        FAILED = "failed"
        EMPTY = "empty"  # over before any sound had come
        DELETED = "deleted"  # its time was over: 按保存期限删除

    id = models.CharField(max_length=64, primary_key=True)
    interaction_id = models.CharField(max_length=64)
    agent_id = models.BigIntegerField(null=True)
    queue_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECORDING)
    cause = models.CharField(max_length=100, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "recording"
        indexes = (
            models.Index(fields=("tenant", "-started_at"), name="recording_started"),
            models.Index(fields=("tenant", "interaction_id"), name="recording_interaction"),
        )

    def __str__(self) -> str:
        return self.id


class DeferredContact(Projection):
    """A contact that goes on without its caller: a callback (回呼) or a voice message (语音留言)."""

    class Kind(models.TextChoices):
        CALLBACK = "callback"
        VOICEMAIL = "voicemail"

    class State(models.TextChoices):
        WAITING = "waiting"  # in line, or until its next attempt
        WORKING = "working"  # an agent has it: dials, listens, talks
        DONE = "done"
        FAILED = "failed"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    id = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    queue_id = models.BigIntegerField()
    #: who has it or had it, or alone is to have it
    agent_id = models.BigIntegerField(null=True)
    #: of the number to be called
    number_ref = models.CharField(max_length=80, null=True)
    asked_by = models.CharField(max_length=12)
    #: since when the place in line counts
    placed_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=40, blank=True)
    recording_id = models.CharField(max_length=64, blank=True)
    duration_s = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "deferred_contact"
        indexes = (
            models.Index(fields=("tenant", "state", "-asked_at"), name="deferred_state"),
            models.Index(fields=("tenant", "queue_id", "-asked_at"), name="deferred_queue"),
            models.Index(fields=("tenant", "-asked_at"), name="deferred_asked"),
        )

    def __str__(self) -> str:
        return self.id


class CustomerLink(TenantModel):
    """Whose contact it was: found by the number when it began, or said by an agent (``linked_by``)."""

    interaction_id = models.CharField(max_length=64)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    linked_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "interaction_id"), name="interaction_one_customer"),)
        indexes = (models.Index(fields=("tenant", "customer", "-at"), name="customer_link_customer"),)

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.customer_id}"


class ShownCustomer(TenantModel):
    """A customer whom a contact's screen pop showed to a user: to be worked with until then, whosever it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "customer"), name="customer_shown_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.customer_id}"


class WrapUp(TenantModel):
    """通话小结: what one agent wrote about one contact. A draft until ``completed_at``."""

    class Result(models.TextChoices):
        NONE = ""
        RESOLVED = "resolved"
        FOLLOW_UP = "follow_up"
        ESCALATED = "escalated"
        INVALID = "invalid"

    interaction_id = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    disposition = models.ForeignKey("queues.Disposition", on_delete=models.SET_NULL, null=True, related_name="+")
    result = models.CharField(max_length=12, blank=True, choices=Result.choices, default=Result.NONE)
    note = models.TextField(blank=True)
    #: rises with every save, so that two tabs do not overwrite each other
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    completed_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "interaction_id", "user"), name="wrap_up_once"),)

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.user_id}"


class MissedHandling(TenantModel):
    """Somebody dealt with a missed call."""

    interaction_id = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "interaction_id"), name="missed_handled_once"),)

    def __str__(self) -> str:
        return self.interaction_id
