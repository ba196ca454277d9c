"""How many files and connections a process may have open."""

from __future__ import annotations

import resource
from contextlib import suppress


def raise_limit() -> None:
    """Allow this process, and what it starts, as many as the machine permits; login shells begin with 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # a container may refuse it: then it stays as it is
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
