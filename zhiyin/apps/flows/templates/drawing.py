"""Drawing a flow step by step: nodes on a grid, and the edges between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Graph = dict[str, Any]


class Drawing:
    """Collects nodes and edges, laying the nodes out on a grid (pixels)."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, str]] = []

    def node(self, name: str, kind: str, *, column: int, row: int = 0, **config: Any) -> str:
        position = {"x": 80 + 340 * column, "y": 80 + 180 * row}
        self.nodes.append({"id": name, "kind": kind, "config": config, "position": position})
        return name

    def edge(self, source: str, exit_: str, target: str) -> None:
        self.edges.append({"from": source, "exit": exit_, "to": target})

    def lead(self, source: str, targets: Mapping[str, str]) -> None:
        """Connect the exits of a node: exit -> target."""
        for exit_, target in targets.items():
            self.edge(source, exit_, target)

    def queue(self, name: str, queue: int, *, column: int, row: int, otherwise: str, priority: int = 0) -> str:
        """Wait for an agent; who is not served goes on at ``otherwise``."""
        self.node(name, "queue", column=column, row=row, queue=queue, priority=priority)
        self.lead(name, {"closed": otherwise, "overflow": otherwise})
        return name

    def voicemail(self, name: str, queue: int, *, column: int, row: int, otherwise: str) -> str:
        """Take a message; where no more are taken, go on at ``otherwise``."""
        self.node(name, "voicemail", column=column, row=row, queue=queue)
        self.edge(name, "full", otherwise)
        return name

    def graph(self) -> Graph:
        return {"format": 1, "start": "start", "nodes": self.nodes, "edges": self.edges}


def prompt(key: str) -> dict[str, str]:
    return {"key": key}
