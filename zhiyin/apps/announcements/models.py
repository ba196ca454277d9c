"""Notices with their receipts, the bulletin with its readings, the forum's topics, posts and visits.

Texts are Markdown as it was written; whoever shows them makes no HTML of what stands in them.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Notice(TenantModel):
    """业务通知: for chosen readers from an instant to another, on the bar of every page until acknowledged."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    is_urgent = models.BooleanField(default=False)
    #: who shall read it: everybody, or whoever one of these means
    is_for_everybody = models.BooleanField(default=False)
    user_ids = ArrayField(models.BigIntegerField(), default=list)
    team_ids = ArrayField(models.BigIntegerField(), default=list)
    #: with what is below them
    department_ids = ArrayField(models.BigIntegerField(), default=list)
    role_codes = ArrayField(models.CharField(max_length=40), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    #: who has not acknowledged is reminded so often; None: only by hand
    remind_every_h = models.PositiveSmallIntegerField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    #: None: a draft
    published_at = models.DateTimeField(null=True)
    #: when its readers were told, and how many they were then
    announced_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="notice_ends_later",
                violation_error_code="ends_at",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "-starts_at", "-id"), name="notice_latest"),
            models.Index(
                fields=("tenant", "ends_at"),
                condition=models.Q(published_at__isnull=False, withdrawn_at__isnull=True),
                name="notice_running",
            ),
        )

    def __str__(self) -> str:
        return self.title


class NoticeReceipt(TenantModel):
    """One user acknowledged one notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "user"), name="notice_receipt_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id} {self.user_id}"


class Bulletin(TenantModel):
    """公告: something to look up, kept until somebody removes it."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    #: the company's own word: products, rules, events ...
    category = models.CharField(max_length=40, blank=True)
    is_pinned = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "category", "-published_at"), name="bulletin_category"),)

    def __str__(self) -> str:
        return self.title


class BulletinReading(TenantModel):
    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bulletin", "user"), name="bulletin_reading_once"),)

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.user_id}"


class ForumTopic(TenantModel):
    """主题: begun by its first post. One that was removed is kept for the audit and shown to nobody."""

    title = models.CharField(max_length=120)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    is_pinned = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(
                fields=("tenant", "-last_post_at"), condition=models.Q(removed_at__isnull=True), name="topic_latest"
            ),
        )

    def __str__(self) -> str:
        return self.title


class ForumPost(TenantModel):
    """帖子. A removed one leaves its place, without its text."""

    topic = models.ForeignKey(ForumTopic, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    mentions = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (models.Index(fields=("tenant", "topic", "created_at", "id"), name="post_topic"),)

    def __str__(self) -> str:
        return f"{self.topic_id} {self.pk}"


class ForumVisit(TenantModel):
    """How far a user has read a topic."""

    topic = models.ForeignKey(ForumTopic, on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("topic", "user"), name="forum_visit_once"),)

    def __str__(self) -> str:
        return f"{self.topic_id} {self.user_id}"
