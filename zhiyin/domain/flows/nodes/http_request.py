"""HTTP 请求: ask an interface of the company's, and keep values of its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from zhiyin.domain.flows.filling import CannotFill, fill_body, fill_header, fill_path, names_in, read_body
from zhiyin.domain.flows.nodes.asking import (
    BEFORE,
    WITHIN,
    ask_once,
    exits_with_words,
    is_header_name,
    known_values,
    prompts_of,
)
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, read_pair
from zhiyin.domain.flows.requests import HttpRequest
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Memory
from zhiyin.domain.json_pointers import is_pointer

_METHODS = {method: (method, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}

FIELDS = (
    PanelField("service", FieldKind.HTTP_SERVICE, ("外部服务", "External service")),
    PanelField("method", FieldKind.CHOICE, ("方法", "Method"), choices=_METHODS, default="GET"),
    PanelField(
        "path",
        FieldKind.TEMPLATE,
        ("路径", "Path"),
        ("在服务地址之后，例如 /orders/{{订单号}}", "After the service's address, such as /orders/{{order}}"),
        most=500,
    ),
    PanelField(
        "headers",
        FieldKind.ROWS,
        ("请求头", "Headers"),
        ("密钥请放在外部服务里，不要写在这里", "Secrets belong to the external service, not here"),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_pair("header", "text", is_value=False),
        columns=(
            PanelField("header", FieldKind.TEXT, ("请求头", "Header"), most=40),
            PanelField("text", FieldKind.TEMPLATE, ("内容", "Text"), most=200),
        ),
    ),
    PanelField(
        "body",
        FieldKind.TEMPLATE,
        ("JSON 正文", "JSON body"),
        (
            '变量写在引号里：{"order": "{{订单号}}"}；数字写作 "{{数量|number}}"',
            'Values stand in quotes: {"order": "{{order}}"}; a number as "{{count|number}}"',
        ),
        is_required=False,
        most=4000,
    ),
    PanelField(
        "values",
        FieldKind.ROWS,
        ("读取的值", "Values to keep"),
        (
            "值在应答里的位置（JSON Pointer），例如 /data/status",
            "Where in the answer the value stands (JSON Pointer), such as /data/status",
        ),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_pair("value", "place"),
        columns=(
            PanelField("place", FieldKind.TEXT, ("位置", "Place"), most=200),
            PanelField("value", FieldKind.VALUE, ("存为", "Keep as")),
        ),
    ),
    BEFORE,
    WITHIN,
)


@dataclass(frozen=True, slots=True)
class HttpNode:
    """Leaves by "found" after an answer of 2xx that fits, by "missing" after 404 or 410, else by "failed"."""

    service: int
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    values: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None
    timeout_s: int = 5
    exits: tuple[str, ...] = ("found", "missing", "failed")

    @property
    def prompts(self) -> tuple[str, ...]:
        return prompts_of(self.prompt)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset(self.values)

    @property
    def reads(self) -> frozenset[str]:
        return names_in(" ".join((self.path, *self.headers.values(), json.dumps(self.body, ensure_ascii=False))))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        read = read_fields(FIELDS, config)
        read["headers"], read["values"] = dict(read["headers"]), dict(read["values"])
        if not all(is_pointer(pointer) for pointer in read["values"].values()):
            raise ValueError("values")
        if not all(is_header_name(name) for name in read["headers"]):
            raise ValueError("headers")
        try:
            fill_path(read["path"], {})
        except CannotFill as error:
            raise ValueError("path") from error
        try:
            read["body"] = read_body(read["body"]) if read["body"] else None
        except CannotFill as error:
            raise ValueError("body") from error
        return cls(**read)

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        def make() -> HttpRequest:
            values = known_values(memory, context)
            return HttpRequest(
                self.service,
                self.method,
                fill_path(self.path, values),
                headers={name: fill_header(text, values) for name, text in self.headers.items()},
                body="" if self.body is None else json.dumps(fill_body(self.body, values), ensure_ascii=False),
                values=self.values,
            )

        return ask_once(memory, event, make, prompt=self.prompt, timeout_s=self.timeout_s)


KIND = NodeKind(
    "http",
    ("HTTP 请求", "HTTP request"),
    HttpNode.read,
    FIELDS,
    exits=exits_with_words(("found", "missing", "failed")),
    without=frozenset({"missing", "failed"}),
)
