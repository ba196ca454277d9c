"""What a route understands in its address."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.urls import ResolverMatch
from django.utils.module_loading import import_string
from ninja import NinjaAPI

_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


def query_names(match: ResolverMatch) -> frozenset[str]:
    """Return the names that a matched GET route understands after the question mark, custom fields left out."""
    return _names_by_path().get("/" + _CONVERTED.sub(r"{\1}", match.route), frozenset())


@cache
def _names_by_path() -> dict[str, frozenset[str]]:
    api: NinjaAPI = import_string(f"{settings.ROOT_URLCONF}.api")
    paths = api.get_openapi_schema()["paths"]
    return {
        path: frozenset(named["name"] for named in methods["get"].get("parameters", ()) if named["in"] == "query")
        for path, methods in paths.items()
        if "get" in methods
    }
