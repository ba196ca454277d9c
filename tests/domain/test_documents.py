"""Documents that name tests name tests that there are."""

from __future__ import annotations

import re

import pytest

from tests.harness.places import ROOT

DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))
_FILE = re.compile(r"\b((?:tests|zhiyin)/[\w/]+/test_\w+\.py)\b")
_TEST = re.compile(r"`(test_\w+)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_a_document_names_is_there(document):
    missing, known = [], ""
    for line in document.read_text().splitlines():
        for file in _FILE.findall(line):
            if (ROOT / file).exists():
                known += (ROOT / file).read_text()
            else:
                missing.append(file)
        missing += [test for test in _TEST.findall(line) if f"def {test}(" not in known]
    assert missing == []
