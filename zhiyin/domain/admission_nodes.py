"""How what may enter by one way is shared out among the nodes of a cluster. Pure; whole calls, and looks.

Each node's dialplan counts its own share down and knows nothing of the others. All nodes serve the same callers, so
nothing is owed to a node: what one does not use is another's. A node that let in all it had may have refused any
number, and gets as much as every other such node; one that let in fewer keeps half of what it did not use; one by which
nobody came in the end rests, and is tried again after ``REST_LOOKS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: A node that needed none is given none for so many looks, as long as others want it.
REST_LOOKS = 8


@dataclass(frozen=True, slots=True)
class NodeShare:
    """``told``: how many may enter by the node. ``waited``: looks since that was any; ``rests``: looks to wait."""

    told: int = 0
    waited: int = 0
    rests: int = 0


def share_among(
    before: Mapping[str, NodeShare], came: Mapping[str, int], nodes: Iterable[str], *, whole: int
) -> dict[str, NodeShare]:
    """Return the shares of the nodes that let callers in; together they are ``whole``.

    ``came``: how many entered by each node since it was told what it had ``before``. A node that is not among ``nodes``
    gets nothing, and one that is new is tried at once.
    """
    known = {node: before.get(node, NodeShare()) for node in nodes}
    if not known:
        return {}
    told = dict.fromkeys(known, 0)
    # Who had nothing shows nothing: one call each tells more, those that waited longest first.
    untried = [n for n, share in known.items() if not (share.told or share.rests or came.get(n))]
    for node in sorted(untried, key=lambda node: -known[node].waited)[:whole]:
        told[node] = 1
    wants = {node: _want(share, came.get(node, 0)) for node, share in known.items() if node not in untried}
    # What cannot be divided goes round among those that want it; what nobody wants stays where it was.
    in_turn = sorted(wants, key=lambda node: (known[node].waited, -known[node].told, node))
    _divide(whole - sum(told.values()), {node: wants[node] for node in in_turn}, told)
    as_before = sorted(known, key=lambda node: (known[node].waited, known[node].told, node))
    _divide(whole - sum(told.values()), dict.fromkeys(as_before, float("inf")), told)
    return {node: _after(share, came.get(node, 0), told[node]) for node, share in known.items()}


def _want(share: NodeShare, came: int) -> float:
    if not came:
        return share.told // 2
    return float("inf") if came >= share.told else came + max(1, (share.told - came) // 2)


def _after(share: NodeShare, came: int, told: int) -> NodeShare:
    is_idle = share.told == 1 and not came
    rests = REST_LOOKS if is_idle else max(0, share.rests - 1)
    return NodeShare(told, 0 if told else share.waited + 1, rests)


def _divide(whole: int, wants: Mapping[str, float], told: dict[str, int]) -> None:
    """Add to ``told``, max-min fair in whole calls; of those that want the same the last get what is left over."""
    left, hungry = whole, sorted(wants, key=lambda node: wants[node])
    for place, node in enumerate(hungry):
        part = int(min(wants[node], left // (len(hungry) - place)))
        told[node] += part
        left -= part
