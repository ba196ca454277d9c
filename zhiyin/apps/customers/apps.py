from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhiyin.apps.customers"
    label = "customers"

    def ready(self) -> None:
        from zhiyin.apps.customers.custom_fields import register_customers  # noqa: PLC0415 - the apps first

        register_customers()
