from __future__ import annotations

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "zhiyin.apps.integrations"
    label = "integrations"

    def ready(self) -> None:
        from zhiyin.apps.customers.merging import register  # noqa: PLC0415 - the apps are ready only now
        from zhiyin.apps.integrations.connectors.merging import move, move_back  # noqa: PLC0415

        register("integrations.connectorlink.customer_id", move, move_back)
