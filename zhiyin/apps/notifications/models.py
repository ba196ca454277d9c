"""What a user is told, and how a user wants to be told."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class Category(models.TextChoices):
    MENTION = "mention"
    REMINDER = "reminder"
    TASK = "task"
    NOTICE = "notice"
    SYSTEM = "system"


class Notification(TenantModel):
    """One thing told to one user. The front end makes the sentence from ``code`` and ``facts``.

    ``is_muted``: the category was muted, it only stands in the list. ``is_quiet``: it came in the user's quiet hours,
    it counts but does not draw attention.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=12, choices=Category.choices)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    #: a page of the product, "/customers/7"
    link = models.CharField(max_length=200, blank=True)
    #: whom it is about, so that it goes when the customer's data do; no foreign key: this app stands below customers
    customer_id = models.BigIntegerField(null=True)
    #: the same key twice tells the user once
    key = models.CharField(max_length=80, null=True)
    is_muted = models.BooleanField(default=False)
    is_quiet = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "user", "key"), name="notification_once"),
            models.CheckConstraint(condition=models.Q(category__in=Category.values), name="notification_category"),
        )
        indexes = (
            models.Index(fields=("tenant", "user", "-created_at", "-id"), name="notification_user"),
            models.Index(
                fields=("tenant", "user", "category"),
                condition=models.Q(read_at__isnull=True, is_muted=False),
                name="notification_unread",
            ),
            models.Index(
                fields=("tenant", "customer_id"),
                condition=models.Q(customer_id__isnull=False),
                name="notification_customer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"


class Preference(TenantModel):
    """How one user wants to be told; without a row: everything, at any hour, without sound."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    muted = ArrayField(models.CharField(max_length=12), default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    has_sound = models.BooleanField(default=False)
    on_desktop = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "notifications_preference"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_whole",
            ),
        )

    def __str__(self) -> str:
        return str(self.user_id)
