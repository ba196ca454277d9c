"""Alarms of the running product: a trunk whose carrier does not answer, told to administrators alone."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.harness.api import LEAD, Api
from tests.harness.product import Product
from tests.harness.waiting import wait_until
from zhiyin.contracts.readings import read_readings


def test_the_worker_tells_what_it_sees(product: Product) -> None:
    readings = read_readings(product.run_folder)
    assert readings is not None
    assert readings.projection_lag_s >= 0
    assert abs(readings.clock_off_s) < 1


def test_a_trunk_that_does_not_answer_is_told(product: Product, administrator: Api) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        body = {"name": "哑中继", "host": "127.0.0.1", "port": silent.getsockname()[1]}
        made = administrator.ask("POST", "/trunks", body)
        try:
            wait_until(lambda: told(administrator).get("trunk_down") == "哑中继", what="the alarm", within_s=60)
        finally:
            administrator.ask("DELETE", f"/trunks/{made['id']}")


def told(administrator: Api) -> dict[str, str]:
    return {row["code"]: row["subject"] for row in administrator.read("/alarms")["items"]}


def test_alarms_are_for_administrators(product: Product, administrator: Api) -> None:
    assert isinstance(administrator.read("/alarms")["items"], list)
    with Api(product, LEAD) as lead, pytest.raises(AssertionError, match="403"):
        lead.read("/alarms")
    assert httpx.get(f"{product.url}/api/alarms", timeout=10).status_code == 401


def test_health_names_the_codes(product: Product) -> None:
    assert isinstance(product.get("/api/health")["alarms"], list)
