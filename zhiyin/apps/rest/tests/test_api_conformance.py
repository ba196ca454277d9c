"""Every route, asked with what its own description allows and forbids, by everybody: never a fault of ours.

Inputs are made from the OpenAPI document (schemathesis), so that a new route is held to it at once. The seed is fixed,
so that a failure comes again; ``ZHIYIN_API_CASES`` says how many a route and role get, ``ZHIYIN_API_SEED`` others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils.module_loading import import_string
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zhiyin.apps.accounts.rights import RIGHTS
from zhiyin.apps.conftest import Company
from zhiyin.apps.integrations import keys
from zhiyin.apps.rest.tests.test_every_route import OWNED, ROUTES, Route, ids
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.frames import Problem

api = import_string("zhiyin.config.api.api")
#: schemathesis names its types only for GraphQL and the web alike: untyped at this edge
Operation = Any
CASES = int(os.environ.get("ZHIYIN_API_CASES") or 1)
SEED = int(os.environ.get("ZHIYIN_API_SEED") or 20261122)
ANYBODY, KEY = "anybody", "an API key"
CSRF_TOKEN = "c" * 32
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _described() -> Any:
    """The API's description; pairs in the older words, which schemathesis's validator reads in every draft.

    Keys are left out: one that schemathesis invents would count more than the session that is tried.
    """

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        found = {name: plain(value) for name, value in node.items()}
        pair = found.pop("prefixItems", None)
        return found | {"items": pair[0]} if pair else found

    described = plain(api.get_openapi_schema(path_prefix="/api/"))
    for operation in (operation for path in described["paths"].values() for operation in path.values()):
        operation["security"] = [way for way in operation.get("security", ()) if "apiKey" not in way]
    return described


_schema: Any = schemathesis.openapi.from_dict(_described())
_schema.app = import_string("zhiyin.config.wsgi.application")
_found = [result.ok() for result in _schema.get_all_operations()]
OPERATIONS: dict[str, Any] = {operation.definition.raw["operationId"]: operation for operation in _found}


NOT_DESCRIBED = {"finishOidc", "receiveSaml", "finishSaml", "getSamlMetadata"}
DESCRIBED = [route for route in ROUTES if route.operation_id not in NOT_DESCRIBED]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request's begin and end close Django's connection; these all belong into the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_only_the_ways_of_another_log_in_are_not_described() -> None:
    """Browsers are sent there by an identity provider, and nobody else asks for them."""
    assert {route.operation_id for route in ROUTES} - OPERATIONS.keys() == NOT_DESCRIBED


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, marks=[pytest.mark.extended] if at % 2 else [], id=name)
        for at, (route, name) in enumerate(zip(DESCRIBED, ids(DESCRIBED), strict=True))
    ],
)
def test_a_route_keeps_to_its_description_whatever_it_is_asked(company: Company, route: Route) -> None:
    operation = OPERATIONS[route.operation_id]
    owned = {name: OWNED[name](company) for name in route.parameters}
    with engine_that(lambda _command: Problem("busy")):
        for role in (ANYBODY, *([] if route.right is None else [KEY]), *RIGHTS):
            _ask(operation, owned, company, role)


def _ask(operation: Operation, owned: dict[str, object], company: Company, role: str) -> None:
    """Send cases of both kinds, half of those with an address to what the company has."""
    headers = {"X-CSRFToken": CSRF_TOKEN}
    if role == KEY:
        enter_tenant(company.tenant.pk)
        rights = sorted(RIGHTS["administrator"])
        made = keys.create_key(actor=company.actor("administrator"), fields={"name": KEY, "rights": rights})
        headers = {"Authorization": f"Bearer {made[1]}"}

    @seed(SEED)
    @hypothesis_settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case, is_owned = data.draw(st.tuples(_cases(operation), st.booleans()))
        if owned and is_owned:
            case.path_parameters = {name: str(value) for name, value in owned.items()}
        # Logging out or a new password must not end the other cases' session.
        session = "" if role in (ANYBODY, KEY) else company.browser(role).cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF_TOKEN}
        answer = case.call(headers=headers, cookies=cookies)
        case.validate_response(answer, checks=CHECKS)

    ask()


def _cases(operation: Operation) -> st.SearchStrategy[Any]:
    kinds = [GenerationMode.POSITIVE]
    if operation.body or operation.query or operation.path_parameters:
        kinds.append(GenerationMode.NEGATIVE)
    return st.one_of([operation.as_strategy(generation_mode=kind) for kind in kinds])
