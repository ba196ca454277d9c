"""The API's description, completed with what every route does alike and none has to say itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI

PROBLEM_TYPE = "application/problem+json"
_PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}


class DescribedAPI(NinjaAPI):
    """Ninja knows one content type for all answers, and only those statuses that a route names."""

    def get_openapi_schema(self, **options: Any) -> Any:
        described = super().get_openapi_schema(**options)
        for path in described["paths"].values():
            for operation in path.values():
                _complete(operation)
        return described


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
