"""``web`` serves ``/api`` and nothing else; files and sockets are the front's."""

from __future__ import annotations

from django.urls import path

from zhiyin.config.api import api

urlpatterns = [path("api/", api.urls)]
