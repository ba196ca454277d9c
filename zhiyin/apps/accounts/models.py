"""The user, and the failed logins that are counted."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from zhiyin.apps.accounts.rights import RIGHTS
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class User(AbstractBaseUser, TenantModel):
    """A person with a password. Whoever works at the desk is an agent whose id is the user's."""

    class Role(models.TextChoices):
        AGENT = "agent"
        LEAD = "lead"
        ADMINISTRATOR = "administrator"

    class Telephone(models.TextChoices):
        BROWSER = "browser"
        SIP = "sip"

    username = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    telephone = models.CharField(max_length=8, choices=Telephone.choices, default=Telephone.BROWSER)
    language = models.CharField(max_length=8, default="zh")
    theme = models.CharField(max_length=8, default="system")
    #: skill's code -> level 1 to 10
    skills = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: a removed user keeps the name for the records, and frees the user name
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                Lower("username"),
                condition=models.Q(removed_at__isnull=True),
                name="user_username_taken",
                violation_error_code="username",
            ),
            models.CheckConstraint(condition=models.Q(role__in=list(RIGHTS)), name="user_role_known"),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def rights(self) -> frozenset[str]:
        return RIGHTS[self.role]


class LoginFailure(models.Model):
    """One failed login, counted per user and per address. Knows no company: the one named may not exist."""

    company = models.CharField(max_length=64)
    username = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("company", "username", "at"), name="login_failure_user"),
            models.Index(fields=("address", "at"), name="login_failure_address"),
        )

    def __str__(self) -> str:
        return f"{self.company}/{self.username}"
