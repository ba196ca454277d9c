from __future__ import annotations

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "zhiyin.apps.setup"
    label = "setup"
