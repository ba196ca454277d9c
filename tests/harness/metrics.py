"""The product's figures, as Prometheus would read them."""

from __future__ import annotations

import httpx
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.product import Product
from zhiyin.config.supervisor.metrics import SOCKET_NAME


def read_metrics(product: Product) -> str:
    transport = httpx.HTTPTransport(uds=str(product.run_folder / SOCKET_NAME))
    with httpx.Client(transport=transport, timeout=10) as client:
        answer = client.get("http://operator/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


def families(text: str) -> dict[str, Metric]:
    """Parse the text; a figure that two parts tell under one name is an error, as it is for Prometheus."""
    found: dict[str, Metric] = {}
    for family in text_string_to_metric_families(text):
        assert family.name not in found, f"{family.name} is told twice"
        found[family.name] = family
    return found


def value(found: dict[str, Metric], name: str, **labels: str) -> float:
    """Return the sum of the samples of that name that have at least these labels."""
    samples = [sample for family in found.values() for sample in family.samples if sample.name == name]
    assert samples, f"no figure {name}"
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())
