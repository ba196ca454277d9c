"""The kinds of node a flow is drawn from: one module each, listed here. A node is data and pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhiyin.domain.flows.nodes import (
    booking,
    callback,
    caller_class,
    collect,
    condition,
    consent,
    give_back,
    hang_up,
    hours,
    http_request,
    language,
    look_up,
    loop,
    menu,
    message,
    on_error,
    payment,
    play,
    query_database,
    queue,
    rate,
    recognise,
    say,
    set_values,
    shortcut,
    split,
    start,
    sub_flow,
    transfer,
    voicemail,
)
from zhiyin.domain.flows.nodes.kind import BadNode, Node, NodeKind, expressions_of, values_kept, values_read

__all__ = ["KINDS", "BadNode", "Node", "NodeKind", "expressions_of", "read_node", "values_kept", "values_read"]

#: By their codes, in the order in which a palette shows them.
KINDS: Mapping[str, NodeKind] = {
    module.KIND.code: module.KIND
    for module in (
        *(start, hours, play, say, menu, recognise, collect, condition, set_values, caller_class, language, consent),
        *(split, loop, queue, voicemail, callback, booking, transfer, rate),
        *(look_up, http_request, query_database, message, payment, sub_flow, give_back, on_error, shortcut, hang_up),
    )
}


def read_node(kind: str, config: Mapping[str, Any]) -> Node:
    """Return the node of a kind. Raises ``BadNode`` for an unknown kind or a wrong configuration."""
    known = KINDS.get(kind)
    if known is None:
        raise BadNode("kind", "unknown_kind")
    try:
        return known.read(config)
    except (KeyError, TypeError, ValueError) as error:
        raise BadNode(str(error.args[0]) if error.args else "config", "bad_value") from error
