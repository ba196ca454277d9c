from __future__ import annotations

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "zhiyin.apps.recordings"
    label = "recordings"
