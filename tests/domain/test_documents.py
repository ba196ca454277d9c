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


PAGES = sorted([*ROOT.glob("*.md"), *DOCUMENTS])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"```.*?```", re.DOTALL)


def anchors_of(text: str) -> set[str]:
    """As the pages of code hosts make them of headings: small letters, no punctuation, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(page):
    broken = []
    for link in _LINK.findall(_FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target.read_text())):
            broken.append(link)
    assert broken == []
