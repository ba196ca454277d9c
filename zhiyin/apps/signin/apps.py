from __future__ import annotations

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "zhiyin.apps.signin"
    label = "signin"
