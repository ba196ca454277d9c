from __future__ import annotations

from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "zhiyin.apps.views"
    label = "views"
