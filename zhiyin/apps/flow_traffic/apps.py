from __future__ import annotations

from django.apps import AppConfig


class FlowTrafficConfig(AppConfig):
    name = "zhiyin.apps.flow_traffic"
    label = "flow_traffic"
