"""Drafts of the router's rules, and how far each has come."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class RuleTrial(TenantModel):
    """规则试运行: a named draft of the rules, asked in shadow, tried on a share of the contacts, adopted or dropped."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SHADOW = "shadow"
        CANARY = "canary"
        ADOPTED = "adopted"
        DROPPED = "dropped"
        RETURNED = "returned"  # by itself: a bound was broken

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    #: {"queues": [{"id", ...}], "classes": [{"code", ...}], "contact_choice"}: what is to be different
    changes = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    #: of 100 contacts so many go by the draft
    share_pct = models.PositiveSmallIntegerField(default=10)
    #: the draft is taken back where its service level is so many points lower, with so many contacts in each arm, nine
    #: of ten of its waits are not over by then, or its customers' mean score is surely so much lower; null: not watched
    least_contacts = models.PositiveIntegerField(default=50)
    drop_pct = models.PositiveSmallIntegerField(null=True, blank=True, default=10)
    wait_p90_s = models.PositiveIntegerField(null=True, blank=True)
    score_drop_pct = models.PositiveSmallIntegerField(null=True, blank=True)
    shadow_began_at = models.DateTimeField(null=True, blank=True)
    canary_began_at = models.DateTimeField(null=True, blank=True)
    #: when it last ceased to run
    ended_at = models.DateTimeField(null=True, blank=True)
    #: of one that was taken back: {"reason", "value", "bound", "contacts"}
    breach = models.JSONField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "name"), name="rule_trial_name_taken", violation_error_code="name"
            ),
            models.UniqueConstraint(
                fields=("tenant",),
                condition=models.Q(state__in=("shadow", "canary")),
                name="rule_trial_runs_alone",
            ),
            models.CheckConstraint(condition=models.Q(share_pct__gte=1, share_pct__lte=99), name="rule_trial_share"),
        )

    def __str__(self) -> str:
        return self.name
