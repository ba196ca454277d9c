from __future__ import annotations

from django.apps import AppConfig


class FieldsConfig(AppConfig):
    name = "zhiyin.apps.fields"
    label = "fields"
