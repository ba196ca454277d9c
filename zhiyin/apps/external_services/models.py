"""Services of other systems, and the messages that flows had sent by them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class ExternalService(TenantModel):
    """One service; ``settings`` are those of its kind (``schemas.py``). Its secret is sealed and never shown."""

    class Kind(models.TextChoices):
        HTTP = "http"
        DATABASE = "database"
        PAYMENT = "payment"
        SMS = "sms"
        MAIL = "mail"
        SYNTHESIS = "synthesis"
        RECOGNITION = "recognition"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)
    settings = models.JSONField()
    sealed_secret = models.TextField(blank=True)
    is_enabled = models.BooleanField(default=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant", Lower("name"), name="external_service_name_taken", violation_error_code="name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class FlowMessage(TenantModel):
    """A message that a flow ordered; address and words stand in the log's side table under ``ref``, and go with it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        #: its person was forgotten before it was sent
        ERASED = "erased"

    ref = models.CharField(max_length=64)
    interaction_id = models.CharField(max_length=64)
    node = models.CharField(max_length=60)
    service_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    #: why the last try failed: a code
    cause = models.CharField(max_length=40, blank=True)
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "ref"), name="flow_message_once"),)
        indexes = (
            models.Index(fields=("tenant", "-ordered_at"), name="flow_message_newest"),
            models.Index(fields=("due_at",), name="flow_message_due", condition=models.Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return self.ref
