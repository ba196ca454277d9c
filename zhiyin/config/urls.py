"""``web`` serves ``/api`` and nothing else; files and sockets are the front's."""

from __future__ import annotations

from django.urls import path

from zhiyin.config.api import api

_VIEWS = ("not_understood", "no_such_route", "broken_outside")

# What ends before it reaches a route is told as a problem, too.
handler400, handler404, handler500 = (f"zhiyin.config.api.{view}" for view in _VIEWS)
urlpatterns = [path("api/", api.urls)]
