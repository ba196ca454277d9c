"""Flows as files: what stands in a company by an id stands in a file by its name, and in an order that stays.

``{"zhiyin_flow": 1, "name", "graph", "tests": [{"name", "script": [line, ...]}], "company": {...}}``: ``company`` holds
what the flow and its tests name, so that these can be run without any company: queues, classes of customers, and
opening hours with their days.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from zhiyin.contracts.snapshots import HoursSetting, PromptSetting, QueueSetting, TenantSettings
from zhiyin.domain.flows.graph import FORMAT
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField

#: Rises where older files would be misread; an older file stays readable for ever.
FILE_FORMAT = 1
#: The kinds of field that hold an id which means nothing in another company, by what a file calls them.
NAMED: Mapping[FieldKind, str] = {
    FieldKind.QUEUE: "queues",
    FieldKind.HOURS: "hours",
    FieldKind.FLOW: "flows",
    FieldKind.CUSTOMER_CLASSES: "customer_classes",
    FieldKind.HTTP_SERVICE: "services",
    FieldKind.PAYMENT_SERVICE: "services",
    FieldKind.MESSAGE_SERVICE: "services",
}
Document = dict[str, Any]
#: What stands for an id (or its name): (what of, id or name) -> the other; itself where nobody knows it.
Renamed = Callable[[str, Any], Any]


class BadFile(ValueError):
    """The file holds no flow of a format that is known."""


def to_file(document: Document) -> str:
    """Return the text of a file: the same for the same flow, a node or an edge a line, for differences to be read."""
    graph = document["graph"]
    nodes = sorted(graph.get("nodes", ()), key=lambda node: str(node.get("id")))
    edges = sorted(graph.get("edges", ()), key=lambda edge: (str(edge.get("from")), str(edge.get("exit"))))
    rest = {name: graph[name] for name in sorted(graph) if name not in ("nodes", "edges")}
    ordered = {
        "zhiyin_flow": FILE_FORMAT,
        "name": document["name"],
        "graph": {**rest, "nodes": [_Line(node) for node in nodes], "edges": [_Line(edge) for edge in edges]},
        "tests": document["tests"],
        "company": document["company"],
    }
    return _written(ordered, "") + "\n"


class _Line(dict[str, Any]):
    """Stands on a line of its own."""


def _written(value: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, _Line) or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _written(one, inner) for one in value) + f"\n{indent}]"
    members = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {_written(one, inner)}" for name, one in value.items())
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"


def read_file(document: Any) -> Document:
    """Return a file's document, checked. Raises ``BadFile``."""
    if not isinstance(document, dict) or document.get("zhiyin_flow") != FILE_FORMAT:
        raise BadFile("format")
    graph, tests, company = document.get("graph"), document.get("tests", []), document.get("company", {})
    if not isinstance(graph, dict) or graph.get("format") != FORMAT:
        raise BadFile("graph")
    if not all(isinstance(graph.get(part), list) for part in ("nodes", "edges")):
        raise BadFile("graph")
    if not all(isinstance(node, dict) for node in (*graph["nodes"], *graph["edges"])):
        raise BadFile("graph")
    if not isinstance(company, dict) or not isinstance(tests, list):
        raise BadFile("tests")
    if not all(isinstance(one, dict) and isinstance(one.get("script"), list) and one.get("name") for one in tests):
        raise BadFile("tests")
    return {"name": str(document.get("name") or ""), "graph": graph, "tests": tests, "company": company}


def renamed(graph: Mapping[str, Any], rename: Renamed) -> Document:
    """Return the graph with every id, or name, of the company's own things replaced."""
    return {**graph, "nodes": [_renamed_node(node, rename) for node in graph.get("nodes", ())]}


def _renamed_node(node: Mapping[str, Any], rename: Renamed) -> Document:
    kind = KINDS.get(str(node.get("kind")))
    config = node.get("config")
    if kind is None or not isinstance(config, Mapping):
        return dict(node)
    return {**node, "config": _renamed_config(config, kind.fields, rename)}


def _renamed_config(config: Mapping[str, Any], fields: Sequence[PanelField], rename: Renamed) -> Document:
    changed = dict(config)
    for field in fields:
        value = config.get(field.name)
        if value in (None, ""):
            continue
        if field.kind is FieldKind.ROWS and isinstance(value, list):
            changed[field.name] = [
                _renamed_config(row, field.columns, rename) if isinstance(row, Mapping) else row for row in value
            ]
        elif field.kind in NAMED:
            what = NAMED[field.kind]
            changed[field.name] = (
                [rename(what, one) for one in value] if isinstance(value, list) else rename(what, value)
            )
    return changed


def prompts_named(graph: Mapping[str, Any]) -> Iterator[str]:
    """Yield the prompts that the graph's nodes say."""
    for node in graph.get("nodes", ()):
        yield from _prompts_in(node.get("config") if isinstance(node, Mapping) else None)


def _prompts_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        key = value.get("key")
        if isinstance(key, str) and len(value) == 1:
            yield key
            return
        for one in value.values():
            yield from _prompts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _prompts_in(one)


def settings_of(document: Document) -> tuple[TenantSettings, Document, dict[str, int]]:
    """Return a company made of nothing but what the file names, the graph by that company's ids, and the ids of its
    classes of customers by name: each queue has somebody, each prompt is there, and all else is as plain as it can
    be."""
    company = document["company"]
    numbers: dict[tuple[str, Any], int] = {}

    def number(what: str, name: Any) -> int:
        return numbers.setdefault((what, name), len(numbers) + 1)

    graph = renamed(document["graph"], number)
    hours = company.get("hours", {})
    settings = TenantSettings(
        tenant=0,
        code="file",
        name=document["name"],
        version=1,
        time_zone=str(company.get("time_zone", "Asia/Shanghai")),
        queues=tuple(
            QueueSetting(number("queues", name), str(name), str(name), (1,)) for name in company.get("queues", ())
        ),
        hours=tuple(
            HoursSetting(
                number("hours", name),
                str(name),
                tuple(tuple((since, until) for since, until in day) for day in told["weekly"]),
                {date: tuple((since, until) for since, until in day) for date, day in told.get("dates", {}).items()},
                str(told.get("time_zone", "")),
            )
            for name, told in hours.items()
        ),
        prompts=tuple(PromptSetting(key, {}) for key in sorted(set(prompts_named(graph)))),
    )
    classes = {str(name): number("customer_classes", name) for name in company.get("customer_classes", ())}
    return settings, graph, classes
