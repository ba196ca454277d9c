"""Seeds that are new in each run, and the same in all processes of it."""

from __future__ import annotations

import os
import random
import secrets


def fresh_seed(below: int) -> int:
    """Return a number that one run of the tests shares: tests that run side by side must be the same everywhere."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return random.Random(run).randrange(below) if run else secrets.randbelow(below)
