from __future__ import annotations

from django.apps import AppConfig


class ExternalServicesConfig(AppConfig):
    name = "zhiyin.apps.external_services"
    label = "external_services"
