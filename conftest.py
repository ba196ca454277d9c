"""How tests are run: without a path those that every change must pass, with ``--all`` the long rounds too."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# Any example takes a second on a machine that has other work; a test of speed is a bench.
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        dest="has_extended",
        help="also what shows again, in another setting, what a shorter test has shown (marked extended)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        config.option.has_extended = True  # who names a test means it; processes of one run inherit the word


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.has_extended:
        return
    left_out = [item for item in items if item.get_closest_marker("extended")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("extended")]
