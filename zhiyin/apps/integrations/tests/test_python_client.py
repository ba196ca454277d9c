"""The Python client, generated from the description as it is now and used against the API itself."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils.module_loading import import_string

from zhiyin.apps.conftest import Company
from zhiyin.apps.integrations import keys
from zhiyin.domain.security.webhooks import sign

CLIENT = Path(__file__).parents[4] / "clients" / "python"
RIGHTS = ["customers.read", "customers.write", "events.read", "desk", "admin"]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package as it is built: its operations made from the API's description."""
    folder = tmp_path_factory.mktemp("client")
    shutil.copytree(CLIENT / "src", folder, dirs_exist_ok=True)
    described = import_string("zhiyin.config.api.api").get_openapi_schema(path_prefix="/api/")
    (folder / "openapi.json").write_text(json.dumps(described, default=str), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(CLIENT))
        patch.syspath_prepend(str(folder))
        generate = importlib.import_module("generate")
        generate.write_operations(folder / "openapi.json", folder / "zhiyin_client" / "operations.py")
        yield importlib.import_module("zhiyin_client")
        for name in [name for name in sys.modules if name.partition(".")[0] in ("zhiyin_client", "generate")]:
            del sys.modules[name]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request's begin and end close Django's connection; these all belong into the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def client_of(package: ModuleType, company: Company, **key: Any) -> Any:
    fields = {"name": "client", "rights": RIGHTS} | key
    _, text = keys.create_key(actor=company.actor("administrator"), fields=fields)
    application = import_string("zhiyin.config.wsgi.application")
    waits: list[float] = []
    client = package.Client(
        "http://desk.example", text, transport=httpx.WSGITransport(app=application), sleep=waits.append, patience_s=1
    )
    client.waits = waits
    return client


@pytest.mark.usefixtures("one_connection")
def test_customers_are_made_changed_found_and_refused(package: ModuleType, company: Company) -> None:
    with client_of(package, company) as zhiyin:
        made = zhiyin.create_customer(body={"name": "张三", "numbers": [{"number": "13812345678"}]})
        changed = zhiyin.update_customer(made["id"], body={"company": "知音"})
        assert (changed["name"], changed["company"]) == ("张三", "知音")
        for n in range(3):
            zhiyin.create_customer(body={"name": f"李{n}"})
        assert {row["name"] for row in zhiyin.every(zhiyin.list_customers)} == {"张三", "李0", "李1", "李2"}
        assert [row["id"] for row in zhiyin.every(zhiyin.list_customers, search="张")] == [made["id"]]
        with pytest.raises(package.Problem) as refused:
            zhiyin.create_customer(body={"name": ""})
        assert (refused.value.status, refused.value.fields) == (422, {"name": "string_too_short"})
        with pytest.raises(package.Problem) as gone:
            zhiyin.get_customer(10**9)
        assert gone.value.code == "not_found"


@pytest.mark.usefixtures("one_connection")
def test_a_list_of_several_pages_is_whole(package: ModuleType, company: Company) -> None:
    with client_of(package, company) as zhiyin:
        for n in range(201):
            zhiyin.create_reason(body={"code": f"r{n}", "name": f"R{n}"})
        assert len({row["id"] for row in zhiyin.every(zhiyin.list_reasons)}) >= 201


@pytest.mark.usefixtures("one_connection")
def test_a_key_that_calls_too_often_waits_and_then_gives_up(package: ModuleType, company: Company) -> None:
    with client_of(package, company, calls_per_minute=60) as zhiyin:
        zhiyin._patience_s = 5
        with pytest.raises(package.TooManyRequests):
            list(iter(zhiyin.list_reasons, None))  # until it is refused
        assert zhiyin.waits[0] == 1.0
        assert 4 <= sum(zhiyin.waits) <= 5


def test_a_dead_address_is_unreachable(package: ModuleType) -> None:
    with package.Client("http://127.0.0.1:9", "k") as zhiyin, pytest.raises(package.Unreachable):
        zhiyin.list_customers()


def test_a_stream_is_read_frame_by_frame(package: ModuleType) -> None:
    read_frames = importlib.import_module("zhiyin_client.client").read_frames
    lines = ["retry: 3000", "", "id: 7.1", "event: place", "data: {}", "", "id: 7.2", "event: x", 'data: {"a": 1}', ""]
    assert list(read_frames(lines)) == [("7.1", None), ("7.2", {"a": 1})]


def test_a_webhook_is_believed_only_with_its_signature(package: ModuleType) -> None:
    """Signed by the product's own function, checked by the client's."""
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    body = b'{"id": "m", "type": "test"}'
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(secret=SECRET, message_id="m", at=at, body=body),
    }
    read = package.read_webhook
    assert read(headers=headers, body=body, secret=SECRET, now=at.timestamp())["type"] == "test"
    for wrong in ({"body": body + b" "}, {"now": at.timestamp() + 400}, {"headers": {**headers, "webhook-id": "n"}}):
        with pytest.raises(package.BadSignature):
            read(**({"headers": headers, "body": body, "secret": SECRET, "now": at.timestamp()} | wrong))
