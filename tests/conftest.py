"""Fixtures for every test that starts programs."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.harness.api import ADMINISTRATOR, LEAD, Api
from tests.harness.places import ROOT
from tests.harness.product import DEMO_PASSWORD, Product
from zhiyin.config.descriptors import raise_limit


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """A folder that another account can reach, with a path short enough for sockets (pytest's own are private)."""
    folder = Path(tempfile.mkdtemp(prefix="zy-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product with its demo company, shared by all tests; a test leaves no call behind."""
    if not (ROOT / "zhiyin" / "live" / "static" / "index.html").exists():
        pytest.fail("The front end is not built. Run: ./dev test")
    product = Product(options=("--demo-password", DEMO_PASSWORD))
    try:
        product.start()
        yield product
    finally:
        product.remove()


def pytest_configure() -> None:
    """Hundreds of telephones and callers at once are more than a login shell's 1,024 descriptors."""
    raise_limit()


#: two tests, each run three times
TOLD_TIMES = 6


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: object) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside the first tests that fail on the shared product (and are run again) say how that is.

    Nothing is collected meanwhile: a report parses the source that it shows, and a finaliser that complains then has
    its own source parsed in the midst of it, which ends Python 3.11.2's parser and the whole run (CPython 106905).
    """
    gc.disable()
    try:
        report = yield
    finally:
        gc.enable()
    product = getattr(item, "funcargs", {}).get("product")
    if report.outcome == "failed" and isinstance(product, Product) and product.times_told < TOLD_TIMES:
        product.times_told += 1
        report.sections.append(("the product", product.unwell()))
    return report


@pytest.fixture(scope="session")
def lead(product: Product) -> Iterator[Api]:
    """The demo company's lead, who reads records, recordings and figures."""
    with Api(product, LEAD) as api:
        yield api


@pytest.fixture(scope="session")
def administrator(product: Product) -> Iterator[Api]:
    with Api(product, ADMINISTRATOR) as api:
        yield api


#: Tests that run on real programs, real sound and real time: a machine that stutters must not look like a defect.
REAL = (
    "tests/browser/",
    "tests/supervisor/",
    "tests/asterisk/",
    "tests/asterisk_adapter/",
    "tests/scale/",
    "tests/live/",
)


#: Files that take minutes: begun last, one would keep one process waiting for the others.
LONG = (
    "tests/browser/test_first_run.py",
    "tests/browser/test_pages.py",
    "tests/asterisk/test_reconcile.py",
    "zhiyin/apps/rest/tests/test_every_route.py",
    "zhiyin/apps/rest/tests/test_api_conformance.py",
    "tests/scale/test_machines.py",
    "tests/asterisk/test_backup.py",
    "tests/browser/test_secure_mode.py",
    "tests/survival/test_kills.py",
    "tests/supervisor/test_product.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on real parts that fails is run again, twice at most: some run side by side, and a machine of two cores
    is busy for seconds at a time. What fails three times is a defect; a rerun is shown.

    Real tests wait much and others compute: files of both kinds come in turn, the longest first."""
    order = _in_turn(list(dict.fromkeys(_file_of(item) for item in items)))
    place = {file: at for at, file in enumerate(order)}
    items.sort(key=lambda item: place[_file_of(item)])
    for item in items:
        if _is_real(item.nodeid) and item.get_closest_marker("flaky") is None:
            item.add_marker(pytest.mark.flaky(reruns=2))


def _in_turn(files: list[str]) -> list[str]:
    """Return the files so that both kinds are spread evenly over the whole run."""
    long = [file for file in LONG if file in files]
    kinds = [[file for file in files if file not in long and _is_real(file) == kind] for kind in (True, False)]
    placed = [(at / len(kind), file) for kind in kinds for at, file in enumerate(kind)]
    return long + [file for _, file in sorted(placed, key=lambda one: one[0])]


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _is_real(nodeid: str) -> bool:
    return nodeid.startswith(REAL)
