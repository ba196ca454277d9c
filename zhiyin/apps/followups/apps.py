from __future__ import annotations

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "zhiyin.apps.followups"
    label = "followups"

    def ready(self) -> None:
        from zhiyin.apps.followups.merging import register_merging  # noqa: PLC0415
        from zhiyin.apps.followups.ownership import register_follow_ups  # noqa: PLC0415 - the apps first

        register_follow_ups()
        register_merging()
