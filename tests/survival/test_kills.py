"""A sample of the kill series: what carries calls is killed, frozen and starved. ``./dev bench soak`` runs it whole."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.harness.product import Product
from tests.harness.seeds import fresh_seed
from tests.harness.survival import Fault, Load, load_on, strike_under_load

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

SEED = fresh_seed(10**6)
FAULTS = (
    Fault("engine"),
    Fault("engine", 5.0),
    Fault("engine", full_s=3.0),
    Fault("postgres"),
    Fault("live"),
    Fault("asterisk"),
    pytest.param(Fault("engine", 1.0), marks=pytest.mark.extended),
    pytest.param(Fault("postgres", 3.0), marks=pytest.mark.extended),
    pytest.param(Fault("asterisk", 1.5), marks=pytest.mark.extended),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def load(product: Product):
    async with load_on(product, agents=10, seed=SEED) as load:
        yield load


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault).replace(" ", "-"))
async def test_the_promises_hold_when_a_part_fails_under_load(load: Load, fault: Fault) -> None:
    """Nothing lost or doubled, nobody stuck, no answered call cut, the place in the line kept, control back soon."""
    await load.be_ready()
    done = await strike_under_load(load, fault, calls=24, rate=6)
    print(f"{fault}: struck after {done.at_s:.2f} s, control back after {done.control_back_s:.2f} s, cut {done.cut}")
    assert done.violations == [], f"seed {SEED}: ./dev bench soak --seed {SEED}"
