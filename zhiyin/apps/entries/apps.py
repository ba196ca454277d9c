from __future__ import annotations

from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "zhiyin.apps.entries"
    label = "entries"

    def ready(self) -> None:
        from zhiyin.apps.customers.classes import register_users  # noqa: PLC0415 - the apps first
        from zhiyin.apps.entries.history import ACTS, put_back, shown  # noqa: PLC0415
        from zhiyin.apps.entries.queries import rules_for_customer_classes  # noqa: PLC0415
        from zhiyin.apps.routing.history import register_put_back  # noqa: PLC0415

        register_users("entry_rules", rules_for_customer_classes)
        register_put_back("entryrule", put_back, acts=ACTS, shown=shown)
