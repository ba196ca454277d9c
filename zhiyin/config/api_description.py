"""The API's description, completed with what every route does alike and none has to say itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from zhiyin.apps.rest.access import SESSION_COOKIE, Needs, NeedsPerson

PROBLEM_TYPE = "application/problem+json"
_PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}
_SESSION, _KEY = "session", "apiKey"
_SCHEMES = {
    _SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "The session's cookie; unsafe methods also need the header X-CSRFToken.",
    },
    _KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "zyk_",
        "description": "An API key, made by an administrator. Needs no CSRF token; 429 when it calls too often.",
    },
}
_LIMIT_HEADERS = {
    "Retry-After": "Seconds to wait.",
    "RateLimit-Limit": "Calls per minute that the key has.",
    "RateLimit-Remaining": "Calls that are left now.",
    "RateLimit-Reset": "Seconds until all of them are there again.",
}
_TOO_MANY = {
    "description": "Too Many Requests",
    "headers": {
        name: {"description": meaning, "schema": {"type": "integer"}} for name, meaning in _LIMIT_HEADERS.items()
    },
    "content": {PROBLEM_TYPE: {"schema": _PROBLEM}},
}


class DescribedAPI(NinjaAPI):
    """Ninja knows one content type for all answers, and only those statuses that a route names."""

    def get_openapi_schema(self, **options: Any) -> Any:
        described = super().get_openapi_schema(**options)
        doors = {operation.operation_id: _door(operation) for operation in self._operations()}
        for path in described["paths"].values():
            for operation in path.values():
                _complete(operation)
                if (door := doors[operation["operationId"]]) is not None:
                    _say_who_may(operation, door)
        described["components"]["securitySchemes"] = _SCHEMES
        return described

    def _operations(self) -> Iterator[Operation]:
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                yield from view.operations


def _door(operation: Operation) -> Needs | None:
    return next((auth for auth in operation.auth_callbacks if isinstance(auth, Needs)), None)


def _say_who_may(operation: dict[str, Any], door: Needs) -> None:
    """Name the right, and whether an API key opens the route or why none does."""
    operation["security"] = [{_SESSION: []}]
    lines = [operation.get("description", "")]
    if door.right:
        operation["x-right"] = door.right
        lines.append(f"Right: `{door.right}`.")
    if isinstance(door, NeedsPerson):
        lines.append(f"For people who are logged in, not for API keys. {door.why}")
    else:
        operation["security"].append({_KEY: []})
        operation["responses"].setdefault(429, _TOO_MANY)
    operation["description"] = "\n\n".join(line for line in lines if line)


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status, meaning in _common_refusals(operation):
        answers.setdefault(status, {"description": meaning, "content": {PROBLEM_TYPE: {"schema": _PROBLEM}}})
    for status, answer in answers.items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            answer["content"] = {PROBLEM_TYPE: content["application/json"]}
        elif "format" in _parameters(operation, "query"):
            content["text/csv"] = {"schema": {"type": "string"}}


def _common_refusals(operation: dict[str, Any]) -> Iterator[tuple[int, str]]:
    if "requestBody" in operation or "parameters" in operation:
        yield 400, "Bad Request"
    if _parameters(operation, "path"):
        yield 404, "Not Found"


def _parameters(operation: dict[str, Any], place: str) -> set[str]:
    return {each["name"] for each in operation.get("parameters", ()) if each["in"] == place}
