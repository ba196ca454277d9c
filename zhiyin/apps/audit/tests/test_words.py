"""Every act that is audited is told in words, in both languages: nobody reads codes on the page of the audit."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zhiyin.apps.accounts.rights import CATALOGUE

APPS = Path(__file__).parents[2]
LOCALES = APPS.parents[1] / "web/src/features/admin/audit/locales"
_ACTION = re.compile(r"[a-z_]+\.(?!html$|jsonl?$)[a-z_]+")
#: where dotted names are something else: jobs, events for webhooks, paths of fields
_ELSEWHERE = ("tasks.py", "event_types.py", "api.py")
_NO_ACTIONS = frozenset({"audit.verify_chain", "rules.maximum", "rules.pattern"})


def audited_actions() -> Iterator[str]:
    """Yield what modules that write to the audit name in the manner of its actions, rights left out."""
    rights = {right.code for right in CATALOGUE}
    for module in sorted(APPS.rglob("*.py")):
        text = module.read_text()
        if {"tests", "migrations"} & set(module.parts) or module.name.endswith(_ELSEWHERE) or "audit" not in text:
            continue
        tree = ast.parse(text)
        named = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found = {value for value in named if isinstance(value, str) and _ACTION.fullmatch(value)}
        yield from (found | set(_joined(tree))) - rights - _NO_ACTIONS


def _joined(tree: ast.Module) -> Iterator[str]:
    """Yield actions whose kind is a constant of the module: ``f"{KIND}.changed"``."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr([ast.FormattedValue(ast.Name(kind)), ast.Constant(str(verb))]) if kind in constants:
                action = f"{constants[kind]}{verb}"
                if _ACTION.fullmatch(action):
                    yield action


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_audited_action_has_words(language: str) -> None:
    words: dict[str, Any] = json.loads((LOCALES / f"{language}.json").read_text())

    def has_words(action: str) -> bool:
        kind, verb = action.split(".")
        return action.replace(".", "_") in words["actions"] or (kind in words["kinds"] and verb in words["verbs"])

    actions = sorted(set(audited_actions()))
    assert len(actions) > 100, "the search finds the actions"
    assert [action for action in actions if not has_words(action)] == []
