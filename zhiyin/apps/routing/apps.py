from __future__ import annotations

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "zhiyin.apps.routing"
    label = "routing"
