from __future__ import annotations

from django.apps import AppConfig


class ExternalServicesConfig(AppConfig):
    name = "zhiyin.apps.external_services"
    label = "external_services"

    def ready(self) -> None:
        from zhiyin.apps.external_services.queries import service_names  # noqa: PLC0415 - the apps first
        from zhiyin.apps.interactions.history import register_service_names  # noqa: PLC0415

        register_service_names(lambda tenant, ids: service_names(tenant=tenant, service_ids=ids))
