"""The WSGI application that the HTTP server loads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from zhiyin.config.logs import configure_logs
from zhiyin.config.web_metrics import with_metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
configure_logs("web")  # the server's worker is a process of its own

application = with_metrics(get_wsgi_application())
# all routes are read now: else the first call that a worker answers waits seconds for them
get_resolver().url_patterns  # noqa: B018
