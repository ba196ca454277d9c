"""The guides name what there is: each word of caller scripts, each kind of step with its exits, each rule and template.

So who adds one is told to explain it, and a name that changed on the pages changes in the guides.
"""

from __future__ import annotations

import json
import re

import pytest

from tests.harness.places import ROOT
from zhiyin.apps.flows.templates import TEMPLATES
from zhiyin.domain.flow_scripts.script import ASPECTS, COMMANDS, EXPECTATIONS, read_script
from zhiyin.domain.flows.nodes import KINDS

GUIDES = ROOT / "docs/guide"
LANGUAGES = {"zh": 0, "en": 1}
FLOWS = {"zh": (GUIDES / "flows.zh-CN.md").read_text(), "en": (GUIDES / "flows.md").read_text()}
QUEUES = {"zh": (GUIDES / "queues.zh-CN.md").read_text(), "en": (GUIDES / "queues.md").read_text()}
FEATURES = ROOT / "web/src/features/admin"
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def words_of(place: str, language: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((FEATURES / place / "locales" / f"{language}.json").read_text())
    return found


def rows(guide: str) -> str:
    return "\n".join(line for line in guide.splitlines() if line.startswith("|"))


@in_each_language
def test_the_guide_names_each_word_of_caller_scripts_in_both_languages(language: str) -> None:
    tables = rows(FLOWS[language])
    words = [word for both in [*COMMANDS.values(), *ASPECTS.values()] for word in both if word]
    assert [word for word in words if not re.search(rf"(?<![\w]){re.escape(word)}(?![a-z])", tables)] == []


@in_each_language
def test_each_line_of_a_script_in_the_guide_can_be_read(language: str) -> None:
    """Also the example as it stands, which somebody will copy."""
    guide = FLOWS[language]
    [example] = re.findall(r"```\n(.*?)```", guide, re.DOTALL)
    read_script(example)
    column = LANGUAGES[language]
    known = {words[column]: code for code, words in COMMANDS.items()}
    lines = [line for line in re.findall(r"`([^`]+)`", rows(guide)) if line.split()[0] in known and "…" not in line]
    assert len(lines) >= len(COMMANDS) - 1
    for line in lines:
        is_act = known[line.split()[0]] not in EXPECTATIONS
        read_script(f"{line}\nexpect end" if is_act else line)


@in_each_language
def test_the_words_on_the_page_of_tests_name_each_command(language: str) -> None:
    told = words_of("flows", language)["tests"]["words"]  # type: ignore[index]
    assert [words for words in COMMANDS.values() if words[LANGUAGES[language]] not in told] == []


@in_each_language
def test_the_guide_names_each_kind_of_step_with_its_exits(language: str) -> None:
    column = LANGUAGES[language]
    by_name = {row.split("|")[1].strip(" *"): row for row in rows(FLOWS[language]).splitlines()}
    for kind in KINDS.values():
        row = by_name[kind.words[column]]
        assert [words[column] for words in kind.exits.values() if words[column] not in row] == []


@in_each_language
def test_the_guide_names_each_template(language: str) -> None:
    names = [template.words[LANGUAGES[language]] for template in TEMPLATES.values()]
    assert [name for name in names if f"*{name}*" not in FLOWS[language]] == []


@in_each_language
@pytest.mark.parametrize(("place", "group"), [("routing", "agentChoices"), (".", "overflow")])
def test_the_guide_names_each_rule_and_each_step_of_overflow(language: str, place: str, group: str) -> None:
    """By the pages' own words, as far as their explanation (after a colon or a comma)."""
    words: dict[str, object] = words_of(place, language)[group]  # type: ignore[assignment]
    named = [words] if group == "agentChoices" else [words["conditions"], words["actions"]]
    plain = [re.split(r"[:：;；,，]| exit|出口", str(each))[0] for some in named for each in some.values()]  # type: ignore[union-attr]
    assert [each for each in plain if each.replace("’", "'") not in QUEUES[language]] == []
