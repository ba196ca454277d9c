"""Fixtures for every test that starts programs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """A folder that another account can reach, with a path short enough for sockets (pytest's own are private)."""
    folder = Path(tempfile.mkdtemp(prefix="zy-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
