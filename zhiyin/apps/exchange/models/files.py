"""Files that came in or go out, in pieces."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class StoredFile(TenantModel):
    """A file in pieces. In the database: every machine's web and worker see it, the wall between companies holds."""

    name = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    def __str__(self) -> str:
        return self.name


class FilePart(TenantModel):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "position"), name="exchange_part_twice"),)

    def __str__(self) -> str:
        return str(self.position)
