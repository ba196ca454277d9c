"""What helps at the desk, and what was done with it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Checklist(TenantModel):
    """话术清单: steps of a conversation, of one queue or of all. Once removed it keeps its name for the records."""

    name = models.CharField(max_length=60)
    queue = models.ForeignKey("queues.Queue", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    #: [{"key", "title", "words", "is_required"}]; a key stays with its step for ever
    steps = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "name"),
                condition=models.Q(removed_at__isnull=True),
                name="checklist_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ChecklistTick(TenantModel):
    """A step that was done in a contact, with its title as it read then."""

    interaction_id = models.CharField(max_length=64)
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=16)
    title = models.CharField(max_length=100)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "interaction_id", "checklist", "step"), name="checklist_step_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.step}"


class Recommendation(TenantModel):
    """推荐: something to offer customers whom all conditions fit, within its days."""

    name = models.CharField(max_length=60)
    #: what the agent says
    words = models.TextField(blank=True)
    #: [{"field", "operator", "values"}] (domain/recommendations.py)
    conditions = models.JSONField(default=list)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "name"),
                condition=models.Q(removed_at__isnull=True),
                name="recommendation_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RecommendationAnswer(TenantModel):
    """That something was shown in a contact, and what the customer said to it."""

    class Outcome(models.TextChoices):
        SHOWN = "shown"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    interaction_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "recommendation", "interaction_id"), name="recommendation_answer_once"
            ),
        )
        indexes = (models.Index(fields=("tenant", "customer"), name="recommendation_customer"),)

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.outcome}"


class QuickReply(TenantModel):
    """快捷回复: words that are typed often, of one user or (without owner) of everybody."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    #: a heading in the list
    group = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=60)
    #: with variables in braces: {客户姓名}
    text = models.TextField()
    #: the title's initials and whole pinyin, by which "/" finds it
    pinyin = models.CharField(max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "owner", "title"),
                nulls_distinct=False,
                name="quick_reply_title_taken",
                violation_error_code="title",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DeskPreferences(TenantModel):
    """How one user's desk is set up: shortcuts, panels, sounds. The page gives it its shape."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = models.JSONField(default=dict)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return str(self.user_id)
