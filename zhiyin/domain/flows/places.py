"""Where a step of a call stands in each flow that the call runs through. Pure.

A flow runs with the nodes of all flows that it uses, so "a/b/c" is at once the node a/b/c of the flow that was called,
b/c of the flow used at a, and c of the flow used at b of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: A version of a flow.
Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A node as one flow names it. ``is_used``: the call came by a flow that uses this one."""

    flow: int
    version: int
    node: str
    is_used: bool = False


class UsedFlows:
    """What each version of a company's flows uses: version -> node -> the version used there."""

    def __init__(self, uses: Mapping[Version, Mapping[str, Version]]) -> None:
        self._uses = uses

    def place_in(self, flow: int, at: Place) -> Place | None:
        """Return what ``flow`` calls the node ``at`` of a call; ``None`` where the call was not in that flow."""
        while at.flow != flow:
            step, _, inner = at.node.partition("/")
            used = self._uses.get((at.flow, at.version), {}).get(step)
            if used is None or not inner:
                return None
            at = Place(*used, inner, is_used=True)
        return at

    def ways_into(self, flow: int) -> frozenset[tuple[int, int, str]]:
        """Return the flow, the version and the step of each that uses ``flow``, directly ("a") or not ("a/b")."""
        return frozenset(
            (user, version, step) for user, version in self._uses for step in self._steps(user, version, flow)
        )

    def users_of(self, flow: int) -> frozenset[int]:
        """Return the flows of which some version uses ``flow``, directly or not."""
        return frozenset(user for user, _, _ in self.ways_into(flow))

    def used_by(self, flows: frozenset[int]) -> frozenset[int]:
        """Return what any version of these flows uses, directly or not."""
        todo = [version for version in self._uses if version[0] in flows]
        found: set[Version] = set()
        while todo:
            for used in self._uses.get(todo.pop(), {}).values():
                if used not in found:
                    found.add(used)
                    todo.append(used)
        return frozenset(flow for flow, _ in found)

    def _steps(self, flow: int, version: int, wanted: int) -> Iterator[str]:
        for step, (used, used_version) in self._uses.get((flow, version), {}).items():
            if used == wanted:
                yield step
            else:
                yield from (f"{step}/{rest}" for rest in self._steps(used, used_version, wanted))
