"""Expressions over a contact's values, in CEL (https://cel.dev): bounded, free of effects, compiled once.

Both who publishes a flow and who runs it judge by this. Of CEL's macros only ``has`` is let in: those that go through
lists can double a text until memory is full. Nor are there regular expressions: repetitions within repetitions take
seconds, and a pattern may be a caller's. What remains is done in time linear in its length, texts of 200 signs and
expressions of 500 given.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

MAX_EXPRESSION_CHARACTERS = 500
#: The name by which an expression knows the values: ``values.order``, ``values["订单号"]``.
VALUES = "values"
_LONGEST_REASON = 200
_CONFIG = "stdlib:\n  include_macros:\n    - has\n  exclude_functions:\n    - name: matches\n"


class BadExpression(ValueError):
    """It cannot be read, or says neither yes nor no; the text says why and where."""


def check_expression(expression: str) -> None:
    """Raise ``BadExpression`` where it can never be judged."""
    _compile(expression)


def judge(expression: str, values: Mapping[str, str]) -> bool:
    """Return whether it holds. Raises ``BadExpression``, also where it holds only of other values: a value that is not
    there, a number that is none, a division by zero."""
    data = {VALUES: {_fit(name): _fit(value) for name, value in values.items()}}
    try:
        answer = _compile(expression).eval(data=data).value()
    except RuntimeError as error:
        raise BadExpression(str(error)[:_LONGEST_REASON]) from error
    if not isinstance(answer, bool):
        raise BadExpression(str(answer)[:_LONGEST_REASON])
    return answer


@cache
def _environment() -> Any:
    from cel_expr_python import cel  # noqa: PLC0415 - loaded when the first expression is judged

    texts = cel.Type.Map(cel.Type.STRING, cel.Type.STRING)
    return cel.NewEnv(config=cel.NewEnvConfigFromYaml(_CONFIG), variables={VALUES: texts})


@lru_cache(maxsize=2048)
def _compile(expression: str) -> Any:
    if len(expression) > MAX_EXPRESSION_CHARACTERS:
        raise BadExpression(f"longer than {MAX_EXPRESSION_CHARACTERS}")
    try:
        compiled = _environment().compile(_fit(expression))
    except RuntimeError as error:
        raise BadExpression(str(error)[:_LONGEST_REASON]) from error
    if compiled.return_type().name() not in ("BOOL", "DYN"):
        raise BadExpression("says neither yes nor no")
    return compiled


def _fit(text: str) -> str:
    """Half a sign, as broken input may hold, is no text for it."""
    return text.encode(errors="replace").decode()
