"""Who was asked how it was, and what was answered."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Survey(TenantModel):
    """A customer who was asked after a conversation; answered or not."""

    interaction_id = models.CharField(max_length=64)
    queue_id = models.BigIntegerField()
    agent_id = models.BigIntegerField()
    flow_id = models.BigIntegerField()
    asked_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "interaction_id"), name="survey_once"),)
        indexes = (models.Index(fields=("tenant", "-asked_at"), name="survey_newest"),)

    def __str__(self) -> str:
        return self.interaction_id


class SurveyAnswer(TenantModel):
    """The last answer of a contact to a question: ``score`` of 1 to ``most``, the best.

    ``queue_id`` and ``agent_id``: whose conversation it judges; null where a flow asked without one.
    """

    interaction_id = models.CharField(max_length=64)
    question = models.CharField(max_length=60)
    queue_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    score = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "interaction_id", "question"), name="survey_answer_last"),
        )
        indexes = (models.Index(fields=("tenant", "-answered_at"), name="survey_answer_newest"),)

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.question}: {self.score}/{self.most}"
