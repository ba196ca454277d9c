from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "zhiyin.apps.privacy"
    label = "privacy"

    def ready(self) -> None:
        from zhiyin.apps.customers.merging import register  # noqa: PLC0415 - the apps are ready only now
        from zhiyin.apps.privacy.merging import move, move_back  # noqa: PLC0415

        register("privacy.erasure.customer_id", move, move_back)
