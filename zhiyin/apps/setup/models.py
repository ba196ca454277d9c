"""How far a company's set-up is."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import Tenant, TenantManager


class SetupState(models.Model):
    """Steps of the wizard that somebody said are done; what can be counted is counted instead."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+")
    done = ArrayField(models.CharField(max_length=20), default=list)
    is_dismissed = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return ", ".join(self.done)
