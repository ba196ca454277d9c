"""``python -m zhiyin.config.openapi``: writes the API's description as JSON. Needs no database."""

from __future__ import annotations

import json
import os
import sys


def describe_api() -> str:
    """Return the OpenAPI document, stable from run to run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyin.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from zhiyin.config.api import api  # noqa: PLC0415 - apps first

    return json.dumps(api.get_openapi_schema(path_prefix="/api/"), ensure_ascii=False, indent=2, default=str) + "\n"


if __name__ == "__main__":
    sys.stdout.write(describe_api())
