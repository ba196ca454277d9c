"""Lists that left the product, and the limits of that."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from zhiyin.apps.exchange.models.files import StoredFile
from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class ExportPolicy(TenantModel):
    """What may leave as a file: how much at once, in one export, by one user a day, and for how long files are kept."""

    class OverLimit(models.TextChoices):
        """What becomes of an export beyond the limits."""

        APPROVE = "approve"
        REFUSE = "refuse"

    class Watermark(models.TextChoices):
        """Where a file says who exported it."""

        NONE = "none"
        LINE = "line"
        COLUMN = "column"

    rows_at_once = models.PositiveIntegerField(default=2_000)
    rows_per_export = models.PositiveIntegerField(default=50_000)
    rows_per_day = models.PositiveIntegerField(default=100_000)
    over_limit = models.CharField(max_length=8, choices=OverLimit.choices, default=OverLimit.APPROVE)
    keep_hours = models.PositiveIntegerField(default=72)
    watermark = models.CharField(max_length=8, choices=Watermark.choices, default=Watermark.NONE)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant",), name="exchange_one_policy"),)

    def __str__(self) -> str:
        return self.over_limit


class Export(TenantModel):
    """导出: one list that left the product, or is about to."""

    class State(models.TextChoices):
        #: beyond the limits: somebody else has to approve it
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        #: small enough to be sent at once
        SENT = "sent"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        FAILED = "failed"
        #: its time is over, or its owner deleted it
        REMOVED = "removed"

    #: the address of the list ("/api/customers")
    list_path = models.CharField(max_length=200)
    #: as the list was filtered and sorted; may name persons, so it goes when the file is made
    query = models.TextField(blank=True)
    #: the same for people to read: names of filters, with values that name nobody
    filters = models.JSONField(default=dict)
    format = models.CharField(max_length=8)
    language = models.CharField(max_length=2)
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices)
    total = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    #: which limits it is beyond
    beyond = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    #: made for a planned exchange of files, which tells of it itself and takes the file away
    is_planned = models.BooleanField(default=False)
    #: a check sum of what its owner might see when it was made
    permissions = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    decided_by_name = models.CharField(max_length=150, blank=True)
    downloads = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    #: when the job last did something: one that stands still is taken up again
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        indexes = (
            models.Index(fields=("tenant", "-created_at"), name="exchange_export_created"),
            models.Index(fields=("tenant", "by", "created_at"), name="exchange_export_by"),
        )

    def __str__(self) -> str:
        return self.list_path


class ExportPiece(TenantModel):
    """Some rows of an export by their keys, in the list's order, and once they are read, their cells."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    keys = models.JSONField()
    cells = models.JSONField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("export", "position"), name="exchange_piece_twice"),)

    def __str__(self) -> str:
        return str(self.position)
