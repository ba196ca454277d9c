"""Makes ``operations.py`` from the API's description whenever the package is built or installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GenerateOperations(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        here = Path(self.root)
        sys.path.insert(0, str(here))
        from generate import write_operations  # noqa: PLC0415 - it stands beside this file

        write_operations(here.parents[1] / "web" / "openapi.json", here / "src" / "zhiyin_client" / "operations.py")
