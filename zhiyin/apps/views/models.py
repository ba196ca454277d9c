"""A saved view, and in which order a user keeps the views of a list."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class SavedView(TenantModel):
    """A list's address under a name. ``list_code`` names the list, ``query`` is what follows the "?"."""

    class Sharing(models.TextChoices):
        ME = "me"
        TEAM = "team"
        ALL = "all"

    list_code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sharing = models.CharField(max_length=4, choices=Sharing.choices, default=Sharing.ME)
    #: of the owner's teams, the one it is shared with
    team_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "list_code", "owner", "name"), name="view_name_taken", violation_error_code="name"
            ),
            models.CheckConstraint(
                condition=models.Q(sharing="team", team_id__isnull=False)
                | models.Q(~models.Q(sharing="team"), team_id__isnull=True),
                name="view_team",
                violation_error_code="sharing",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ViewPreference(TenantModel):
    """A user's own order of a list's views, and the one that the list opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_code = models.CharField(max_length=40)
    order = models.JSONField(default=list)
    default = models.ForeignKey(SavedView, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "user", "list_code"), name="view_preference_once"),)

    def __str__(self) -> str:
        return f"{self.user_id}:{self.list_code}"
