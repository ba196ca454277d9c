"""Random flows over every kind of node there is: a new kind is covered by itself, by what its fields say."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from hypothesis import strategies as st

from zhiyin.domain.flows.graph import Flow, read_flow
from zhiyin.domain.flows.nodes import KINDS, BadNode, read_node
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField

PROMPT = "menu"


class Chooser(Protocol):
    """Where the accidents come from: Hypothesis, which makes them small again, or a seed, which is fast."""

    def integer(self, least: int, most: int) -> int: ...

    def one_of(self, items: Sequence[Any]) -> Any: ...


class Seeded:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def one_of(self, items: Sequence[Any]) -> Any:
        return self._random.choice(items)


class Drawn:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def integer(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def one_of(self, items: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(items))


def _number(choose: Chooser, field: PanelField) -> int:
    """Small numbers, so that what counts to them ends soon."""
    return choose.integer(field.least, min(field.most, field.least + 2))


def _keys(choose: Chooser, field: PanelField) -> list[str]:
    at_least = max(field.least, 1)
    return ["1", "2", "*"][: choose.integer(at_least, max(at_least, 3))]


def _rows(choose: Chooser, field: PanelField) -> list[dict[str, Any]]:
    """Rows with an exit each, whether or not the node's exits are its rows."""
    least = max(field.least, 1)
    rows = range(choose.integer(least, max(least, 2)))
    return [{**_filled(choose, field.columns), "exit": f"e{row}", "name": f"{row}"} for row in rows]


def _filled(choose: Chooser, fields: Sequence[PanelField]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for field in fields:
        is_shown = not field.shown_by or config.get(field.shown_by) in field.shown_for
        if is_shown and (field.is_required or field.shown_by or choose.integer(0, 1)):
            config[field.name] = FILLED[field.kind](choose, field)
    return config


#: How a field is filled in; each draws what a panel would let through.
FILLED: dict[FieldKind, Callable[[Chooser, PanelField], Any]] = {
    FieldKind.PROMPT: lambda _choose, _field: {"key": PROMPT},
    FieldKind.NUMBER: _number,
    FieldKind.TEXT: lambda _choose, _field: "x",
    FieldKind.QUEUE: lambda _choose, _field: 1,
    FieldKind.HOURS: lambda _choose, _field: 1,
    FieldKind.CONTACT_CLASS: lambda _choose, _field: "",
    FieldKind.KEYS: lambda choose, field: {key: key for key in _keys(choose, field)},
    FieldKind.SCORES: lambda choose, field: {key: 1 + place for place, key in enumerate(_keys(choose, field))},
    FieldKind.VALUE: lambda choose, _field: choose.one_of(["a", "b"]),
    FieldKind.CHOICE: lambda choose, field: choose.one_of(sorted(field.choices)),
    FieldKind.SWITCH: lambda choose, _field: bool(choose.integer(0, 1)),
    FieldKind.TEMPLATE: lambda choose, _field: choose.one_of(["1", "{{a}}"]),
    FieldKind.EXPRESSION: lambda _choose, _field: "values.a == '1'",
    FieldKind.CUSTOMER_CLASSES: lambda _choose, _field: [1],
    FieldKind.CUSTOMER_FIELD: lambda _choose, _field: "name",
    FieldKind.CUSTOMER_KEY: lambda _choose, _field: "number",
    FieldKind.HTTP_SERVICE: lambda _choose, _field: 1,
    FieldKind.PAYMENT_SERVICE: lambda _choose, _field: 1,
    FieldKind.MESSAGE_SERVICE: lambda _choose, _field: 1,
    FieldKind.STATEMENT: lambda _choose, _field: "orders",
    FieldKind.FLOW: lambda _choose, _field: 1,
    FieldKind.ROWS: _rows,
}


def _shared_out(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    each = 100 // len(rows)
    return [
        {**row, "share_pct": 100 - each * (len(rows) - 1) if place == 0 else each} for place, row in enumerate(rows)
    ]


#: Where fields belong together: what makes each exit possible.
_TOGETHER: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "play": lambda config: {"prompt": {"key": PROMPT}, **config} if "parts" not in config else config,
    "recognise": lambda config: {
        **config,
        "value": "a",
        "choices": [{**row, "key": "", "phrases": f"x{place}"} for place, row in enumerate(config["choices"])],
    },
    "shortcut": lambda config: {
        "choices": [
            {**row, "key": "*" if place == 0 else "", "phrases": f"y{place}" if "phrases" in row or place else ""}
            for place, row in enumerate(config["choices"])
        ],
    },
    "say": lambda config: {"text_zh": "{{a}}", **config},
    "consent": lambda config: {**config, "yes_key": "1", "no_key": "2"},
    "http": lambda config: {"service": 1, "method": "GET", "path": "/orders", "timeout_s": config["timeout_s"]},
    "sub_flow": lambda config: {**config, "is_inlined": True},
    "caller_class": lambda config: {"groups": [{**row, "is_for_vips": True} for row in config["groups"]]},
    "split": lambda config: {"shares": _shared_out(config["shares"])},
    # the caller's own: a text that is no number would always leave by one exit, whatever the world says
    "booking": lambda config: {name: value for name, value in config.items() if name != "number"},
    "rate": lambda config: {**config, "low_at": 1},
    "collect": lambda config: {
        **config,
        "least": 2,
        "most": 2,
        "check": {"date": "any"}.get(config.get("check", ""), config.get("check", "any")),
        "told": {"lengths": "2", "list": "11"}.get(config.get("check", ""), ""),
    },
}


def config_of(choose: Chooser, kind: str) -> dict[str, Any]:
    """Return a configuration that can be read."""
    config = _filled(choose, KINDS[kind].fields)
    config = _TOGETHER.get(kind, lambda same: same)(config)
    try:
        read_node(kind, config)
    except BadNode as error:
        raise AssertionError(f"teach flow_random.py to fill in {kind}: {error} of {config}") from error
    return config


def random_document(choose: Chooser, *, most: int = 7, is_whole: bool = False) -> dict[str, Any]:
    """Return a flow's document, loops and (unless ``is_whole``) open exits included."""
    kinds = [kind for kind in KINDS if kind != "start"]
    names = [f"n{number}" for number in range(choose.integer(1, most))]
    nodes: list[dict[str, Any]] = [{"id": "start", "kind": "start", "config": {}}]
    for name in names:
        once = {node["kind"] for node in nodes} & {"on_error", "shortcut"}
        kind = choose.one_of([each for each in kinds if each not in once])
        nodes.append({"id": name, "kind": kind, "config": config_of(choose, kind)})
    edges = [
        {"from": node["id"], "exit": exit_, "to": choose.one_of(names)}
        for node in nodes
        for exit_ in read_node(node["kind"], node["config"]).exits
        if is_whole or choose.integer(0, 30)
    ]
    return {"format": 1, "start": "start", "nodes": nodes, "edges": edges}


def random_flow(choose: Chooser, *, most: int = 7, is_whole: bool = False) -> Flow:
    return read_flow(random_document(choose, most=most, is_whole=is_whole))


@st.composite
def flows(draw: st.DrawFn, *, is_whole: bool = False) -> Flow:
    return random_flow(Drawn(draw), is_whole=is_whole)
