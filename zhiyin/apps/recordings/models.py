"""The file of a recording."""

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
