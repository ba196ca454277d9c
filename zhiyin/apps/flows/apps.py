from __future__ import annotations

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "zhiyin.apps.flows"
    label = "flows"

    def ready(self) -> None:
        from zhiyin.apps.customers.classes import register_users  # noqa: PLC0415 - the apps first
        from zhiyin.apps.flows.queries import flows_for_customer_classes  # noqa: PLC0415

        register_users("flows", flows_for_customer_classes)
