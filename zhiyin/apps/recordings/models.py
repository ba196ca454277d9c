"""The file of a recording, how long it is kept, and what keeps it longer."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel


class File(TenantModel):
    """The encrypted stereo WAV of a recording (left: customer, right: agent), and its waveform.

    ``name`` is relative to the folder of finished recordings. ``size_bytes`` is the WAV's, not the encrypted file's.
    The peaks are 0 to 255, one per ``peak_ms`` of each channel.
    """

    recording_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    duration_s = models.FloatField()
    peak_ms = models.PositiveIntegerField()
    peaks_left = ArrayField(models.SmallIntegerField())
    peaks_right = ArrayField(models.SmallIntegerField())
    made_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "recordings_file"
        constraints = (models.UniqueConstraint(fields=("tenant", "recording_id"), name="recording_one_file"),)

    def __str__(self) -> str:
        return self.name


class RetentionPolicy(TenantModel):
    """保存期限: recordings are deleted ``keep_days`` after they began; without it they are kept for ever."""

    keep_days = models.PositiveIntegerField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant",), name="retention_one_policy"),
            models.CheckConstraint(
                condition=models.Q(keep_days__isnull=True) | models.Q(keep_days__gte=1),
                name="retention_at_least_a_day",
                violation_error_code="keep_days",
            ),
        )

    def __str__(self) -> str:
        return str(self.keep_days)


class Hold(TenantModel):
    """保全: retention passes over a recording, or (``recording_id`` empty) over all of a contact's."""

    interaction_id = models.CharField(max_length=64)
    recording_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    held_by = models.BigIntegerField(null=True)
    held_by_name = models.CharField(max_length=150)
    held_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tenant", "interaction_id", "recording_id"), name="recording_one_hold"),
        )

    def __str__(self) -> str:
        return self.recording_id or self.interaction_id


class Removal(TenantModel):
    """A file whose recording is deleted, until it is gone from the disk. ``name`` is relative to ``recordings``."""

    name = models.CharField(max_length=220)
    ordered_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tenant", "name"), name="recording_removed_once"),)

    def __str__(self) -> str:
        return self.name


class RetentionRun(TenantModel):
    """One run of retention, counted in the transactions that delete, however often it was cut short."""

    keep_days = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    recordings = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant",), condition=models.Q(ended_at__isnull=True), name="retention_one_open_run"
            ),
        )
        indexes = (models.Index(fields=("tenant", "-began_at"), name="retention_run_began"),)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.recordings}"
