from __future__ import annotations

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "zhiyin.apps.queues"
    label = "queues"
