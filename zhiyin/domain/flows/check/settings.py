"""What a flow asks of its company: queues, hours, classes, prompts, and the languages these are spoken in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from zhiyin.domain.flows.check.paths import Ways, path_to
from zhiyin.domain.flows.graph import Flow, FlowPath, FlowProblem
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.kind import language_of
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField

#: What names nothing.
_NONE = ("", None, 0)


def unknown_settings(
    flow: Flow, name: str, known: Mapping[FieldKind, Collection[object]], path: FlowPath
) -> Iterator[FlowProblem]:
    """Yield the fields of a node, and of its rows, whose queue, hours or class the company does not have."""
    node = flow.nodes[name]
    for field in KINDS[flow.kinds[name]].fields:
        value = getattr(node, field.attribute or field.name)
        if _is_unknown(field, value, known):
            yield FlowProblem(f"unknown_{field.kind}", name, field.name, path=path)
        for column in field.columns:
            if column.kind == FieldKind.CUSTOMER_CLASSES and any(
                _is_unknown(column, getattr(row, column.name), known) for row in value
            ):
                yield FlowProblem(f"unknown_{column.kind}", name, field.name, path=path)


def _is_unknown(field: PanelField, value: object, known: Mapping[FieldKind, Collection[object]]) -> bool:
    """Return whether the value, or one of several, names what the company does not have."""
    if field.kind not in known:
        return False
    named = value if isinstance(value, frozenset | tuple) else (value,)
    return any(one not in _NONE and one not in known[field.kind] for one in named)


def missing_voices(
    flow: Flow, ways: Ways, voices: Mapping[str, Collection[str]], languages: Collection[str]
) -> Iterator[FlowProblem]:
    """Yield the prompts that lack a language which the flow may speak; a prompt that is not there is another problem.

    ``voices``: in which languages each prompt can be heard; ``languages``: those the company's callers are spoken to.
    """
    spoken = sorted({*languages, *(language_of(flow.nodes[name]) for name in ways)} - {""})
    for name in ways:
        for key in dict.fromkeys(flow.nodes[name].prompts):
            lacking = [language for language in spoken if language not in voices.get(key, spoken)]
            for language in lacking:
                yield FlowProblem("missing_language", name, key, detail=language, path=path_to(ways, name))
