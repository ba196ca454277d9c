from __future__ import annotations

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "zhiyin.apps.routing"
    label = "routing"

    def ready(self) -> None:
        from zhiyin.apps.customers.classes import register_users  # noqa: PLC0415 - the apps first
        from zhiyin.apps.routing.queries import classes_for_customer_classes  # noqa: PLC0415

        register_users("contact_classes", classes_for_customer_classes)
