from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhiyin.apps.customers"
    label = "customers"

    def ready(self) -> None:
        from zhiyin.apps.customers.classes import names_of_classes, register_users  # noqa: PLC0415 - the apps first
        from zhiyin.apps.customers.custom_fields import register_customers  # noqa: PLC0415
        from zhiyin.apps.customers.merging import register  # noqa: PLC0415
        from zhiyin.apps.flows.customer_classes import register_classes  # noqa: PLC0415
        from zhiyin.apps.flows.queries import flows_for_customer_classes  # noqa: PLC0415
        from zhiyin.apps.notifications.services import follow_back, follow_customer  # noqa: PLC0415

        register_customers()
        register_classes(names_of_classes)
        register_users("flows", flows_for_customer_classes)
        register("notifications.notification.customer_id", follow_customer, follow_back)
